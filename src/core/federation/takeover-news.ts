import { type Envelope, peekCheckpoint, tilePath, tileWidth, toBase64url } from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import type { OrphanedAct } from '../module/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import type { OutboxStore } from './outbox-store.ts'
import { createSingle, type Pace } from './pace.ts'
import type { PeerClient } from './peer-client.ts'
import type { Replication } from './replication.ts'
import type { TenderStore } from './tender-store.ts'

const hostChanged = 'space.host-changed'
/** Acts that say how the record itself stands: said again only by whoever means them there. */
const ofTheRecord = /^(space|drill|clock)\./

/** Learns that members went on with another host while we were cut off, and tells the old host when we know. */
export function createTakeoverNews(options: {
  db: Db
  blobs: Blobs
  ledger: LogLedger
  outbox: OutboxStore
  tenders: TenderStore
  client: PeerClient
  replication: Replication
  clock: ClockSource
  log: Logger
  pace: Pace
  party: string
  /** What was on a record that we left waits for the new host now. */
  left(space: string): void
}) {
  const { db, blobs, ledger, outbox, tenders, client, replication, clock, log, pace, party: own } = options
  const runs = createSingle<string>(compareRecords)
  const asked = new Map<string, number>()

  /** A party that is not the host of a space says that it orders it: whose record do its members keep? */
  async function compareRecords(space: string, claimant: string): Promise<void> {
    const head = await ledger.head(space)
    if (!head || head.frozen || head.kind === 'register' || claimant === own || head.host === claimant) return
    const path = `/fed/v1/spaces/${space}/checkpoint`
    const answer = await client.ask(claimant, { method: 'GET', path, maxBytes: 64 * 1024 })
    const note = Buffer.from(answer.body).toString('utf8')
    const { origin, size } = peekCheckpoint(note)
    if (origin === head.origin) return
    // Its signature is worth what the entries say that gave the space to its signer: they are judged first.
    const signer = origin.slice(0, origin.indexOf('/'))
    const common = await commonSize(space, claimant, Math.min(size, head.size))
    if (common >= Math.min(size, head.size)) {
      if (size > head.size) await replication.pull(space, claimant)
      else if (signer !== own) await tellOldHost(space, signer)
      return
    }
    const adopted = await replication.adopt(space, claimant, { note, from: common })
    if (adopted.state === 'adopted') {
      log.warn('handover.record-left', { space, host: signer, base: adopted.base, orphaned: adopted.orphaned })
      await sayAgain(space, { since: adopted.wasHosted })
    } else if (adopted.rule === 'ours-stands' || adopted.rule === 'no-takeover') {
      log.info('handover.not-followed', { space, claimant: signer, rule: adopted.rule, detail: adopted.detail })
      await tellOldHost(space, signer)
    } else log.warn('handover.not-followed', { space, claimant: signer, rule: adopted.rule, detail: adopted.detail })
  }

  /** Entries that two records have in common, looked for from their ends. */
  async function commonSize(space: string, party: string, below: number): Promise<number> {
    for (let tile = Math.floor((below - 1) / tileWidth); tile >= 0; tile -= 1) {
      const from = tile * tileWidth
      const width = Math.min(tileWidth, below - from)
      const [theirs, ours] = await Promise.all([
        replication.entriesOf(space, party, tilePath('entries', tile, width)),
        ledger.entries(space, from, width),
      ])
      const differs = ours.findIndex((leaf, at) => Buffer.compare(leaf, theirs[at] ?? new Uint8Array()) !== 0)
      if (differs < 0) return from + ours.length
      if (differs > 0) return from + differs
    }
    return 0
  }

  /** The members' own acts, handed in at the host they replaced: it stops at the one that decides, as any host does. */
  async function tellOldHost(space: string, party: string): Promise<void> {
    const hosts = await ledger.hosts(space)
    const place = hosts.findLastIndex((one) => one.party === party)
    const next = hosts[place + 1]
    if (place < 0 || !next) return
    const acts = (await ledger.acts(space, { types: [hostChanged], limit: 1_000 })).filter(
      ({ index }) => index <= next.from && index >= (hosts[place]?.from ?? 0),
    )
    const envelopes: Envelope[] = []
    const bodies: Record<string, string> = {}
    for (const { hash, statement } of acts) {
      const found = await ledger.envelope(hash)
      if (found) envelopes.push(found.envelope)
      for (const { hash: commitment } of statement.parts) {
        const blob = await blobs.find(db, commitment)
        if (blob) bodies[commitment] = toBase64url(blob)
      }
    }
    const body = { acts: envelopes.slice(-64), blobs: bodies }
    await client.ask(party, { method: 'POST', path: `/fed/v1/spaces/${space}/acts`, body })
    log.info('handover.told', { space, party })
  }

  /**
   * What stood on the record that was left and still fits goes to the new host as it is: ours from the outbox, that of
   * others as a tender that we keep. What was said with the other record in view waits for its author.
   */
  async function sayAgain(space: string, { since }: { since: boolean }): Promise<void> {
    const rest = (await ledger.orphans(space)).filter((one) => !one.again && !ofTheRecord.test(one.statement.type))
    const head = await ledger.head(space)
    const going = new Set<string>()
    for (const one of rest) {
      if (!head || !(await stillFits(one, going))) continue
      going.add(one.hash)
      if (one.statement.author === own) await outbox.queueAgain(one.hash)
      else {
        const { hash, statement, envelope, host, time } = one
        const from = host === own ? statement.author : host
        await tenders.holdAgain(db, {
          hash,
          statement,
          envelope,
          sizeBytes: 0,
          from,
          since: since ? time : clock.now(),
        })
      }
    }
    options.left(space)
  }

  async function stillFits({ statement, space, envelope }: OrphanedAct, going: ReadonlySet<string>): Promise<boolean> {
    const judged = await ledger.judge(space, envelope)
    if (judged?.verdict.verdict !== 'admissible' || judged.onRecord) return false
    const head = await ledger.head(space)
    if (!head || statement.seen.size > head.size) return false
    for (const hash of statement.after ?? [])
      if (!going.has(hash) && (await ledger.findAct(hash))?.space !== space) return false
    return true
  }

  return {
    /** Somebody said something of a space that its host did not say. Asks at most once in a while; never rejects. */
    heardClaim(space: string, claimant: string): Promise<void> {
      const key = `${space} ${claimant}`
      const now = performance.now()
      if (client.stopping.aborted || now - (asked.get(key) ?? Number.NEGATIVE_INFINITY) < pace.gossipMs)
        return Promise.resolve()
      if (asked.size > 10_000) asked.clear()
      asked.set(key, now)
      return runs.go(space, claimant).catch((error) => {
        if (!client.stopping.aborted) log.info('handover.not-compared', { space, claimant, error: String(error) })
      })
    },

    /** A new host was put on our own record: acts of ours that only the old one promised go to it. */
    async newHost(space: string): Promise<void> {
      if ((await outbox.queuePromised(space)) > 0) options.left(space)
    },
    idle: runs.idle,
  }
}
