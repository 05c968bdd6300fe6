import { Refusal } from '../http/refusal.ts'
import { audit } from './audit.ts'
import { type IssuedLink, issueSignInLink } from './sign-in-link.ts'
import type { AuthContext } from './types.ts'

export interface Recovery {
  id: string
  person: string
  reason: string
  askedBy: string
  askedAt: number
  state: 'waiting' | 'approved' | 'refused'
  decidedBy?: string
  decidedAt?: number
}

/**
 * An administrator asks that a person who lost their keys be let in again. The same id again changes nothing.
 *
 * @throws Refusal `recovery-own` when they ask for themselves.
 */
export async function askRecovery(
  context: AuthContext,
  { id, person, reason, by }: { id: string; person: string; reason: string; by: string },
): Promise<void> {
  if (person === by) throw new Refusal('recovery-own')
  await context.db.transaction().execute(async (tx) => {
    const now = context.clock.now()
    const inserted = await tx
      .insertInto('home.recovery')
      .values({
        id,
        person,
        reason,
        asked_by: by,
        asked_at: now,
        approved_by: null,
        approved_at: null,
        refused_by: null,
        refused_at: null,
        link: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (inserted) await audit(tx, { at: now, person: by, what: 'recovery-asked', about: person, facts: { reason } })
  })
}

/**
 * A second administrator agrees; the fresh single-use link is returned to them once.
 *
 * @throws Refusal `recovery-same-person` for the one who asked, `recovery-own` for the one who is recovered,
 *   `recovery-decided` when it was decided already.
 */
export async function approveRecovery(
  context: AuthContext,
  { id, by }: { id: string; by: string },
): Promise<{ person: string; link: IssuedLink }> {
  return context.db.transaction().execute(async (tx) => {
    const recovery = await tx
      .selectFrom('home.recovery')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!recovery || recovery.approved_by !== null || recovery.refused_by !== null) {
      throw new Refusal('recovery-decided')
    }
    if (recovery.asked_by === by) throw new Refusal('recovery-same-person')
    if (recovery.person === by) throw new Refusal('recovery-own')
    const now = context.clock.now()
    const link = await issueSignInLink(context, tx, { person: recovery.person, purpose: 'recovery', by })
    await tx
      .updateTable('home.recovery')
      .set({ approved_by: by, approved_at: now, link: link!.id })
      .where('id', '=', id)
      .execute()
    await audit(tx, { at: now, person: by, what: 'recovery-approved', about: recovery.person })
    return { person: recovery.person, link: link! }
  })
}

/** Turns a request down; whoever asked may withdraw it the same way. */
export async function refuseRecovery(context: AuthContext, { id, by }: { id: string; by: string }): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const now = context.clock.now()
    const row = await tx
      .updateTable('home.recovery')
      .set({ refused_by: by, refused_at: now })
      .where('id', '=', id)
      .where('approved_by', 'is', null)
      .where('refused_by', 'is', null)
      .returning('person')
      .executeTakeFirst()
    if (row) await audit(tx, { at: now, person: by, what: 'recovery-refused', about: row.person })
  })
}

/** Requests of one person, or all that wait; newest first. */
export async function listRecoveries(
  { db }: Pick<AuthContext, 'db'>,
  { person }: { person?: string } = {},
): Promise<Recovery[]> {
  let query = db.selectFrom('home.recovery').selectAll().orderBy('asked_at', 'desc').limit(100)
  query =
    person === undefined
      ? query.where('approved_by', 'is', null).where('refused_by', 'is', null)
      : query.where('person', '=', person)
  return (await query.execute()).map((row) => ({
    id: row.id,
    person: row.person,
    reason: row.reason,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    state: row.approved_by !== null ? 'approved' : row.refused_by !== null ? 'refused' : 'waiting',
    decidedBy: row.approved_by ?? row.refused_by ?? undefined,
    decidedAt: row.approved_at ?? row.refused_at ?? undefined,
  }))
}
