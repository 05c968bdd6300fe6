import { StorageTrouble } from './trouble.ts'

const lookEveryMs = 1_000
const longestWaitMs = 10_000

/**
 * Starts a server again that ended by itself, until `end`: PostgreSQL stops when its disk is full, and nobody
 * should have to be there when space is free again.
 */
export function keepRunning(options: {
  isRunning(): boolean
  start(): Promise<void>
  /** A whole sentence for the operator, once per sentence until the server runs again. */
  onTrouble(sentence: string): void
}): { end(): Promise<void> } {
  let ended = false
  let timer: NodeJS.Timeout | undefined
  let said = ''
  let round: Promise<void> = Promise.resolve()

  async function look(waitMs: number): Promise<number> {
    if (options.isRunning()) {
      said = ''
      return lookEveryMs
    }
    try {
      await options.start()
      tell('PostgreSQL had ended by itself and was started again.')
      return lookEveryMs
    } catch (error) {
      tell(error instanceof StorageTrouble ? error.message : String(error))
      return Math.min(waitMs * 2, longestWaitMs)
    }
  }

  function tell(sentence: string): void {
    if (sentence !== said && !ended) options.onTrouble(sentence)
    said = sentence
  }

  function plan(waitMs: number): void {
    if (ended) return
    timer = setTimeout(() => {
      round = look(waitMs).then(plan)
    }, waitMs)
    timer.unref()
  }

  plan(lookEveryMs)
  return {
    async end() {
      ended = true
      clearTimeout(timer)
      await round
    },
  }
}
