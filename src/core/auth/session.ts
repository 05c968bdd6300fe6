import { type RawBuilder, sql } from 'kysely'
import { newId } from '../../protocol/index.ts'
import { noteByTheWay } from '../storage/index.ts'
import type { Tx } from '../storage/types.ts'
import { audit } from './audit.ts'
import { newToken, tokenHash } from './token.ts'
import type { AuthContext } from './types.ts'

/** A session ends this long after sign-in, whatever happens. */
export const sessionLifeMs = 12 * 3_600_000
/** A session ends after this long without a request. */
export const sessionIdleMs = 2 * 3_600_000
// Writing "seen" on every request would turn every page into a write.
const seenEveryMs = 60_000

/** Opens a session and returns the `Set-Cookie` value that carries it. */
export async function openSession(
  context: AuthContext,
  tx: Tx,
  { person, method, office }: { person: string; method: 'passkey' | 'code' | 'link'; office?: string },
): Promise<{ id: string; cookie: string }> {
  const now = context.clock.now()
  const { token, hash } = newToken()
  const id = newId()
  await tx
    .insertInto('home.session')
    .values({
      id,
      token_hash: hash,
      person,
      office: office ?? null,
      method,
      opened_at: now,
      seen_at: now,
      expires_at: now + sessionLifeMs,
      closed_at: null,
    })
    .execute()
  await audit(tx, { at: now, person, what: 'signed-in', about: person, facts: { method } })
  return { id, cookie: cookieOf(context, token, sessionLifeMs / 1000) }
}

/** What a row `s` of home.session must satisfy to be the live session a request carries; nothing without a token. */
export function liveSession(context: AuthContext, request: Request): RawBuilder<boolean> | undefined {
  const token = readCookie(request, cookieName(context.party))
  if (token === undefined) return undefined
  const now = context.clock.now()
  return sql<boolean>`s.token_hash = ${tokenHash(token)} and s.closed_at is null and s.expires_at > ${now}
    and s.seen_at > ${now - sessionIdleMs}`
}

/** Keeps the idle time of a session that was used. */
export async function keepSeen({ db, clock }: AuthContext, session: { id: string; seenAt: number }): Promise<void> {
  const now = clock.now()
  if (now - session.seenAt < seenEveryMs) return
  await noteByTheWay(db.updateTable('home.session').set({ seen_at: now }).where('id', '=', session.id).execute())
}

/** Ends one session and returns the `Set-Cookie` value that forgets it. */
export async function closeSession(context: AuthContext, session: string): Promise<{ cookie: string }> {
  await context.db.transaction().execute(async (tx) => {
    const closed = await tx
      .updateTable('home.session')
      .set({ closed_at: context.clock.now() })
      .where('id', '=', session)
      .where('closed_at', 'is', null)
      .returning('person')
      .executeTakeFirst()
    if (closed) await audit(tx, { at: context.clock.now(), person: closed.person, what: 'signed-out' })
  })
  return { cookie: cookieOf(context, '', 0) }
}

/** When a session ends at the latest, ms; undefined for one that has ended. */
export async function sessionEndsAt({ db }: Pick<AuthContext, 'db'>, session: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('home.session')
    .select('expires_at')
    .where('id', '=', session)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return row?.expires_at
}

/** Ends every session of a person, but the one named. */
export async function closeSessions(context: AuthContext, tx: Tx, person: string, keep?: string): Promise<void> {
  let query = tx
    .updateTable('home.session')
    .set({ closed_at: context.clock.now() })
    .where('person', '=', person)
    .where('closed_at', 'is', null)
  if (keep !== undefined) query = query.where('id', '<>', keep)
  await query.execute()
}

/** Chooses the office a person acts for during this session. */
export async function chooseOffice(context: AuthContext, session: string, office: string): Promise<void> {
  await context.db.updateTable('home.session').set({ office }).where('id', '=', session).execute()
}

/** One cookie per party: nodes on one host share a cookie jar, whatever their ports. */
export function cookieName(party: string): string {
  return `chancery-${party}`
}

/** Value of one cookie of a request. */
export function readCookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) {
      const value = pair.slice(equals + 1).trim()
      return value === '' ? undefined : value
    }
  }
  return undefined
}

function cookieOf(context: AuthContext, token: string, seconds: number): string {
  return sealedCookie(cookieName(context.party), token, seconds, context.settings.publicUrl)
}

/** A cookie no script reads and no other site sends; `Secure` wherever browsers reach the node by https. */
export function sealedCookie(name: string, value: string, seconds: number, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`
}
