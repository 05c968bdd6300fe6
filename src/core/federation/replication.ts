import { fromBase64url, openBlob, peekCheckpoint, readLeaf, type SpaceKind, storedParts } from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { Adopted, LogLedger, SpaceHead } from '../log/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { createComplementing } from './complementing.ts'
import { createConfirming } from './confirming.ts'
import { createFetching } from './fetching.ts'
import type { LargeBlobs } from './large-blobs.ts'
import type { NewestMessage } from './messages.ts'
import { createLanes, createSingle } from './pace.ts'
import { PeerAnswerError, type PeerClient } from './peer-client.ts'
import { readOrRefuse } from './read-or-refuse.ts'

const maxPullsAtOnce = 6

/** Brings spaces hosted elsewhere up to date. */
export type Replication = ReturnType<typeof createReplication>

export function createReplication(options: {
  db: Db
  blobs: Blobs
  ledger: LogLedger
  client: PeerClient
  large: LargeBlobs
  log: Logger
  /** A space grew here, so that acts waiting for it can go on. */
  onPulled(space: string, kind: SpaceKind): void
}) {
  const { ledger, client, log } = options
  const inLane = createLanes(maxPullsAtOnce)
  const pulls = createSingle<{ party: string; newest?: NewestMessage }>((space, from) =>
    inLane(() => pullOnce(space, from)),
  )
  /** Size of each space that those who wait for its growth were told of. */
  const noted = new Map<string, number>()
  /** Newest checkpoint of each space as it came: what we tell others that we hold. */
  const notes = new Map<string, string>()
  const fetching = createFetching({ ledger, client, noteOf: (space) => notes.get(space) })
  const { fetchNewest, deliveryFrom } = fetching
  const complementing = createComplementing({ ...options, fetching, inBackground })
  const confirming = createConfirming({ ledger, client, inBackground })

  async function pullOnce(
    space: string,
    { party, newest: given }: { party: string; newest?: NewestMessage },
  ): Promise<void> {
    if (given && (await takeNext(space, party, given))) return
    const head = await ledger.head(space)
    if (head?.frozen) return
    const from = head?.size ?? 0
    const newest = given?.from === from ? given : await fetchNewest(space, party, from)
    const came = readOrRefuse(() => peekCheckpoint(newest.checkpoint))
    if (came.size > from) await take(space, party, from, came.size, newest)
    else if (head?.hosted) return
    else if (head) await compare(space, head.size, came.size, newest)
    if (came.size >= from) await finish(space, party)
  }

  /** The usual case, without looking first: the ledger takes what follows what it has, and nothing else. */
  async function takeNext(space: string, party: string, newest: NewestMessage): Promise<boolean> {
    const known = ledger.recall(space)
    if (known?.host !== party) return false
    const { size } = readOrRefuse(() => peekCheckpoint(newest.checkpoint))
    // It came another way meanwhile: with the answer to an act of ours, or from another request.
    if (known.size === size && isSame(notes.get(space), newest.checkpoint)) return true
    if (known.size !== newest.from) return false
    if (size !== newest.from + newest.entries.length || newest.entries.length === 0) return false
    const stored = await take(space, party, newest.from, size, newest)
    if (stored === undefined) return false
    await finish(space, party, { kind: known.kind, size: stored, host: party, hosted: false })
    return true
  }

  /** Size that is here now; undefined if nothing came of it. @throws {@link PeerAnswerError} for what may not stand */
  async function take(
    space: string,
    party: string,
    from: number,
    size: number,
    newest: NewestMessage,
  ): Promise<number | undefined> {
    const given = readOrRefuse(() => newest.entries.map(fromBase64url).slice(0, size - from))
    if (newest.from !== from) throw new PeerAnswerError(200, 'entries from another index than asked')
    const blobs = namedBlobs(given, newest.blobs)
    const { allEntries, fetchBlob } = await deliveryFrom(space, party)
    const ingested = await ledger.ingest(space, {
      checkpoint: newest.checkpoint,
      from,
      entries: given.length === size - from ? given : allEntries(given, from, size),
      blobs,
      fetchBlob,
    })
    if (ingested.state === 'stored') {
      if (ingested.size === size) notes.set(space, newest.checkpoint)
      if (ingested.size === size) complementing.brought(space, given, { from, size, blobs })
      await keepLines(space, size, newest, ingested.cosigned)
      return ingested.size
    }
    // Another process of this node was quicker.
    else if (ingested.state === 'gap') inBackground(pulls.go(space, { party }), space)
    else if (ingested.state === 'refused' && ingested.rule === 'frozen') return undefined
    else if (ingested.state === 'refused') {
      await lookForFork(space, party, from, size, { ...newest, rule: ingested.rule })
      log.warn('replica.refused', { space, party, index: ingested.index, rule: ingested.rule, detail: ingested.detail })
      throw new PeerAnswerError(200, `entry ${ingested.index} of the space breaks rule ${ingested.rule}`)
    } else
      log.error('replica.conflict', { space, party, kind: ingested.conflict.kind, detail: ingested.conflict.detail })
    return undefined
  }

  /** What follows does not fit what we hold: the whole of it shows whether its host signed two histories. */
  async function lookForFork(
    space: string,
    party: string,
    from: number,
    size: number,
    { checkpoint, rule }: NewestMessage & { rule: string },
  ): Promise<void> {
    if (from === 0 || !['root', 'seen-root', 'after-missing', 'seen-future'].includes(rule)) return
    await ledger.witness(space, checkpoint)
    const { allEntries, fetchBlob } = await deliveryFrom(space, party)
    const entries = allEntries([], 0, size)
    const whole = await ledger.ingest(space, { checkpoint, from: 0, entries, fetchBlob })
    if (whole.state === 'conflict') log.error('replica.conflict', { space, party, kind: whole.conflict.kind })
  }

  // Only what an entry names is stored: a peer cannot fill our disk with anything else.
  function namedBlobs(entries: Uint8Array[], given: Record<string, string>): Map<string, Uint8Array> {
    const good = new Map<string, Uint8Array>()
    const named = new Set(
      entries.flatMap((entry) =>
        storedParts(readOrRefuse(() => readLeaf(entry)).act.statement.parts).map((part) => part.hash),
      ),
    )
    for (const [commitment, blob] of Object.entries(given)) {
      if (!named.has(commitment)) continue
      const bytes = readOrRefuse(() => fromBase64url(blob))
      readOrRefuse(() => openBlob(bytes, commitment))
      good.set(commitment, bytes)
    }
    return good
  }

  async function compare(space: string, size: number, cameSize: number, newest: NewestMessage): Promise<void> {
    const conflict = await ledger.witness(space, newest.checkpoint)
    if (conflict) log.error('replica.conflict', { space, kind: conflict.kind, detail: conflict.detail })
    else if (cameSize === size) await keepLines(space, size, newest)
  }

  /** `stored`: parties whose lines are here already. */
  async function keepLines(
    space: string,
    size: number,
    newest: NewestMessage,
    stored: readonly string[] = [],
  ): Promise<void> {
    const lines = newest.checkpoint
      .slice(newest.checkpoint.lastIndexOf('\n\n') + 2)
      .split('\n')
      .filter(Boolean)
    // The first line is the host's under its origin: no cosignature.
    const named = lines.filter((line) => !line.includes(`/spaces/${space} `))
    const all = [...new Set([...named, ...newest.cosignatures])].filter(
      (line) => !stored.some((party) => line.startsWith(`— ${party} `)),
    )
    if (all.length > 0) await ledger.addCosignatures(space, size, all)
  }

  /** Bodies and texts at once, then our cosignature; attachments follow without anybody waiting for them. */
  async function finish(
    space: string,
    party: string,
    grown?: Pick<SpaceHead, 'kind' | 'size' | 'host' | 'hosted'>,
  ): Promise<void> {
    const head = grown ?? (await ledger.head(space))
    if (!head) return
    if (noted.get(space) !== head.size) options.onPulled(space, head.kind)
    noted.set(space, head.size)
    if (!complementing.isComplete(space, head.size)) await complementing.complement(space, party, head.size)
    // Whoever gave the entries, it is the host that gathers the names.
    confirming.confirm(space, head.hosted ? party : head.host, head.size)
  }

  function inBackground(work: Promise<void>, space: string): void {
    work.catch((error) => log.warn('replica.background', { space, error: String(error) }))
  }

  return {
    entriesOf: fetching.entriesOf,
    /** Takes the record that `party` holds from the first entry on in which it differs from ours. */
    async adopt(space: string, party: string, { note, from }: { note: string; from: number }): Promise<Adopted> {
      const { size } = readOrRefuse(() => peekCheckpoint(note))
      const { allEntries, fetchBlob } = await deliveryFrom(space, party)
      const entries = allEntries([], from, size)
      const adopted = await ledger.adopt(space, { checkpoint: note, from, entries, fetchBlob })
      if (adopted.state !== 'adopted') return adopted
      for (const known of [complementing, confirming]) known.forget(space)
      for (const known of [notes, noted]) known.delete(space)
      await finish(space, party)
      return adopted
    },
    sendUnsent: confirming.sendUnsent,
    /**
     * Fetches what is missing of a space from `party`; resolves after a pull that began after this call.
     *
     * @throws {WireError} | {@link PeerAnswerError} if the peer gave nothing usable; what is stored stays.
     */
    pull: (space: string, party: string, newest?: NewestMessage) => pulls.go(space, { party, newest }),
    /** Resolves once nothing is being fetched. */
    async idle(): Promise<void> {
      for (let round = 0; round < 2; round += 1) {
        await pulls.idle()
        await Promise.all([confirming.idle(), complementing.idle()])
      }
    },
  }
}

/** Whether two notes are of one origin, size and root; signature lines do not matter. */
function isSame(a: string | undefined, b: string): boolean {
  const end = b.indexOf('\n\n')
  return end > 0 && a?.slice(0, end + 2) === b.slice(0, end + 2)
}
