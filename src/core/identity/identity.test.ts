import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import {
  fromBase64url,
  generateEd25519,
  keyCommitment,
  leafBytes,
  newBlob,
  newId,
  parseCanonical,
  readLeaf,
  registerFoundedBody,
  signAct,
  signingKey,
  type SigningKey,
  toBase64url,
  type Json,
  canonicalBytes,
  openBlob,
} from '../../protocol/index.ts'
import { confirmRecovery, foundIdentity, loadIdentity, newestOf, pendingRecovery, readRegister } from './index.ts'
import { readSheet, recoveryKey, sheetText } from './recovery-sheet.ts'

const clock = { now: () => Date.UTC(2027, 4, 4) }

async function found(t: TestContext) {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-identity-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const names = { en: 'Aurelia', fr: 'Aurélie' }
  return { dataDir, names, ...(await foundIdentity({ dataDir, party: 'aurelia.example', names, clock })) }
}

test('a party is founded once, with keys that only its owner can read', async (t) => {
  const { dataDir, identity, names } = await found(t)
  assert.equal(statSync(join(dataDir, 'keys')).mode & 0o777, 0o700)
  for (const file of readdirSync(join(dataDir, 'keys'))) {
    assert.equal(statSync(join(dataDir, 'keys', file)).mode & 0o777, 0o600, file)
  }
  const again = await loadIdentity(dataDir)
  assert.deepEqual([again.first, again.register, again.names], [identity.first, identity.register, names])
  assert.deepEqual(again.keys.act.kid, identity.keys.act.kid)
  await assert.rejects(foundIdentity({ dataDir, party: 'borovia.example', names, clock }))
  assert.equal((await loadIdentity(dataDir)).party, 'aurelia.example')
  assert.deepEqual(readdirSync(dataDir), ['keys'])
  await assert.rejects(foundIdentity({ dataDir, party: 'Not A Domain', names, clock }))
})

test('the founding shows public keys, and hashes of the keys to come', async (t) => {
  const { dataDir, identity, sheets } = await found(t)
  const body = registerFoundedBody.parse(bodyOf(identity))
  const { signing } = identity.ring.content()
  const next = newestOf(identity.ring.content(), 'next')
  assert.equal(body.next, keyCommitment(next.publicKey))
  assert.deepEqual(
    body.recovery,
    sheets.map((sheet) => keyCommitment(recoveryKey(readSheet(sheet) as Uint8Array).publicKey)),
  )
  assert.equal(fromBase64url(body.sealing).length, 32 + 1184)
  const published = JSON.stringify(body)
  for (const { privateKey } of signing) assert.ok(!published.includes(privateKey))
  assert.ok(!published.includes(next.publicKey))
  assert.ok(!readFileSync(join(dataDir, 'keys', 'party.json'), 'utf8').includes(next.publicKey))
})

test('recovery sheets are kept until both were typed back from paper', async (t) => {
  const { dataDir, sheets } = await found(t)
  assert.deepEqual(await pendingRecovery(dataDir), sheets)
  const [one, two] = sheets as [string, string]
  assert.equal(await confirmRecovery(dataDir, [one, one]), false)
  assert.equal(await confirmRecovery(dataDir, [one, two.replace(/.$/, two.endsWith('0') ? '1' : '0')]), false)
  assert.equal(await confirmRecovery(dataDir, [one]), false)
  assert.deepEqual(await pendingRecovery(dataDir), sheets)
  assert.equal(
    await confirmRecovery(dataDir, [
      two.toLowerCase().replaceAll(' ', '-'),
      one.replaceAll('0', 'o').replaceAll('1', 'l'),
    ]),
    true,
  )
  assert.equal(await pendingRecovery(dataDir), undefined)
  assert.equal(await confirmRecovery(dataDir, sheets), false)
  const kept = readdirSync(join(dataDir, 'keys'))
    .map((file) => readFileSync(join(dataDir, 'keys', file), 'utf8'))
    .join('')
  for (const sheet of sheets) assert.ok(!kept.includes(toBase64url(readSheet(sheet) as Uint8Array)))
})

test('a sheet survives printing, and any single wrong character is noticed', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(55),
      fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
      (seed, at, wrong) => {
        const text = sheetText(seed)
        assert.deepEqual(readSheet(text), seed)
        const plain = text.replaceAll(' ', '')
        const read = readSheet(plain.slice(0, at) + wrong + plain.slice(at + 1))
        assert.equal(read !== undefined, plain[at] === wrong)
      },
    ),
  )
})

test('a damaged key file is named, its content is not', async (t) => {
  const { dataDir } = await found(t)
  writeFileSync(join(dataDir, 'keys', 'ring.json'), '{"privateKey": "secret')
  await assert.rejects(
    loadIdentity(dataDir),
    (error: Error) => /ring\.json/.test(error.message) && !/secret/.test(String(error)),
  )
})

test('a register gives the keys in force at each position, and a recovery key starts anew', async (t) => {
  const { identity, sheets } = await found(t)
  const founding = { index: 0, leaf: identity.founding.leaf, body: bodyOf(identity) }
  assert.deepEqual(readRegister([founding]).act, { kid: identity.keys.act.kid, key: identity.keys.act.publicKey })
  const next = signingKey(newestOf(identity.ring.content(), 'next').privateKey)
  const later = signingKey(generateEd25519().privateKey)
  const rotation = entry(1, identity.register, 'register.rotated', next, {
    act: { kid: next.kid, key: next.publicKey },
    next: keyCommitment(later.publicKey),
    nodes: [later.publicKey],
  })
  const rotated = readRegister([founding, rotation])
  assert.deepEqual(
    rotated.actKeys.map(({ kid, from, until }) => [kid, from, until]),
    [
      [identity.keys.act.kid, 0, 1],
      [next.kid, 1, undefined],
    ],
  )
  assert.deepEqual([rotated.act.kid, rotated.nodes, rotated.first], [next.kid, [later.publicKey], identity.first])
  const sheet = recoveryKey(readSheet(sheets[1] as string) as Uint8Array)
  const fresh = signingKey(generateEd25519().privateKey)
  const recovery = entry(5, identity.register, 'register.recovered', sheet, {
    by: { kid: sheet.kid, key: sheet.publicKey },
    act: { kid: fresh.kid, key: fresh.publicKey },
    next: keyCommitment(later.publicKey),
  })
  assert.equal(readRegister([founding, rotation, recovery]).act.kid, fresh.kid)
  const stolen = entry(1, identity.register, 'register.rotated', later, {
    act: { kid: later.kid, key: later.publicKey },
    next: keyCommitment(later.publicKey),
  })
  assert.equal(
    readRegister([founding, stolen]).act.kid,
    identity.keys.act.kid,
    'a key nobody committed to changes nothing',
  )
})

function bodyOf(identity: Awaited<ReturnType<typeof loadIdentity>>): Json {
  const [body] = identity.founding.blobs
  if (!body) throw new Error('no body')
  const { act } = readLeaf(identity.founding.leaf)
  assert.equal(act.statement.parts[0]?.hash, body.commitment)
  return parseCanonical(openBlob(body.blob, body.commitment))
}

function entry(index: number, space: string, type: string, key: SigningKey, body: Json) {
  const { commitment, size } = newBlob(canonicalBytes(body))
  const act = signAct(
    {
      v: 1,
      space,
      type,
      id: newId(),
      author: 'aurelia.example',
      office: 'registrar',
      at: clock.now(),
      seen: { size: 1, root: commitment },
      marking: { tlp: 'CLEAR' },
      parts: [{ role: 'body', hash: commitment, size, media: 'application/json' }],
    },
    key,
  )
  return { index, leaf: leafBytes({ v: 1, time: clock.now(), envelope: act.envelope }), body }
}
