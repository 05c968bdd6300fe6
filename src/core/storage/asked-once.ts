import type { Db, Reader } from './types.ts'

/** What was asked so far, by the handle of one reading: question → answer. */
const askedSoFar = new WeakMap<Reader, Map<string, Promise<unknown>>>()

/**
 * A handle of the same database for one reading, such as a page: {@link once} asks through it no question twice, so
 * that all of the page rests on one answer. What was asked goes with the handle. Writes go through unchanged, and what
 * is asked within a transaction is asked there.
 */
export function readingOnce(db: Db): Db {
  const reading = db.withoutPlugins()
  askedSoFar.set(reading, new Map())
  return reading
}

/** Asks, unless the same was asked in this reading; through a handle that is none of {@link readingOnce}, always. */
export function once<T>(db: Reader, question: string, ask: () => Promise<T>): Promise<T> {
  const asked = askedSoFar.get(db)
  const known = asked?.get(question) as Promise<T> | undefined
  if (known) return known
  const answer = ask()
  asked?.set(question, answer)
  return answer
}

/** What this reading was answered to a question; undefined where it was not asked. */
export function answered<T>(db: Reader, question: string): Promise<T> | undefined {
  return askedSoFar.get(db)?.get(question) as Promise<T> | undefined
}
