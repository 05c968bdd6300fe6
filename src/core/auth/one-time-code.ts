import { Secret, TOTP } from 'otpauth'
import { Refusal } from '../http/refusal.ts'
import { audit } from './audit.ts'
import { openSession } from './session.ts'
import { clearAttempts, countAttempt } from './sign-in-limit.ts'
import type { AuthContext } from './types.ts'

const stepMs = 30_000
const attemptsPerWindow = 6
// Compared with when the name is unknown, so that both answers take the same work.
const nobodysSecret = new Secret({ size: 20 }).base32

/** A secret waiting to be proved by a first code: as text to type and as the address a QR code carries. */
export interface BegunCode {
  secret: string
  address: string
}

/** Returns the person's unproved secret, making one when there is none; a proved one is never shown again. */
export async function beginOneTimeCode(context: AuthContext, person: { id: string; name: string }): Promise<BegunCode> {
  const fresh = new Secret({ size: 20 }).base32
  const secret = await context.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('home.one_time_secret')
      .values({ person: person.id, secret: fresh, begun_at: context.clock.now(), confirmed_at: null, last_step: 0 })
      .onConflict((conflict) => conflict.column('person').doNothing())
      .execute()
    const row = await tx
      .selectFrom('home.one_time_secret')
      .select(['secret', 'confirmed_at'])
      .where('person', '=', person.id)
      .executeTakeFirstOrThrow()
    if (row.confirmed_at !== null) throw new Refusal('code-already-set')
    return row.secret
  })
  return { secret, address: generator(secret, context.party, person.name).toString() }
}

/**
 * Proves the secret by its first code, after which codes sign the person in.
 *
 * @throws Refusal `code-wrong` when the code does not belong to the secret now.
 */
export async function confirmOneTimeCode(context: AuthContext, person: string, code: string): Promise<void> {
  await countAttempt(context, { kind: 'confirm', key: person, limit: attemptsPerWindow * 2 })
  await context.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('home.one_time_secret')
      .selectAll()
      .where('person', '=', person)
      .where('confirmed_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    const step = row && stepOf(row.secret, code, context.clock.now())
    if (step === undefined) throw new Refusal('code-wrong')
    const now = context.clock.now()
    await tx
      .updateTable('home.one_time_secret')
      .set({ confirmed_at: now, last_step: step })
      .where('person', '=', person)
      .execute()
    await audit(tx, { at: now, person, what: 'code-enrolled', about: person })
  })
}

/** Gives up codes, for instance before moving them to another device. */
export async function removeOneTimeCode(context: AuthContext, person: string): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const removed = await tx
      .deleteFrom('home.one_time_secret')
      .where('person', '=', person)
      .returning('person')
      .executeTakeFirst()
    if (removed) await audit(tx, { at: context.clock.now(), person, what: 'code-removed', about: person })
  })
}

/**
 * Signs in by name (or e-mail address) and six digits. Each code works once.
 *
 * @throws Refusal `sign-in-failed` alike for an unknown name, a wrong code and a used code;
 *   `sign-in-slow` after too many attempts under one name.
 */
export async function signInWithCode(
  context: AuthContext,
  { name, code }: { name: string; code: string },
): Promise<{ person: string; cookie: string }> {
  await countAttempt(context, { kind: 'name', key: name.trim(), limit: attemptsPerWindow })
  const known = await secretOf(context, name.trim())
  const step = stepOf(known?.secret ?? nobodysSecret, code, context.clock.now())
  const signedIn = await context.db.transaction().execute(async (tx) => {
    // The condition on last_step is the replay lock: of two equal codes at once only one row update succeeds.
    const claimed = await tx
      .updateTable('home.one_time_secret')
      .set({ last_step: step ?? 0 })
      .where('person', '=', known && step !== undefined ? known.person : '')
      .where('confirmed_at', 'is not', null)
      .where('last_step', '<', step ?? 0)
      .returning('person')
      .executeTakeFirst()
    return (
      claimed && {
        person: claimed.person,
        ...(await openSession(context, tx, { person: claimed.person, method: 'code' })),
      }
    )
  })
  if (!signedIn) throw new Refusal('sign-in-failed')
  await clearAttempts(context, 'name', name.trim())
  return { person: signedIn.person, cookie: signedIn.cookie }
}

/** Whether a person has proved a secret. */
export async function hasOneTimeCode({ db }: Pick<AuthContext, 'db'>, person: string): Promise<boolean> {
  const row = await db
    .selectFrom('home.one_time_secret')
    .select('person')
    .where('person', '=', person)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}

async function secretOf({ db }: AuthContext, name: string): Promise<{ person: string; secret: string } | undefined> {
  const wanted = name.toLowerCase()
  const rows = await db
    .selectFrom('home.person as p')
    .innerJoin('home.one_time_secret as s', 's.person', 'p.id')
    .select(['s.person', 's.secret'])
    .where('p.ended_at', 'is', null)
    .where('s.confirmed_at', 'is not', null)
    .where((e) => e.or([e(e.fn('lower', ['p.name']), '=', wanted), e(e.fn('lower', ['p.email']), '=', wanted)]))
    .limit(2)
    .execute()
  // Two people of one name sign in by their e-mail addresses.
  return rows.length === 1 ? rows[0] : undefined
}

function stepOf(secret: string, code: string, now: number): number | undefined {
  const totp = generator(secret, '', '')
  const delta = totp.validate({ token: code, timestamp: now, window: 1 })
  return delta === null ? undefined : Math.floor(now / stepMs) + delta
}

function generator(secret: string, issuer: string, label: string): TOTP {
  return new TOTP({
    issuer,
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: stepMs / 1000,
  })
}
