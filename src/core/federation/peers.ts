import {
  decodeBundle,
  limits,
  openBlob,
  parseCanonical,
  peekCheckpoint,
  ProtocolError,
  readCheckpoint,
  readLeaf,
  tilePath,
  tileWidth,
} from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import { Refusal } from '../http/refusal.ts'
import { type Identity, type PartySnapshot, readRegister, type RegisterState } from '../identity/index.ts'
import type { Delivery, KnownParty, LogLedger } from '../log/index.ts'
import type { Peers } from '../module/types.ts'
import type { Reader } from '../storage/types.ts'
import { selfDescription } from './messages.ts'
import { type PeerBook, type PeerRow, showPeer } from './peer-book.ts'
import { PeerAnswerError, type PeerClient, readJson } from './peer-client.ts'
import { readNodeUrl, WireError } from './wire.ts'

const maxRegisterEntries = 10_000
const introductionTimeoutMs = 8_000

export interface PeersWithKeys extends Peers {
  /** A person says where the peer's node is now. */
  moveTo(party: string, url: string): Promise<void>
}

/** Introducing, comparing and remembering other parties. */
export function createPeers(options: {
  identity: Identity
  ledger: LogLedger
  book: PeerBook
  client: PeerClient
  clock: ClockSource
  log: Logger
  /** The peer can be followed from now on. */
  met(party: string): void
  pull(space: string, party: string): Promise<void>
}) {
  const { identity, ledger, book, client, clock, log } = options

  async function introduce(text: string): Promise<PeerRow> {
    const url = readUrl(text)
    const found = await orRefuse(() => fetchFounding(url))
    if (found.state.party === identity.party) throw new Refusal('peer.is-ourselves')
    const before = await book.find(found.state.party)
    if (before && before.register.first !== found.state.first && before.state === 'pinned') {
      throw new Refusal('peer.fingerprint-changed', { party: before.party })
    }
    const isSame = before?.register.first === found.state.first
    const row = await book.learn(isSame ? before.register : found.state, { url, now: clock.now() })
    // Known from here on: what cannot be had now is asked for again.
    options.met(row.party)
    await orRefuse(() => storeRegister(url, row))
    return (await book.find(row.party))!
  }

  /** What the node says of itself, and entry 0 of the register it names. */
  async function fetchFounding(url: string): Promise<{ state: RegisterState }> {
    const self = selfDescription.safeParse(await getJson(url, '/.well-known/chancery'))
    if (!self.success) throw new Refusal('peer.not-a-chancery', { url })
    const { party, register } = self.data
    const note = Buffer.from(await get(url, `/fed/v1/spaces/${register}/checkpoint`)).toString('utf8')
    const { size } = peekCheckpoint(note)
    const [leaf] = await fetchBundle(url, register, 0, Math.min(size, tileWidth))
    if (!leaf) throw new Refusal('peer.register-unreadable', { party })
    const body = readLeaf(leaf).act.statement.parts.find((part) => part.role === 'body')
    if (!body) throw new Refusal('peer.register-unreadable', { party })
    const blob = await get(url, `/fed/v1/spaces/${register}/blobs/${body.hash}`, limits.body + 32)
    const state = { ...readRegister([{ index: 0, leaf, body: parseCanonical(openBlob(blob, body.hash)) }]), size: 1 }
    if (state.party !== party || state.space !== register) throw new Refusal('peer.register-of-another', { party })
    readCheckpoint(note, `${party}/spaces/${register}`, state.host)
    return { state }
  }

  /** Replicates the register as far as it goes now, and believes the keys it gives. */
  async function storeRegister(url: string, row: PeerRow): Promise<void> {
    const { space } = row.register
    const note = Buffer.from(await get(url, `/fed/v1/spaces/${space}/checkpoint`)).toString('utf8')
    const from = (await ledger.head(space))?.size ?? 0
    const { size } = peekCheckpoint(note)
    if (size > maxRegisterEntries) throw new Refusal('peer.register-unreadable', { party: row.party })
    if (size > from) {
      const ingested = await ledger.ingest(space, {
        checkpoint: note,
        from,
        entries: registerEntries(url, space, from, size),
        fetchBlob: (commitment) => get(url, `/fed/v1/spaces/${space}/blobs/${commitment}`, limits.body + 32),
      } satisfies Delivery)
      if (ingested.state === 'refused' || ingested.state === 'conflict') {
        log.warn('peer.register-refused', { party: row.party, ...ingested })
        throw new Refusal('peer.register-unreadable', { party: row.party })
      }
    }
    await refresh(space)
  }

  async function* registerEntries(url: string, space: string, from: number, size: number): AsyncGenerator<Uint8Array> {
    for (let index = Math.floor(from / tileWidth); index * tileWidth < size; index += 1) {
      const width = Math.min(tileWidth, size - index * tileWidth)
      const entries = await fetchBundle(url, space, index, width)
      yield* entries.slice(Math.max(0, from - index * tileWidth), width)
    }
  }

  async function fetchBundle(url: string, space: string, index: number, width: number): Promise<Uint8Array[]> {
    const path = tilePath('entries', index, width)
    return decodeBundle(await get(url, `/fed/v1/spaces/${space}/${path}`, tileWidth * (limits.leaf + 2)))
  }

  async function get(url: string, path: string, maxBytes = 64 * 1024): Promise<Uint8Array> {
    const answer = await client.askPublic(url, { method: 'GET', path, maxBytes, timeoutMs: introductionTimeoutMs })
    if (answer.status !== 200) throw new PeerAnswerError(answer.status, `${path} answered ${answer.status}`)
    return answer.body
  }

  async function getJson(url: string, path: string): Promise<unknown> {
    return readJson({ status: 200, headers: {}, body: await get(url, path) })
  }

  /** A replicated register grew: keys and names follow. */
  async function refresh(space: string): Promise<void> {
    const register = await ledger.register(space)
    const known = register && (await book.find(register.party))
    if (known && known.register.first === register.first && known.register.space === space) {
      await book.learn(register, { now: clock.now() })
    }
  }

  async function pin(party: string, by: { person: string; how: string; fingerprint: string }): Promise<PeerRow> {
    const row = await book.find(party)
    if (!row) throw new Refusal('peer.not-found', { party })
    if (digitsOf(by.fingerprint) !== digitsOf(row.register.fingerprint)) {
      throw new Refusal('peer.fingerprint-differs', { party })
    }
    // Pinned means usable at once: an introduction may have been cut off before the register was here.
    if (!(await ledger.head(row.register.space))) await orRefuse(() => storeRegister(row.url, row))
    await book.markPinned(party, { person: by.person, how: by.how, now: clock.now() })
    log.info('peer.pinned', { party, how: by.how })
    const waiting = await book.takeRequests(party)
    for (const space of [row.register.space, ...waiting]) {
      // The follower asks again for what could not be had now.
      void options.pull(space, party).catch((error) => log.info('peer.pull', { party, space, error: String(error) }))
    }
    return (await book.find(party))!
  }

  /** What a space says of a pinned peer when it takes it in. */
  async function snapshot(party: string): Promise<PartySnapshot | undefined> {
    const row = await book.find(party)
    return row?.state === 'pinned' ? ledger.snapshot(row.register.space) : undefined
  }

  const peers: PeersWithKeys = {
    introduce: async (url) => showPeer(await introduce(url)),
    pin: async (party, by) => showPeer(await pin(party, by)),
    async find(party) {
      const row = await book.find(party)
      return row && showPeer(row)
    },
    list: async () => (await book.list()).map(showPeer),
    requests: () => book.requests(),
    snapshot,
    ownFingerprint: async () => identity.fingerprint,
    async letGo(party) {
      await book.letGo(party)
      log.warn('peer.let-go', { party })
    },
    async moveTo(party, url) {
      await book.moveTo(party, readUrl(url))
      options.met(party)
    },
  }

  return {
    peers,
    refresh,
    /** For the ledger: what is known of a party. */
    async knownParty(party: string, reader?: Reader): Promise<KnownParty | undefined> {
      const row = await book.find(party, reader)
      if (!row) return undefined
      const { first, host, actKeys } = row.register
      return {
        state: row.state,
        first,
        host,
        actKeys: actKeys.filter((key) => key.until === undefined).map(({ key }) => key),
      }
    },
    snapshotOf: snapshot,
  }
}

/** Fingerprints are read aloud: spaces, line breaks and no-break spaces do not count. */
function digitsOf(text: string): string {
  return text.slice(0, 500).replaceAll(/[\s\u00a0\u202f]/g, '')
}

function readUrl(text: string): string {
  try {
    return readNodeUrl(text.trim())
  } catch {
    throw new Refusal('peer.bad-address')
  }
}

async function orRefuse<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof WireError) throw new Refusal('peer-unreachable', { reason: error.fault })
    if (error instanceof PeerAnswerError) throw new Refusal('peer.not-a-chancery', { status: error.status })
    if (error instanceof ProtocolError) throw new Refusal('peer.register-unreadable', { rule: error.rule })
    throw error
  }
}
