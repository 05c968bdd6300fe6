import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { testDatabase } from '../../../test/support/postgres.ts'
import { sha256, toBase64url } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import {
  addPerson,
  type AuthContext,
  beginPasskeyEnrolment,
  beginPasskeySignIn,
  finishPasskeyEnrolment,
  listPasskeys,
  migrations,
  removePasskey,
  signInWithPasskey,
} from './index.ts'

const origin = 'https://chancery.aurelia.example'
const verified = 0x05
const withKey = 0x40

async function home(t: TestContext) {
  const { db } = await testDatabase(t, migrations)
  let now = Date.UTC(2026, 10, 20, 8)
  const context: AuthContext = {
    db,
    party: 'aurelia.example',
    settings: { publicUrl: origin },
    clock: { now: () => now },
    log: { info() {}, warn() {}, error() {} },
  }
  await db
    .transaction()
    .execute((tx) =>
      addPerson(context, tx, { id: 'cleo', name: 'Cleo', language: 'en', zone: 'Etc/UTC', by: 'set-up' }),
    )
  return {
    context,
    db,
    pass: (ms: number) => {
      now += ms
    },
  }
}

/** A security key in software: Ed25519, "none" attestation, user verified. */
function securityKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const id = randomBytes(16)
  let counter = 0
  return {
    make: (challenge: string, at = origin) => made({ id, publicKey, challenge, at }),
    answer: (challenge: string, { at = origin, flags = verified } = {}) =>
      answered({ id, privateKey, challenge, at, flags, counter: ++counter }),
  }
}

function made({ id, publicKey, challenge, at }: { id: Buffer; publicKey: KeyObject; challenge: string; at: string }) {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  // COSE key {1: OKP, 3: EdDSA, -1: Ed25519, -2: x} and attestation {fmt, attStmt, authData} in CBOR.
  const cose = Buffer.concat([Buffer.from('a4010103272006215820', 'hex'), raw])
  const size = Buffer.from([0, id.length])
  const authData = Buffer.concat([authenticatorData(at, verified | withKey, 0), Buffer.alloc(16), size, id, cose])
  const attestation = Buffer.concat([
    Buffer.from([0xa3]),
    cborText('fmt'),
    cborText('none'),
    cborText('attStmt'),
    Buffer.from([0xa0]),
    cborText('authData'),
    Buffer.from([0x58, authData.length]),
    authData,
  ])
  return {
    id: toBase64url(id),
    rawId: toBase64url(id),
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      clientDataJSON: clientData('webauthn.create', challenge, at),
      attestationObject: toBase64url(attestation),
    },
  }
}

function answered({
  id,
  privateKey,
  challenge,
  at,
  flags,
  counter,
}: {
  id: Buffer
  privateKey: KeyObject
  challenge: string
  at: string
  flags: number
  counter: number
}) {
  const authData = authenticatorData(at, flags, counter)
  const json = clientData('webauthn.get', challenge, at)
  const signature = sign(null, Buffer.concat([authData, sha256(Buffer.from(json, 'base64url'))]), privateKey)
  return {
    id: toBase64url(id),
    rawId: toBase64url(id),
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: { clientDataJSON: json, authenticatorData: toBase64url(authData), signature: toBase64url(signature) },
  }
}

function authenticatorData(at: string, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([sha256(Buffer.from(new URL(at).hostname)), Buffer.from([flags]), count])
}

const clientData = (type: string, challenge: string, at: string): string =>
  toBase64url(Buffer.from(JSON.stringify({ type, challenge, origin: at, crossOrigin: false })))

const cborText = (text: string): Buffer => Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)])

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

async function enrol(context: AuthContext, key: ReturnType<typeof securityKey>) {
  const { challenge, options } = await beginPasskeyEnrolment(context, { id: 'cleo', name: 'Cleo' })
  await finishPasskeyEnrolment(context, {
    person: 'cleo',
    challenge,
    label: 'Desk key',
    response: key.make(options.challenge),
  })
}

test('a passkey made here signs its person in, and each challenge works once', async (t) => {
  const { context } = await home(t)
  const key = securityKey()
  await enrol(context, key)
  assert.deepEqual(
    (await listPasskeys(context, 'cleo')).map(({ label }) => label),
    ['Desk key'],
  )
  const { challenge, options } = await beginPasskeySignIn(context)
  const response = key.answer(options.challenge)
  assert.equal((await signInWithPasskey(context, { challenge, response })).person, 'cleo')
  await assert.rejects(signInWithPasskey(context, { challenge, response }), refused('sign-in-failed'))
})

test('a passkey asked for by another site does not work here', async (t) => {
  const { context } = await home(t)
  const key = securityKey()
  await enrol(context, key)
  const { challenge, options } = await beginPasskeySignIn(context)
  const response = key.answer(options.challenge, { at: 'https://chancery.aurelia.example.evil.example' })
  await assert.rejects(signInWithPasskey(context, { challenge, response }), refused('sign-in-failed'))
  const begun = await beginPasskeyEnrolment(context, { id: 'cleo', name: 'Cleo' })
  const foreign = securityKey().make(begun.options.challenge, 'https://evil.example')
  await assert.rejects(
    finishPasskeyEnrolment(context, { person: 'cleo', challenge: begun.challenge, label: 'x', response: foreign }),
    refused('passkey-refused'),
  )
})

test('a key that was only touched, without finger, face or PIN, is not enough', async (t) => {
  const { context } = await home(t)
  const key = securityKey()
  await enrol(context, key)
  const { challenge, options } = await beginPasskeySignIn(context)
  await assert.rejects(
    signInWithPasskey(context, { challenge, response: key.answer(options.challenge, { flags: 0x01 }) }),
    refused('sign-in-failed'),
  )
})

test('an old challenge, a revoked key and a person who left are refused alike', async (t) => {
  const { context, pass, db } = await home(t)
  const key = securityKey()
  await enrol(context, key)
  const late = await beginPasskeySignIn(context)
  pass(5 * 60_000)
  await assert.rejects(
    signInWithPasskey(context, { challenge: late.challenge, response: key.answer(late.options.challenge) }),
    refused('sign-in-failed'),
  )
  const attempt = async () => {
    const { challenge, options } = await beginPasskeySignIn(context)
    return signInWithPasskey(context, { challenge, response: key.answer(options.challenge) })
  }
  assert.equal((await attempt()).person, 'cleo')
  const [kept] = await listPasskeys(context, 'cleo')
  await removePasskey(context, 'somebody-else', kept!.id)
  assert.equal((await attempt()).person, 'cleo')
  await db.updateTable('home.person').set({ ended_at: 1 }).where('id', '=', 'cleo').execute()
  await assert.rejects(attempt(), refused('sign-in-failed'))
  await db.updateTable('home.person').set({ ended_at: null }).where('id', '=', 'cleo').execute()
  await removePasskey(context, 'cleo', kept!.id)
  await assert.rejects(attempt(), refused('sign-in-failed'))
})
