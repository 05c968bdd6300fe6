import { availableParallelism } from 'node:os'
import type { CheckSignatures } from '../../protocol/index.ts'
import { type CheckThread, checkHere, type Request, startThread } from './check-thread.ts'

/** Checks signatures in threads beside the main one. */
export interface Checker {
  check: CheckSignatures
  close(): Promise<void>
}

/** Fewer checks than this are made here: the way to a thread and back costs about as much. */
const worthTheWay = 4
/** A block is full with this many and goes at once: a thread checks while what follows is still being read. */
const blockSize = 64

/**
 * What is asked within one turn of the event loop goes to the threads in blocks. A thread is started when first
 * needed and keeps no process alive; when it dies, another takes its place.
 */
export function createChecker({ threads = Math.max(1, availableParallelism() - 1) } = {}): Checker {
  const running: CheckThread[] = []
  let waiting: Request[] = []
  let count = 0
  let isTurnAwaited = false

  function send(): void {
    const [requests, checks] = [waiting, count]
    waiting = []
    count = 0
    if (checks < worthTheWay) checkHere(requests)
    else leastBusy().take(requests)
  }

  function leastBusy(): CheckThread {
    const least = running.toSorted((a, b) => a.load - b.load)[0]
    if (least && (least.load === 0 || running.length >= threads)) return least
    const thread = startThread(() => running.splice(running.indexOf(thread), 1))
    running.push(thread)
    return thread
  }

  return {
    check: (checks) =>
      new Promise((done) => {
        waiting.push({ checks, done })
        count += checks.length
        if (count >= blockSize) return send()
        if (isTurnAwaited) return
        isTurnAwaited = true
        setImmediate(() => {
          isTurnAwaited = false
          send()
        })
      }),
    async close() {
      await Promise.all(running.map((thread) => thread.end()))
    },
  }
}
