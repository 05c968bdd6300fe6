import type { ClockSource } from '../config/types.ts'
import { Refusal } from './refusal.ts'

const addresses = new WeakMap<Request, string>()

/** Remembers where a request came from; http calls this before anything else sees it. */
export function rememberAddress(request: Request, address: string): void {
  addresses.set(request, address)
}

/**
 * Address a request came from; `unknown` in memory. Behind a proxy on the same
 * machine it is the last one that proxy added, never what a stranger claims.
 */
export function addressOf(request: Request): string {
  return addresses.get(request) ?? 'unknown'
}

export interface RateLimit {
  /** Counts one attempt. @throws {@link Refusal} `too-many-requests` with `waitMs` */
  take(key: string): void
  /** Forgets the attempts of a key, after one that succeeded. */
  forget(key: string): void
}

const mostKeys = 10_000

/** At most `most` attempts per key within a sliding `withinMs`, in this process. */
export function createRateLimit({
  most,
  withinMs,
  clock,
}: {
  most: number
  withinMs: number
  clock: ClockSource
}): RateLimit {
  const attempts = new Map<string, number[]>()
  return {
    take(key) {
      const now = clock.now()
      const recent = (attempts.get(key) ?? []).filter((at) => at > now - withinMs)
      const oldest = recent[0]
      if (oldest !== undefined && recent.length >= most)
        throw new Refusal('too-many-requests', { waitMs: oldest + withinMs - now })
      attempts.delete(key)
      attempts.set(key, [...recent, now])
      // The key that was quiet longest goes first: a flood of addresses must not fill the memory.
      if (attempts.size > mostKeys) attempts.delete(attempts.keys().next().value!)
    },
    forget: (key) => void attempts.delete(key),
  }
}
