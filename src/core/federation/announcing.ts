import { createHash } from 'node:crypto'
import type { Logger } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import { createSingle, type Pace } from './pace.ts'
import type { PeerBook } from './peer-book.ts'
import type { PeerClient } from './peer-client.ts'

type Listing = Map<string, number>
interface Changes {
  cursor: string
  spaces: { space: string; size: number }[]
}

/** Tells members that a space hosted here grew: through their open `changes` request, else by a hint. */
export type Announcing = ReturnType<typeof createAnnouncing>

export function createAnnouncing(options: {
  party: string
  register: string
  ledger: LogLedger
  book: PeerBook
  client: PeerClient
  log: Logger
  pace: Pace
}) {
  const { party: own, register, ledger, book, client, log, pace } = options
  /** Peers whose `changes` request is open, with what ends its waiting. */
  const open = new Map<string, () => void>()
  /** What each peer was told last, so that an answer holds only what changed since. */
  const told = new Map<string, { cursor: string; listing: Listing }>()
  const dirty = new Map<string, Set<string>>()
  const cosignatureTimers = new Map<string, NodeJS.Timeout>()
  const hints = createSingle<void>(sendHints)

  /** A space hosted here grew. */
  async function grew(space: string): Promise<void> {
    const head = await ledger.head(space)
    if (!head?.hosted) return
    await tell(space, await audience(space))
  }

  async function audience(space: string): Promise<string[]> {
    if (space === register) return (await book.list()).map((peer) => peer.party)
    return (await ledger.members(space)).filter((member) => member.until === undefined).map((member) => member.party)
  }

  async function tell(space: string, parties: string[]): Promise<void> {
    for (const party of parties) {
      if (party === own) continue
      const wake = open.get(party)
      if (wake) wake()
      else hint(party, space)
    }
  }

  function hint(party: string, space: string): void {
    // Whoever cannot be reached asks for changes when it is back.
    if (client.isDown(party)) return
    dirty.set(party, (dirty.get(party) ?? new Set()).add(space))
    hints.go(party, undefined).catch((error) => log.info('hint.failed', { party, error: String(error) }))
  }

  async function sendHints(party: string): Promise<void> {
    const spaces = [...(dirty.get(party) ?? [])]
    dirty.delete(party)
    if (spaces.length === 0) return
    const heads = await Promise.all(spaces.map((space) => ledger.head(space)))
    const body = { spaces: heads.flatMap((head) => (head ? [{ space: head.space, size: head.size }] : [])) }
    await client.ask(party, { method: 'POST', path: '/fed/v1/hints', body, timeoutMs: 5_000 })
  }

  /** Members' cosignatures came in: the others learn them together a little later. */
  function cosigned(space: string): void {
    if (cosignatureTimers.has(space) || client.stopping.aborted) return
    const timer = setTimeout(() => {
      cosignatureTimers.delete(space)
      void audience(space).then((parties) => {
        for (const party of parties) if (party !== own) hint(party, space)
      }).catch((error) => log.warn('hint.failed', { space, error: String(error) }))
    }, pace.cosignatureMs)
    timer.unref()
    cosignatureTimers.set(space, timer)
  }

  async function listFor(peer: string): Promise<Listing> {
    const shared = await ledger.list({ member: peer })
    const isIn = (space: (typeof shared)[number]) =>
      space.members.some((member) => member.party === peer && member.until === undefined)
    const listing: Listing = new Map(shared.filter((space) => space.hosted && isIn(space))
      .map((space) => [space.id, space.size]))
    const head = await ledger.head(register)
    if (head) listing.set(register, head.size)
    return listing
  }

  async function changesSince(peer: string, since: string): Promise<Changes> {
    const listing = await listFor(peer)
    const known = told.get(peer)
    const before: Listing = known && known.cursor === since ? known.listing : new Map()
    const spaces = [...listing].filter(([space, size]) => before.get(space) !== size)
      .map(([space, size]) => ({ space, size }))
    const cursor = cursorOf(listing)
    told.set(peer, { cursor, listing })
    return { cursor, spaces: cursor === since ? [] : spaces }
  }

  /** Answers as soon as something differs from `since`, or empty after `pace.pollMs`. A newer request ends an older. */
  async function waitForChanges(peer: string, since: string, signal: AbortSignal): Promise<Changes> {
    open.get(peer)?.()
    let wake: () => void = () => undefined
    const woken = new Promise<void>((resolve) => { wake = resolve })
    open.set(peer, wake)
    const timer = setTimeout(wake, pace.pollMs)
    timer.unref()
    signal.addEventListener('abort', wake, { once: true })
    try {
      const now = await changesSince(peer, since)
      if (now.cursor !== since) return now
      await woken
      return signal.aborted ? { cursor: since, spaces: [] } : await changesSince(peer, since)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      if (open.get(peer) === wake) open.delete(peer)
    }
  }

  return {
    grew,
    cosigned,
    waitForChanges,
    idle: hints.idle,
    stop(): void {
      for (const timer of cosignatureTimers.values()) clearTimeout(timer)
      for (const wake of open.values()) wake()
    },
  }
}

function cursorOf(listing: Listing): string {
  const lines = [...listing].map(([space, size]) => `${space} ${size}`).sort()
  return createHash('sha256').update(lines.join('\n')).digest('base64url').slice(0, 22)
}
