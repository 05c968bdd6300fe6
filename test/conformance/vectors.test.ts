import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { reportLines, verifyDossier } from '../../src/protocol/dossier/index.ts'
import { verifyEvidence } from '../../src/protocol/evidence/index.ts'
import {
  type AdmissionState,
  admit,
  advance,
  appendNodes,
  canonicalBytes,
  changesState,
  consistencyPath,
  cosignatureBy,
  cosignerKey,
  decodeBundle,
  emptyRoot,
  encodeBundle,
  formatReceipt,
  fromBase64url,
  inclusionPath,
  judgeSubmission,
  kidOf,
  leafHash,
  meetsPolicy,
  newBlob,
  type NodeAt,
  noteKey,
  openBlob,
  openSpace,
  outcomeOf,
  parseAddCheckpoint,
  parseCanonical,
  parseNoteKey,
  parsePolicy,
  parseReceipt,
  parseTilePath,
  pqSigningKey,
  ProtocolError,
  readCheckpoint,
  readCosignatures,
  readEnvelope,
  readFingerprint,
  readLeaf,
  registerFingerprint,
  rootFrom,
  sha256,
  tilePath,
  toBase64url,
  verifyAct,
  verifyConsistency,
  verifyInclusion,
  verifyReceipt,
  withLines,
} from '../../src/protocol/index.ts'
import { fromHex, readVectors, type Vector } from './read-vectors.ts'

type Cases = { valid: Vector[]; invalid: Vector[] }

function refuses(name: string, rule: string | null | undefined, read: () => unknown): void {
  assert.throws(
    read,
    (error) => {
      assert.ok(error instanceof ProtocolError, `${name}: ${error}`)
      assert.equal(error.rule, rule, `${name}: ${error.detail}`)
      return true
    },
    name,
  )
}

test('canonical bytes of the known values, and no others', () => {
  const { valid, invalid } = readVectors<Cases>('jcs')
  for (const { name, json, hex } of valid) {
    assert.equal(Buffer.from(canonicalBytes(JSON.parse(json))).toString('hex'), hex, name)
    assert.deepEqual(parseCanonical(fromHex(hex)), JSON.parse(json), name)
  }
  for (const { name, hex, rule } of invalid) refuses(name, rule, () => parseCanonical(fromHex(hex)))
})

test('acts are read, hashed and verified, and malformed ones name their rule', () => {
  const { valid, invalid, unsigned } = readVectors<Cases & { unsigned: Vector[] }>('acts')
  for (const { name, key, kid, statement, hash, envelope } of valid) {
    const act = readEnvelope(envelope)
    assert.deepEqual(act.statement, statement, name)
    assert.deepEqual([act.hash, act.kid, kidOf(key)], [hash, kid, kid], name)
    assert.ok(verifyAct(act, key), name)
  }
  for (const { name, envelope, rule } of invalid) refuses(name, rule, () => readEnvelope(envelope))
  for (const { name, envelope, key } of unsigned) assert.equal(verifyAct(readEnvelope(envelope), key), false, name)
})

test('leaves hash as RFC 6962 says', () => {
  const { valid, invalid } = readVectors<Cases>('leaves')
  for (const { name, hex, time, act, hash } of valid) {
    const read = readLeaf(fromHex(hex))
    assert.deepEqual([read.leaf.time, read.act.hash, toBase64url(leafHash(fromHex(hex)))], [time, act, hash], name)
  }
  for (const { name, hex, fill, rule } of invalid) {
    refuses(name, rule, () => readLeaf(fromHex(hex ?? fill?.byte.repeat(fill.times))))
  }
})

test('trees, audit paths and consistency proofs are those of RFC 6962', () => {
  const vectors = readVectors<{
    entries: string[]
    roots: string[]
    inclusion: Vector[]
    consistency: Vector[]
    invalidInclusion: Vector[]
    invalidConsistency: Vector[]
  }>('trees')
  const nodes = new Map<string, Uint8Array>()
  const nodeAt = ({ level, index }: NodeAt) =>
    nodes.get(`${level}/${index}`) ?? assert.fail(`no node ${level}/${index}`)
  const leaves = vectors.entries.map((entry) => leafHash(fromHex(entry)))
  leaves.forEach((leaf, size) => {
    assert.equal(toBase64url(rootFrom(size, nodeAt)), vectors.roots[size])
    for (const { level, index, hash } of appendNodes(size, leaf, nodeAt)) nodes.set(`${level}/${index}`, hash)
  })
  const root = (size: number) => fromBase64url(vectors.roots[size] as string)
  for (const { index, size, path } of vectors.inclusion) {
    assert.deepEqual(inclusionPath(index, size, nodeAt).map(toBase64url), path)
    assert.ok(
      verifyInclusion({
        leafHash: leaves[index] as Uint8Array,
        index,
        size,
        path: path.map(fromBase64url),
        root: root(size),
      }),
    )
  }
  for (const { from, to, path } of vectors.consistency) {
    assert.deepEqual(consistencyPath(from, to, nodeAt).map(toBase64url), path)
    const proof = { fromSize: from, toSize: to, fromRoot: root(from), toRoot: root(to), path: path.map(fromBase64url) }
    assert.ok(verifyConsistency(proof), `${from} to ${to}`)
  }
  for (const { name, leaf, index, size, path, root: claimed } of vectors.invalidInclusion) {
    const proof = {
      leafHash: fromBase64url(leaf),
      index,
      size,
      path: path.map(fromBase64url),
      root: fromBase64url(claimed),
    }
    assert.equal(verifyInclusion(proof), false, name)
  }
  for (const { name, from, to, fromRoot, toRoot, path } of vectors.invalidConsistency) {
    const roots = { fromRoot: fromBase64url(fromRoot), toRoot: fromBase64url(toRoot) }
    assert.equal(
      verifyConsistency({ fromSize: from, toSize: to, ...roots, path: path.map(fromBase64url) }),
      false,
      name,
    )
  }
})

test('tile paths and entry bundles are those of C2SP', () => {
  const vectors = readVectors<{
    paths: { level: number | 'entries'; index: number; width: number; path: string }[]
    invalidPaths: string[]
    bundles: { entries: string[]; hex: string }[]
    invalidBundles: string[]
  }>('tiles')
  for (const { level, index, width, path } of vectors.paths) {
    assert.equal(tilePath(level, index, width), path)
    assert.deepEqual(parseTilePath(path), { level, index, width })
  }
  for (const path of vectors.invalidPaths) refuses(path, 'tile-path', () => parseTilePath(path))
  for (const { entries, hex } of vectors.bundles) {
    assert.equal(Buffer.from(encodeBundle(entries.map(fromHex))).toString('hex'), hex)
    assert.deepEqual(
      decodeBundle(fromHex(hex)).map((entry) => Buffer.from(entry).toString('hex')),
      entries,
    )
  }
  for (const hex of vectors.invalidBundles) refuses(hex, 'bundle', () => decodeBundle(fromHex(hex)))
})

test('blobs open under their commitment alone', () => {
  const { valid, invalid } = readVectors<Cases>('blobs')
  for (const { name, salt, content, commitment } of valid) {
    const made = newBlob(fromHex(content), fromHex(salt))
    assert.equal(made.commitment, commitment, name)
    assert.deepEqual(openBlob(made.blob, commitment), fromHex(content), name)
  }
  for (const { name, blob, commitment, rule } of invalid) refuses(name, rule, () => openBlob(fromHex(blob), commitment))
})

test('a fingerprint reads the same on both sides', () => {
  for (const { first, fingerprint } of readVectors<Cases>('fingerprints').valid) {
    assert.equal(registerFingerprint(first), fingerprint)
    assert.equal(readFingerprint(fingerprint.replaceAll(' ', '-')), fingerprint)
    assert.equal(readFingerprint(fingerprint.slice(1)), undefined)
  }
})

test('checkpoints and cosignatures are C2SP notes', () => {
  const vectors = readVectors<
    Cases & {
      origin: string
      key: string
      vkey: string
      cosigner: { name: string; key: string; vkey: string }
    }
  >('notes')
  const { origin, key, vkey, cosigner } = vectors
  assert.equal(noteKey(origin, key), vkey)
  assert.equal(cosignerKey(cosigner.name, cosigner.key), cosigner.vkey)
  for (const { name, note, size, root, cosigned } of vectors.valid) {
    const checkpoint = readCheckpoint(note, origin, key)
    assert.deepEqual([checkpoint.origin, checkpoint.size, toBase64url(checkpoint.root)], [origin, size, root], name)
    assert.deepEqual(readCosignatures(note, [{ name: cosigner.name, publicKey: cosigner.key }]), cosigned, name)
  }
  for (const { name, note, rule } of vectors.invalid) refuses(name, rule, () => readCheckpoint(note, origin, key))
})

test('a witness answers a log as C2SP has it, step by step', () => {
  const vectors = readVectors<{
    origin: string
    key: string
    vkey: string
    steps: { name: string; text: string; status: number; answer?: string }[]
    malformed: { name: string; text: string }[]
    mldsa: { name: string; seed: string; keySha256: string; note: string; line: string; time: number }
  }>('witness')
  const { origin, key, vkey, steps, malformed, mldsa } = vectors
  assert.deepEqual(parseNoteKey(vkey), { name: origin, type: 'ed25519', publicKey: key })
  let known = { size: 0, root: emptyRoot }
  for (const { name, text, status, answer } of steps) {
    const verdict = judgeSubmission(parseAddCheckpoint(text), { origin, key }, known)
    assert.equal(verdict.status, status, name)
    assert.equal(verdict.status === 409 ? `${verdict.size}\n` : undefined, answer, name)
    if (verdict.status === 200) known = verdict.checkpoint
  }
  for (const { name, text } of malformed) assert.throws(() => parseAddCheckpoint(text), ProtocolError, name)
  const { publicKey } = pqSigningKey(mldsa.seed)
  assert.equal(Buffer.from(sha256(fromBase64url(publicKey))).toString('hex'), mldsa.keySha256)
  const pq = { name: mldsa.name, type: 'mlDsa44', publicKey } as const
  assert.equal(cosignatureBy(withLines(mldsa.note, [mldsa.line]), pq), mldsa.time)
})

test('policies count who cosigned', () => {
  const { valid, invalid } = readVectors<{
    valid: { name: string; text: string; met: string[][]; unmet: string[][] }[]
    invalid: { name: string; text: string; problem: string; line: number }[]
  }>('policies')
  for (const { name, text, met, unmet } of valid) {
    const policy = parsePolicy(text)
    for (const set of met) assert.equal(meetsPolicy(policy, new Set(set)), true, `${name}: ${set}`)
    for (const set of unmet) assert.equal(meetsPolicy(policy, new Set(set)), false, `${name}: ${set}`)
  }
  for (const { name, text, problem, line } of invalid) {
    assert.throws(() => parsePolicy(text), { problem, line }, name)
  }
})

test('receipts prove one entry', () => {
  const { origin, key, valid, invalid } = readVectors<Cases & { origin: string; key: string }>('receipts')
  for (const { name, entry, index, text } of valid) {
    const receipt = parseReceipt(text)
    assert.equal(receipt.index, index, name)
    assert.equal(formatReceipt(receipt), text, name)
    verifyReceipt(receipt, fromHex(entry), { origin, key })
  }
  for (const { name, entry, text, rule } of invalid) {
    refuses(name, rule, () => verifyReceipt(parseReceipt(text), fromHex(entry), { origin, key }))
  }
})

describe('admission', () => {
  const { openings, sequences } = readVectors<{ openings: Vector[]; sequences: { name: string; entries: Vector[] }[] }>(
    'admission',
  )

  test('a space opens only as it should', () => {
    for (const { name, leaf, body, rule } of openings) {
      if (rule) refuses(name, rule, () => openSpace(fromBase64url(leaf), body))
      else assert.equal(openSpace(fromBase64url(leaf), body).size, 1, name)
    }
  })

  for (const { name, entries } of sequences) {
    test(name, () => {
      const log = new JudgedLog()
      for (const entry of entries) {
        assert.deepEqual(log.judge(entry), [entry.verdict, entry.rule, entry.withoutEffect], entry.why ?? name)
      }
    })
  }
})

/** A log that looks the facts of each entry up by itself, as a host does. */
class JudgedLog {
  #state: AdmissionState | undefined
  readonly #acts = new Map<string, string>()
  readonly #nodes = new Map<string, Uint8Array>()
  readonly #roots: string[] = [toBase64url(rootFrom(0, () => assert.fail()))]

  judge({ leaf, body }: Vector): [verdict: string, rule?: string, withoutEffect?: string] {
    const bytes = fromBase64url(leaf)
    const {
      leaf: { time },
      act,
    } = readLeaf(bytes)
    if (!this.#state) {
      this.#state = openSpace(bytes, body)
      this.#append(bytes, act.hash, `${act.statement.author} ${act.statement.id}`)
      return ['admissible', undefined, undefined]
    }
    const { author, id, seen, after = [] } = act.statement
    const verdict = admit(
      this.#state,
      { time, act },
      {
        sameId: this.#acts.get(`${author} ${id}`),
        rootAtSeen: this.#roots[seen.size],
        afterMissing: after.filter((hash) => ![...this.#acts.values()].includes(hash)),
        body,
      },
    )
    if (verdict.verdict !== 'admissible') return [verdict.verdict, verdict.rule, undefined]
    this.#append(bytes, act.hash, `${author} ${id}`)
    const needed = changesState(act.statement.type) ? body : undefined
    const without = needed === undefined ? undefined : outcomeOf(this.#state, act, needed).withoutEffect
    this.#state = advance(this.#state, act, time, this.#roots.at(-1) as string, needed)
    return ['admissible', undefined, without]
  }

  #append(bytes: Uint8Array, act: string, id: string): void {
    const nodeAt = ({ level, index }: NodeAt) => this.#nodes.get(`${level}/${index}`) ?? assert.fail()
    const size = this.#roots.length - 1
    for (const { level, index, hash } of appendNodes(size, leafHash(bytes), nodeAt))
      this.#nodes.set(`${level}/${index}`, hash)
    this.#roots.push(toBase64url(rootFrom(size + 1, nodeAt)))
    this.#acts.set(id, act)
  }
}

test('dossiers are accepted whole or refused with the place', () => {
  const { valid, invalid, fingerprint } = readVectors<Cases & { fingerprint: { party: string; digits: string } }>(
    'dossier',
  )
  for (const { name, base64, space, size, states } of valid) {
    const report = verifyDossier(Buffer.from(base64, 'base64'), { pins: { [fingerprint.party]: fingerprint.digits } })
    assert.deepEqual(report.failure, undefined, name)
    const shown = report.spaces.find((candidate) => candidate.space === space)
    assert.equal(shown?.size, size)
    assert.deepEqual(
      shown?.acts.map(({ parts }) => parts.map(({ state }) => state)),
      states,
    )
    assert.equal(report.fingerprints.find(({ party }) => party === fingerprint.party)?.pinned, true)
    assert.match(reportLines(report).join('\n'), /^ACCEPTED[\s\S]*DRILL[\s\S]*NOT prove/)
  }
  for (const { name, base64, rule, index } of invalid) {
    const { failure } = verifyDossier(Buffer.from(base64, 'base64'))
    assert.deepEqual([failure?.rule, failure?.index], [rule, index], `${name}: ${failure?.detail} ${failure?.file}`)
  }
})

test('evidence proves, attests or is refused, and names whom it accuses', () => {
  type EvidenceCase = { name: string; rule?: string; json: string }
  const { proven, attested, refused } =
    readVectors<Record<'proven' | 'attested' | 'refused', EvidenceCase[]>>('evidence')
  const judged = (cases: EvidenceCase[]) =>
    cases.map((one) => ({ ...one, report: verifyEvidence(Buffer.from(one.json)) }))
  for (const [verdict, cases] of Object.entries({ proven, attested })) {
    for (const { name, json, report } of judged(cases)) {
      assert.equal(report.verdict, verdict, `${name}: ${report.failure?.rule} ${report.failure?.detail}`)
      assert.equal(report.accused?.party, JSON.parse(json).accused.party, name)
    }
  }
  for (const { name, rule, report } of judged(refused)) {
    assert.deepEqual([report.verdict, report.failure?.rule, report.accused], ['refused', rule, undefined], name)
  }
})

test('the committed vectors are what their script writes', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const committed = fileURLToPath(new URL('../../vectors/', import.meta.url))
  cpSync(join(committed, 'make.mjs'), join(folder, 'make.mjs'))
  execFileSync(process.execPath, [join(folder, 'make.mjs')])
  const names = readdirSync(committed)
    .filter((name) => name.endsWith('.json'))
    .sort()
  assert.deepEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort(),
    names,
  )
  for (const name of names) {
    assert.ok(readFileSync(join(folder, name)).equals(readFileSync(join(committed, name))), name)
  }
})
