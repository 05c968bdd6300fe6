import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatAddCheckpoint, parseAddCheckpoint, parseKnownSize } from './add-checkpoint.ts'
import { generateEd25519, signingKey } from './keys.ts'
import { generateMlDsa44, pqSigningKey } from './ml-dsa.ts'
import { formatNoteKey, type NoteKey, parseNoteKey } from './note-keys.ts'
import {
  cosignatureBy,
  cosignCheckpoint,
  cosignWithMlDsa44,
  readCosignatures,
  signCheckpoint,
  withLines,
} from './notes.ts'

const host = signingKey(generateEd25519().privateKey)
const note = signCheckpoint({ origin: 'host.example/spaces/x', size: 7, root: new Uint8Array(32).fill(9) }, host)
const pair = generateMlDsa44()
const pq = pqSigningKey(pair.privateKey)
const pqKey: NoteKey = { name: 'aurelia.example', type: 'mlDsa44', publicKey: pair.publicKey }

test('an ML-DSA-44 line verifies beside an Ed25519 line of the same cosigner, each under its own key', () => {
  const key = signingKey(generateEd25519().privateKey)
  const lines = [
    cosignCheckpoint(note, { name: 'aurelia.example', key }, 1_700_000_000),
    cosignWithMlDsa44(note, { name: 'aurelia.example', key: pq }, 1_700_000_060),
  ]
  const signed = withLines(note, lines)
  assert.equal(cosignatureBy(signed, pqKey), 1_700_000_060)
  assert.equal(
    cosignatureBy(signed, { name: 'aurelia.example', type: 'cosignature', publicKey: key.publicKey }),
    1_700_000_000,
  )
  assert.deepEqual(readCosignatures(signed, [{ name: 'aurelia.example', publicKey: key.publicKey }]), [
    { name: 'aurelia.example', time: 1_700_000_000 },
  ])
  assert.equal(cosignatureBy(signed, { ...pqKey, publicKey: generateMlDsa44().publicKey }), undefined)
})

test('an ML-DSA-44 line speaks of one size, root, origin, time and name', () => {
  const line = cosignWithMlDsa44(note, { name: 'aurelia.example', key: pq }, 1_700_000_060)
  assert.equal(cosignatureBy(withLines(note, [line]), pqKey), 1_700_000_060)
  const others = [
    signCheckpoint({ origin: 'host.example/spaces/x', size: 8, root: new Uint8Array(32).fill(9) }, host),
    signCheckpoint({ origin: 'host.example/spaces/x', size: 7, root: new Uint8Array(32).fill(8) }, host),
    signCheckpoint({ origin: 'host.example/spaces/y', size: 7, root: new Uint8Array(32).fill(9) }, host),
  ]
  for (const other of others) assert.equal(cosignatureBy(withLines(other, [line]), pqKey), undefined)
  const base64 = line.trimEnd().split(' ')[2] as string
  const bytes = Buffer.from(base64, 'base64')
  for (const at of [4, 11, 12, 1000, bytes.length - 1]) {
    const broken = Buffer.from(bytes)
    broken[at] = (broken[at] as number) ^ 1
    const text = `— aurelia.example ${broken.toString('base64')}\n`
    assert.equal(cosignatureBy(withLines(note, [text]), pqKey), undefined, `byte ${at}`)
  }
})

test('verifier keys of all three kinds are read back, and no id of another key is believed', () => {
  const key = generateEd25519().publicKey
  const all: NoteKey[] = [
    { name: 'host.example/spaces/x', type: 'ed25519', publicKey: key },
    { name: 'aurelia.example', type: 'cosignature', publicKey: key },
    pqKey,
  ]
  for (const one of all) {
    const text = formatNoteKey(one)
    assert.deepEqual(parseNoteKey(text), one)
    const [name, id, rest] = text.split('+') as [string, string, string]
    assert.throws(() => parseNoteKey(`x${name}+${id}+${rest}`), /note-key/)
    assert.throws(() => parseNoteKey(`${name}+${id}+${rest.slice(4)}`), /note-key/)
  }
  // A point of low order could be signed for by anybody.
  const low = { name: 'x.example', type: 'cosignature' as const, publicKey: Buffer.alloc(32).toString('base64url') }
  assert.throws(() => parseNoteKey(formatNoteKey(low)), /note-key/)
})

test('a request to a witness is read back as it was written', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 }),
      (oldSize, path) => {
        const request = { oldSize, path, checkpoint: note }
        assert.deepEqual(parseAddCheckpoint(formatAddCheckpoint(request)), request)
      },
    ),
  )
})

test('a request to a witness that is not exactly of its form is refused', () => {
  const hash = `${Buffer.alloc(32).toString('base64')}\n`
  const wrong = [
    '',
    note,
    `old 01\n\n${note}`,
    `old -1\n\n${note}`,
    `old  1\n\n${note}`,
    `Old 1\n\n${note}`,
    `old 9007199254740992\n\n${note}`,
    `old 1\n${hash.repeat(64)}\n${note}`,
    `old 1\n${hash.slice(0, -2)}\n\n${note}`,
    `old 1\nAAAA\n\n${note}`,
    `old 1\r\n\n${note}`,
    `old 1\n${note}`,
    'old 1\n\n',
  ]
  for (const text of wrong)
    assert.throws(() => parseAddCheckpoint(text), /witness-request|note-shape/, text.slice(0, 40))
  assert.equal(parseAddCheckpoint(`old 0\n\n${note}`).path.length, 0)
  assert.equal(parseKnownSize('20852163\n'), 20_852_163)
  for (const text of ['', '1', '01\n', '-1\n', '1\n\n', '1 \n']) assert.throws(() => parseKnownSize(text))
})
