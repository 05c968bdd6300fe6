import type { Services } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import { statedColumns, type StatedRow } from '../between/read-between.ts'
import '../tables.ts'

/** How far words released for everybody have come: in a draft, or on the record of the bulletin. */
export interface Published {
  /** Draft that bears them, and the id of their act. */
  draft: string
  space: string
  /** Where they stand on the record; undefined while they do not. */
  row?: StatedRow
}

/** What became of the words of these statements in a bulletin, by statement. */
export async function publishedOf(db: Reader, statements: readonly string[]): Promise<Map<string, Published>> {
  if (statements.length === 0) return new Map()
  const rows = await db
    .selectFrom('home.attributions_said as said')
    .innerJoin('home.attributions_bulletin as bulletin', 'bulletin.space', 'said.space')
    .leftJoin('view.attributions_stated as s', 's.act_id', 'said.act_id')
    .select(['said.statement', 'said.act_id', 'said.space as bulletin', 'said.at as said_at'])
    .select(statedColumns.map((one) => `s.${one}` as const))
    .where('said.statement', 'in', [...statements])
    .orderBy('said.at')
    .execute()
  const published = new Map<string, Published>()
  for (const { statement, act_id: draft, bulletin: space, said_at: _, ...row } of rows) {
    const isRecorded = row.hash !== null
    // A draft that was begun again later does not hide what stands on the record.
    if (published.get(statement)?.row && !isRecorded) continue
    published.set(statement, { draft, space, ...(isRecorded && { row: row as StatedRow }) })
  }
  return published
}

/** Where the words of a statement stand on the record of a bulletin, neither withdrawn nor replaced. */
export async function findPublished({ db }: Pick<Services, 'db'>, statement: string): Promise<StatedRow | undefined> {
  const row = (await publishedOf(db, [statement])).get(statement)?.row
  return row && row.withdrawn_by === null && row.replaced_by === null ? row : undefined
}
