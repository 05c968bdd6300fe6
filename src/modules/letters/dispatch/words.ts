import type { Services, Viewer } from '../../../core/module/types.ts'
import '../tables.ts'

export const wordKinds = ['delivered', 'acknowledged', 'answered', 'declined', 'no-answer'] as const

/** What we note that the other side did. Ours alone: no act is made of it, and it stands in no space. */
export interface Word {
  kind: (typeof wordKinds)[number]
  /** YYYY-MM-DD. */
  on: string
  /** Who said or took it there. */
  who?: string
  theirRef?: string
  words?: string
}

export interface NotedWord extends Word {
  by: string
  at: number
}

export async function listWords({ db }: Pick<Services, 'db'>, act: string): Promise<NotedWord[]> {
  const rows = await db
    .selectFrom('home.letters_word')
    .selectAll()
    .where('act', '=', act)
    .orderBy('number')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    kind: row.kind as Word['kind'],
    on: row.on_date,
    who: row.who ?? undefined,
    theirRef: row.their_ref ?? undefined,
    words: row.words ?? undefined,
    by: row.noted_by_name,
    at: row.noted_at,
  }))
}

/** Adds a line; lines are never changed. The same id again changes nothing. */
export async function noteWord(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  by: Viewer['person'],
  { id, act, word }: { id: string; act: string; word: Word },
): Promise<void> {
  await db
    .insertInto('home.letters_word')
    .values({
      ...{ id, act, kind: word.kind, on_date: word.on, noted_by: by.id, noted_by_name: by.name },
      who: word.who ?? null,
      their_ref: word.theirRef ?? null,
      words: word.words ?? null,
      noted_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
