import type { ClockSource } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import type { ActDraft, Outbox, SignedAct, Submission } from '../module/types.ts'
import type { Db, Tx } from '../storage/types.ts'
import { type OutboxRow, type OutboxStore, showSigned, showSubmission } from './outbox-store.ts'

/** The outbox as modules see it; carrying is the submitter's. */
export function createOutbox(options: {
  db: Db
  ledger: LogLedger
  store: OutboxStore
  clock: ClockSource
  submitWaitMs: number
  kick(space: string): Promise<void>
}): { outbox: Outbox; decided(row: OutboxRow): void } {
  const { db, ledger, store, clock, kick } = options
  const waiting = new Map<string, Set<() => void>>()

  async function enqueue(tx: Tx, draft: ActDraft): Promise<SignedAct> {
    const known = await store.findIntention(tx, draft.space, draft.id)
    if (known) return showSigned(known)
    const act = await ledger.signAct(tx, draft)
    if (await store.add(tx, act, clock.now())) return { ...act }
    return showSigned((await store.findIntention(tx, draft.space, draft.id))!)
  }

  async function settle(hash: string): Promise<Submission> {
    const first = await newest(hash)
    if (!first) throw new Error(`act ${hash} is not in the outbox`)
    if (first.state !== 'queued') return showSubmission(first)
    let waiter: ReturnType<typeof waitFor> | undefined
    try {
      waiter = waitFor(intention(first))
      void kick(first.space)
      await waiter.done
    } finally {
      waiter?.stop()
    }
    return showSubmission((await newest(hash))!)
  }

  // A refused signature may have been replaced by another of the same intention.
  async function newest(hash: string): Promise<OutboxRow | undefined> {
    const row = await store.find(hash)
    return row?.replaced_by ? newest(row.replaced_by) : row
  }

  function waitFor(key: string): { done: Promise<void>; stop(): void } {
    let finish: () => void = () => undefined
    const done = new Promise<void>((resolve) => {
      finish = resolve
    })
    const timer = setTimeout(finish, options.submitWaitMs)
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
    decided(row) {
      for (const finish of waiting.get(intention(row)) ?? []) finish()
    },
    outbox: {
      enqueue,
      settle,
      async send(draft) {
        const { hash } = await db.transaction().execute((tx) => enqueue(tx, draft))
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

const intention = (row: OutboxRow) => `${row.space} ${row.id}`
