import { undecidableRules } from '../admit.ts'
import { fromBase64url, sha256, toBase64url } from '../bytes.ts'
import { bodyOf } from '../dossier/part-content.ts'
import { readFingerprint, registerFingerprint } from '../fingerprint.ts'
import { readLeaf } from '../leaves.ts'
import { appendNodes, leafHash, type NodeAt, rootFrom, verifyConsistency, verifyInclusion } from '../merkle.ts'
import {
  type Checkpoint,
  cosignerKey,
  countMlDsa44Lines,
  peekCheckpoint,
  readCheckpoint,
  readCosignatures,
  splitNote,
} from '../notes.ts'
import { judgeIgnored } from '../ignored-act.ts'
import { ProtocolError } from '../protocol-error.ts'
import { readRefusal } from '../refusals.ts'
import { type Replay, ReplayError, replayLog } from '../replay.ts'
import { readEnvelope, verifyAct } from '../acts.ts'
import { openChunks, readSealedBlob } from '../sealed-content.ts'
import { requireAccusedKey } from './accused-key.ts'
import {
  type Evidence,
  type IgnoredTender,
  type InadmissibleEntry,
  lastingRules,
  readEvidence,
  type RefusedOnRecord,
  type SealedOtherwise,
  type TwoHistories,
} from './format.ts'
import type { Contradiction, EvidenceReport, SignedTree } from './report.ts'

export interface EvidenceOptions {
  /** Fingerprints the reader compared with each party: domain to digits, grouped or not. */
  pins?: Readonly<Record<string, string>>
}

/** Judges an evidence file from its bytes alone: proven, or refused with the rule that failed. Nobody else is believed. */
export function verifyEvidence(bytes: Uint8Array, { pins = {} }: EvidenceOptions = {}): EvidenceReport {
  const facts = { sha256: Buffer.from(sha256(bytes)).toString('hex'), sizeBytes: bytes.length }
  try {
    return { ...facts, ...judge(readEvidence(bytes), pins) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { ...facts, verdict: 'refused', failure: { rule: error.rule, detail: error.detail } }
  }
}

function judge(
  evidence: Evidence,
  pins: Readonly<Record<string, string>>,
): Omit<EvidenceReport, 'sha256' | 'sizeBytes'> {
  const { kind, space, accused, found } = evidence
  const first = requireAccusedKey(evidence)
  const isOutside = accused.role === 'witness'
  const fingerprint = isOutside ? cosignerKey(accused.party, accused.key) : registerFingerprint(first)
  const pin = !isOutside && Object.hasOwn(pins, accused.party) ? pins[accused.party] : undefined
  if (pin !== undefined && readFingerprint(pin) !== fingerprint) {
    throw new ProtocolError('dossier-pin', `${accused.party}: ${fingerprint}`)
  }
  return {
    verdict: kind === 'ignored-tender' ? 'attested' : 'proven',
    kind,
    space,
    accused: { ...accused, first, fingerprint, pinned: pin !== undefined },
    found,
    contradiction: contradictionOf(evidence),
    notChecked: notesOf(evidence).reduce((sum, note) => sum + countMlDsa44Lines(splitNote(note).lines), 0),
  }
}

/**
 * What the statements contradict each other in; whose key it is, is not judged here.
 *
 * @throws ProtocolError when they do not
 */
export function contradictionOf(evidence: Evidence): Contradiction {
  switch (evidence.kind) {
    case 'two-histories':
      return judgeHistories(evidence)
    case 'inadmissible-entry':
      return judgeEntry(evidence)
    case 'refused-on-record':
      return judgeRefusal(evidence)
    case 'sealed-otherwise':
      return judgeSealed(evidence)
    case 'ignored-tender':
      return judgeTender(evidence)
  }
}

/** A checkpoint of this space that the accused signed, in the role it is accused in. */
function signedBy({ accused, space }: Evidence, note: string): Checkpoint {
  const { party, role, key } = accused
  if (role === 'host') return readCheckpoint(note, `${party}/spaces/${space}`, key)
  const checkpoint = peekCheckpoint(note)
  if (!checkpoint.origin.endsWith(`/spaces/${space}`)) throw new ProtocolError('checkpoint-origin', checkpoint.origin)
  if (readCosignatures(note, [{ name: party, publicKey: key }]).length === 0) {
    throw new ProtocolError('evidence-statement', `${party} did not cosign`)
  }
  return checkpoint
}

function judgeHistories(evidence: TwoHistories): Contradiction {
  const { notes, proof } = evidence
  const [smaller, larger] = [signedBy(evidence, notes[0]), signedBy(evidence, notes[1])]
  // A tree goes on under a new host: what two hosts say of one space is compared by people, not here.
  if (smaller.origin !== larger.origin) throw new ProtocolError('checkpoint-origin', larger.origin)
  const rootInLarger = rootWithin({ smaller, larger, proof })
  if (rootInLarger === toBase64url(smaller.root)) {
    throw new ProtocolError('evidence-no-contradiction', `one history up to ${smaller.size}`)
  }
  const promised = promisedAct(evidence, [smaller, larger])
  return {
    kind: 'two-histories',
    checkpoints: [treeOf(smaller), treeOf(larger)],
    rootInLarger,
    ...(promised ? { promised } : {}),
  }
}

/** The larger tree's root at the smaller size, proved by its consistency path. */
function rootWithin(trees: { smaller: Checkpoint; larger: Checkpoint; proof: TwoHistories['proof'] }): string {
  const { smaller, larger, proof } = trees
  if (smaller.size === larger.size && !proof) return toBase64url(larger.root)
  if (!proof || smaller.size === 0 || smaller.size >= larger.size) {
    throw new ProtocolError('evidence-proof', `sizes ${smaller.size} and ${larger.size}`)
  }
  const holds = verifyConsistency({
    fromSize: smaller.size,
    fromRoot: fromBase64url(proof.root),
    toSize: larger.size,
    toRoot: larger.root,
    path: proof.path.map(fromBase64url),
  })
  if (!holds) throw new ProtocolError('evidence-proof', `from ${smaller.size} to ${larger.size}`)
  return proof.root
}

function promisedAct({ receipt, space }: TwoHistories, checkpoints: [Checkpoint, Checkpoint]) {
  if (!receipt) return undefined
  const { note, index, leaf, path } = receipt
  const act = includedAct({ index, leaf, path }, checkpoints[note], space)
  return { checkpoint: note, index, act: act.hash, author: act.statement.author, type: act.statement.type }
}

function includedAct(
  { index, leaf, path }: { index: number; leaf: string; path: string[] },
  { size, root }: Checkpoint,
  space: string,
) {
  const bytes = fromBase64url(leaf)
  if (!verifyInclusion({ leafHash: leafHash(bytes), index, size, path: path.map(fromBase64url), root })) {
    throw new ProtocolError('evidence-proof', `entry ${index} of ${size}`)
  }
  const { act } = readLeaf(bytes)
  if (act.statement.space !== space) throw new ProtocolError('wrong-space', act.statement.space)
  return act
}

function judgeEntry(evidence: InadmissibleEntry): Contradiction {
  const { notes, entries, path } = evidence
  const checkpoint = signedBy(evidence, notes[0])
  const leaves = entries.map(fromBase64url)
  const root = rootOf(leaves)
  const holds = verifyConsistency({
    fromSize: leaves.length,
    fromRoot: root,
    toSize: checkpoint.size,
    toRoot: checkpoint.root,
    path: path.map(fromBase64url),
  })
  if (!holds) throw new ProtocolError('evidence-proof', `${leaves.length} entries under ${checkpoint.size}`)
  const { error, index } = firstBroken(evidence, leaves)
  return {
    kind: 'inadmissible-entry',
    checkpoint: treeOf(checkpoint),
    index,
    rule: error.rule,
    detail: error.detail,
    ...(error.act === undefined ? {} : { act: error.act }),
  }
}

/** Where replay stops; only a stop at the last entry, by a rule that is decided, says anything. */
function firstBroken(evidence: InadmissibleEntry, leaves: Uint8Array[]): { error: ReplayError; index: number } {
  const bodies = new Map(evidence.bodies.map(fromBase64url).map((blob) => [toBase64url(sha256(blob)), blob]))
  try {
    const { state } = replayLog(leaves, (act) => bodyOf(act, ({ hash }) => bodies.get(hash)))
    if (state.space !== evidence.space) throw new ProtocolError('wrong-space', state.space)
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error
    const isLast = error.index === leaves.length - 1
    if (isLast && !undecidableRules.has(error.rule)) return { error, index: error.index }
    throw new ProtocolError('evidence-no-contradiction', `entry ${error.index}: ${error.rule}`)
  }
  throw new ProtocolError('evidence-no-contradiction', 'every entry is admissible')
}

function rootOf(leaves: Uint8Array[]): Uint8Array {
  const nodes = new Map<string, Uint8Array>()
  const at = ({ level, index }: NodeAt) => nodes.get(`${level}/${index}`) as Uint8Array
  leaves.forEach((leaf, size) => {
    for (const { level, index, hash } of appendNodes(size, leafHash(leaf), at)) nodes.set(`${level}/${index}`, hash)
  })
  return rootFrom(leaves.length, at)
}

function judgeRefusal(evidence: RefusedOnRecord): Contradiction {
  const { notes, entry, refusal, accused, space } = evidence
  if (accused.role !== 'host') throw new ProtocolError('evidence-statement', 'only hosts refuse acts')
  const checkpoint = signedBy(evidence, notes[0])
  const said = readRefusal(refusal, accused.key)
  if (!said || said.space !== space) throw new ProtocolError('evidence-statement', 'the refusal is not of this host')
  const act = includedAct(entry, checkpoint, space)
  if (act.hash !== said.act) throw new ProtocolError('evidence-no-contradiction', 'the refusal is of another act')
  if (!lastingRules.has(said.rule)) {
    throw new ProtocolError('evidence-no-contradiction', `${said.rule} may have been true then and not later`)
  }
  return {
    kind: 'refused-on-record',
    checkpoint: treeOf(checkpoint),
    index: entry.index,
    act: act.hash,
    rule: said.rule,
    refusedAt: said.at,
  }
}

/** The record in full, in which an act is missing that members kept: the rest is {@link judgeIgnored}. */
function judgeTender(evidence: IgnoredTender): Contradiction {
  const { notes, entries, accused, space, refusal } = evidence
  if (accused.role !== 'host') throw new ProtocolError('evidence-statement', 'only hosts order acts')
  const checkpoint = signedBy(evidence, notes[0])
  const bodies = new Map(evidence.bodies.map(fromBase64url).map((blob) => [toBase64url(sha256(blob)), blob]))
  const replay = replayed(entries.map(fromBase64url), (act) => bodyOf(act, ({ hash }) => bodies.get(hash)))
  const { state, rootAt } = replay
  if (state.space !== space) throw new ProtocolError('wrong-space', state.space)
  if (state.size !== checkpoint.size || rootAt(state.size) !== toBase64url(checkpoint.root))
    throw new ProtocolError('evidence-proof', `${state.size} entries are not the ${checkpoint.size} that were signed`)
  if (state.host.party !== accused.party || state.host.key !== accused.key)
    throw new ProtocolError('evidence-statement', `${state.host.party} orders the space`)
  const act = readEnvelope(evidence.act)
  const said = refusal && readRefusal(refusal, accused.key)
  if (said?.act === act.hash && said.space === space)
    throw new ProtocolError('not-ignored', `the host answered: ${said.rule}`)
  const { heldBy, wentOn, author } = judgeIgnored(replay, { envelope: evidence.act, receipts: evidence.receipts })
  return {
    kind: 'ignored-tender',
    checkpoint: treeOf(checkpoint),
    index: wentOn.index,
    wentOnAt: wentOn.time,
    act: act.hash,
    author,
    heldBy,
  }
}

function replayed(leaves: Uint8Array[], bodies: Parameters<typeof replayLog>[1]): Replay {
  try {
    return replayLog(leaves, bodies)
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error
    throw new ProtocolError('evidence-no-contradiction', `entry ${error.index}: ${error.rule}`)
  }
}

function treeOf({ size, root }: Checkpoint): SignedTree {
  return { size, root: toBase64url(root) }
}

function notesOf(evidence: Evidence): readonly string[] {
  return 'notes' in evidence ? evidence.notes : []
}

/**
 * AES-GCM does not commit to its key: a key under which all that the author signed opens, and gives something else than
 * the author signed, can only come from the author.
 */
function judgeSealed(evidence: SealedOtherwise): Contradiction {
  const { accused, space, envelope, part: commitment } = evidence
  const act = readEnvelope(envelope)
  const { statement } = act
  if (statement.space !== space) throw new ProtocolError('wrong-space', statement.space)
  if (statement.author !== accused.party || !verifyAct(act, accused.key)) {
    throw new ProtocolError('evidence-statement', `${accused.party} did not sign this act`)
  }
  const part = statement.parts.find(({ hash, enc }) => hash === commitment && enc !== undefined)
  if (!part) throw new ProtocolError('evidence-statement', `${commitment} is no sealed part of it`)
  const contentKey = fromBase64url(evidence.contentKey)
  const sealed = readSealedBlob(fromBase64url(evidence.sealed), part)
  const blob = contentKey.length === 32 ? openChunks(sealed, contentKey) : undefined
  if (!blob) throw new ProtocolError('evidence-proof', 'the sealed bytes do not open under this key')
  const opensTo = toBase64url(sha256(blob))
  if (opensTo === commitment) throw new ProtocolError('evidence-no-contradiction', 'it opens to what was signed')
  return { kind: 'sealed-otherwise', act: act.hash, type: statement.type, part: commitment, opensTo }
}
