/** Waiting times between nodes, all ms. Tests shorten them. */
export interface Pace {
  /** First wait after a failure; doubles with each further one. */
  retryFirstMs: number
  retryLongestMs: number
  /** How long the other side may hold a `changes` request. */
  pollMs: number
  /** Least time between two attempts to reach a peer that refuses us. */
  refusedMs: number
  /** Cosignatures of one space are told to the others together, this long after the first. */
  cosignatureMs: number
  /** How long what is told to a peer about shared spaces may be old. */
  gossipMs: number
  /** How often signed acts that nobody handed in are looked for; the safety net under notifications. */
  sweepMs: number
  /** How long a host may stay silent about an act before it is tendered to the other members. */
  tenderAfterMs: number
}

export const usualPace: Pace = {
  retryFirstMs: 250,
  retryLongestMs: 30_000,
  pollMs: 25_000,
  refusedMs: 1_000,
  cosignatureMs: 150,
  gossipMs: 5_000,
  sweepMs: 5_000,
  tenderAfterMs: 10_000,
}

/** Full jitter (a random share of a doubling bound), so that nodes that lost one peer do not return in step. */
export function retryWait(failures: number, pace: Pace, random: () => number = Math.random): number {
  const bound = Math.min(pace.retryLongestMs, pace.retryFirstMs * 2 ** Math.min(failures - 1, 20))
  return bound / 2 + random() * (bound / 2)
}

/** A pause that can be cut short from outside. */
export interface Pause {
  wait(ms: number): Promise<void>
  wake(): void
}

export function createPause(stopping: AbortSignal): Pause {
  let end: (() => void) | undefined
  stopping.addEventListener('abort', () => end?.(), { once: true })
  return {
    wake: () => end?.(),
    wait(ms) {
      if (stopping.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(() => end?.(), ms)
        timer.unref()
        end = () => {
          clearTimeout(timer)
          end = undefined
          resolve()
        }
      })
    },
  }
}

/** Runs tasks, at most `width` at a time, in the order they came. */
export function createLanes(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let busy = 0
  return async (task) => {
    if (busy >= width)
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
    else busy += 1
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else busy -= 1
    }
  }
}

/** Work per key that never runs twice at once: asking again during a run makes one more run after it. */
export interface Single<A> {
  /** Resolves after a run that began after this call; rejects if that run failed. */
  go(key: string, latest: A): Promise<void>
  /** Resolves once nothing runs. */
  idle(): Promise<void>
}

export function createSingle<A>(run: (key: string, latest: A) => Promise<void>): Single<A> {
  const running = new Map<string, { latest: A; now: Promise<void>; next?: Promise<void> }>()

  function start(key: string, latest: A): Promise<void> {
    const state: { latest: A; now: Promise<void>; next?: Promise<void> } = { latest, now: Promise.resolve() }
    state.now = run(key, latest).finally(() => {
      if (!state.next) running.delete(key)
    })
    running.set(key, state)
    return state.now
  }

  return {
    go(key, latest) {
      const state = running.get(key)
      if (!state) return start(key, latest)
      state.latest = latest
      state.next ??= state.now.catch(() => undefined).then(() => start(key, state.latest))
      return state.next
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled([...running.values()].map((state) => state.next ?? state.now))
    },
  }
}

/** Work that nobody waits for but the end of the node. */
export interface InFlight {
  /** Keeps count of it until it is done; gives it back. */
  track<T>(work: Promise<T>): Promise<T>
  idle(): Promise<void>
}

export function createInFlight(): InFlight {
  const works = new Set<Promise<unknown>>()
  return {
    track(work) {
      works.add(work)
      const forget = () => void works.delete(work)
      work.then(forget, forget)
      return work
    },
    async idle() {
      while (works.size > 0) await Promise.allSettled(works)
    },
  }
}
