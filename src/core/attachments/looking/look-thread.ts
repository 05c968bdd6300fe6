import { Worker } from 'node:worker_threads'

/** One file on its way to the thread. */
export interface LookTask {
  task: 'look' | 'strip'
  name: string
  bytes: Uint8Array<ArrayBuffer>
}

export interface ThreadLimits {
  /** For one file, the start of the thread included. */
  withinMs: number
  /** Of what the reader builds beside the file. */
  heapMegabytes: number
}

/** A file took more time or memory than it may; the thread is gone. */
export class CostsTooMuch extends Error {
  override name = 'CostsTooMuch'
}

export interface LookThread {
  /** @throws CostsTooMuch; anything else the reader threw */
  ask(task: LookTask): Promise<unknown>
  readonly isGone: boolean
  end(): Promise<void>
}

/** A thread that takes one file at a time; a process that has nothing else to do may end. */
export function startThread({ withinMs, heapMegabytes }: ThreadLimits): LookThread {
  const worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? './look-worker.ts' : './look-worker.js', import.meta.url),
    // Readers are plain TypeScript: no hook of this process is needed there.
    { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } },
  )
  let isGone = false
  worker.unref()
  worker.on('exit', () => {
    isGone = true
  })
  // Whoever waits for an answer hears of it below.
  worker.on('error', () => {
    isGone = true
  })

  return {
    get isGone() {
      return isGone
    },
    ask(task) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          isGone = true
          settle(() => reject(new CostsTooMuch(`longer than ${withinMs} ms`)))
          void worker.terminate()
        }, withinMs)
        const settle = (how: () => void) => {
          clearTimeout(late)
          worker.off('message', answered).off('error', failed).off('exit', ended)
          how()
        }
        const answered = (answer: unknown) => settle(() => resolve(answer))
        const failed = (error: Error & { code?: string }) =>
          settle(() => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new CostsTooMuch('out of memory') : error))
        const ended = () => settle(() => reject(new Error('the thread ended')))
        worker.on('message', answered).on('error', failed).on('exit', ended)
        worker.postMessage(task, [task.bytes.buffer])
      })
    },
    async end() {
      isGone = true
      await worker.terminate()
    },
  }
}
