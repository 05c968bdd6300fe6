import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { atHome, mark, reveal, tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getIncident, getOpenIncident, lockIncident, publishChange, writeEntry } from '../../incidents/index.ts'
import type { ClaimContent } from '../tables.ts'
import '../tables.ts'

export interface Claim {
  /** The same for all entries of one attribution. */
  claim: string
  content: ClaimContent
  tlp: Tlp
  why: string
  by: string
  at: number
  /** What it said before, newest first; entries this person may not see are left out. */
  before: { content: ClaimContent; why: string; by: string; at: number }[]
  disputes: Dispute[]
}

export interface Dispute {
  by: string
  day: string
  words: string
  writtenBy: string
  at: number
}

/** The day, or the first day of the month or year, that a date of some precision begins with. */
export const firstDay = (day: string): string => `${day}-01-01`.slice(0, 10)

/** Attributions kept on an incident, the earliest first, with how many are marked above this person. */
export async function readClaims(
  services: Services,
  viewer: Viewer,
  incidentId: string,
): Promise<{ claims: Claim[]; withheld: number }> {
  const incident = await getIncident(services, viewer, incidentId)
  const rows = await services.db
    .selectFrom('home.attributions_claim')
    .selectAll()
    .where('incident', '=', incident.id)
    .orderBy('ordinal', 'desc')
    .execute()
  const series = [...Map.groupBy(rows, (row) => row.claim).values()]
  const shown = series.flatMap((entries) => {
    const [newest, ...older] = entries.flatMap((row, place) => {
      const revealed = reveal(mark(row, { tlp: row.tlp }), atHome(services, viewer), 'page')
      // What a correction marked narrower is not shown by what it said before.
      return revealed.shown ? [{ row: revealed.value, place }] : []
    })
    return newest && newest.place === 0 ? [{ newest: newest.row, older: older.map(({ row }) => row) }] : []
  })
  const disputes = await readDisputes(
    services,
    shown.map(({ newest }) => newest.claim),
  )
  const claims = shown.map(
    ({ newest, older }): Claim => ({
      claim: newest.claim,
      content: newest.content,
      tlp: newest.tlp,
      why: newest.why,
      by: newest.by_person,
      at: newest.at,
      before: older.map(({ content, why, by_person: by, at }) => ({ content, why, by, at })),
      disputes: disputes.get(newest.claim) ?? [],
    }),
  )
  return {
    claims: claims.toSorted((a, b) => (firstDay(a.content.day) < firstDay(b.content.day) ? -1 : 1)),
    withheld: series.length - shown.length,
  }
}

async function readDisputes({ db }: Pick<Services, 'db'>, claims: string[]): Promise<Map<string, Dispute[]>> {
  if (claims.length === 0) return new Map()
  const rows = await db
    .selectFrom('home.attributions_dispute')
    .selectAll()
    .where('claim', 'in', claims)
    .orderBy('ordinal')
    .execute()
  return new Map(
    [...Map.groupBy(rows, (row) => row.claim)].map(([claim, mine]) => [
      claim,
      mine.map(({ disputed_by: by, day, words, by_person: writtenBy, at }) => ({ by, day, words, writtenBy, at })),
    ]),
  )
}

export interface NewClaim extends ClaimContent {
  id: string
  tlp: Tlp
  /** Attribution that this entry corrects. */
  corrects?: string
  why: string
}

/**
 * Keeps an attribution that somebody made, or corrects one: what stood before stays in its history.
 *
 * @throws InvalidInput at the field concerned, Refusal `attributions.claim-not-found`
 */
export async function keepClaim(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, tlp, corrects, why, ...content }: NewClaim,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  requireSound(services, viewer, content)
  if (tlpRank(tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('tlp', 'attributions.invalid.tlp')
  if (corrects !== undefined && why === '') throw InvalidInput.at('why', 'attributions.invalid.why')
  if (corrects !== undefined) await requireClaim(services, viewer, incident.id, corrects)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const done = await tx
      .insertInto('home.attributions_claim')
      .values({
        id,
        claim: corrects ?? id,
        incident: incident.id,
        content: JSON.stringify(content),
        tlp,
        why,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    const kind = corrects === undefined ? 'attribution-kept' : 'attribution-corrected'
    await writeEntry(services, viewer, tx, { incident: incident.id, kind })
  })
  publishChange(services, incident.id)
}

/** Notes who contests an attribution, when and with what. */
export async function disputeClaim(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, claim, by, day, words }: { id: string; claim: string; by: string; day: string; words: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  requireNotAhead(services, viewer, day, 'on')
  await requireClaim(services, viewer, incident.id, claim)
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.attributions_dispute')
      .values({ id, claim, disputed_by: by, day, words, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'attribution-disputed' })
  })
  publishChange(services, incident.id)
}

async function requireClaim(services: Services, viewer: Viewer, incident: string, claim: string): Promise<void> {
  const { claims } = await readClaims(services, viewer, incident)
  if (!claims.some((one) => one.claim === claim)) throw new Refusal('attributions.claim-not-found')
}

function requireSound(services: Services, viewer: Viewer, { maker, name, basis, day }: ClaimContent): void {
  const isNamed = maker === 'party' || maker === 'other'
  if (isNamed && name === '') throw InvalidInput.at('name', 'attributions.invalid.name')
  if ((maker === 'attacker') !== (basis === 'attacker')) throw InvalidInput.at('basis', 'attributions.invalid.basis')
  requireNotAhead(services, viewer, day)
}

function requireNotAhead({ clock }: Services, { person }: Viewer, day: string, field = 'day'): void {
  const today = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(person.zone).toPlainDate()
  if (firstDay(day) > today.toString()) throw InvalidInput.at(field, 'attributions.invalid.future')
}
