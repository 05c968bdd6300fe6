import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { resolveForeign } from '../../test/support/foreign-did.ts'
import {
  didLine,
  didOf,
  type DidVersion,
  generateEd25519,
  isDidKey,
  mayContinueDid,
  newId,
  signingKey,
} from './index.ts'

const newKey = () => signingKey(generateEd25519().privateKey)
const subject = { party: 'cyber.aurelia.example', register: newId(), first: 'A'.repeat(43) }
const start = Date.UTC(2024, 0, 1)

interface Step {
  /** After how many ms. */
  wait: number
  /** Keys committed to beside the one that will sign next. */
  others: number
  newNode: boolean
}

const steps = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 100_000_000 }), others: fc.nat(2), newNode: fc.boolean() }),
  { minLength: 1, maxLength: 5 },
)

/** A log in which every version is signed by a key that the one before committed to. */
function logOf(given: readonly Step[]): { lines: string[]; versions: DidVersion[] } {
  const [cosigner, host] = [newKey(), newKey()].map(({ publicKey }) => publicKey) as [string, string]
  let [key, node, time] = [newKey(), newKey(), start]
  const lines: string[] = []
  const versions: DidVersion[] = []
  for (const { wait, others, newNode } of given) {
    const next = newKey()
    time += wait
    if (newNode) node = newKey()
    const version = {
      time,
      updateKey: key,
      next: [next, ...Array.from({ length: others }, newKey)].map(({ publicKey }) => publicKey),
      act: key.publicKey,
      nodes: [node.publicKey],
      cosigner,
      host,
    }
    lines.push(didLine(subject, version, lines.at(-1)))
    versions.push(version)
    key = next
  }
  return { lines, versions }
}

test('every version of a DID is read by a foreign implementation as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const { lines, versions } = logOf(given)
      const did = didOf(lines[0] as string)
      assert.match(did, /^did:webvh:Qm[1-9A-HJ-NP-Za-km-z]{44}:cyber\.aurelia\.example$/)
      for (const [at, version] of versions.entries()) {
        const {
          doc,
          meta,
          did: found,
        } = await resolveForeign(lines.join('\n'), { versionNumber: at + 1, scid: did.split(':')[2] })
        assert.equal(found, did)
        assert.ok(doc)
        assert.deepEqual(doc.assertionMethod, [`${did}#${version.updateKey.kid}`])
        assert.equal(doc.authentication?.length, 1)
        assert.equal(doc.verificationMethod?.length, 4)
        assert.equal(meta.prerotation, true)
        assert.equal(meta.nextKeyHashes?.length, version.next.length)
      }
    }),
    { numRuns: 40 },
  )
})

test('a log of a DID with any member changed, or in any other order, is refused', async () => {
  const { lines } = logOf([0, 1, 2].map((others) => ({ wait: 5_000, others, newNode: true })))
  await resolveForeign(lines.join('\n'))
  for (const [at, line] of lines.entries()) {
    const places = placesOf(JSON.parse(line))
    assert.ok(places.length > 20)
    for (const place of places) {
      const entry = JSON.parse(line)
      change(entry, place)
      const text = lines.with(at, JSON.stringify(entry)).join('\n')
      await assert.rejects(resolveForeign(text), `line ${at + 1}, ${place.join('.')}`)
    }
  }
  for (const order of [
    [1, 0, 2],
    [0, 2, 1],
    [0, 2],
    [1, 2],
    [0, 1, 1],
  ])
    await assert.rejects(resolveForeign(order.map((at) => lines[at]).join('\n')), `order ${order.join(' ')}`)
})

test('a version signed by a key that was not committed to is refused', async () => {
  const { lines, versions } = logOf([{ wait: 0, others: 1, newNode: false }])
  const last = lines[0] as string
  const [version] = versions as [DidVersion]
  const thief = newKey()
  assert.equal(mayContinueDid(last, thief.publicKey), false)
  // The key of the version itself may not continue either: it was replaced by what was committed to.
  for (const key of [thief, version.updateKey]) {
    const forged = didLine(subject, { ...version, time: start + 9_000, updateKey: key, next: [thief.publicKey] }, last)
    await assert.rejects(resolveForeign(`${last}\n${forged}`))
  }
  assert.equal(isDidKey(last, version.updateKey.publicKey), true)
  assert.equal(isDidKey(last, thief.publicKey), false)
})

/** Where the values of an entry are that are neither lists nor objects. */
function placesOf(value: unknown, place: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [place]
  return Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...place, name]))
}

function change(entry: Record<string, unknown>, place: string[]): void {
  const [name, ...rest] = place as [string, ...string[]]
  const value = entry[name]
  if (rest.length > 0) change(value as Record<string, unknown>, rest)
  else entry[name] = typeof value === 'string' ? changedText(value) : !value
}

/** The last sign that can differ without the text losing its form. */
function changedText(text: string): string {
  const at = text.search(/[A-Za-z1-8][^A-Za-z1-8]*$/)
  const sign = text[at] as string
  return `${text.slice(0, at)}${sign === 'a' ? 'b' : sign === '1' ? '2' : /\d/.test(sign) ? '1' : 'a'}${text.slice(at + 1)}`
}
