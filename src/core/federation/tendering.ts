import { type Envelope, type Part, readTenderReceipt, toBase64url } from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { LogLedger, MemberKeys, SpaceHead } from '../log/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { messageLimits, tendersAnswer } from './messages.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'
import { createPause, createSingle, type Pace } from './pace.ts'
import { type PeerClient, readJson } from './peer-client.ts'
import { blobsOf } from './take-tenders.ts'
import type { TenderedRow, TenderStore } from './tender-store.ts'

const askTimeoutMs = 8_000
const maxBytes = 6 * 1024 * 1024

type Kept = Pick<TenderedRow, 'hash' | 'statement' | 'envelope'>

/** Hands acts that the host does not take to the other members, who keep them and say since when. */
export function createTendering(options: {
  db: Db
  blobs: Blobs
  ledger: LogLedger
  outbox: OutboxStore
  store: TenderStore
  client: PeerClient
  clock: ClockSource
  log: Logger
  pace: Pace
  party: string
  /** Writes our act into our own register, where nobody but the host could keep it. */
  anchor(space: string, act: string): Promise<void>
  changed(space: string): void
  /** All that can keep an act of ours were asked. */
  tendered(row: OutboxRow): void
}) {
  const { db, blobs, ledger, outbox, store, client, clock, log, pace, party: own, changed } = options
  /** Since when the host of a space has not taken what was handed in; this process's own monotonic clock. */
  const silentSince = new Map<string, number>()
  const waiting = new Set<string>()
  const runs = createSingle<void>(tenderSpace)
  /** Whom each act was given already, so that a repetition carries only what is new. */
  const given = new Map<string, Set<string>>()

  /** The host did not take acts of ours. Once it was silent for long enough they go to the other members. */
  function stalled(space: string): void {
    void noteSilence(space)
      .then((since) => tenderFrom(space, since))
      .catch((error) => log.warn('tender.failed', { space, error: String(error) }))
  }

  /** Since when the host of a space is silent: also what was asked of it before, about anything, counts. */
  async function noteSilence(space: string): Promise<number> {
    const head = await ledger.head(space)
    const down = head && client.downSince(head.host)
    const since = Math.min(silentSince.get(space) ?? performance.now(), down ?? Number.POSITIVE_INFINITY)
    silentSince.set(space, since)
    return since
  }

  function tenderFrom(space: string, since: number): void {
    const restMs = since + pace.tenderAfterMs - performance.now()
    if (restMs <= 0) start(space)
    if (restMs <= 0 || waiting.has(space) || client.stopping.aborted) return
    waiting.add(space)
    void createPause(client.stopping)
      .wait(restMs)
      .then(() => {
        waiting.delete(space)
        if (silentSince.has(space) && !client.stopping.aborted) start(space)
      })
  }

  function start(space: string): void {
    if (client.stopping.aborted) return
    runs.go(space, undefined).catch((error) => {
      if (!client.stopping.aborted) log.info('tender.failed', { space, error: String(error) })
    })
  }

  async function tenderSpace(space: string): Promise<void> {
    const head = await ledger.head(space)
    if (!head || head.hosted || head.frozen) return
    const rows = await outbox.queued(space, messageLimits.tenders)
    if (rows.length === 0) return
    const acts = await withPredecessors(rows)
    const members = (await ledger.members(space)).filter(
      ({ party, until }) => until === undefined && party !== own && party !== head.host,
    )
    await Promise.all(members.map((member) => offer(head, member, acts).catch((error) => missed(member, error))))
    await shareReceipts(head, members, acts)
    await anchorUnkept(space, rows)
    for (const row of rows) options.tendered(row)
  }

  function missed({ party }: MemberKeys, error: unknown): void {
    if (!client.stopping.aborted) log.info('tender.missed', { party, error: String(error) })
  }

  /** What ours answer travels with them: who has the answer can put both on the record. */
  async function withPredecessors(rows: readonly OutboxRow[]): Promise<Kept[]> {
    const acts = new Map<string, Kept>()
    for (const row of rows) {
      for (const hash of row.statement.after ?? []) {
        const before = await store.find(hash)
        if (before?.state === 'held') acts.set(hash, before)
      }
      acts.set(row.hash, row)
    }
    return [...acts.values()].slice(0, messageLimits.tenders)
  }

  async function offer(head: SpaceHead, member: MemberKeys, acts: readonly Kept[]): Promise<void> {
    const fresh = acts.filter(
      ({ hash, statement }) => statement.author !== member.party && !given.get(hash)?.has(member.party),
    )
    for (const batch of await inBatches(fresh)) {
      const answer = await client.ask(member.party, {
        method: 'POST',
        path: `/fed/v1/spaces/${head.space}/tenders`,
        body: { acts: batch.acts.map((act) => act.envelope), blobs: batch.blobs },
        timeoutMs: askTimeoutMs,
      })
      const { answers } = tendersAnswer.parse(readJson(answer))
      for (const [place, act] of batch.acts.entries()) await take(head.space, member, act, answers[place])
    }
  }

  async function take(
    space: string,
    member: MemberKeys,
    { hash, statement, envelope }: Kept,
    answer: ReturnType<typeof tendersAnswer.parse>['answers'][number] | undefined,
  ): Promise<void> {
    if (answer?.state !== 'kept') {
      if (answer?.state === 'refused') log.info('tender.refused', { space, party: member.party, ...answer })
      return
    }
    const said = readTenderReceipt(answer.receipt, (party) => (party === member.party ? member.act : []))
    if (said?.act !== hash || said.space !== space) {
      log.warn('tender.receipt', { space, party: member.party, error: 'the receipt does not hold' })
      return
    }
    const { by, at } = said
    await store.add(db, { hash, statement, envelope, sizeBytes: 0, from: own, since: clock.now() })
    await store.addReceipt(db, { act: hash, party: by, at, receipt: answer.receipt })
    if (given.size > 10_000) given.clear()
    given.set(hash, (given.get(hash) ?? new Set()).add(member.party))
    changed(space)
  }

  /** Acts with their payloads, in requests that the other side takes. */
  async function inBatches(acts: readonly Kept[]): Promise<{ acts: Kept[]; blobs: Record<string, string> }[]> {
    const batches: { acts: Kept[]; blobs: Record<string, string>; sizeBytes: number }[] = []
    for (const act of acts) {
      const parts = await readParts(act.statement.parts)
      const sizeBytes = JSON.stringify(act.envelope).length + JSON.stringify(parts).length
      const last = batches.at(-1)
      if (last && last.sizeBytes + sizeBytes <= maxBytes) {
        last.acts.push(act)
        Object.assign(last.blobs, parts)
        last.sizeBytes += sizeBytes
      } else batches.push({ acts: [act], blobs: parts, sizeBytes })
    }
    return batches
  }

  /** Bodies and words, smallest first, as far as one request carries them. */
  async function readParts(parts: readonly Part[]): Promise<Record<string, string>> {
    const found: Record<string, string> = {}
    let sizeBytes = 0
    for (const part of parts.filter(({ role }) => role !== 'attachment').toSorted((a, b) => a.size - b.size)) {
      for (const commitment of blobsOf(part)) {
        const blob = await blobs.find(db, commitment)
        sizeBytes += blob ? Math.ceil((blob.byteLength * 4) / 3) : 0
        if (!blob || blob.byteLength > messageLimits.tenderBlobBytes || sizeBytes > maxBytes) continue
        found[commitment] = toBase64url(blob)
      }
    }
    return found
  }

  /** Each learns who else keeps the acts: pages say so, and anybody can prove it later. */
  async function shareReceipts(head: SpaceHead, members: readonly MemberKeys[], acts: readonly Kept[]): Promise<void> {
    const receipts = await store.receipts(acts.map((act) => act.hash))
    await Promise.all(
      members.map(async ({ party }) => {
        const others = receipts.filter(
          (one) => one.party !== party && !given.get(`${one.act} ${one.party}`)?.has(party),
        )
        if (others.length === 0 || client.isDown(party)) return
        const body: { acts: never[]; receipts: Envelope[] } = { acts: [], receipts: others.map((one) => one.receipt) }
        const path = `/fed/v1/spaces/${head.space}/tenders`
        try {
          await client.ask(party, { method: 'POST', path, body, timeoutMs: askTimeoutMs })
        } catch (error) {
          log.info('tender.receipts', { party, error: String(error) })
          return
        }
        for (const one of others) {
          const key = `${one.act} ${one.party}`
          given.set(key, (given.get(key) ?? new Set()).add(party))
        }
      }),
    )
  }

  async function anchorUnkept(space: string, rows: readonly OutboxRow[]): Promise<void> {
    const hashes = rows.map((row) => row.hash)
    const [receipts, anchored] = await Promise.all([store.receipts(hashes), store.anchored(hashes)])
    const kept = new Set(receipts.map((one) => one.act))
    for (const row of rows) {
      if (kept.has(row.hash) || anchored.has(row.hash)) continue
      const { hash, statement, envelope } = row
      await store.add(db, { hash, statement, envelope, sizeBytes: 0, from: own, since: clock.now() })
      await options.anchor(space, hash)
      changed(space)
    }
  }

  return {
    stalled,
    /** The host took or refused what was handed in: it is not silent. */
    answered: (space: string) => void silentSince.delete(space),
    /** Something new of ours waits: with a host known to be silent nobody waits for its timeout again. */
    nudge(space: string): void {
      const since = silentSince.get(space)
      if (since !== undefined && performance.now() - since >= pace.tenderAfterMs) start(space)
    },
    idle: runs.idle,
  }
}
