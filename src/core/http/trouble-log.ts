import type { Logger } from '../config/types.ts'

const intervalMs = 60_000

/** What is said of one request that met a database in trouble. `code` is that of the refusal. */
export interface Trouble {
  code: string
  method: string
  path: string
  error: string
}

/**
 * The database, not the program: one line says what and where, and the pages say the same in words. However many
 * requests meet it, each code has one line a minute at most; the next says how many were left out.
 *
 * @param now - ms on a clock that is never set.
 */
export function createTroubleLog(log: Logger, now: () => number = () => performance.now()): (met: Trouble) => void {
  const said = new Map<string, { at: number; leftOut: number }>()
  return (met) => {
    const last = said.get(met.code)
    if (last && now() < last.at + intervalMs) {
      last.leftOut += 1
      return
    }
    said.set(met.code, { at: now(), leftOut: 0 })
    log.error('storage.trouble', { ...met, ...(last?.leftOut ? { leftOut: last.leftOut } : {}) })
  }
}
