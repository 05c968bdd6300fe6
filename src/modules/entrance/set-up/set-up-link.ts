import { newToken, tokenHash } from '../../../core/auth/index.ts'
import { cookieHeader, readCookie, Refusal } from '../../../core/http/index.ts'
import { toBase64url } from '../../../protocol/index.ts'
import type { Reader } from '../../../core/storage/types.ts'
import type { SetUpServices } from './context.ts'
import { readProgress } from './progress.ts'

const sessionMs = 24 * 3_600_000

interface Secret {
  hash: string
  expiresAt?: number
}

/**
 * A fresh set-up link for the person at the machine; earlier unused ones stop working.
 * Nothing once set-up is closed.
 */
export async function openSetUp({ db, settings }: SetUpServices): Promise<string | undefined> {
  if ((await readProgress(db)).closed) return undefined
  const { token, hash } = newToken()
  await keepSecret(db, 'secret:link', { hash: toBase64url(hash) })
  return new URL(`/set-up/${token}`, settings.publicUrl).href
}

/**
 * Uses the set-up link up and returns the `Set-Cookie` value that continues set-up in this browser.
 *
 * @throws Refusal `set-up-link-spent`
 */
export async function enterSetUp({ db, settings, clock }: SetUpServices, token: string): Promise<string> {
  const session = newToken()
  await db.transaction().execute(async (tx) => {
    const used = await tx
      .deleteFrom('home.set_up')
      .where('key', '=', 'secret:link')
      .where('value', '=', JSON.stringify({ hash: toBase64url(tokenHash(token)) }))
      .returning('key')
      .executeTakeFirst()
    if (!used || (await readProgress(tx)).closed) throw new Refusal('set-up-link-spent')
    await keepSecret(tx, 'secret:session', { hash: toBase64url(session.hash), expiresAt: clock.now() + sessionMs })
  })
  return cookieHeader(settings, 'set-up', session.token, { maxAgeSeconds: sessionMs / 1000, sameSite: 'Strict' })
}

/** Whether a request comes from the browser that is setting this node up. */
export async function maySetUp({ db, settings, clock }: SetUpServices, request: Request): Promise<boolean> {
  const token = readCookie(request, settings, 'set-up')
  if (token === undefined) return false
  const row = await db.selectFrom('home.set_up').select('value').where('key', '=', 'secret:session').executeTakeFirst()
  const session = row?.value as Secret | undefined
  if (session?.hash !== toBase64url(tokenHash(token)) || (session.expiresAt ?? 0) <= clock.now()) return false
  return (await readProgress(db)).closed === undefined
}

async function keepSecret(db: Reader, key: string, secret: Secret): Promise<void> {
  await db
    .insertInto('home.set_up')
    .values({ key, value: JSON.stringify(secret) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: JSON.stringify(secret) }))
    .execute()
}
