import { Worker } from 'node:worker_threads'
import { type SignatureCheck, verifyStrict } from '../../protocol/index.ts'
import { makeBlock } from './block.ts'

/** Somebody who waits for verdicts. */
export interface Request {
  checks: readonly SignatureCheck[]
  done(verdicts: boolean[]): void
}

/** One thread and what it has to do. */
export interface CheckThread {
  /** Checks on their way. */
  readonly load: number
  take(requests: readonly Request[]): void
  end(): Promise<void>
}

/** `died` is called when the thread is of no more use; what it left undone is checked here. */
export function startThread(died: () => void): CheckThread {
  const worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? './check-worker.ts' : './check-worker.js', import.meta.url),
  )
  const underWay: (readonly Request[])[] = []
  let load = 0
  // A process that has nothing else to do may end.
  worker.unref()
  // Blocks are answered in the order they came.
  worker.on('message', (verdicts: Uint8Array) => {
    const requests = underWay.shift() ?? []
    load -= verdicts.length
    let at = 0
    for (const { checks, done } of requests) {
      done(checks.map(() => verdicts[at++] === 1))
    }
  })
  worker.on('error', () => undefined)
  worker.on('exit', () => {
    died()
    for (const requests of underWay.splice(0)) checkHere(requests)
  })
  return {
    get load() {
      return load
    },
    take(requests) {
      const block = makeBlock(requests.flatMap(({ checks }) => checks))
      load += block.shape.length / 3
      underWay.push(requests)
      worker.postMessage(block, [block.bytes.buffer, block.shape.buffer])
    },
    async end() {
      await worker.terminate()
    },
  }
}

export function checkHere(requests: readonly Request[]): void {
  for (const { checks, done } of requests) {
    done(checks.map(({ publicKey, message, signature }) => verifyStrict(publicKey, message, signature)))
  }
}
