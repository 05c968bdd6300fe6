import { createHash } from 'node:crypto'
import { peekCheckpoint } from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { Appended, LogLedger, MemberKeys } from '../log/index.ts'
import { isLeaving } from './access.ts'
import { createBrought } from './brought.ts'
import { messageLimits, type NewestMessage } from './messages.ts'
import { createSingle, type Pace } from './pace.ts'
import type { PeerBook } from './peer-book.ts'
import type { PeerClient } from './peer-client.ts'
import { WireError } from './wire.ts'

type Listing = Map<string, number>
type Lines = ReadonlySet<string>
/** In spaces with more members than this, lines are gathered before they are told. */
const crowd = 8
const longestGatherMs = 5_000
/** A peer's list of spaces is read anew from the log at least this often. */
const listingMs = 60_000
/** Spaces whose last growth is remembered. */
const maxRemembered = 10_000

interface Changes {
  cursor: string
  spaces: { space: string; size: number; newest?: NewestMessage }[]
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
  /** What was put on record last in the spaces that grew last, as members fetch it. */
  const brought = createBrought()
  /** Up to which size a space that grows here was told. */
  const toldUpTo = new Map<string, number>()
  /** Whose lines came in since they were last told. */
  const cosigners = new Map<string, Set<string>>()
  /** What each peer was told last, so that an answer holds only what changed since. */
  const told = new Map<string, { cursor: string; listing: Listing; until: number }>()
  /** What grew since each peer's spaces were last listed; `at` counts, so that a listing begun earlier leaves it here. */
  const grown = new Map<string, Map<string, { size: number; at: number }>>()
  let growths = 0
  /** Signature lines of the newest checkpoint as each peer was given it. */
  const given = new Map<string, string>()
  const dirty = new Map<string, Listing>()
  const cosignatureTimers = new Map<string, NodeJS.Timeout>()
  /** Since when members of a large space have been told of lines on its newest checkpoint. */
  const crowdedSince = new Map<string, { size: number; since: number }>()
  const hints = createSingle<void>(sendHints)

  /** Whether those who are in were told of this very size as its entries were put on record. */
  function isTold(space: string, size: number): boolean {
    return toldUpTo.get(space) === size
  }

  /** A space hosted here grew; what {@link appended} told is not told again. */
  async function grew(space: string, size: number): Promise<void> {
    if (isTold(space, size)) return
    const parties =
      space === register ? (await book.list()).map((peer) => peer.party) : audienceOf(await ledger.members(space), size)
    for (const party of parties) if (party !== own) tell(party, space, size)
  }

  /** Entries went on the record: who waits for them has them at once, and need not ask. */
  function appended(news: Appended): void {
    const { space, size, members } = news
    if (space === register || client.stopping.aborted) return
    brought.keep(news)
    toldUpTo.delete(space)
    toldUpTo.set(space, size)
    const oldest = toldUpTo.keys().next().value
    if (toldUpTo.size > maxRemembered && oldest !== undefined) toldUpTo.delete(oldest)
    for (const party of audienceOf(members, size)) if (party !== own) tell(party, space, size)
  }

  function tell(party: string, space: string, size: number): void {
    const spaces = grown.get(party) ?? new Map()
    grown.set(party, spaces)
    growths += 1
    spaces.set(space, { size: Math.max(size, spaces.get(space)?.size ?? 0), at: growths })
    const wake = open.get(party)
    if (wake) {
      wake()
      return
    }
    told.delete(party)
    hint(party, space, size)
  }

  function hint(party: string, space: string, size: number): void {
    dirty.set(party, (dirty.get(party) ?? new Map()).set(space, size))
    // Whoever cannot be reached hears of it when it shows life.
    if (!client.isDown(party)) goHints(party)
  }

  function goHints(party: string): void {
    if (!dirty.has(party)) return
    hints.go(party, undefined).catch((error) => log.info('hint.failed', { party, error: String(error) }))
  }

  async function sendHints(party: string): Promise<void> {
    const owed = [...(dirty.get(party) ?? [])]
    const spaces = owed.slice(0, messageLimits.hints).map(([space, size]) => ({ space, size }))
    dirty.delete(party)
    if (spaces.length === 0) return
    try {
      const body = { spaces }
      await client.ask(party, { method: 'POST', path: '/fed/v1/hints', body, timeoutMs: 5_000 })
    } catch (error) {
      // A request of changes that is open meanwhile tells of sizes only: of lines nobody else would.
      if (error instanceof WireError) dirty.set(party, new Map([...owed, ...(dirty.get(party) ?? [])]))
      throw error
    }
  }

  /** Lines of a space hosted here came in: the members learn them together a little later. */
  function cosigned(space: string, by: readonly string[]): void {
    const host = ledger.recall(space)?.host ?? own
    if (by.length === 0 || host !== own || client.stopping.aborted) return
    cosigners.set(space, (cosigners.get(space) ?? new Set()).union(new Set(by)))
    if (cosignatureTimers.has(space)) return
    const since = crowdedSince.get(space)?.since
    // The longer lines have been coming, the longer the next telling waits: a few rounds, however many members.
    const elapsed = since === undefined ? 0 : Math.min(performance.now() - since, longestGatherMs)
    const timer = setTimeout(
      () => {
        cosignatureTimers.delete(space)
        const by = cosigners.get(space) ?? new Set()
        cosigners.delete(space)
        tellCosignatures(space, by).catch((error) => log.warn('hint.failed', { space, error: String(error) }))
      },
      Math.max(pace.cosignatureMs, elapsed),
    )
    timer.unref()
    cosignatureTimers.set(space, timer)
  }

  async function tellCosignatures(space: string, by: Lines): Promise<void> {
    const here = await ledger.headWithMembers(space)
    if (!here?.head.hosted) return
    const parties = space === register ? (await book.list()).map((peer) => peer.party) : audienceOf(here.members)
    // Nobody is told of nothing but its own line.
    const isNewTo = (party: string) => party !== own && [...by].some((name) => name !== party)
    if (!parties.some(isNewTo)) return
    const { note, apart } = await ledger.cosigned(space)
    const { size } = peekCheckpoint(note)
    if (parties.length <= crowd) crowdedSince.delete(space)
    else if (crowdedSince.get(space)?.size !== size) crowdedSince.set(space, { size, since: performance.now() })
    for (const party of parties) {
      if (party !== own && given.get(`${party} ${space}`) !== othersLines(note, apart, party)) hint(party, space, size)
    }
  }

  function served(party: string, space: string, note: string, apart: readonly string[] = []): void {
    if (given.size > 100_000) given.clear()
    given.set(`${party} ${space}`, othersLines(note, apart, party))
  }

  /** What follows the size this peer was told last, if that is all it lacks. */
  function withNewest(
    peer: string,
    space: string,
    { from, size }: { from: number | undefined; size: number },
  ): { newest?: NewestMessage } {
    const newest = from === undefined ? undefined : brought.find(space, from)
    if (!newest || newest.size !== size || !newest.members.has(peer)) return {}
    served(peer, space, newest.message.checkpoint)
    return { newest: newest.message }
  }

  async function listFor(peer: string): Promise<Listing> {
    const shared = await ledger.list({ member: peer })
    const isIn = (space: (typeof shared)[number]) =>
      space.members.some((member) => member.party === peer && member.until === undefined)
    const listing: Listing = new Map(
      shared.filter((space) => space.hosted && isIn(space)).map((space) => [space.id, space.size]),
    )
    const head = await ledger.head(register)
    if (head) listing.set(register, head.size)
    return listing
  }

  async function changesSince(peer: string, since: string): Promise<Changes> {
    const known = told.get(peer)
    const isSame = known !== undefined && known.cursor === since
    const before: Listing = isSame ? known.listing : new Map()
    // What was told is still so, but for what grew since: no need to list everything again.
    const isRecent = isSame && known.until > performance.now()
    const listing = isRecent ? new Map(known.listing) : await listAnew(peer)
    for (const [space, { size }] of grown.get(peer) ?? []) listing.set(space, Math.max(size, listing.get(space) ?? 0))
    const spaces = [...listing]
      .filter(([space, size]) => before.get(space) !== size)
      .map(([space, size]) => ({ space, size, ...withNewest(peer, space, { from: before.get(space), size }) }))
    const cursor = cursorOf(listing)
    told.set(peer, { cursor, listing, until: isRecent ? known.until : performance.now() + listingMs })
    return { cursor, spaces: cursor === since ? [] : spaces }
  }

  /** What grew while the log was read may not be in what was read: it stays in `grown`. */
  async function listAnew(peer: string): Promise<Listing> {
    const begun = growths
    const listing = await listFor(peer)
    const spaces = grown.get(peer)
    for (const [space, { at }] of spaces ?? []) if (at <= begun) spaces?.delete(space)
    return listing
  }

  /** Answers as soon as something differs from `since`, or empty after `pace.pollMs`. A newer request ends an older. */
  async function waitForChanges(peer: string, since: string, signal: AbortSignal): Promise<Changes> {
    open.get(peer)?.()
    let wake: () => void = () => undefined
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    open.set(peer, wake)
    const timer = setTimeout(wake, pace.pollMs)
    timer.unref()
    signal.addEventListener('abort', wake, { once: true })
    if (signal.aborted) wake()
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
    appended,
    isTold,
    served,
    /** What was put on record last, if it begins at `from`: what `newest` would answer then, without asking anybody. */
    newest(space: string, asked: { from: number; for: string }): NewestMessage | undefined {
      const found = brought.find(space, asked.from)
      if (found) served(asked.for, space, found.message.checkpoint)
      return found?.message
    },
    waitForChanges,
    /** The peer shows life: it hears what it could not be told. */
    cameBack: goHints,
    idle: hints.idle,
    stop(): void {
      for (const timer of cosignatureTimers.values()) clearTimeout(timer)
      for (const wake of open.values()) wake()
    },
  }
}

/** Members, and with `size` those whose membership the entry at its end has just ended. */
function audienceOf(members: readonly MemberKeys[], size?: number): string[] {
  return members.filter((member) => member.until === undefined || isLeaving(member, size)).map((member) => member.party)
}

/** Longer lines are by ML-DSA-44: they come with what is fetched next, and nobody is told of them alone. */
const longestTold = 1_000

/** Size and signature lines on a checkpoint but those of one party: what there is to learn for it. */
function othersLines(note: string, apart: readonly string[], party: string): string {
  const lines = [...note.slice(note.lastIndexOf('\n\n') + 2).split('\n'), ...apart.map((line) => line.trimEnd())]
    .filter((line) => line !== '' && line.length < longestTold && !line.startsWith(`— ${party} `))
    .sort()
  return `${note.split('\n')[1]} ${createHash('sha256').update(lines.join(' ')).digest('base64url')}`
}

function cursorOf(listing: Listing): string {
  const lines = [...listing].map(([space, size]) => `${space} ${size}`).sort()
  return createHash('sha256').update(lines.join('\n')).digest('base64url').slice(0, 22)
}
