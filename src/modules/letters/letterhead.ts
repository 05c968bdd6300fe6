import { sql } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import './tables.ts'

/** What stands at the head of our letters beside our name. */
export interface Letterhead {
  place: Record<string, string>
  lines: string[]
}

export interface NotedLetterhead extends Letterhead {
  by: string
  at: number
}

/** The letterhead in force; undefined until somebody wrote one, and then letters bear the name alone. */
export async function findLetterhead({ db }: Pick<Services, 'db'>): Promise<NotedLetterhead | undefined> {
  const row = await db
    .selectFrom('home.letters_letterhead')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { place: row.place, lines: row.lines, by: row.noted_by_name, at: row.noted_at }
}

/** The same id again changes nothing. */
export async function noteLetterhead(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { id, by, place, lines }: Letterhead & { id: string; by: Viewer['person'] },
): Promise<void> {
  await db
    .insertInto('home.letters_letterhead')
    .values({
      id,
      place: sql`${JSON.stringify(place)}::jsonb`,
      lines: sql`${JSON.stringify(lines)}::jsonb`,
      noted_by: by.id,
      noted_by_name: by.name,
      noted_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
