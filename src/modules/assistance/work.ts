import type { Selectable } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { NoteRow } from '../channels/index.ts'
import './tables.ts'

export const workKinds = ['assigned', 'note', 'legal-check', 'refused-internally'] as const
export type WorkKind = (typeof workKinds)[number]
export type Work = Selectable<Tables['home.assistance_work']>

/** Our own work on a request, oldest first: for whoever may work on requests, and nobody outside. */
export async function listWork({ db }: Pick<Services, 'db'>, viewer: Viewer, request: string): Promise<Work[]> {
  if (!mayWork(viewer)) return []
  return db
    .selectFrom('home.assistance_work')
    .selectAll()
    .where('request', '=', request)
    .orderBy('at')
    .orderBy('id')
    .execute()
}

export const mayWork = (viewer: Viewer): boolean => viewer.may('assistance.work:draft')

/** Adds a line. The same id again changes nothing. */
export async function addWork(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { person }: Pick<Viewer, 'person'>,
  line: { id: string; request: string; kind: WorkKind; words: string; person?: string | undefined },
): Promise<void> {
  await db
    .insertInto('home.assistance_work')
    .values({
      ...line,
      person: line.person ?? null,
      by_person: person.id,
      by_name: person.name,
      at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Notes, before it is written or after, to which incident of ours a request belongs; the newest word counts. */
export async function setIncident(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { person }: Pick<Viewer, 'person'>,
  of: { author: string; act: string; incident: string },
): Promise<void> {
  const row = { incident: of.incident, by_person: person.id, at: clock.now() }
  await db
    .insertInto('home.assistance_incident')
    .values({ author: of.author, act_id: of.act, ...row })
    .onConflict((conflict) => conflict.columns(['author', 'act_id']).doUpdateSet(row))
    .execute()
}

/** Id of the act of a request, by which it is linked before it has a hash. */
export async function actIdOf({ db }: Pick<Services, 'db'>, { space, hash }: Pick<NoteRow, 'space' | 'hash'>) {
  const entry = await db
    .selectFrom('log.entry')
    .select('act_id')
    .where('space', '=', space)
    .where('act_hash', '=', hash)
    .executeTakeFirst()
  return entry?.act_id
}

export async function incidentOf(services: Pick<Services, 'db'>, note: NoteRow): Promise<string | undefined> {
  const id = await actIdOf(services, note)
  if (id === undefined) return undefined
  const row = await services.db
    .selectFrom('home.assistance_incident')
    .select('incident')
    .where('author', '=', note.author)
    .where('act_id', '=', id)
    .executeTakeFirst()
  return row?.incident
}

/** Acts of requests on the record that belong to an incident; whoever asks has to know of it. */
export async function listOfIncident({ db }: Pick<Services, 'db'>, incident: string): Promise<string[]> {
  const rows = await db
    .selectFrom('home.assistance_incident as i')
    .innerJoin('log.entry as e', (join) => join.onRef('e.act_id', '=', 'i.act_id').onRef('e.author', '=', 'i.author'))
    .select('e.act_hash')
    .where('i.incident', '=', incident)
    .execute()
  return rows.map((row) => row.act_hash)
}
