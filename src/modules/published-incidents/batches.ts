import { Refusal } from '../../core/http/refusal.ts'
import type { Services } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import type { FileCount, Problem } from './read-set.ts'
import type { BatchState, Choices } from './tables.ts'
import './tables.ts'

/** One import of a set. Times are ms. */
export interface Batch {
  id: string
  set: string
  name: string
  edition: string
  source: string
  licence: string
  state: BatchState
  files: FileCount[]
  rowsAll: number
  rowsDone: number
  remarks: number
  choices: Choices
  by: string
  at: number
  stoodAt?: number
  endedBy?: string
  endedAt?: number
}

const batches = ({ db }: Pick<Services, 'db'>) => db.selectFrom('home.published_incidents_batch').selectAll()

type Row = Awaited<ReturnType<ReturnType<typeof batches>['executeTakeFirstOrThrow']>>

const toBatch = (row: Row): Batch => ({
  id: row.id,
  set: row.set_code,
  name: row.name,
  edition: row.edition,
  source: row.source,
  licence: row.licence,
  state: row.state,
  files: row.files,
  rowsAll: row.rows_all,
  rowsDone: row.rows_done,
  remarks: row.remarks,
  choices: row.choices,
  by: row.by_person,
  at: Number(row.at),
  ...(row.stood_at !== null && { stoodAt: Number(row.stood_at) }),
  ...(row.ended_by !== null && { endedBy: row.ended_by }),
  ...(row.ended_at !== null && { endedAt: Number(row.ended_at) }),
})

/** Every import, newest first, also those that stand no more; two hundred at most. */
export async function listBatches(services: Pick<Services, 'db'>): Promise<Batch[]> {
  const rows = await batches(services).orderBy('at', 'desc').orderBy('id').limit(200).execute()
  return rows.map(toBatch)
}

/** Batches that are read from, the one imported last first. */
export async function listStanding(services: Pick<Services, 'db'>): Promise<Batch[]> {
  const rows = await batches(services)
    .where('state', '=', 'standing')
    .orderBy('stood_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(toBatch)
}

/** The batch that stands of a set, or the newest of all where none is named. */
export async function findStanding(services: Pick<Services, 'db'>, set?: string): Promise<Batch | undefined> {
  const standing = await listStanding(services)
  return set === undefined ? standing[0] : standing.find((one) => one.set === set)
}

/** @throws Refusal `published-incidents.batch-not-found` */
export async function getBatch(services: Pick<Services, 'db'>, id: string): Promise<Batch> {
  const row = isId(id) ? await batches(services).where('id', '=', id).executeTakeFirst() : undefined
  if (!row) throw new Refusal('published-incidents.batch-not-found')
  return toBatch(row)
}

/** What could not be understood in a batch, unread rows first, with how many there are of each. */
export async function listProblems({ db }: Pick<Services, 'db'>, batch: string, { from = 0, limit = 100 } = {}) {
  const rows = await db
    .selectFrom('home.published_incidents_problem')
    .selectAll()
    .where('batch', '=', batch)
    .orderBy('unread', 'desc')
    .orderBy('place')
    .offset(from)
    .limit(limit)
    .execute()
  return rows.map(
    ({ file, line, column_name, value, reason, expected, unread, text }): Problem => ({
      file,
      line,
      column: column_name,
      value,
      reason,
      expected,
      unread,
      ...(text !== null && { text }),
    }),
  )
}

export const unreadOf = (files: readonly FileCount[]): number =>
  files.reduce((sum, { rows, read }) => sum + rows - read, 0)
