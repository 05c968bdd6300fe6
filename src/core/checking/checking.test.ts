import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { generateEd25519, type SignatureCheck, signingKey, toBase64url, utf8 } from '../../protocol/index.ts'
import { verifyStrict } from '../../protocol/index.ts'
import { accelerate, createChecker } from './index.ts'
import { makeBlock, readBlock } from './block.ts'

const checker = createChecker({ threads: 2 })
after(() => checker.close())

const keys = [1, 2, 3].map(() => signingKey(generateEd25519().privateKey))

/** Good checks of several keys, some spoilt in one byte or cut short. */
const check = fc
  .record({ key: fc.constantFrom(...keys), text: fc.string(), spoil: fc.option(fc.nat()), cut: fc.nat({ max: 20 }) })
  .map(({ key, text, spoil, cut }): SignatureCheck => {
    const message = utf8(text)
    const signature = key.sign(message)
    if (spoil !== null) signature[spoil % 64] = (signature[spoil % 64] as number) ^ (1 << (spoil % 8))
    return { publicKey: key.publicKey, message, signature: cut === 1 ? signature.subarray(1) : signature }
  })

const verdictOf = ({ publicKey, message, signature }: SignatureCheck) => verifyStrict(publicKey, message, signature)

test('what a block carries to another thread is what was put into it', () => {
  fc.assert(
    fc.property(fc.array(check), (checks) => {
      const plain = (one: SignatureCheck) => [one.publicKey, toBase64url(one.message), toBase64url(one.signature)]
      assert.deepEqual(readBlock(makeBlock(checks)).map(plain), checks.map(plain))
    }),
  )
})

test('threads say of every signature what the main thread says, whoever asks and however many at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(check, { maxLength: 40 }), { maxLength: 12 }), async (requests) => {
      const answers = await Promise.all(requests.map((checks) => checker.check(checks)))
      assert.deepEqual(
        answers,
        requests.map((checks) => checks.map(verdictOf)),
      )
    }),
    { numRuns: 30 },
  )
})

test('checks whose thread dies are answered all the same', async () => {
  const dying = createChecker({ threads: 1 })
  const checks = fc.sample(check, 300)
  const answer = dying.check(checks)
  await new Promise((done) => setImmediate(done))
  await dying.close()
  assert.deepEqual(await answer, checks.map(verdictOf))
  assert.deepEqual(await dying.check(checks), checks.map(verdictOf))
  await dying.close()
})

// C2SP/CCTV ed25519vectors.json, kept outside the repository.
const file = new URL('../../../../shared/data/vectors/ed25519-cctv.json', import.meta.url)
const skip = existsSync(file) ? false : 'no ../shared/data/vectors/ed25519-cctv.json (C2SP/CCTV, ed25519vectors.json)'

test('libsodium and OpenSSL give one verdict on each of the 914 CCTV edge cases', { skip }, async () => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as { key: string; sig: string; msg: string }[]
  const checks = vectors.map(({ key, sig, msg }) => ({
    publicKey: toBase64url(Buffer.from(key, 'hex')),
    message: new Uint8Array(Buffer.from(msg)),
    signature: new Uint8Array(Buffer.from(sig, 'hex')),
  }))
  const byOpenSsl = checks.map(verdictOf)
  assert.equal(byOpenSsl.filter(Boolean).length, 43)
  assert.deepEqual(await checker.check(checks), byOpenSsl)
})

const noSodium = isInstalled('sodium-native') ? false : 'sodium-native is not installed: npm ci brings it'

function isInstalled(name: string): boolean {
  try {
    return createRequire(import.meta.url).resolve(name) !== ''
  } catch {
    return false
  }
}

// The last one: from here on this thread asks libsodium.
test('libsodium says of changed signatures what OpenSSL says', { skip: noSodium }, () => {
  const checks = fc.sample(check, 500)
  const byOpenSsl = checks.map(verdictOf)
  assert.ok(byOpenSsl.includes(true) && byOpenSsl.includes(false))
  assert.equal(accelerate(), true)
  assert.deepEqual(checks.map(verdictOf), byOpenSsl)
})
