import {
  type Envelope,
  leafBytes,
  openBlob,
  parseCanonical,
  ProtocolError,
  readRefusal,
  type Rule,
  spaceOpenedBody,
  type StoredPart,
  storedParts,
  toBase64url,
  verifyReceipt,
} from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import { Refusal } from '../http/refusal.ts'
import { type LogLedger, sizeAfter, type SpaceHead } from '../log/index.ts'
import type { Submission } from '../module/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import { type LargeBlobs, pieceBytes } from './large-blobs.ts'
import { type ActAnswer, actsAnswer, messageLimits, type NewestMessage } from './messages.ts'
import type { OutboxRow, OutboxStore } from './outbox-store.ts'
import { createLanes, createPause, createSingle, type Pace, retryWait } from './pace.ts'
import { type PeerClient, readJson } from './peer-client.ts'

/** Refusals after which the same intention may be signed again: only what the author had seen was too old. */
const staleRules: ReadonlySet<string> = new Set<Rule>(['stale-membership'])
/** Or its key; the act waits until the space counts another of ours. */
const keyRules: ReadonlySet<string> = new Set<Rule>(['key-ended', 'unknown-key'])
const maxSigningsPerIntention = 5
const batchSize = 64
const maxPutsAtOnce = 4
const putTimeoutMs = 120_000

/** Carries queued acts to the host of their space, in the order they were signed. */
export function createSubmitter(options: {
  db: Db
  blobs: Blobs
  large: LargeBlobs
  ledger: LogLedger
  store: OutboxStore
  client: PeerClient
  clock: ClockSource
  log: Logger
  pace: Pace
  /** Brings a space up to date; `newest` is what the host gave already. */
  pull(space: string, party: string, newest?: NewestMessage): Promise<void>
  /** An intention is on record or refused for good. */
  decided(row: OutboxRow, as: Submission): void
  /** Acts of other members that ours answer go first; those among `after` that still wait are given back. */
  bringFirst(space: string, after: string[]): Promise<string[]>
  /** The host did not take what was handed in, or did again. */
  stalled(space: string): void
  answered(space: string): void
}) {
  const { db, blobs, ledger, store, client, clock, log, pace, decided } = options
  const spaces = createSingle<void>(submitSpace)
  const inPutLane = createLanes(maxPutsAtOnce)
  const failures = new Map<string, number>()
  const retries = new Map<string, { wake(): void }>()
  /** Blobs the host of a space has from us, so that a retry does not carry them again. */
  const delivered = new Set<string>()

  /** Hands in what is queued for a space; never rejects. */
  function kick(space: string): Promise<void> {
    if (client.stopping.aborted) return Promise.resolve()
    return spaces.go(space, undefined).then(
      () => void failures.delete(space),
      (error) => {
        if (client.stopping.aborted) return
        log.info('outbox.waiting', { space, error: String(error) })
        if (!(error instanceof WaitsForOthers)) options.stalled(space)
        retryLater(space)
      },
    )
  }

  function retryLater(space: string): void {
    if (retries.has(space) || client.stopping.aborted) return
    const count = (failures.get(space) ?? 0) + 1
    failures.set(space, count)
    const pause = createPause(client.stopping)
    retries.set(space, pause)
    void pause.wait(retryWait(count, pace)).then(() => {
      retries.delete(space)
      return kick(space)
    })
  }

  async function submitSpace(space: string): Promise<void> {
    for (;;) {
      const rows = await store.queued(space, batchSize)
      if (rows.length === 0 || client.stopping.aborted) return
      const head = await ledger.head(space)
      if (!head) {
        await openThere(rows[0]!)
        continue
      }
      const rest = head.hosted || !failures.has(space) ? rows : await settleUnheard(head, rows)
      if (rest.length === 0) continue
      await bringBefore(space, rest)
      await (head.hosted ? submitHere(head, rest) : submitThere(head, rest))
    }
  }

  /** What others brought to a host that does not answer us stands on our copy of its record. Gives what still waits. */
  async function settleFromRecord(rows: OutboxRow[]): Promise<OutboxRow[]> {
    const rest: OutboxRow[] = []
    for (const row of rows) {
      const [act, receipt] = await Promise.all([ledger.findAct(row.hash), ledger.receipt(row.hash)])
      if (act?.space !== row.space || !receipt) {
        rest.push(row)
        continue
      }
      const { index, time } = act
      await store.markOnRecord(row.hash, { index, time, receipt })
      decided(row, { state: 'on-record', hash: row.hash, index, time })
    }
    return rest
  }

  /**
   * What a host that gives us nothing has on record all the same. It has no word for whom the space no longer counts:
   * their own record of the removal is enough. What is not on it was not taken in time, and cannot be any more.
   */
  async function settleUnheard(head: SpaceHead, rows: OutboxRow[]): Promise<OutboxRow[]> {
    const rest = await settleFromRecord(rows)
    const party = rows[0]!.statement.author
    const ours = (await ledger.find(head.space))?.members.filter((one) => one.party === party) ?? []
    if (ours.length === 0 || ours.some(({ until }) => until === undefined)) return rest
    for (const row of rest) await keepRefused(head, row, { rule: 'not-a-member', detail: party })
    return []
  }

  async function keepRefused(
    head: HostOf,
    row: OutboxRow,
    why: { rule: string; detail: string; refusal?: Envelope },
  ): Promise<void> {
    const { rule, detail, refusal } = why
    await store.markRefused(row.hash, why)
    if (refusal) await ledger.witnessRefusal(head.space, refusal)
    log.warn('outbox.refused', { space: head.space, hash: row.hash, rule })
    decided(row, { state: 'refused', hash: row.hash, rule, detail })
  }

  async function bringBefore(space: string, rows: OutboxRow[]): Promise<void> {
    const after = rows.flatMap((row) => row.statement.after ?? [])
    if (after.length > 0) await options.bringFirst(space, after)
  }

  /** A space that another party is to order: entry 0 goes to that party, and comes back as a replica. */
  async function openThere(row: OutboxRow): Promise<void> {
    const [part] = row.statement.parts
    const body = part && (await blobs.find(db, part.hash))
    if (row.statement.type !== 'space.opened' || !part || !body) throw new Error('the space is not here yet')
    const { host } = spaceOpenedBody.parse(parseCanonical(openBlob(body, part.hash)))
    const head = { space: row.space, host: host.party, origin: host.origin, hostKey: host.key, size: 0, hosted: false }
    try {
      const answer = await client.ask(host.party, {
        method: 'POST',
        path: `/fed/v1/spaces/${row.space}/acts`,
        body: { acts: [row.envelope], blobs: { [part.hash]: toBase64url(body) } },
      })
      const { answers } = actsAnswer.parse(readJson(answer))
      if (answers.length !== 1) throw new Error('the host left the opening unanswered')
      const sent = await settleRow(head, row, answers[0]!)
      if (sent) await options.pull(row.space, host.party)
      if (sent) decided(row, sent)
    } catch (error) {
      if (!client.stopping.aborted) await store.noteFailure([row.hash], String(error))
      throw error
    }
  }

  async function submitHere(head: SpaceHead, rows: OutboxRow[]): Promise<void> {
    const answers = await ledger.append(
      head.space,
      rows.map((row) => ({ envelope: row.envelope })),
    )
    // What is on record should also be on the pages before anybody is told.
    const [{ recorded, problem }] = await Promise.all([
      settleRows(head, rows, answers),
      ledger.project(head.space, sizeAfter(answers)),
    ])
    for (const { row, as } of recorded) decided(row, as)
    if (problem) throw problem
  }

  async function submitThere(head: SpaceHead, rows: OutboxRow[]): Promise<void> {
    const batch = takeBatch(rows)
    const { answers, newest } = await handIn(head, batch).catch(async (error: unknown) => {
      if (!client.stopping.aborted)
        await store.noteFailure(
          batch.map((row) => row.hash),
          String(error),
        )
      throw error
    })
    const { recorded, problem } = await settleRows(head, batch, answers)
    if (!problem) options.answered(head.space)
    if (recorded.length > 0) {
      // What is on record should also be here before anybody is told.
      await options
        .pull(head.space, head.host, newest)
        .catch((error) => log.info('outbox.pull', { error: String(error) }))
      await compareReceipts(head, batch, answers)
      for (const { row, as } of recorded) decided(row, as)
    }
    if (problem) throw problem
  }

  /** What was promised must be in the history we are shown, now or once we get that far. */
  async function compareReceipts(head: SpaceHead, rows: OutboxRow[], answers: readonly ActAnswer[]): Promise<void> {
    const compared = new Set<string>()
    for (const [place, { envelope }] of rows.entries()) {
      const answer = answers[place]!
      if (answer.state !== 'on-record' || compared.has(answer.receipt.checkpoint)) continue
      const { checkpoint, index, path } = answer.receipt
      compared.add(checkpoint)
      await ledger.witness(head.space, checkpoint, {
        index,
        leaf: leafBytes({ v: 1, time: answer.time, envelope }),
        path,
      })
    }
  }

  /** Receipts that a process ended too early to compare with the history we are shown. */
  async function compareLeftOver(): Promise<void> {
    for (const { space, envelope, entry_time: time, receipt } of await store.promisedYetMissing()) {
      if (!receipt || time === null) continue
      const { checkpoint, index, path } = receipt
      await ledger.witness(space, checkpoint, { index, leaf: leafBytes({ v: 1, time, envelope }), path })
    }
  }

  // One bad answer must not keep the others from being believed.
  async function settleRows(head: SpaceHead, rows: OutboxRow[], answers: readonly ActAnswer[]) {
    const recorded: { row: OutboxRow; as: Submission }[] = []
    let problem: unknown
    for (const [place, row] of rows.entries()) {
      try {
        const as = await settleRow(head, row, answers[place]!)
        if (as) recorded.push({ row, as })
      } catch (error) {
        await store.noteFailure([row.hash], String(error))
        problem ??= error
      }
    }
    return { recorded, problem }
  }

  async function handIn(
    head: SpaceHead,
    batch: readonly Pick<OutboxRow, 'statement' | 'envelope'>[],
  ): Promise<{ answers: ActAnswer[]; newest?: NewestMessage }> {
    const parts = batch
      .flatMap((row) => storedParts(row.statement.parts))
      .filter(({ hash }) => !delivered.has(`${head.space} ${hash}`))
    const small = await readSmall(parts)
    const large = parts.filter(({ hash }) => !Object.hasOwn(small, hash))
    await Promise.all(large.map(({ hash }) => inPutLane(() => put(head, hash))))
    const answer = await client.ask(head.host, {
      method: 'POST',
      path: `/fed/v1/spaces/${head.space}/acts`,
      body: { acts: batch.map((row) => row.envelope), blobs: small, from: head.size },
    })
    const { answers, newest } = actsAnswer.parse(readJson(answer))
    if (answers.length !== batch.length) throw new Error('the host left acts unanswered')
    return { answers, newest }
  }

  /** Payloads that travel in the same request as their acts. */
  async function readSmall(parts: StoredPart[]): Promise<Record<string, string>> {
    let sizeBytes = 0
    const small = parts
      .filter((part) => part.size <= messageLimits.newestBlobBytes)
      .filter((part) => {
        sizeBytes += part.size + 32
        return sizeBytes <= messageLimits.newestBlobsBytes
      })
    const found = await Promise.all(small.map(async ({ hash }) => [hash, await blobs.find(db, hash)] as const))
    const fits = (blob: Uint8Array) => blob.length <= messageLimits.newestBlobBytes + 32
    return Object.fromEntries(found.flatMap(([hash, blob]) => (blob && fits(blob) ? [[hash, toBase64url(blob)]] : [])))
  }

  async function put(head: SpaceHead, commitment: string): Promise<void> {
    const key = `${head.space} ${commitment}`
    if (delivered.has(key)) return
    const size = await blobs.sizeOf(db, commitment)
    // Erased between signature and submission: the host will say that it is missing.
    if (size === undefined) return
    if (size > pieceBytes) await options.large.send(head.space, head.host, commitment, size)
    else await putWhole(head, commitment)
    if (delivered.size > 10_000) delivered.clear()
    delivered.add(key)
  }

  async function putWhole(head: SpaceHead, commitment: string): Promise<void> {
    const blob = await blobs.find(db, commitment)
    if (!blob) return
    await client.ask(head.host, {
      method: 'PUT',
      path: `/fed/v1/spaces/${head.space}/blobs/${commitment}`,
      body: blob,
      timeoutMs: putTimeoutMs,
    })
  }

  /** How the act stands if it is on record. @throws if the host can say later. */
  async function settleRow(head: HostOf, row: OutboxRow, answer: ActAnswer): Promise<Submission | undefined> {
    switch (answer.state) {
      case 'on-record':
        if (!head.hosted) requireReceipt(head, row, answer)
        await store.markOnRecord(row.hash, answer)
        return { state: 'on-record', hash: row.hash, index: answer.index, time: answer.time }
      case 'refused':
        if (!head.hosted) requireRefusal(head, row, answer)
        await refuse(head, row, answer)
        return undefined
      case 'parts-missing':
        for (const part of answer.parts) delivered.delete(`${head.space} ${part}`)
        throw new Error('the host does not have all parts')
      default:
        throw new Error(`the host cannot take acts now: ${answer.reason}`)
    }
  }

  async function refuse(
    head: HostOf,
    row: OutboxRow,
    by: { rule: string; detail: string; refusal: Envelope },
  ): Promise<void> {
    if (by.rule === 'after-missing' && (await mayStillCome(head, row.statement.after ?? [])))
      throw new WaitsForOthers('an act it answers was not on the record yet')
    const why = await signAnew(head, row, by)
    if (why === undefined) return
    const { refusal } = by
    await keepRefused(head, row, { ...why, ...(head.hosted ? {} : { refusal }) })
  }

  /** Whether what an act answers waits for the record, or came to stand on it after the host was asked. */
  async function mayStillCome(head: HostOf, after: string[]): Promise<boolean> {
    if ((await options.bringFirst(head.space, after)).length > 0) return true
    const acts = await Promise.all(after.map((hash) => ledger.findAct(hash)))
    return acts.some((act) => act?.space === head.space && act.index >= head.size)
  }

  /**
   * The same intention with what its host missed; undefined once another signature stands for it, else why it stays
   * refused. @throws if it must wait
   */
  async function signAnew(
    head: HostOf,
    row: OutboxRow,
    { rule, detail }: { rule: string; detail: string },
  ): Promise<{ rule: string; detail: string } | undefined> {
    const isKey = keyRules.has(rule)
    const isStale = staleRules.has(rule) && (await store.countSigned(row)) < maxSigningsPerIntention
    if (!isKey && !isStale) return { rule, detail }
    if (!head.hosted) await options.pull(head.space, head.host).catch(() => undefined)
    const key = await ledger.actKey(head.space)
    // Our newest key is not brought in yet, or the one ended has no successor yet: a member or a person has to act first.
    if (isKey && key.kid === kidOfRow(row)) throw new Error('the space does not count our key now')
    try {
      await store.replace(row, (tx) => ledger.signAgain(tx, row.statement), { rule, detail, now: clock.now() })
      return undefined
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { rule: error.code.replace(/^space\./, ''), detail: String(error.facts.party ?? detail) }
    }
  }

  return {
    kick,
    compareLeftOver,
    /** Hands acts to the host with their payloads, and gives its answers in the same order. */
    handIn,
    /** The host may be back: what waits for it goes now. */
    wake(): void {
      for (const pause of retries.values()) pause.wake()
    },
    async kickAll(): Promise<void> {
      for (const space of await store.waitingSpaces()) if (!retries.has(space)) void kick(space)
    },
    idle: spaces.idle,
  }
}

function kidOfRow({ envelope }: OutboxRow): string {
  const header = JSON.parse(Buffer.from(envelope.protected, 'base64url').toString('utf8')) as { kid: string }
  return header.kid
}
/** Whose answers count for a space. */
type HostOf = Pick<SpaceHead, 'space' | 'size' | 'host' | 'origin' | 'hostKey' | 'hosted'>

/** Nobody is at fault: the host has not seen yet what an act of ours answers. */
class WaitsForOthers extends Error {}

function takeBatch(rows: OutboxRow[]): OutboxRow[] {
  let sizeBytes = 0
  return rows.filter((row, place) => {
    sizeBytes += JSON.stringify(row.envelope).length + 2
    return place === 0 || sizeBytes < messageLimits.actsBytes
  })
}

/** The host's word counts only if it proves this very act at this place and time. */
function requireReceipt(head: HostOf, row: OutboxRow, answer: ActAnswer & { state: 'on-record' }): void {
  const entry = leafBytes({ v: 1, time: answer.time, envelope: row.envelope })
  if (answer.receipt.index !== answer.index || answer.hash !== row.hash) throw new Error('a receipt for another act')
  try {
    verifyReceipt(answer.receipt, entry, { origin: head.origin, key: head.hostKey })
  } catch (error) {
    if (error instanceof ProtocolError) throw new Error(`the host's receipt does not hold: ${error.message}`)
    throw error
  }
}

function requireRefusal(head: HostOf, row: OutboxRow, answer: ActAnswer & { state: 'refused' }): void {
  const said = readRefusal(answer.refusal, head.hostKey)
  if (said?.act !== row.hash || said.space !== head.space || said.rule !== answer.rule) {
    throw new Error('the host refused without a valid signature')
  }
}
