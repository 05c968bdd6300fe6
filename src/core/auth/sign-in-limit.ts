import { sql } from 'kysely'
import { sha256, toBase64url } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { AuthContext } from './types.ts'

const windowMs = 15 * 60_000

/**
 * Counts one attempt before it is judged; the count is the same for names that
 * exist and names that do not.
 *
 * @throws Refusal `sign-in-slow` when the bucket has had `limit` attempts in this quarter of an hour.
 */
export async function countAttempt(
  { db, clock }: Pick<AuthContext, 'db' | 'clock'>,
  { kind, key, limit }: { kind: string; key: string; limit: number },
): Promise<void> {
  const windowStart = clock.now() - (clock.now() % windowMs)
  const { rows } = await sql<{ attempts: number }>`
    insert into home.sign_in_limit as l (bucket, window_start, attempts)
    values (${bucketOf(kind, key)}, ${windowStart}, 1)
    on conflict (bucket) do update set
      attempts = case when l.window_start = excluded.window_start then l.attempts + 1 else 1 end,
      window_start = excluded.window_start
    returning attempts`.execute(db)
  if (rows[0]!.attempts > limit) throw new Refusal('sign-in-slow')
}

/** Forgets the attempts of a bucket after it succeeded, and those of windows long past. */
export async function clearAttempts(
  { db, clock }: Pick<AuthContext, 'db' | 'clock'>,
  kind: string,
  key: string,
): Promise<void> {
  await db
    .deleteFrom('home.sign_in_limit')
    .where((e) => e.or([e('bucket', '=', bucketOf(kind, key)), e('window_start', '<', clock.now() - 4 * windowMs)]))
    .execute()
}

// Hashed, so that mistyped names (or secrets typed into the wrong field) are not kept.
function bucketOf(kind: string, key: string): string {
  return `${kind}:${toBase64url(sha256(Buffer.from(key.toLowerCase(), 'utf8')))}`
}
