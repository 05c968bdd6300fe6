import type { Selectable } from 'kysely'
import { audit } from '../auth/index.ts'
import type { ClockSource } from '../config/types.ts'
import { Refusal } from '../http/refusal.ts'
import type { OtherUse } from '../identity/index.ts'
import type { Db, Tx } from '../storage/types.ts'
import type { KeyRequestTable } from './tables.ts'
import type { Keys } from './types.ts'

/** What two administrators decide together. */
export interface KeyRequest {
  id: string
  kind: 'revoke' | 'recover'
  reason: string
  others: OtherUse[]
  askedBy: string
  askedAt: number
  agreedBy?: string
  agreedAt?: number
}

interface Context {
  db: Db
  clock: ClockSource
  keys: Keys
}

/** Codes of reasons that our register shows to everybody; what is typed beside them stays in the house. */
export const revocationReasons = ['theft', 'loss', 'departure', 'unspecified'] as const

/** Asks for a revocation or a recovery. The same id again changes nothing. */
export async function askKeyRequest(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  request: { id: string; kind: KeyRequest['kind']; reason: string; others: readonly OtherUse[]; by: string },
): Promise<void> {
  const { id, kind, reason, others, by } = request
  await db.transaction().execute(async (tx) => {
    const now = clock.now()
    const waiting = await tx
      .selectFrom('home.key_request')
      .select('id')
      .where('ended_at', 'is', null)
      .where('id', '!=', id)
      .executeTakeFirst()
    if (waiting) throw new Refusal('keys.asked-already')
    const added = await tx
      .insertInto('home.key_request')
      .values({
        id,
        kind,
        reason,
        others: JSON.stringify(others),
        asked_by: by,
        asked_at: now,
        agreed_by: null,
        agreed_at: null,
        ended_as: null,
        ended_by: null,
        ended_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added) await audit(tx, { at: now, person: by, what: `key-${kind}-asked`, facts: { reason } })
  })
}

/**
 * A second administrator agrees. A revocation is carried out at once; a
 * recovery waits for its sheet.
 *
 * @throws Refusal `keys.same-person` for the one who asked, `keys.not-waiting` when it was decided already
 */
export async function agreeKeyRequest(context: Context, { id, by }: { id: string; by: string }): Promise<KeyRequest> {
  const request = await context.db.transaction().execute(async (tx) => {
    const row = await openRequest(tx, id)
    if (row.asked_by === by) throw new Refusal('keys.same-person')
    if (row.agreed_by !== null) return show(row)
    const now = context.clock.now()
    await tx.updateTable('home.key_request').set({ agreed_by: by, agreed_at: now }).where('id', '=', id).execute()
    await audit(tx, { at: now, person: by, what: `key-${row.kind}-agreed`, facts: { reason: row.reason } })
    return { ...show(row), agreedBy: by, agreedAt: now }
  })
  if (request.kind === 'revoke') {
    const { reason, others } = request
    await carryOut(context, { id, by }, () => context.keys.revoke({ reason, others }))
  }
  return request
}

/**
 * Carries out an agreed recovery with a sheet as typed from paper. The sheet is written down nowhere.
 *
 * @throws Refusal `keys.not-agreed`, `keys.not-yours` for anybody but the two, `keys.sheet-unknown`
 */
export async function recoverAsAgreed(
  context: Context,
  { id, by, sheet }: { id: string; by: string; sheet: string },
): Promise<void> {
  const request = show(await openRequest(context.db, id))
  if (request.kind !== 'recover' || request.agreedBy === undefined) throw new Refusal('keys.not-agreed')
  if (by !== request.agreedBy && by !== request.askedBy) throw new Refusal('keys.not-yours')
  await carryOut(context, { id, by }, () => context.keys.recover({ sheet, others: request.others }))
}

/** Turns a request down; whoever asked may withdraw it the same way. */
export async function refuseKeyRequest(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  { id, by }: { id: string; by: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await openRequest(tx, id)
    await end(tx, { id, by, as: 'refused', now: clock.now() })
    await audit(tx, { at: clock.now(), person: by, what: `key-${row.kind}-refused` })
  })
}

/** The request that waits, if there is one. */
export async function findKeyRequest(db: Db): Promise<KeyRequest | undefined> {
  const row = await db.selectFrom('home.key_request').selectAll().where('ended_at', 'is', null).executeTakeFirst()
  return row && show(row)
}

async function carryOut(
  { db, clock }: Context,
  { id, by }: { id: string; by: string },
  change: () => Promise<void>,
): Promise<void> {
  const { kind } = show(await openRequest(db, id))
  await change().catch((error: unknown) => {
    // Signed and written down: it goes on by itself.
    if (!(error instanceof Refusal && error.code === 'keys.waits')) throw error
  })
  await db.transaction().execute(async (tx) => {
    await end(tx, { id, by, as: 'done', now: clock.now() })
    await audit(tx, { at: clock.now(), person: by, what: `key-${kind}-done` })
  })
}

async function openRequest(tx: Tx | Db, id: string): Promise<Selectable<KeyRequestTable>> {
  const row = await tx
    .selectFrom('home.key_request')
    .selectAll()
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new Refusal('keys.not-waiting')
  return row
}

async function end(
  tx: Tx,
  { id, by, as, now }: { id: string; by: string; as: 'done' | 'refused'; now: number },
): Promise<void> {
  await tx
    .updateTable('home.key_request')
    .set({ ended_as: as, ended_by: by, ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}

function show(row: Selectable<KeyRequestTable>): KeyRequest {
  const { id, kind, reason, others } = row
  return {
    id,
    kind,
    reason,
    others,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    ...(row.agreed_by === null ? {} : { agreedBy: row.agreed_by }),
    ...(row.agreed_at === null ? {} : { agreedAt: row.agreed_at }),
  }
}
