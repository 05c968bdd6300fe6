import { sql } from 'kysely'
import type { Json } from '../../protocol/types.ts'
import type { Reader } from '../storage/types.ts'
import { saidIn, vectorOf } from './vector.ts'

/**
 * Which of these texts say what was asked, by the rules of the index and in one query; their places in the list.
 *
 * @param query - {@link AskedWords.query}
 */
export async function matchTexts(db: Reader, query: string, texts: readonly Json[]): Promise<number[]> {
  if (texts.length === 0) return []
  const vectors = texts.map((text) => vectorOf(saidIn(text), []))
  const { rows } = await sql<{ at: number }>`
    select n.at - 1 as at from jsonb_array_elements_text(${JSON.stringify(vectors)}::jsonb) with ordinality as n(words, at)
    where n.words::tsvector @@ ${query}::tsquery order by n.at`.execute(db)
  return rows.map(({ at }) => Number(at))
}
