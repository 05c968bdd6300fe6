import assert from 'node:assert/strict'
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { hpkeOpen, hpkeSeal } from './hpke.ts'
import { decapsulate, encapsulate, type SealingSecret } from './x-wing.ts'

// draft-connolly-cfrg-xwing-kem-08, appendix C: seed of the key, seed of the encapsulation, shared secret.
const draftVectors = [
  [
    '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
    '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
    'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
  ],
  [
    'badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea',
    '17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d',
    'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150',
  ],
  [
    'ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9',
    '22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b',
    '953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f',
  ],
] as const

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
/** X-Wing puts ML-KEM first, registers put X25519 first. */
const inDraftOrder = (key: Uint8Array) => joined(key.subarray(32), key.subarray(0, 32))

/** A key from its 32-byte seed, as the draft expands it. */
function fromSeed(seed: Uint8Array): SealingSecret {
  const expanded = createHash('shake256', { outputLength: 96 }).update(seed).digest()
  const mlkem768 = createPrivateKey({
    key: expanded.subarray(0, 64),
    format: 'raw-seed',
    asymmetricKeyType: 'ml-kem-768',
  })
  const x25519 = createPrivateKey({ key: expanded.subarray(64), format: 'raw-private', asymmetricKeyType: 'x25519' })
  const raw = (key: typeof x25519) => createPublicKey(key).export({ format: 'raw-public' })
  return { publicKey: joined(raw(x25519), raw(mlkem768)), x25519, mlkem768 }
}

test('the shared secrets of the X-Wing draft come out, from keys and encapsulations another program made', async () => {
  const kem = new XWing()
  for (const [seed, encapsulationSeed, expected] of draftVectors) {
    const secret = fromSeed(hex(seed))
    const recipientPublicKey = await kem.deserializePublicKey(inDraftOrder(secret.publicKey))
    const { sharedSecret, enc } = await kem.encap({ recipientPublicKey, ekm: hex(encapsulationSeed) })
    assert.equal(Buffer.from(sharedSecret).toString('hex'), expected)
    assert.equal(Buffer.from(decapsulate(secret, new Uint8Array(enc))).toString('hex'), expected)
  }
})

test('what we encapsulate another program decapsulates, and its own key is ours', async () => {
  const kem = new XWing()
  const seed = new Uint8Array(randomBytes(32))
  const secret = fromSeed(seed)
  const pair = await kem.importKey('raw', seed.buffer, false)
  const { enc, shared } = encapsulate(secret.publicKey)
  const theirs = await kem.decap({ recipientKey: pair, enc: enc.slice().buffer })
  assert.deepEqual(new Uint8Array(theirs), shared)
})

test('a message sealed by either program is opened by the other, and by no other key or context', async () => {
  const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
  const seed = new Uint8Array(randomBytes(32))
  const secret = fromSeed(seed)
  const [info, aad, plaintext] = [new Uint8Array(randomBytes(20)), new Uint8Array(randomBytes(90)), hex('00ff10')]
  const ours = hpkeSeal(secret.publicKey, plaintext, { info, aad })
  const recipientKey = await suite.kem.importKey('raw', seed.buffer, false)
  const opened = await suite.open({ recipientKey, enc: ours.enc.slice().buffer, info }, ours.ciphertext, aad)
  assert.deepEqual(new Uint8Array(opened), plaintext)

  const recipientPublicKey = await suite.kem.deserializePublicKey(inDraftOrder(secret.publicKey))
  const sealed = await suite.seal({ recipientPublicKey, info }, plaintext, aad)
  const theirs = { enc: new Uint8Array(sealed.enc), ciphertext: new Uint8Array(sealed.ct) }
  assert.deepEqual(hpkeOpen(secret, theirs, { info, aad }), plaintext)
  assert.equal(hpkeOpen(secret, theirs, { info: aad, aad }), undefined)
  assert.equal(hpkeOpen(secret, theirs, { info, aad: info }), undefined)
  assert.equal(hpkeOpen(fromSeed(new Uint8Array(32)), theirs, { info, aad }), undefined)
})
