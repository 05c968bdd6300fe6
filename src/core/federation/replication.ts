import {
  decodeBundle,
  fromBase64url,
  limits,
  openBlob,
  peekCheckpoint,
  ProtocolError,
  readLeaf,
  sealedSizeOf,
  type SpaceKind,
  storedParts,
  tilePath,
  tileWidth,
} from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { Adopted, LogLedger, MissingPart, SpaceHead } from '../log/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { messageLimits, type NewestMessage, newestMessage } from './messages.ts'
import { createLanes, createSingle } from './pace.ts'
import { PeerAnswerError, type PeerClient, readJson } from './peer-client.ts'

const maxPullsAtOnce = 6
const maxBlobsAtOnce = 4
/** From so many missing payloads on, pages of them are asked for. */
const togetherFrom = 8

/** Brings spaces hosted elsewhere up to date. */
export type Replication = ReturnType<typeof createReplication>

export function createReplication(options: {
  db: Db
  blobs: Blobs
  ledger: LogLedger
  client: PeerClient
  log: Logger
  /** A space grew here, so that acts waiting for it can go on. */
  onPulled(space: string, kind: SpaceKind): void
}) {
  const { db, blobs, ledger, client, log } = options
  const inLane = createLanes(maxPullsAtOnce)
  const pulls = createSingle<{ party: string; newest?: NewestMessage }>((space, from) =>
    inLane(() => pullOnce(space, from)),
  )
  const cosigning = createSingle<string>(cosign)
  const attachments = createSingle<string>(fetchAttachments)
  /** Largest size whose cosignature the host of a space has from us. */
  const cosigned = new Map<string, number>()
  /** Spaces whose host has not confirmed our newest cosignature. */
  const unsent = new Map<string, string>()
  /** Up to which size all payloads of a space are known to be here. */
  const complete = new Map<string, number>()
  /** Size of each space that those who wait for its growth were told of. */
  const noted = new Map<string, number>()
  /** Newest checkpoint of each space as it came: what we tell others that we hold. */
  const notes = new Map<string, string>()

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

  async function fetchNewest(space: string, party: string, from: number): Promise<NewestMessage> {
    const answer = await client.ask(party, {
      method: 'GET',
      path: `/fed/v1/spaces/${space}/newest?from=${from}`,
      ...(from === 0 ? {} : { checkpoint: notes.get(space) ?? (await ledger.checkpoint(space)) }),
    })
    const parsed = newestMessage.safeParse(readJson(answer))
    if (!parsed.success) throw new PeerAnswerError(answer.status, 'the answer to newest cannot be read')
    return parsed.data
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
    const ingested = await ledger.ingest(space, {
      checkpoint: newest.checkpoint,
      from,
      entries: given.length === size - from ? given : allEntries(space, party, given, from, size),
      blobs,
      fetchBlob: (commitment) => fetchBlob(space, party, commitment),
    })
    if (ingested.state === 'stored') {
      if (ingested.size === size) notes.set(space, newest.checkpoint)
      if (complete.get(space) === from && ingested.size === size && bringsAll(given, size - from, blobs))
        complete.set(space, size)
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
    const whole = await ledger.ingest(space, {
      checkpoint,
      from: 0,
      entries: allEntries(space, party, [], 0, size),
      fetchBlob: (commitment) => fetchBlob(space, party, commitment),
    })
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

  async function* allEntries(
    space: string,
    party: string,
    given: Uint8Array[],
    from: number,
    size: number,
  ): AsyncGenerator<Uint8Array> {
    yield* given
    for (let next = from + given.length; next < size; ) {
      const index = Math.floor(next / tileWidth)
      const width = Math.min(tileWidth, size - index * tileWidth)
      const path = tilePath('entries', index, width)
      const answer = await client.ask(party, {
        method: 'GET',
        path: `/fed/v1/spaces/${space}/${path}`,
        maxBytes: tileWidth * (limits.leaf + 2),
        timeoutMs: 30_000,
      })
      const entries = readOrRefuse(() => decodeBundle(answer.body))
      if (entries.length < width) throw new PeerAnswerError(200, 'an entry bundle is too short')
      yield* entries.slice(next - index * tileWidth, width)
      next = index * tileWidth + width
    }
  }

  async function fetchBlob(space: string, party: string, commitment: string): Promise<Uint8Array | undefined> {
    try {
      const answer = await client.ask(party, {
        method: 'GET',
        path: `/fed/v1/spaces/${space}/blobs/${commitment}`,
        maxBytes: sealedSizeOf(limits.attachment),
        timeoutMs: 120_000,
      })
      return answer.body
    } catch (error) {
      if (error instanceof PeerAnswerError && [404, 410].includes(error.status)) return undefined
      throw error
    }
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
    if (complete.get(space) !== head.size) await complement(space, party, head.size)
    // Whoever gave the entries, it is the host that gathers the names.
    const host = head.hosted ? party : head.host
    if ((cosigned.get(space) ?? -1) < head.size) inBackground(cosigning.go(space, host), space)
  }

  async function complement(space: string, party: string, size: number): Promise<void> {
    for (let from = complete.get(space) ?? 0; ; ) {
      const urgent = await ledger.missingParts(space, { from, under: limits.body })
      if (urgent.length === 0) break
      if (await fetchParts(space, party, urgent)) await ledger.project(space)
      // What cannot be had is not asked for again now; what follows it is.
      from = urgent.at(-1)!.index + 1
    }
    const missing = await ledger.missingParts(space, { from: complete.get(space) ?? 0, limit: 1 })
    if (missing.length === 0) complete.set(space, size)
    else inBackground(attachments.go(space, party), space)
  }

  function inBackground(work: Promise<void>, space: string): void {
    work.catch((error) => log.warn('replica.background', { space, error: String(error) }))
  }

  async function fetchAttachments(space: string, party: string): Promise<void> {
    const missing = await ledger.missingParts(space, { from: complete.get(space) ?? 0 })
    if (missing.length > 0 && (await fetchParts(space, party, missing))) await ledger.project(space)
  }

  /** What came of these; many small ones travel together. */
  async function fetchParts(space: string, party: string, missing: readonly MissingPart[]): Promise<boolean> {
    const inBlobLane = createLanes(maxBlobsAtOnce)
    const alone = missing.length < togetherFrom ? missing : await fetchTogether(space, party, missing)
    const fetched = await Promise.all(
      alone.map(({ hash }) =>
        inBlobLane(async () => {
          const blob = await fetchBlob(space, party, hash)
          if (!blob) return false
          readOrRefuse(() => openBlob(blob, hash))
          await blobs.put(db, hash, blob)
          return true
        }),
      ),
    )
    return alone.length < missing.length || fetched.some(Boolean)
  }

  /** Asks for pages of entries with their small payloads; gives what has to be fetched one by one. */
  async function fetchTogether(space: string, party: string, missing: readonly MissingPart[]): Promise<MissingPart[]> {
    const alone: MissingPart[] = []
    let rest = missing.filter((part) => part.size <= messageLimits.newestBlobBytes)
    while (rest.length > 0) {
      const { entries, blobs: given } = await fetchNewest(space, party, rest[0]!.index)
      const wanted = new Map(rest.map((part) => [part.hash, part]))
      const good = new Map<string, Uint8Array>()
      for (const [hash, blob] of Object.entries(given)) {
        if (!wanted.has(hash)) continue
        const bytes = readOrRefuse(() => fromBase64url(blob))
        readOrRefuse(() => openBlob(bytes, hash))
        good.set(hash, bytes)
      }
      await blobs.putAll(db, good)
      const next = good.size > 0 ? undefined : rest[0]!.index + Math.max(1, entries.length)
      // A page that brings nothing of what is missing is passed over.
      if (next !== undefined) alone.push(...rest.filter((part) => part.index < next))
      rest = rest.filter((part) => !good.has(part.hash) && part.index >= (next ?? 0))
    }
    return [...alone, ...missing.filter((part) => part.size > messageLimits.newestBlobBytes)]
  }

  /** A cosignature says that entries and payloads are here: it is also the receipt of delivery. */
  async function cosign(space: string, party: string): Promise<void> {
    const cosignature = await ledger.cosign(space)
    if (!cosignature || (cosigned.get(space) ?? -1) >= cosignature.size) return
    unsent.set(space, party)
    await client.ask(party, {
      method: 'POST',
      path: `/fed/v1/spaces/${space}/cosignatures`,
      body: { size: cosignature.size, lines: [cosignature.line] },
    })
    cosigned.set(space, cosignature.size)
    unsent.delete(space)
  }

  return {
    /** Entries of one bundle as a party gives them. */
    async entriesOf(space: string, party: string, path: string): Promise<Uint8Array[]> {
      const maxBytes = tileWidth * (limits.leaf + 2)
      const request = { method: 'GET' as const, path: `/fed/v1/spaces/${space}/${path}`, maxBytes, timeoutMs: 30_000 }
      const answer = await client.ask(party, request)
      return readOrRefuse(() => decodeBundle(answer.body))
    },
    /** Takes the record that `party` holds from the first entry on in which it differs from ours. */
    async adopt(space: string, party: string, { note, from }: { note: string; from: number }): Promise<Adopted> {
      const { size } = readOrRefuse(() => peekCheckpoint(note))
      const adopted = await ledger.adopt(space, {
        checkpoint: note,
        from,
        entries: allEntries(space, party, [], from, size),
        fetchBlob: (commitment) => fetchBlob(space, party, commitment),
      })
      if (adopted.state !== 'adopted') return adopted
      for (const known of [cosigned, complete, notes, noted, unsent] as Map<string, unknown>[]) known.delete(space)
      await finish(space, party)
      return adopted
    },
    /** The peer is heard again: cosignatures that got lost on the way go once more. */
    sendUnsent(party: string): void {
      for (const [space, host] of unsent) if (host === party) inBackground(cosigning.go(space, party), space)
    },
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
        await Promise.all([cosigning.idle(), attachments.idle()])
      }
    },
  }
}

/** Whether two notes are of one origin, size and root; signature lines do not matter. */
function isSame(a: string | undefined, b: string): boolean {
  const end = b.indexOf('\n\n')
  return end > 0 && a?.slice(0, end + 2) === b.slice(0, end + 2)
}

/** Whether every payload of these entries came along. */
function bringsAll(entries: readonly Uint8Array[], count: number, blobs: ReadonlyMap<string, Uint8Array>): boolean {
  return (
    entries.length === count &&
    entries.every((entry) => storedParts(readLeaf(entry).act.statement.parts).every(({ hash }) => blobs.has(hash)))
  )
}

function readOrRefuse<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new PeerAnswerError(200, `what the peer sent cannot be read: ${error.message}`)
    throw error
  }
}
