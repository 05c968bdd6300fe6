import { canonicalBytes, type Json, parseCanonical, toBase64url } from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'
import { createSingle } from './pace.ts'
import type { PeerClient } from './peer-client.ts'
import type { TenderedRow, TenderStore } from './tender-store.ts'

const hostChanged = 'space.host-changed'

/** Brings the ordering of a space from one host to the next, with the old one or without it. */
export function createHandingOver(options: {
  db: Db
  blobs: Blobs
  ledger: LogLedger
  outbox: OutboxStore
  tenders: TenderStore
  client: PeerClient
  log: Logger
  party: string
  askMembers(space: string): Promise<{ party: string; size: number }[]>
  pull(space: string, party: string): Promise<void>
  /** The new host has taken the space: what waits here goes to it. */
  delivered(space: string): void
  /** This node orders the space from now on. */
  hosting(space: string): void
}) {
  const { db, blobs, ledger, outbox, tenders, client, log, party: own } = options
  const deliveries = createSingle<void>(deliver)
  const takeovers = createSingle<void>(tryTakeover)

  /** The old host gives the act that ends its hosting to the new one, until that one has put it on record. */
  async function deliver(space: string): Promise<void> {
    const handover = (await ledger.handovers()).find((one) => one.space === space)
    if (!handover) return
    const { envelope, to, size, root } = handover
    const body = partsOf(envelope).find((part) => part.role === 'body')
    const blob = body && (await blobs.find(db, body.hash))
    await client.ask(to, {
      method: 'POST',
      path: `/fed/v1/spaces/${space}/handover`,
      body: { act: envelope, size, root, blobs: body && blob ? { [body.hash]: toBase64url(blob) } : {} },
      timeoutMs: 30_000,
    })
    const isMember = (await ledger.members(space)).some((one) => one.party === own && one.until === undefined)
    // Who is no member has nothing to fetch any more: the other's word is enough.
    if (isMember) await options.pull(space, to)
    else await ledger.handoverTaken(space)
    options.delivered(space)
  }

  /** Without the old host: once enough members said the same, and it is us they named. */
  async function tryTakeover(space: string): Promise<void> {
    const head = await ledger.head(space)
    if (!head || head.hosted || head.frozen) return
    const acts = await agreedForUs(space)
    if (acts.length === 0) return
    await catchUp(space, head.size)
    const taken = await ledger.takeOver(
      space,
      acts.map((act) => act.envelope),
    )
    if (taken.state === 'refused') {
      if (taken.rule !== 'awaits-agreement') log.warn('handover.refused', { space, ...taken })
      return
    }
    log.warn('handover.hosting', { space, size: taken.size })
    options.hosting(space)
  }

  /** Waiting acts that make us the host, of the body that most members said; ours is among them, or there are none. */
  async function agreedForUs(space: string): Promise<(OutboxRow | TenderedRow)[]> {
    const queued = (await outbox.queued(space, 64)).filter((row) => row.statement.type === hostChanged)
    const held = (await tenders.held(space)).filter((row) => row.statement.type === hostChanged)
    const groups = new Map<string, Map<string, OutboxRow | TenderedRow>>()
    for (const row of [...held, ...queued]) {
      const body = await bodyOf(row)
      if ((body as { host?: { party?: string } } | undefined)?.host?.party !== own) continue
      const key = Buffer.from(canonicalBytes(body!)).toString('utf8')
      groups.set(key, (groups.get(key) ?? new Map()).set(row.statement.author, row))
    }
    const largest = [...groups.values()].filter((group) => group.has(own)).sort((a, b) => b.size - a.size)[0]
    return largest ? [...largest.values()] : []
  }

  async function bodyOf({ statement }: OutboxRow | TenderedRow): Promise<Json | undefined> {
    const part = statement.parts.find(({ role }) => role === 'body')
    const content = part && (await blobs.contents(db, [part.hash])).get(part.hash)
    try {
      return content && parseCanonical(content)
    } catch {
      return undefined
    }
  }

  /** What another member holds of the old host's record is ours to go on from. */
  async function catchUp(space: string, size: number): Promise<void> {
    const [furthest] = (await options.askMembers(space)).sort((a, b) => b.size - a.size)
    if (furthest && furthest.size > size) await options.pull(space, furthest.party)
  }

  function quietly(work: Promise<void>, space: string): void {
    work.catch((error) => {
      if (!client.stopping.aborted) log.info('handover.waiting', { space, error: String(error) })
    })
  }

  return {
    deliver: (space: string) => quietly(deliveries.go(space, undefined), space),
    async deliverAll(): Promise<void> {
      for (const { space } of await ledger.handovers()) quietly(deliveries.go(space, undefined), space)
    },
    /** Something was tendered or receipted: perhaps members made us the host. */
    consider: (space: string) => quietly(takeovers.go(space, undefined), space),
    async idle(): Promise<void> {
      await Promise.all([deliveries.idle(), takeovers.idle()])
    },
  }
}

function partsOf(envelope: { payload: string }): { role: string; hash: string }[] {
  const statement = JSON.parse(Buffer.from(envelope.payload, 'base64url').toString('utf8')) as {
    parts: { role: string; hash: string }[]
  }
  return statement.parts
}
