import { syncBuiltinESMExports } from 'node:module'
import promised from 'node:timers/promises'

/** Time that only moves when the simulation says so: timers of everything that runs here wait for it. */
export interface VirtualTime {
  /** ms. */
  now(): number
  /** Runs at `now() + ms`, in order of time, then of `key`, then of asking. */
  at(ms: number, key: string, run: () => void): void
  /** Runs the next due thing; false when nothing is left before `until`. */
  step(until: number): boolean
  /** Moves on without running anything. */
  skipTo(ms: number): void
  restore(): void
}

interface Due {
  time: number
  key: string
  number: number
  run: () => void
  /** A repeating timer is due again after this, ms. */
  every?: number
  cancelled: boolean
}

/** Puts virtual timers, `performance.now` and a seeded `Math.random` in place of the real ones until `restore`. */
export function takeOverTime(start: number): VirtualTime & { seed(seed: number): void } {
  const real = {
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    random: Math.random,
    performanceNow: performance.now,
    late: AbortSignal.timeout,
    wait: promised.setTimeout,
  }
  const queue: Due[] = []
  let time = start
  let count = 0
  let random = mulberry(1)

  function put(due: Omit<Due, 'number' | 'cancelled'>): Due {
    count += 1
    const one = { ...due, number: count, cancelled: false }
    insert(queue, one)
    return one
  }

  function timer(run: (...args: never[]) => void, ms: number | undefined, every: boolean, args: unknown[]) {
    const wait = Math.max(1, Math.ceil(Number(ms) || 0))
    const due = put({
      time: time + wait,
      key: '~timer',
      run: () => (run as (...args: unknown[]) => void)(...args),
      ...(every ? { every: wait } : {}),
    })
    return Object.assign(due, { ref: () => due, unref: () => due, hasRef: () => true, refresh: () => due })
  }

  const cancel = (due: unknown) => {
    if (due && typeof due === 'object' && 'cancelled' in due) due.cancelled = true
    else real.clearTimeout(due as NodeJS.Timeout)
  }
  Object.assign(globalThis, {
    setTimeout: (run: () => void, ms?: number, ...args: unknown[]) => timer(run, ms, false, args),
    setInterval: (run: () => void, ms?: number, ...args: unknown[]) => timer(run, ms, true, args),
    clearTimeout: cancel,
    clearInterval: cancel,
  })
  Math.random = () => random()
  performance.now = () => time - start
  AbortSignal.timeout = (ms) => {
    const ending = new AbortController()
    timer(() => ending.abort(new DOMException('signal timed out', 'TimeoutError')), ms, false, [])
    return ending.signal
  }
  Object.assign(promised, { setTimeout: waitFor })
  syncBuiltinESMExports()

  function waitFor(ms?: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const due = timer(() => resolve(value), ms, false, [])
      const stop = () => {
        cancel(due)
        reject(new DOMException('The operation was aborted', 'AbortError'))
      }
      if (signal?.aborted) stop()
      else signal?.addEventListener('abort', stop, { once: true })
    })
  }

  return {
    now: () => time,
    at: (ms, key, run) => void put({ time: time + ms, key, run }),
    step(until) {
      let next = queue[0]
      while (next?.cancelled) {
        queue.shift()
        next = queue[0]
      }
      if (!next || next.time > until) return false
      queue.shift()
      time = Math.max(time, next.time)
      if (next.every !== undefined) insert(queue, Object.assign(next, { time: time + next.every }))
      next.run()
      return true
    },
    skipTo(ms) {
      time = Math.max(time, ms)
    },
    seed(seed) {
      random = mulberry(seed)
    },
    restore() {
      const { setTimeout: one, clearTimeout: two, setInterval: three, clearInterval: four } = real
      Object.assign(globalThis, { setTimeout: one, clearTimeout: two, setInterval: three, clearInterval: four })
      Math.random = real.random
      performance.now = real.performanceNow
      AbortSignal.timeout = real.late
      Object.assign(promised, { setTimeout: real.wait })
      syncBuiltinESMExports()
    },
  }
}

function insert(queue: Due[], due: Due): void {
  let low = 0
  let high = queue.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(queue[middle] as Due, due)) low = middle + 1
    else high = middle
  }
  queue.splice(low, 0, due)
}

function isBefore(a: Due, b: Due): boolean {
  if (a.time !== b.time) return a.time < b.time
  return a.key === b.key ? a.number < b.number : a.key < b.key
}

/** A small generator of numbers in [0, 1) that a seed repeats. */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
