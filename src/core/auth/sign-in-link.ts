import { newId } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Tx } from '../storage/types.ts'
import { audit } from './audit.ts'
import { closeSessions, openSession } from './session.ts'
import { newToken, tokenHash } from './token.ts'
import type { AuthContext } from './types.ts'

/** How long a single-use link waits to be used. */
export const linkLifeMs = { first: 72 * 3_600_000, recovery: 24 * 3_600_000 } as const

export interface IssuedLink {
  id: string
  /** Full address; shown once, then only its hash exists. */
  url: string
  expiresAt: number
}

/**
 * Issues a single-use sign-in link and revokes the person's earlier unused ones.
 *
 * @param id - Chosen when the form was rendered: the same id again issues nothing and returns nothing.
 */
export async function issueSignInLink(
  context: AuthContext,
  tx: Tx,
  { id = newId(), person, purpose, by }: { id?: string; person: string; purpose: 'first' | 'recovery'; by: string },
): Promise<IssuedLink | undefined> {
  const now = context.clock.now()
  const { token, hash } = newToken()
  const expiresAt = now + linkLifeMs[purpose]
  const inserted = await tx
    .insertInto('home.sign_in_link')
    .values({
      id,
      token_hash: hash,
      person,
      purpose,
      issued_by: by,
      issued_at: now,
      expires_at: expiresAt,
      used_at: null,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return undefined
  await tx
    .updateTable('home.sign_in_link')
    .set({ revoked_at: now })
    .where('person', '=', person)
    .where('id', '<>', id)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute()
  await audit(tx, { at: now, person: by, what: 'link-issued', about: person, facts: { purpose } })
  return { id, url: new URL(`/sign-in/link/${token}`, context.settings.publicUrl).href, expiresAt }
}

/**
 * Issues another first link to somebody who has never signed in. For everybody
 * else one administrator is not enough: that is a recovery.
 *
 * @throws Refusal `recovery-needed`
 */
export async function reissueFirstLink(
  context: AuthContext,
  { id, person, by }: { id?: string; person: string; by: string },
): Promise<IssuedLink | undefined> {
  return context.db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('home.person')
      .select('id')
      .where('id', '=', person)
      .where('ended_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    const session = await tx.selectFrom('home.session').select('id').where('person', '=', person).executeTakeFirst()
    if (!known || session) throw new Refusal('recovery-needed')
    return issueSignInLink(context, tx, { id, person, purpose: 'first', by })
  })
}

/**
 * Uses a link up and signs its person in. After a recovery link every earlier key, code and session is void.
 *
 * @throws Refusal `link-spent`: used, expired, revoked or never issued; the answer is the same for all four.
 */
export async function useSignInLink(
  context: AuthContext,
  token: string,
): Promise<{ person: string; purpose: 'first' | 'recovery'; cookie: string }> {
  return context.db.transaction().execute(async (tx) => {
    const now = context.clock.now()
    const link = await tx
      .updateTable('home.sign_in_link')
      .set({ used_at: now })
      .where('token_hash', '=', tokenHash(token))
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .where('person', 'in', (e) => e.selectFrom('home.person').select('id').where('ended_at', 'is', null))
      .returning(['person', 'purpose'])
      .executeTakeFirst()
    if (!link) throw new Refusal('link-spent')
    if (link.purpose === 'recovery') await voidCredentials(context, tx, link.person)
    const { cookie } = await openSession(context, tx, { person: link.person, method: 'link' })
    return { ...link, cookie }
  })
}

/** Takes away every way to sign in that a person has, and ends their sessions. */
export async function voidCredentials(context: AuthContext, tx: Tx, person: string): Promise<void> {
  const now = context.clock.now()
  await tx
    .updateTable('home.credential')
    .set({ revoked_at: now })
    .where('person', '=', person)
    .where('revoked_at', 'is', null)
    .execute()
  await tx.deleteFrom('home.one_time_secret').where('person', '=', person).execute()
  await tx
    .updateTable('home.sign_in_link')
    .set({ revoked_at: now })
    .where('person', '=', person)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute()
  await closeSessions(context, tx, person)
}
