import { sql } from 'kysely'
import type { Db, Tx } from './types.ts'

interface Message {
  channel: string
  message: string
}

/** NOTIFY for all who ask: what is said in one turn, or while a statement is under way, goes out together. */
export function createNotifier(db: Db) {
  let waiting: (Message & { sent: () => void; failed: (error: unknown) => void })[] = []
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    // Everybody who speaks in this turn goes along.
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await send(db, batch)
        for (const one of batch) one.sent()
      } catch (error) {
        for (const one of batch) one.failed(error)
      }
    }
    running = undefined
  }

  return {
    async notify(channel: string, message: string, within?: Db | Tx): Promise<void> {
      if (within) return send(within, [{ channel, message }])
      const sent = new Promise<void>((done, failed) => waiting.push({ channel, message, sent: done, failed }))
      running ??= run()
      return sent
    },
    /** Resolves once nothing is on its way. */
    idle: async () => running,
  }
}

async function send(db: Db | Tx, batch: readonly Message[]): Promise<void> {
  const channels = batch.map((one) => one.channel)
  const messages = batch.map((one) => one.message)
  await sql`
    select pg_notify(channel, message)
    from unnest(${channels}::text[], ${messages}::text[]) as n(channel, message)`.execute(db)
}
