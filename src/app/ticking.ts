import type { Module, Services } from '../core/module/types.ts'

export interface Ticking {
  begin(): void
  /** Runs now, after a run under way; resolves when done. */
  now(): Promise<void>
  /** Something changed: run shortly, once for many changes. */
  soon(): void
  end(): Promise<void>
}

const everyMs = 1_000
/** Late enough that an act first reaches whoever waits for it. */
const soonMs = 60

/**
 * What a node does by itself: sign drafts whose hold passed, climb escalation ladders.
 * One run at a time; a failing module is logged and does not keep the others from running.
 */
export function startTicking(options: {
  services: Services
  modules: readonly Module[]
  refresh(): Promise<void>
  timers: boolean
}): Ticking {
  const { services, modules, refresh, timers } = options
  let running: Promise<void> | undefined
  let again = false
  let timer: NodeJS.Timeout | undefined
  let ended = false

  async function once(): Promise<void> {
    const steps = [
      () => services.drafts.signDue(),
      refresh,
      ...modules.flatMap((module) => (module.tick ? [() => module.tick?.(services)] : [])),
    ]
    for (const step of steps) {
      if (ended) return
      try {
        await step()
      } catch (error) {
        if (!ended) services.log.error('tick-failed', { error: String(error) })
      }
    }
  }

  function now(): Promise<void> {
    if (running) {
      again = true
      return running
    }
    running = (async () => {
      do {
        again = false
        await once()
      } while (again && !ended)
    })().finally(() => {
      running = undefined
      plan(everyMs)
    })
    return running
  }

  function plan(ms: number): void {
    if (!timers || ended) return
    clearTimeout(timer)
    timer = setTimeout(() => void now(), ms)
    timer.unref()
  }

  return {
    begin: () => plan(soonMs),
    now,
    soon: () => plan(soonMs),
    async end() {
      ended = true
      clearTimeout(timer)
      await running
    },
  }
}
