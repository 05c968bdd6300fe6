import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  appendNodes,
  consistencyPath,
  encodeBundle,
  fromBase64url,
  inclusionPath,
  leafHash,
  type NodeAt,
  rootFrom,
  tileBytes,
  tilePath,
  tilesOf,
  tileWidth,
  verifyConsistency,
  verifyInclusion,
  verifyStrict,
  toBase64url,
} from '../../src/protocol/index.ts'
import { foundRegister, keyFrom, openTestSpace, type TestLog, testParty } from './build-log.ts'
import { isSigned, type Keys, problemsOf, rootOfPath, rootsOfProof, treeHash } from './second-verifier.ts'

const [aurelia, borovia] = [testParty('aurelia.example'), testParty('borovia.example')]
const registers = { aurelia: foundRegister(aurelia), borovia: foundRegister(borovia) }

function grownSpace(acts: number): TestLog {
  const log = openTestSpace(`grown by ${acts}`, 'case', [
    { owner: aurelia, register: registers.aurelia },
    { owner: borovia, register: registers.borovia },
  ])
  for (let n = 0; n < acts; n += 1) log.add(n % 2 === 0 ? borovia : aurelia, 'channels.note-sent', { n })
  return log
}

function published(log: TestLog): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  files.set('checkpoint', new TextEncoder().encode(log.checkpoint(aurelia.host, [aurelia, borovia])))
  for (const { level, index, width } of tilesOf(log.size)) {
    const start = index * tileWidth
    files.set(
      tilePath(level, index, width),
      level === 'entries'
        ? encodeBundle(log.entries.slice(start, start + width))
        : tileBytes({ level, index, width }, log.nodeAt),
    )
  }
  return files
}

const raw = (key: { publicKey: string }) => fromBase64url(key.publicKey)
const keysOf = (log: TestLog): Keys => ({
  origin: `aurelia.example/spaces/${log.space}`,
  host: raw(aurelia.host),
  cosigners: [aurelia, borovia].map(({ party, cosigner }) => ({ name: party, key: raw(cosigner) })),
  acts: new Map([aurelia, borovia].map(({ act }) => [act.kid, raw(act)])),
})

test('a second verifier that shares no code accepts published spaces, also beyond one tile', () => {
  for (const acts of [0, 6, 259]) {
    const log = grownSpace(acts)
    assert.deepEqual(problemsOf(published(log), keysOf(log)), [])
  }
})

test('the second verifier refuses a space with any one byte changed', () => {
  const log = grownSpace(3)
  const files = published(log)
  const keys = keysOf(log)
  fc.assert(
    fc.property(fc.constantFrom(...files.keys()), fc.nat(), fc.integer({ min: 1, max: 255 }), (path, at, change) => {
      const changed = new Uint8Array(files.get(path) as Uint8Array)
      changed[at % changed.length] = (changed[at % changed.length] as number) ^ change
      assert.notDeepEqual(problemsOrUnreadable(new Map(files).set(path, changed), keys), [])
    }),
    { numRuns: 200 },
  )
})

test('the second verifier refuses every other length that an entry of a bundle could claim', () => {
  const log = grownSpace(3)
  const files = published(log)
  const path = 'tile/entries/000.p/4'
  const bundle = files.get(path) as Uint8Array
  for (let at = 0, entry = 0; entry < log.size; entry += 1) {
    for (const place of [at, at + 1]) {
      for (let bit = 1; bit < 256; bit <<= 1) {
        const changed = new Uint8Array(bundle)
        changed[place] = (changed[place] as number) ^ bit
        const problems = problemsOrUnreadable(new Map(files).set(path, changed), keysOf(log))
        assert.notDeepEqual(problems, [], `entry ${entry}, byte ${place - at}, bit ${bit}`)
      }
    }
    at += 2 + (bundle[at] as number) * 256 + (bundle[at + 1] as number)
  }
})

function problemsOrUnreadable(files: Map<string, Uint8Array>, keys: Keys): string[] {
  try {
    return problemsOf(files, keys)
  } catch (error) {
    return [`unreadable: ${error}`]
  }
}

const trees = fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 80 })

test('both implementations agree on roots, inclusion and consistency of random trees', () => {
  fc.assert(
    fc.property(trees, fc.nat(), fc.nat(), (entries, a, b) => {
      const nodes = new Map<string, Uint8Array>()
      const nodeAt = ({ level, index }: NodeAt) => nodes.get(`${level}/${index}`) as Uint8Array
      const leaves = entries.map((entry) => Buffer.from(leafHash(entry)))
      leaves.forEach((leaf, size) => {
        for (const { level, index, hash } of appendNodes(size, leaf, nodeAt)) nodes.set(`${level}/${index}`, hash)
      })
      const size = leaves.length
      const [index, from] = [a % size, b % (size + 1)]
      const root = treeHash(leaves)
      assert.deepEqual(Buffer.from(rootFrom(size, nodeAt)), root)

      const path = inclusionPath(index, size, nodeAt)
      assert.deepEqual(
        rootOfPath(
          leaves[index] as Buffer,
          index,
          size,
          path.map((hash) => Buffer.from(hash)),
        ),
        root,
      )
      assert.ok(verifyInclusion({ leafHash: leaves[index] as Buffer, index, size, path, root }))

      const old = treeHash(leaves.slice(0, from))
      const proof = consistencyPath(from, size, nodeAt)
      assert.ok(verifyConsistency({ fromSize: from, fromRoot: old, toSize: size, toRoot: root, path: proof }))
      if (from > 0)
        assert.deepEqual(
          rootsOfProof(
            from,
            size,
            old,
            proof.map((hash) => Buffer.from(hash)),
          ),
          [old, root],
        )
    }),
  )
})

test('both implementations refuse the same changed proofs', () => {
  const log = grownSpace(20)
  const root = fromBase64url(log.root)
  fc.assert(
    fc.property(fc.nat(20), fc.nat(25), fc.nat(25), fc.nat(), fc.nat(2), (index, claimed, size, at, how) => {
      const path = inclusionPath(index, log.size, log.nodeAt).map((hash) => Buffer.from(hash))
      if (how === 1) path.splice(at % (path.length + 1), 0, Buffer.alloc(32, 1))
      if (how === 2) path.splice(at % path.length, 1)
      const leaf = Buffer.from(leafHash(log.entries[index] as Uint8Array))
      const second = rootOfPath(leaf, claimed, size, path)?.equals(Buffer.from(root)) ?? false
      assert.equal(verifyInclusion({ leafHash: leaf, index: claimed, size, path, root }), second)
      // Another index can lead to the same root in a tree of another size: only the checkpoint binds the size.
      if (how > 0 || (size === log.size && claimed !== index)) assert.equal(second, false)
    }),
    { numRuns: 1000 },
  )
})

test('both implementations agree on signatures, changed or not', () => {
  const key = keyFrom('second opinion')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(511), fc.boolean(), (message, bit, change) => {
      const signature = key.sign(message)
      if (change) signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7))
      const verdict = verifyStrict(key.publicKey, message, signature)
      assert.equal(verdict, !change)
      assert.equal(isSigned(raw(key), message, signature), verdict)
    }),
  )
  const identity = Buffer.concat([Buffer.of(1), Buffer.alloc(31)])
  assert.equal(verifyStrict(toBase64url(identity), Buffer.alloc(0), Buffer.concat([identity, Buffer.alloc(32)])), false)
  assert.equal(isSigned(identity, Buffer.alloc(0), Buffer.concat([identity, Buffer.alloc(32)])), false)
})
