import type { ClockSource } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import type { Tenders } from '../module/types.ts'
import type { TenderStore } from './tender-store.ts'
import './tables.ts'

/** What is tendered, as modules read it. */
export function createTenders(options: {
  ledger: LogLedger
  store: TenderStore
  clock: ClockSource
  listeners: Set<(space: string) => void>
}): Tenders {
  const { ledger, store, clock, listeners } = options
  return {
    list: async (space) => store.show(await store.shownIn(space, clock.now())),
    waiting: async () => store.show(await store.allHeld()),
    async find(hash) {
      const row = await store.find(hash)
      return row && row.state !== 'on-record' ? (await store.show([row]))[0] : undefined
    },
    content: (acts) => ledger.contentOf(acts),
    async evidence(hash) {
      const row = await store.find(hash)
      if (!row) return undefined
      const receipts = (await store.receipts([hash])).map((one) => one.receipt)
      const { space, envelope, refusal } = row
      return ledger.ignored(space, { envelope, receipts, ...(refusal ? { refusal } : {}) })
    },
    receipts: async (hash) => (await store.receipts([hash])).map((one) => one.receipt),
    onChanged(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
