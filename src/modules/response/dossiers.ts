import { Refusal } from '../../core/http/refusal.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import type { Tlp } from '../../protocol/types.ts'
import { getOpenIncident, type LoadedIncident, lockIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { readSanctions } from './sanctions.ts'
import type { DossierContent } from './types.ts'
import './tables.ts'

export interface Dossier {
  id: string
  number: number
  regime: string
  subject: string
  kind: string
  tlp: Tlp
  content: DossierContent
  by: string
  at: number
}

/** The dossiers of an incident, each as it was written last. */
export async function readDossiers(db: Reader, incident: string): Promise<Dossier[]> {
  const rows = await db
    .selectFrom('home.response_dossier')
    .selectAll()
    .distinctOn('number')
    .where('incident', '=', incident)
    .orderBy('number')
    .orderBy('ordinal', 'desc')
    .execute()
  return rows.map(({ dossier: id, number, regime, subject, kind, tlp, content, by_person: by, at }) => ({
    id,
    number,
    regime,
    subject,
    kind,
    tlp,
    content,
    by,
    at,
  }))
}

/** Evidence of an incident that a dossier so marked may name, as far as this person sees it. */
export const namable = ({ weighing }: LoadedIncident, tlp: Tlp) =>
  weighing.evidence.filter(
    // What lies in a compartment has readers of its own, and a dossier has all of the incident.
    (one) => one.withdrawnAt === undefined && one.compartment === undefined && tlpRank(one.tlp) <= tlpRank(tlp),
  )

const empty: DossierContent = { criteria: {}, identifiers: {}, reasons: '' }

/** Begins a dossier on one person or entity under one regime. */
export async function beginDossier(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  of: { id: string; regime: string; subject: string; kind: string; tlp: Tlp },
): Promise<void> {
  if (!readSanctions(services).content.regimes.some((one) => one.id === of.regime))
    throw new Refusal('response.dossier-not-found')
  await write(services, viewer, incidentId, { ...of, dossier: of.id, content: empty })
}

/** Writes a dossier anew; what stood before is kept as a row of its own. */
export async function writeDossier(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, dossier, content }: { id: string; dossier: string; content: DossierContent },
): Promise<void> {
  const known = (await readDossiers(services.db, incidentId)).find((one) => one.id === dossier)
  if (!known) throw new Refusal('response.dossier-not-found')
  const { regime, subject, kind, tlp, number } = known
  await write(services, viewer, incidentId, { id, dossier, number, regime, subject, kind, tlp, content })
}

async function write(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  row: Omit<Dossier, 'id' | 'number' | 'by' | 'at'> & { id: string; dossier: string; number?: number },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const last = await tx
      .selectFrom('home.response_dossier')
      .select((eb) => eb.fn.max('number').as('number'))
      .where('incident', '=', incident.id)
      .executeTakeFirst()
    const done = await tx
      .insertInto('home.response_dossier')
      .values({
        ...row,
        number: row.number ?? (last?.number ?? 0) + 1,
        incident: incident.id,
        content: JSON.stringify(row.content),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'sanctions-dossier' })
  })
  publishChange(services, incident.id)
}
