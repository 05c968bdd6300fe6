import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  foundRegister,
  openTestSpace,
  type TestLog,
  type TestParty,
  testParty,
} from '../../../test/conformance/build-log.ts'
import {
  canonicalBytes,
  consistencyPath,
  inclusionPath,
  type Json,
  leafBytes,
  readLeaf,
  registerFingerprint,
  leafHash,
  signAct,
  signRefusal,
  toBase64url,
} from '../index.ts'
import { type Evidence, evidenceBytes, evidenceLines, verifyEvidence } from './index.ts'

const [aurelia, borovia] = ['aurelia.example', 'borovia.example'].map(testParty) as [TestParty, TestParty]
const registers = [aurelia, borovia].map((owner) => ({ owner, register: foundRegister(owner) }))

/** The same space each time, up to what differs. */
function channel(notes: number, other?: { from: number }): TestLog {
  const log = openTestSpace('channel', 'channel', registers)
  for (let n = 1; n <= notes; n += 1) {
    log.add(borovia, 'channels.note-sent', { n, ...(other && n >= other.from ? { other: true } : {}) })
  }
  return log
}

function founding(owner: TestParty) {
  const { register } = registers.find((one) => one.owner === owner) as (typeof registers)[number]
  const leaf = register.entries[0] as Uint8Array
  const body = readLeaf(leaf).act.statement.parts[0]?.hash as string
  return [{ leaf: toBase64url(leaf), body: toBase64url(register.blobs.get(body) as Uint8Array) }]
}

function common(log: TestLog, role: 'host' | 'cosigner' = 'host', accused = aurelia) {
  const key = (role === 'host' ? accused.host : accused.cosigner).publicKey
  return {
    v: 1 as const,
    format: 'chancery-evidence' as const,
    space: log.space,
    accused: { party: accused.party, role, key },
    found: { by: 'borovia.example', at: 1_800_000_000_000 },
    register: founding(accused),
  }
}

/** Two checkpoints and the proof that belongs to their sizes. */
function histories(smaller: TestLog, larger: TestLog, cosigners: TestParty[] = []) {
  const path = consistencyPath(smaller.size, larger.size, larger.nodeAt).map(toBase64url)
  const proof = smaller.size === larger.size ? {} : { proof: { root: larger.roots[smaller.size] as string, path } }
  return {
    kind: 'two-histories' as const,
    notes: [smaller.checkpoint(aurelia.host, cosigners), larger.checkpoint(aurelia.host, cosigners)] as [
      string,
      string,
    ],
    ...proof,
  }
}

function entryEvidence(log: TestLog, upTo = log.size): Evidence {
  const entries = log.entries.slice(0, upTo)
  const opening = readLeaf(entries[0] as Uint8Array).act.statement.parts[0]?.hash as string
  return {
    ...common(log),
    kind: 'inadmissible-entry',
    notes: [log.checkpoint(aurelia.host)],
    entries: entries.map(toBase64url),
    bodies: [toBase64url(log.blobs.get(opening) as Uint8Array)],
    path: consistencyPath(upTo, log.size, log.nodeAt).map(toBase64url),
  }
}

function verdictOf(evidence: Evidence): string {
  const report = verifyEvidence(evidenceBytes(evidence))
  return report.verdict === 'proven' ? 'proven' : (report.failure?.rule as string)
}

test('two histories under one key are proven at equal and at different sizes, and one history never is', () => {
  const [three, fork, longFork, long] = [channel(3), channel(3, { from: 2 }), channel(6, { from: 3 }), channel(6)]
  assert.equal(verdictOf({ ...common(three), ...histories(three, fork) }), 'proven')
  assert.equal(verdictOf({ ...common(three), ...histories(three, longFork) }), 'proven')
  assert.equal(verdictOf({ ...common(three), ...histories(three, three) }), 'evidence-no-contradiction')
  assert.equal(verdictOf({ ...common(three), ...histories(three, long) }), 'evidence-no-contradiction')
})

test('a consistency path that fails convicts nobody', () => {
  const [three, long, longFork] = [channel(3), channel(6), channel(6, { from: 3 })]
  const wrong = { ...histories(three, long), proof: { root: longFork.roots[4] as string, path: [] } }
  assert.equal(verdictOf({ ...common(three), ...wrong }), 'evidence-proof')
  const { proof: _, ...without } = histories(three, longFork)
  assert.equal(verdictOf({ ...common(three), ...without }), 'evidence-proof')
})

test('statements count only against the key that its own register names', () => {
  const [three, fork] = [channel(3), channel(3, { from: 2 })]
  const evidence = { ...common(three), ...histories(three, fork) }
  const { accused } = evidence
  assert.equal(verdictOf({ ...evidence, accused: { ...accused, party: borovia.party } }), 'register-chain')
  assert.equal(verdictOf({ ...evidence, accused: { ...accused, key: borovia.host.publicKey } }), 'evidence-key')
  assert.equal(verdictOf({ ...evidence, ...common(three, 'host', borovia) }), 'checkpoint-origin')
  assert.equal(verdictOf({ ...evidence, space: '0'.repeat(32) }), 'checkpoint-origin')
  const report = verifyEvidence(evidenceBytes(evidence))
  const first = toBase64url(leafHash(Buffer.from(founding(aurelia)[0]?.leaf as string, 'base64url')))
  assert.equal(report.accused?.fingerprint, registerFingerprint(first))
  const pins = { 'aurelia.example': '00000 '.repeat(16) }
  assert.equal(verifyEvidence(evidenceBytes(evidence), { pins }).failure?.rule, 'dossier-pin')
})

test('a cosigner is convicted by its own lines alone', () => {
  const [three, longFork] = [channel(3), channel(6, { from: 3 })]
  const both = histories(three, longFork, [borovia])
  assert.equal(verdictOf({ ...common(three, 'cosigner', borovia), ...both }), 'proven')
  assert.equal(
    verdictOf({ ...common(three, 'cosigner', borovia), ...histories(three, longFork) }),
    'evidence-statement',
  )
})

test('a dropped act is named by the receipt that promised it', () => {
  const [three, fork] = [channel(3), channel(3, { from: 3 })]
  const path = inclusionPath(3, 4, three.nodeAt).map(toBase64url)
  const receipt = { note: 0 as const, index: 3, leaf: toBase64url(three.entries[3] as Uint8Array), path }
  const evidence = { ...common(three), ...histories(three, fork), receipt }
  const { contradiction } = verifyEvidence(evidenceBytes(evidence))
  assert.equal(contradiction?.kind === 'two-histories' && contradiction.promised?.author, borovia.party)
  assert.equal(verdictOf({ ...evidence, receipt: { ...receipt, note: 1 } }), 'evidence-proof')
})

test('an entry that may not stand convicts the host that signed over it, also under a later checkpoint', () => {
  const log = channel(3)
  const leaf = readLeaf(log.entries[3] as Uint8Array).leaf
  log.push(leafBytes({ ...leaf, time: log.time - 60_000 }))
  const evidence = entryEvidence(log)
  assert.equal(verdictOf(evidence), 'proven')
  const later = channel(3)
  later.push(leafBytes({ ...leaf, time: log.time - 60_000 }))
  later.push(leafBytes({ ...leaf, time: log.time }))
  assert.equal(verdictOf(entryEvidence(later, 5)), 'proven')
  assert.equal(verdictOf(entryEvidence(later, 6)), 'evidence-no-contradiction', 'the last entry must be the broken one')
  assert.equal(verdictOf(entryEvidence(channel(3))), 'evidence-no-contradiction')
})

test('what cannot be decided from the file accuses nobody', () => {
  const log = channel(3)
  const evidence = entryEvidence(log)
  assert.equal(verdictOf({ ...evidence, bodies: [] } as Evidence), 'evidence-no-contradiction')
})

test('a lasting refusal of an act on record is proven; one that may pass is not', () => {
  const log = channel(3)
  const { act } = readLeaf(log.entries[2] as Uint8Array)
  const refusal = (rule: string) =>
    signRefusal({ v: 1, space: log.space, act: act.hash, rule, detail: '', at: log.time }, aurelia.host)
  const evidence = (rule: string): Evidence => ({
    ...common(log),
    kind: 'refused-on-record',
    notes: [log.checkpoint(aurelia.host)],
    entry: {
      index: 2,
      leaf: toBase64url(log.entries[2] as Uint8Array),
      path: inclusionPath(2, log.size, log.nodeAt).map(toBase64url),
    },
    refusal: refusal(rule),
  })
  assert.equal(verdictOf(evidence('id-taken')), 'proven')
  for (const rule of ['part-missing', 'signature', 'not-a-member', 'author-time-ahead'])
    assert.equal(verdictOf(evidence(rule)), 'evidence-no-contradiction', rule)
  const other = {
    ...evidence('id-taken'),
    refusal: signRefusal(
      { ...{ v: 1, space: log.space, act: act.hash }, rule: 'id-taken', detail: '', at: 1 },
      borovia.host,
    ),
  }
  assert.equal(verdictOf(other as Evidence), 'evidence-statement')
})

test('every byte of an evidence file counts but the finder’s word', () => {
  const [three, longFork] = [channel(3), channel(5, { from: 3 })]
  const evidence = { ...common(three), ...histories(three, longFork) }
  const bytes = evidenceBytes(evidence)
  const { fingerprint } = verifyEvidence(bytes).accused as { fingerprint: string }
  const text = Buffer.from(bytes).toString('latin1')
  const word = text.indexOf('"found"')
  const wordEnd = text.indexOf('}', word)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ change
      const report = verifyEvidence(changed)
      // The host's time in the founding entry is under nobody's signature, only under the fingerprint.
      const isOther = report.verdict === 'refused' || report.accused?.fingerprint !== fingerprint
      if (at < word || at > wordEnd) assert.ok(isOther, `byte ${at}`)
    }),
    { numRuns: 400 },
  )
})

test('an evidence file is closed: what does not belong is refused', () => {
  const [three, fork] = [channel(3), channel(3, { from: 2 })]
  const evidence = { ...common(three), ...histories(three, fork) }
  const more = canonicalBytes({ ...(evidence as unknown as Record<string, Json>), note: 'x' })
  assert.equal(verifyEvidence(more).failure?.rule, 'evidence-shape')
  assert.match(evidenceLines(verifyEvidence(more))[0] as string, /^REFUSED/)
  assert.match(evidenceLines(verifyEvidence(evidenceBytes(evidence)))[0] as string, /^PROVEN: aurelia\.example/)
})

test('an act signed for another space is no entry of this one', () => {
  const [three, fork] = [channel(3), channel(3, { from: 2 })]
  const { act } = readLeaf(three.entries[2] as Uint8Array)
  const elsewhere = signAct({ ...act.statement, space: '0'.repeat(32) }, borovia.act)
  three.push(leafBytes({ v: 1, time: three.time, envelope: elsewhere.envelope }))
  fork.push(leafBytes({ v: 1, time: three.time, envelope: elsewhere.envelope }))
  const path = inclusionPath(4, 5, three.nodeAt).map(toBase64url)
  const receipt = { note: 0 as const, index: 4, leaf: toBase64url(three.entries[4] as Uint8Array), path }
  assert.equal(verdictOf({ ...common(three), ...histories(three, fork), receipt }), 'wrong-space')
})
