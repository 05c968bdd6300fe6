import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { newId } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import { audit } from './audit.ts'
import { openSession } from './session.ts'
import type { AuthContext } from './types.ts'

// Loaded by the first who comes with a passkey: every command and every start would wait for it otherwise.
const webauthn = () => import('@simplewebauthn/server')

const challengeLifeMs = 5 * 60_000

/** Asks any passkey of this node to sign a challenge; names nobody, so it tells nothing about who exists. */
export async function beginPasskeySignIn(
  context: AuthContext,
): Promise<{ challenge: string; options: PublicKeyCredentialRequestOptionsJSON }> {
  const options = await (await webauthn()).generateAuthenticationOptions({
    rpID: relyingParty(context),
    userVerification: 'required',
  })
  return { challenge: await keepChallenge(context, options.challenge, null), options }
}

/**
 * Signs in the owner of the passkey that answered a challenge. Each challenge works once.
 *
 * @throws Refusal `sign-in-failed` whatever was wrong.
 */
export async function signInWithPasskey(
  context: AuthContext,
  { challenge, response }: { challenge: string; response: AuthenticationResponseJSON },
): Promise<{ person: string; cookie: string }> {
  const expectedChallenge = await takeChallenge(context, challenge, null)
  const credential = await context.db
    .selectFrom('home.credential as c')
    .innerJoin('home.person as p', 'p.id', 'c.person')
    .select(['c.id', 'c.person', 'c.public_key', 'c.counter', 'c.transports'])
    .where('c.id', '=', response.id)
    .where('c.revoked_at', 'is', null)
    .where('p.ended_at', 'is', null)
    .executeTakeFirst()
  if (!credential || expectedChallenge === undefined) throw new Refusal('sign-in-failed')
  const { verified, authenticationInfo } = await (await webauthn())
    .verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: new URL(context.settings.publicUrl).origin,
      expectedRPID: relyingParty(context),
      requireUserVerification: true,
      credential: {
        id: credential.id,
        publicKey: new Uint8Array(credential.public_key),
        counter: credential.counter,
        transports: credential.transports as AuthenticatorTransport[],
      },
    })
    .catch(() => ({ verified: false as const, authenticationInfo: undefined }))
  if (!verified || !authenticationInfo) throw new Refusal('sign-in-failed')
  return context.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('home.credential')
      .set({ counter: authenticationInfo.newCounter, used_at: context.clock.now() })
      .where('id', '=', credential.id)
      .execute()
    const { cookie } = await openSession(context, tx, { person: credential.person, method: 'passkey' })
    return { person: credential.person, cookie }
  })
}

/** What the browser needs to make a passkey or use a security key for a person. */
export async function beginPasskeyEnrolment(
  context: AuthContext,
  person: { id: string; name: string },
): Promise<{ challenge: string; options: PublicKeyCredentialCreationOptionsJSON }> {
  const existing = await listPasskeys(context, person.id)
  const options = await (await webauthn()).generateRegistrationOptions({
    rpName: context.party,
    rpID: relyingParty(context),
    userName: person.name,
    userDisplayName: person.name,
    userID: new Uint8Array(Buffer.from(person.id, 'utf8')),
    attestationType: 'none',
    excludeCredentials: existing.map((key) => ({ id: key.id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { challenge: await keepChallenge(context, options.challenge, person.id), options }
}

/**
 * Keeps the passkey the browser made.
 *
 * @throws Refusal `passkey-refused` when the answer does not fit the challenge, this address or a verified person.
 */
export async function finishPasskeyEnrolment(
  context: AuthContext,
  {
    person,
    challenge,
    label,
    response,
  }: {
    person: string
    challenge: string
    label: string
    response: RegistrationResponseJSON
  },
): Promise<void> {
  const expectedChallenge = await takeChallenge(context, challenge, person)
  if (expectedChallenge === undefined) throw new Refusal('passkey-refused')
  const { verified, registrationInfo } = await (await webauthn())
    .verifyRegistrationResponse({
      response,
      expectedChallenge,
      expectedOrigin: new URL(context.settings.publicUrl).origin,
      expectedRPID: relyingParty(context),
      requireUserVerification: true,
    })
    .catch(() => ({ verified: false as const, registrationInfo: undefined }))
  if (!verified || !registrationInfo) throw new Refusal('passkey-refused')
  const { credential } = registrationInfo
  await context.db.transaction().execute(async (tx) => {
    const now = context.clock.now()
    await tx
      .insertInto('home.credential')
      .values({
        id: credential.id,
        person,
        label,
        public_key: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: JSON.stringify(credential.transports ?? []),
        relying_party: relyingParty(context),
        added_at: now,
        used_at: null,
        revoked_at: null,
      })
      .execute()
    await audit(tx, { at: now, person, what: 'passkey-enrolled', about: person })
  })
}

/** A person's passkeys that still work, oldest first. */
export async function listPasskeys(
  { db }: Pick<AuthContext, 'db'>,
  person: string,
): Promise<{ id: string; label: string; addedAt: number; usedAt?: number }[]> {
  const rows = await db
    .selectFrom('home.credential')
    .select(['id', 'label', 'added_at', 'used_at'])
    .where('person', '=', person)
    .where('revoked_at', 'is', null)
    .orderBy('added_at')
    .execute()
  return rows.map((row) => ({ id: row.id, label: row.label, addedAt: row.added_at, usedAt: row.used_at ?? undefined }))
}

/** Revokes one of a person's own passkeys. */
export async function removePasskey(context: AuthContext, person: string, id: string): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const now = context.clock.now()
    const removed = await tx
      .updateTable('home.credential')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('person', '=', person)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (removed) await audit(tx, { at: now, person, what: 'passkey-removed', about: person })
  })
}

// Passkeys are bound to this host name for life: it is tested first at set-up.
function relyingParty(context: AuthContext): string {
  return new URL(context.settings.publicUrl).hostname
}

async function keepChallenge(context: AuthContext, challenge: string, person: string | null): Promise<string> {
  const id = newId()
  const now = context.clock.now()
  await context.db.deleteFrom('home.challenge').where('expires_at', '<', now).execute()
  await context.db
    .insertInto('home.challenge')
    .values({ id, challenge, person, expires_at: now + challengeLifeMs })
    .execute()
  return id
}

async function takeChallenge(context: AuthContext, id: string, person: string | null): Promise<string | undefined> {
  const row = await context.db
    .deleteFrom('home.challenge')
    .where('id', '=', id)
    .where('person', person === null ? 'is' : '=', person)
    .where('expires_at', '>', context.clock.now())
    .returning('challenge')
    .executeTakeFirst()
  return row?.challenge
}
