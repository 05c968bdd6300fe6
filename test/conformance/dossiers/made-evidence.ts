import { type Evidence, evidenceBytes } from '../../../src/protocol/evidence/index.ts'
import {
  canonicalBytes,
  consistencyPath,
  cosignCheckpoint,
  newBlob,
  openContentKey,
  readSealedPart,
  sealBlob,
  splitNote,
  inclusionPath,
  leafBytes,
  parseCanonical,
  type Envelope,
  readLeaf,
  signAct,
  signRefusal,
  signTenderReceipt,
  toBase64url,
} from '../../../src/protocol/index.ts'
import { foundRegister, keyFrom, openTestSpace, type TestLog, type TestParty, testParty } from '../build-log.ts'
import type { Chance } from './chance.ts'
import { changedJson, otherText } from './changed-json.ts'

const [aurelia, borovia] = ['aurelia.example', 'borovia.example'].map(testParty) as [TestParty, TestParty]
const registers = [aurelia, borovia].map((owner) => ({ owner, register: foundRegister(owner) }))

/** Evidence of every kind, whole, and some that proves nothing. */
export function madeEvidence(): Record<string, Uint8Array> {
  const [three, fork, long, longFork] = [channel(3), channel(3, 2), channel(6), channel(6, 3)]
  const promise = { note: 0 as const, ...placeIn(three, 3) }
  const made: Record<string, Evidence> = {
    'two histories of one size': { ...common(three), ...histories(three, fork) },
    'two histories of two sizes': { ...common(three), ...histories(three, longFork) },
    'a receipt broken': { ...common(three), ...histories(three, longFork), receipt: promise },
    'two faces of a cosigner': { ...common(three, 'cosigner', borovia), ...histories(three, longFork, [borovia]) },
    'nothing but growth': { ...common(three), ...histories(three, long) },
    'a time that went back': entryEvidence(spoilt(three, (leaf) => ({ ...leaf, time: 1 }))),
    'an act twice': entryEvidence(spoilt(three, (leaf) => leaf)),
    'nothing wrong with the entries': entryEvidence(channel(2)),
    'refused and on record': refusalEvidence(three, 'id-taken'),
    'two faces of a witness from outside': outsideEvidence(three, longFork),
    'two faces of a witness with a long name': outsideEvidence(three, longFork, { ...watch, name: '𝔴'.repeat(300) }),
    'nothing from one face of a witness from outside': outsideEvidence(three, long),
    'sealed otherwise than signed': sealedEvidence('said', 'meant'),
    'nothing in what was sealed as signed': sealedEvidence('said', 'said'),
    ...tenderedEvidence(),
    'nothing lasting in a refusal': refusalEvidence(three, 'not-a-member'),
  }
  return Object.fromEntries(Object.entries(made).map(([name, evidence]) => [name, evidenceBytes(evidence)]))
}

/** The file with a byte, a value or its spelling changed. */
export function spoiltEvidence(chance: Chance, file: Uint8Array): Uint8Array {
  const what = chance.below(4)
  if (what === 0) return Buffer.from(otherText(chance, Buffer.from(file).toString()))
  if (what < 3) return canonicalBytes(changedJson(chance, parseCanonical(file)))
  const copy = new Uint8Array(file)
  copy[chance.below(copy.length)] = chance.below(128)
  return copy
}

const watch = { name: 'watch.example/w1', key: keyFrom('watch') }

function outsideEvidence(smaller: TestLog, larger: TestLog, witness = watch): Evidence {
  const { notes, ...rest } = histories(smaller, larger)
  const seen = (note: string) => `${splitNote(note).body}\n${cosignCheckpoint(note, witness, 1_800_000_000)}`
  const accused = { party: witness.name, role: 'witness' as const, key: witness.key.publicKey }
  return { ...common(smaller), ...rest, notes: [seen(notes[0]), seen(notes[1])], accused, register: [] }
}

/** An act of a sealed part: what its author signed, and what its sealed bytes hold. */
export function sealedEvidence(signed: string, sealed: string, contentBytes = 60): Evidence {
  const log = channel(1)
  const [key, salt] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)]
  const of = (text: string) => newBlob(Buffer.from(text.padEnd(contentBytes)), salt)
  const part = of(signed)
  const { bytes, enc } = sealBlob(of(sealed).blob, key, part.commitment)
  const contentKey = openContentKey(readSealedPart(bytes, part.size + 32), key) as Uint8Array
  const place = log.add(
    borovia,
    'channels.note-sent',
    { n: 2 },
    {
      parts: [{ role: 'attachment', hash: part.commitment, size: part.size, media: 'text/plain', enc }],
    },
  )
  return {
    ...common(log, 'cosigner', borovia),
    kind: 'sealed-otherwise',
    accused: { party: borovia.party, role: 'author', key: borovia.act.publicKey },
    envelope: readLeaf(log.entries[place] as Uint8Array).leaf.envelope,
    part: part.commitment,
    contentKey: toBase64url(contentKey),
    sealed: toBase64url(bytes),
  } as Evidence
}

function channel(notes: number, otherFrom = Number.POSITIVE_INFINITY): TestLog {
  const log = openTestSpace('channel', 'channel', registers)
  for (let n = 1; n <= notes; n += 1) {
    log.add(borovia, 'channels.note-sent', { n, ...(n >= otherFrom ? { other: true } : {}) })
  }
  return log
}

const calenia = testParty('calenia.example')

/** A channel of three whose host goes on after an hour, and an act that Calenia kept meanwhile. */
function tenderedEvidence(): Record<string, Evidence> {
  const log = openTestSpace('hotline', 'channel', [...registers, { owner: calenia, register: foundRegister(calenia) }])
  log.add(borovia, 'channels.note-sent', { n: 1 })
  const { act } = signed(log, { n: 2 })
  const kept = receiptOf(log, calenia, act)
  const own = receiptOf(log, borovia, act)
  const early = evidenceOf(log, act, [kept])
  log.time += 2 * 60 * 60 * 1000
  log.add(calenia, 'channels.note-sent', { n: 3 })
  const whole = evidenceOf(log, act, [own, kept])
  const refused = { v: 1 as const, space: log.space, act: act.hash, rule: 'id-taken', detail: '', at: log.time }
  const onRecord = readLeaf(log.entries[1] as Uint8Array).act
  return {
    'attested: an act that members kept is missing': whole,
    'nothing yet: the host went on within the hour': early,
    'nothing: only its author kept it': evidenceOf(log, act, [own]),
    'nothing: the kept act is on the record': evidenceOf(log, onRecord, [receiptOf(log, calenia, onRecord)]),
    'nothing: the host answered': { ...whole, refusal: signRefusal(refused, aurelia.host) },
    'attested: an answer under another key': { ...whole, refusal: signRefusal(refused, borovia.host) },
    'nothing: it was kept beside another history': evidenceOf(log, act, [
      receiptOf(log, calenia, act, log.roots[1] as string),
    ]),
    'nothing: the record is cut short': { ...whole, entries: whole.entries.slice(0, 2) },
  }
}

function signed(log: TestLog, body: { n: number }) {
  const { envelope, ...act } = signAct(log.statement(borovia, 'channels.note-sent', body), borovia.act)
  return { act: { ...act, envelope } }
}

function receiptOf(log: TestLog, by: TestParty, act: { hash: string }, root = log.roots[2] as string) {
  const seen = { size: 2, root }
  return signTenderReceipt({ v: 1, space: log.space, act: act.hash, by: by.party, at: log.time, seen }, by.act)
}

function evidenceOf(
  log: TestLog,
  act: { envelope: Envelope },
  receipts: Envelope[],
): Extract<Evidence, { kind: 'ignored-tender' }> {
  return {
    ...common(log),
    kind: 'ignored-tender',
    notes: [log.checkpoint(aurelia.host)],
    entries: log.entries.map(toBase64url),
    bodies: [bodyOf(log, log.entries[0] as Uint8Array)],
    act: act.envelope,
    receipts,
  }
}

function spoilt(log: TestLog, change: (leaf: ReturnType<typeof readLeaf>['leaf']) => typeof leaf): TestLog {
  const other = channel(log.size - 1)
  const { leaf } = readLeaf(other.entries.at(-1) as Uint8Array)
  other.push(leafBytes(change(leaf)))
  return other
}

function common(log: TestLog, role: 'host' | 'cosigner' = 'host', accused = aurelia) {
  const { register } = registers.find(({ owner }) => owner === accused) as (typeof registers)[number]
  const leaf = register.entries[0] as Uint8Array
  return {
    v: 1 as const,
    format: 'chancery-evidence' as const,
    space: log.space,
    accused: { party: accused.party, role, key: (role === 'host' ? accused.host : accused.cosigner).publicKey },
    found: { by: 'borovia.example', at: 1_800_000_000_000 },
    register: [{ leaf: toBase64url(leaf), body: bodyOf(register, leaf) }],
  }
}

function bodyOf(log: TestLog, leaf: Uint8Array): string {
  return toBase64url(log.blobs.get(readLeaf(leaf).act.statement.parts[0]?.hash as string) as Uint8Array)
}

function histories(smaller: TestLog, larger: TestLog, cosigners: TestParty[] = []) {
  const path = consistencyPath(smaller.size, larger.size, larger.nodeAt).map(toBase64url)
  const proof = smaller.size === larger.size ? {} : { proof: { root: larger.roots[smaller.size] as string, path } }
  const notes = [smaller, larger].map((log) => log.checkpoint(aurelia.host, cosigners)) as [string, string]
  return { kind: 'two-histories' as const, notes, ...proof }
}

function placeIn(log: TestLog, index: number) {
  const path = inclusionPath(index, log.size, log.nodeAt).map(toBase64url)
  return { index, leaf: toBase64url(log.entries[index] as Uint8Array), path }
}

function entryEvidence(log: TestLog): Evidence {
  return {
    ...common(log),
    kind: 'inadmissible-entry',
    notes: [log.checkpoint(aurelia.host)],
    entries: log.entries.map(toBase64url),
    bodies: [bodyOf(log, log.entries[0] as Uint8Array)],
    path: [],
  }
}

function refusalEvidence(log: TestLog, rule: string): Evidence {
  const { act } = readLeaf(log.entries[2] as Uint8Array)
  return {
    ...common(log),
    kind: 'refused-on-record',
    notes: [log.checkpoint(aurelia.host)],
    entry: placeIn(log, 2),
    refusal: signRefusal({ v: 1, space: log.space, act: act.hash, rule, detail: '', at: log.time }, aurelia.host),
  }
}
