import type { Services, Viewer } from '../../core/module/types.ts'
import './tables.ts'

/** What this house says of its own records where people speak off the record, and whether they may. */
export interface RecordsRule {
  allowed: boolean
  words: string
  by: string
  at: number
}

/** Undefined while nobody wrote one: then people may, and the page says that there is no rule. */
export async function recordsRule({ db }: Pick<Services, 'db'>): Promise<RecordsRule | undefined> {
  const row = await db
    .selectFrom('home.off_record_rule')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { allowed: row.allowed, words: row.words, by: row.set_by_name, at: row.set_at }
}

export async function setRecordsRule(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { id, allowed, words, by }: { id: string; allowed: boolean; words: string; by: Viewer['person'] },
): Promise<void> {
  await db
    .insertInto('home.off_record_rule')
    .values({ id, allowed, words, set_by: by.id, set_by_name: by.name, set_at: clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
