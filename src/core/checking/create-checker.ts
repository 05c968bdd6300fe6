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
/** A block is full with this many, so that several threads share what comes at once. */
const blockSize = 128

/**
 * What is asked within one turn of the event loop goes to the threads in blocks. A thread is started when first
 * needed and keeps no process alive; when it dies, another takes its place.
 */
export function createChecker({ threads = Math.max(1, availableParallelism() - 1) } = {}): Checker {
  const running: CheckThread[] = []
  let waiting: Request[] = []

  function flush(): void {
    const requests = waiting
    waiting = []
    if (countOf(requests) < worthTheWay) checkHere(requests)
    else for (const block of blocksOf(requests)) leastBusy().take(block)
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
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ checks, done })
      }),
    async close() {
      await Promise.all(running.map((thread) => thread.end()))
    },
  }
}

function countOf(requests: readonly Request[]): number {
  return requests.reduce((sum, { checks }) => sum + checks.length, 0)
}

function* blocksOf(requests: readonly Request[]): Generator<Request[]> {
  let block: Request[] = []
  for (const request of requests) {
    block.push(request)
    if (countOf(block) < blockSize) continue
    yield block
    block = []
  }
  if (block.length > 0) yield block
}
