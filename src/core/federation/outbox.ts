import type { ClockSource } from '../config/types.ts'
import { Refusal } from '../http/refusal.ts'
import type { LogLedger } from '../log/index.ts'
import type { ActDraft, NewSpace, Outbox, SignedAct, Submission } from '../module/types.ts'
import type { Db, Tx } from '../storage/types.ts'
import type { TenderStore } from './tender-store.ts'
import { type OutboxRow, type OutboxStore, showSigned, showSubmission } from './outbox-store.ts'

/** The outbox as modules see it; carrying is the submitter's. */
export function createOutbox(options: {
  db: Db
  ledger: LogLedger
  store: OutboxStore
  tenders: TenderStore
  clock: ClockSource
  submitWaitMs: number
  kick(space: string): Promise<void>
}): { outbox: Outbox; decided(row: OutboxRow, as?: Submission): void } {
  const { db, ledger, store, tenders, clock, kick } = options
  const waiting = new Map<string, Set<(submission?: Submission) => void>>()

  async function enqueue(tx: Tx, draft: ActDraft): Promise<{ act: SignedAct; isNew: boolean }> {
    const known = await store.findIntention(tx, draft.space, draft.id)
    if (known) return { act: showSigned(known), isNew: false }
    const act = await ledger.signAct(tx, await afterWhatIsInFlight(tx, draft))
    if (await store.add(tx, act, clock.now())) return { act: { ...act }, isNew: true }
    return { act: showSigned((await store.findIntention(tx, draft.space, draft.id))!), isNew: false }
  }

  /** What the draft refers to and is not on the record yet has to come before it. */
  async function afterWhatIsInFlight(tx: Tx, draft: ActDraft): Promise<ActDraft> {
    const named = (draft.refs ?? []).filter(({ space }) => (space ?? draft.space) === draft.space).map(({ act }) => act)
    const inFlight = [
      ...(await tenders.heldAmong(tx, draft.space, named)),
      ...(await store.queuedAmong(tx, draft.space, named)),
    ]
    if (inFlight.length === 0) return draft
    return { ...draft, after: [...new Set([...(draft.after ?? []), ...inFlight])] }
  }

  async function enqueueOpening(tx: Tx, opening: NewSpace): Promise<{ act: SignedAct; isNew: boolean }> {
    const known = await store.findIntention(tx, opening.id, opening.id)
    if (known) return { act: showSigned(known), isNew: false }
    const act = await ledger.signOpening(tx, opening)
    if (await store.add(tx, act, clock.now())) return { act: { ...act }, isNew: true }
    return { act: showSigned((await store.findIntention(tx, opening.id, opening.id))!), isNew: false }
  }

  /** What it names of the record that was left is named as it stands now, where it does. */
  async function fitted({ statement, space }: OutboxRow): Promise<OutboxRow['statement']> {
    const again = new Map((await ledger.orphans(space)).map((one) => [one.hash, one.again?.hash]))
    const { after, ...rest } = statement
    const still = (after ?? []).flatMap((hash) => (again.has(hash) ? (again.get(hash) ?? []) : [hash]))
    return {
      ...rest,
      ...(still.length > 0 && { after: still }),
      ...(rest.refs && { refs: rest.refs.map((ref) => ({ ...ref, act: again.get(ref.act) ?? ref.act })) }),
    }
  }

  async function settle(hash: string): Promise<Submission> {
    const first = await newest(hash)
    if (!first) throw new Error(`act ${hash} is not in the outbox`)
    return first.state === 'queued' ? carry(first) : showSubmission(first)
  }

  async function show(row: OutboxRow): Promise<Submission> {
    if (row.state !== 'queued') return showSubmission(row)
    const receipts = await tenders.receipts([row.hash])
    return showSubmission(
      row,
      receipts.map(({ party, at }) => ({ party, at })),
    )
  }

  /** Hands in what is queued and waits until it is decided, or as long as an operation waits. */
  async function carry(act: { hash: string; space: string; id: string }): Promise<Submission> {
    const waiter = waitFor(intention(act))
    try {
      void kick(act.space)
      return (await waiter.done) ?? (await show((await newest(act.hash))!))
    } finally {
      waiter.stop()
    }
  }

  // A refused signature may have been replaced by another of the same intention.
  async function newest(hash: string): Promise<OutboxRow | undefined> {
    const row = await store.find(hash)
    return row?.replaced_by ? newest(row.replaced_by) : row
  }

  function waitFor(key: string): { done: Promise<Submission | undefined>; stop(): void } {
    let finish: (submission?: Submission) => void = () => undefined
    const done = new Promise<Submission | undefined>((resolve) => {
      finish = resolve
    })
    const timer = setTimeout(() => finish(), options.submitWaitMs)
    const set = waiting.get(key) ?? new Set()
    waiting.set(key, set.add(finish))
    return {
      done,
      stop() {
        clearTimeout(timer)
        set.delete(finish)
        if (set.size === 0) waiting.delete(key)
      },
    }
  }

  return {
    decided(row, as) {
      for (const finish of waiting.get(intention(row)) ?? []) finish(as)
    },
    outbox: {
      enqueue: async (tx, draft) => (await enqueue(tx, draft)).act,
      settle,
      async send(draft) {
        const { act, isNew } = await db.transaction().execute((tx) => enqueue(tx, draft))
        return isNew ? carry(act) : settle(act.hash)
      },
      async open(opening) {
        const { act, isNew } = await db.transaction().execute((tx) => enqueueOpening(tx, opening))
        return isNew ? carry(act) : settle(act.hash)
      },
      async sayAgain(hash) {
        const [row, left] = await Promise.all([
          store.find(hash),
          ledger.orphans().then((all) => all.find((one) => one.hash === hash)),
        ])
        if (!row || !left || left.again || row.state !== 'on-record') throw new Refusal('not-found')
        const statement = await fitted(row)
        const why = { rule: 'record-left', detail: left.host, now: clock.now() }
        await store.replace(row, (tx) => ledger.signAgain(tx, statement), why, 'on-record')
        return settle(hash)
      },
      async pending() {
        const rows = await store.allQueued()
        return rows.map((row) => ({
          hash: row.hash,
          space: row.space,
          type: row.statement.type,
          since: row.signed_at,
          ...(row.last_error === null ? {} : { lastError: row.last_error }),
        }))
      },
    },
  }
}

const intention = (row: { space: string; id: string }) => `${row.space} ${row.id}`
