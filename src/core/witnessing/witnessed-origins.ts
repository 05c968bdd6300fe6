import {
  type AddCheckpoint,
  cosignCheckpoint,
  emptyRoot,
  fromBase64url,
  judgeSubmission,
  sha256,
  toBase64url,
  type Witnessed,
  type WitnessVerdict,
} from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity } from '../identity/index.ts'
import { type Guard, openGuard } from '../log/index.ts'
import type { Db, Tx } from '../storage/types.ts'
import './tables.ts'

export interface OriginsContext {
  db: Db
  clock: ClockSource
  log: Logger
  identity: Identity
  dataDir: string
  instance?: string
}

/** What this node cosigned of logs it holds no entries of: one newest checkpoint each. */
export interface WitnessedOrigins {
  /** Reads the guard files. Until then, and while they are missing beside a database that is not new, nothing is signed. */
  open(): Promise<void>
  /** Judges, stores and only then cosigns: database first, then the guard outside it, then the line. */
  submit(request: AddCheckpoint, log: { origin: string; key: string }): Promise<WitnessVerdict & { line?: string }>
  isShut(): boolean
  acceptRollback(): Promise<void>
  close(): Promise<void>
}

const mostConflictsKept = 100

export function createWitnessedOrigins(context: OriginsContext): WitnessedOrigins {
  const { db, identity, clock, log, dataDir, instance = 'node' } = context
  let guard: Guard | undefined
  let shut = true

  /** The database may be older than what was signed; the guard never is. */
  async function knownOf(tx: Tx, origin: string): Promise<Witnessed> {
    await tx
      .insertInto('log.witnessed_origin')
      .values({ origin, size: 0, root: Buffer.from(emptyRoot), note: '', at: clock.now() })
      .onConflict((there) => there.doNothing())
      .execute()
    const row = await tx
      .selectFrom('log.witnessed_origin')
      .selectAll()
      .where('origin', '=', origin)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const claims = guard?.records().filter((one) => one.space === guardKey(origin)) ?? []
    const newest = claims.toSorted((a, b) => b.size - a.size)[0]
    if (newest && newest.size > row.size) return { size: newest.size, root: fromBase64url(newest.root) }
    return { size: row.size, root: row.root }
  }

  async function advance(request: AddCheckpoint, of: { origin: string; key: string }): Promise<WitnessVerdict> {
    return db.transaction().execute(async (tx) => {
      // The row is the fence: two requests at once are judged one after the other.
      const known = await knownOf(tx, of.origin)
      const verdict = judgeSubmission(request, of, known)
      if (verdict.status !== 200) return verdict
      const { size, root } = verdict.checkpoint
      await tx
        .updateTable('log.witnessed_origin')
        .set({ size, root: Buffer.from(root), note: request.checkpoint, at: clock.now() })
        .where('origin', '=', of.origin)
        .execute()
      return verdict
    })
  }

  /** Signed by the log and not to be reconciled with what we cosigned: kept for whoever asks. */
  async function keepConflict(origin: string, came: string, detail: string): Promise<void> {
    log.error('witness.log-contradicts-itself', { origin, detail })
    const held = await db
      .selectFrom('log.witnessed_origin')
      .select('note')
      .where('origin', '=', origin)
      .executeTakeFirst()
    const there = await db
      .selectFrom('log.origin_conflict')
      .select((q) => [q.fn.countAll<number>().as('count'), q.fn.max('came').as('came')])
      .where('origin', '=', origin)
      .executeTakeFirstOrThrow()
    if (Number(there.count) >= mostConflictsKept || there.came === came) return
    await db
      .insertInto('log.origin_conflict')
      .values({ origin, held: held?.note ?? '', came, detail, found_at: clock.now() })
      .execute()
  }

  return {
    async open() {
      guard = await openGuard(dataDir, instance, 'guard/witness')
      const { count } = await db
        .selectFrom('log.witnessed_origin')
        .select((q) => q.fn.countAll<number>().as('count'))
        .where('size', '>', 0)
        .executeTakeFirstOrThrow()
      shut = Number(count) > 0 && !guard.existed()
      if (shut) log.error('witness.guard-missing', { origins: Number(count) })
    },
    isShut: () => shut,
    async submit(request, of) {
      const verdict = await advance(request, of)
      if (verdict.status !== 200) {
        const isContradiction = verdict.status === 422 || (verdict.status === 409 && request.oldSize === verdict.size)
        if (isContradiction && verdict.checkpoint) {
          await keepConflict(of.origin, request.checkpoint, `${verdict.status} at size ${verdict.checkpoint.size}`)
        }
        return verdict
      }
      const { size, root } = verdict.checkpoint
      if (size > 0) await guard?.ensure([{ space: guardKey(of.origin), size, root: toBase64url(root) }])
      const seconds = Math.floor(clock.now() / 1000)
      const cosigner = { name: identity.party, key: identity.keys.cosigner }
      return { ...verdict, line: cosignCheckpoint(request.checkpoint, cosigner, seconds) }
    },
    async acceptRollback() {
      const rows = await db.selectFrom('log.witnessed_origin').selectAll().where('size', '>', 0).execute()
      // A command accepts without having begun to witness.
      const own = guard ?? (await openGuard(dataDir, instance, 'guard/witness'))
      await own.rewrite(
        rows.map(({ origin, size, root }) => ({ space: guardKey(origin), size, root: toBase64url(root) })),
      )
      if (own !== guard) await own.close()
      shut = false
    },
    async close() {
      const open = guard
      guard = undefined
      shut = true
      await open?.close()
    },
  }
}

/** Guard files name spaces by 32 hex digits; an origin of others is named by its hash. */
function guardKey(origin: string): string {
  return Buffer.from(sha256(new TextEncoder().encode(`witness ${origin}`)))
    .toString('hex')
    .slice(0, 32)
}
