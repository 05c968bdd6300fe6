import { availableParallelism } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Stripped, tooCostly } from '../look-into.ts'
import type { Look } from '../types.ts'
import { CostsTooMuch, type LookTask, type LookThread, startThread, type ThreadLimits } from './look-thread.ts'

/** A file whose content can be read, once its turn has come. */
export interface FileAtHand {
  name: string
  /** Bytes of the content. */
  size: number
  read(): AsyncIterable<Uint8Array>
}

/** Looks into files in threads beside the main one. */
export interface Looker {
  /** What the bytes say; what costs too much is a finding, never an error. */
  look(file: FileAtHand): Promise<Look>
  /** The file without what can be taken out; undefined where something would be left. */
  strip(file: FileAtHand): Promise<Stripped | undefined>
  close(): Promise<void>
}

/** A thread that nobody needs ends after so long, and gives its memory back. */
const idleMs = 5_000
const copyBytes = 8 * 1024 * 1024

/** One file per thread, and no more files in memory than threads: the others wait. */
export function createLooker({
  threads = Math.min(2, Math.max(1, availableParallelism() - 1)),
  withinMs = 30_000,
  heapMegabytes = 512,
}: { threads?: number } & Partial<ThreadLimits> = {}): Looker {
  const all = new Set<LookThread>()
  const idle: { thread: LookThread; timer: NodeJS.Timeout }[] = []
  const waiting: (() => void)[] = []
  let free = threads

  async function run(task: LookTask['task'], file: FileAtHand): Promise<unknown> {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      const bytes = await gather(file)
      const thread = takeThread()
      try {
        const answer = await thread.ask({ task, name: file.name, bytes })
        rest(thread)
        return answer
      } catch (error) {
        all.delete(thread)
        throw error
      }
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }

  function takeThread(): LookThread {
    const rested = idle.pop()
    clearTimeout(rested?.timer)
    if (rested && !rested.thread.isGone) return rested.thread
    const thread = startThread({ withinMs, heapMegabytes })
    all.add(thread)
    return thread
  }

  function rest(thread: LookThread): void {
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex((one) => one.thread === thread),
        1,
      )
      all.delete(thread)
      void thread.end()
    }, idleMs)
    timer.unref()
    idle.push({ thread, timer })
  }

  return {
    look: (file) =>
      run('look', file).then(
        (look) => look as Look,
        (error: unknown) => {
          if (error instanceof CostsTooMuch) return tooCostly
          throw error
        },
      ),
    strip: (file) =>
      run('strip', file).then(
        (clean) => clean as Stripped | undefined,
        (error: unknown) => {
          if (error instanceof CostsTooMuch) return undefined
          throw error
        },
      ),
    async close() {
      for (const { timer } of idle.splice(0)) clearTimeout(timer)
      await Promise.all([...all].map((thread) => thread.end()))
      all.clear()
    },
  }
}

/** The content in one array of its own, which the thread takes over; other work goes on in between. */
async function gather({ name, size, read }: FileAtHand): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const piece of read()) {
    if (at + piece.length > size) throw new Error(`${name} is longer than it is said to be`)
    for (let from = 0; from < piece.length; from += copyBytes) {
      const part = piece.subarray(from, from + copyBytes)
      bytes.set(part, at)
      at += part.length
      if (part.length === copyBytes) await nextTurn()
    }
  }
  if (at !== size) throw new Error(`${name} is shorter than it is said to be`)
  return bytes
}
