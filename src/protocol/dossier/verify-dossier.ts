import { type AdmissionState, hostAt, keyAt } from '../admission-state.ts'
import { coverToleranceMs } from '../admit.ts'
import { parseCanonical } from '../canonical.ts'
import { fromUtf8, joinBytes, sameBytes, sha256, toBase64url, utf8 } from '../bytes.ts'
import { readFingerprint, registerFingerprint } from '../fingerprint.ts'
import { isGovernance, memberAdmittedBody, spaceOpenedBody } from '../governance.ts'
import { leafHash } from '../merkle.ts'
import { type Checkpoint, peekCheckpoint, readCheckpoint, splitNote } from '../notes.ts'
import { ProtocolError } from '../protocol-error.ts'
import { type Replay, ReplayError, replayLog } from '../replay.ts'
import { decodeBundle, tileBytes, tilePath, tilesOf, tileWidth } from '../tiles.ts'
import type { Act, Json, MemberSnapshot, Part } from '../types.ts'
import { validLines } from './cosignature-lines.ts'
import { erasuresOf } from './erasures.ts'
import { type Levels, levelsOf } from './levels.ts'
import {
  type Manifest,
  type ManifestAct,
  manifestPath,
  type ManifestSpace,
  partPaths,
  type PartState,
  readManifest,
  spacePath,
} from './manifest.ts'
import { bodyOf, openPart } from './part-content.ts'
import type {
  DossierFailure,
  DossierReport,
  NotProven,
  ReportAct,
  ReportFingerprint,
  ReportPart,
  ReportSpace,
} from './report.ts'
import { ArchiveError, differenceFrom, readArchive } from './zip.ts'

export interface VerifyOptions {
  /** Fingerprints the reader compared with each party: domain to digits, grouped or not. */
  pins?: Readonly<Record<string, string>>
}

/**
 * Judges a dossier from its bytes alone: every signature, every admission,
 * every tree, every part. Nothing is fetched and no clock is read.
 */
export function verifyDossier(bytes: Uint8Array, { pins = {} }: VerifyOptions = {}): DossierReport {
  const facts = { sha256: Buffer.from(sha256(bytes)).toString('hex'), sizeBytes: bytes.length }
  try {
    return { ...facts, ...judge(bytes, pins) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return {
      ...facts,
      verdict: 'refused',
      failure: failureOf(error),
      drill: false,
      spaces: [],
      fingerprints: [],
      unusedPins: [],
      warnings: [],
      notProven: [],
    }
  }
}

/** A broken rule with the place where it was found. */
class Located extends ProtocolError {
  override name = 'Located'
  readonly place: Omit<DossierFailure, 'rule' | 'detail'>

  constructor(error: ProtocolError, place: Located['place']) {
    super(error.rule, error.detail)
    const inner = error instanceof Located ? error.place : {}
    this.place = { ...place, ...inner }
  }
}

function failureOf(error: ProtocolError): DossierFailure {
  const { rule, detail } = error
  if (error instanceof ArchiveError) return { rule, detail, file: error.file }
  return { rule, detail, ...(error instanceof Located ? error.place : {}) }
}

function at<T>(place: Located['place'], read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    throw new Located(error, { ...place, ...replayPlace(error) })
  }
}

function replayPlace(error: ProtocolError): Located['place'] {
  if (!(error instanceof ReplayError)) return {}
  const inner = error.cause instanceof Located ? error.cause.place : {}
  return { ...inner, index: error.index, ...(error.act ? { act: error.act } : {}) }
}

type Judged = Omit<DossierReport, 'sha256' | 'sizeBytes'>

function judge(bytes: Uint8Array, pins: Readonly<Record<string, string>>): Judged {
  const archive = new Files(readArchive(bytes))
  const manifest = at({ file: manifestPath }, () => readManifest(archive.take(manifestPath)))
  archive.expect(manifest)
  const spaces = manifest.spaces.map((entry) => at({ space: entry.space }, () => judgeSpace(archive, entry)))
  archive.requireAllTaken()
  requireDrill(manifest, spaces)
  const fingerprints = judgeMembers(spaces, pins)
  requireCanonical(bytes, archive, manifest)
  const { purpose, audience, maker, made, drill } = manifest
  const reports = spaces.map(({ report }) => report)
  return {
    verdict: 'accepted',
    purpose,
    audience,
    maker,
    made,
    drill,
    spaces: reports,
    fingerprints,
    unusedPins: Object.keys(pins).filter((party) => !fingerprints.some((known) => known.party === party)),
    warnings: reports.flatMap(lateTimes),
    notProven: notProven(reports, fingerprints),
  }
}

/** Files of the archive; each must be asked for, or it does not belong. */
class Files {
  readonly all: Map<string, Uint8Array>
  /** Parts that some act lists as present. */
  readonly shown = new Set<string>()
  readonly #taken = new Set<string>()

  constructor(all: Map<string, Uint8Array>) {
    this.all = all
  }

  expect({ spaces }: Manifest): void {
    for (const { parts } of spaces.flatMap(({ acts }) => acts)) {
      for (const { hash, state } of parts) if (state === 'present') this.shown.add(hash)
    }
  }

  take(path: string): Uint8Array {
    const content = this.all.get(path)
    if (!content) throw new Located(new ProtocolError('dossier-file', 'missing'), { file: path })
    this.#taken.add(path)
    return content
  }

  requireAllTaken(): void {
    for (const path of this.all.keys()) {
      if (!this.#taken.has(path))
        throw new Located(new ProtocolError('dossier-file', 'does not belong'), { file: path })
    }
  }
}

interface JudgedSpace {
  report: ReportSpace
  replay: Replay
  snapshots: { index: number; act: string; snapshot: MemberSnapshot }[]
  /** Of a register: the party’s first leaf hash. */
  first: string
}

function judgeSpace(files: Files, entry: ManifestSpace): JudgedSpace {
  const checkpointPath = spacePath(entry.space, 'checkpoint')
  const note = at({ file: checkpointPath }, () => fromUtf8(files.take(checkpointPath)))
  const claimed = at({ file: checkpointPath }, () => peekCheckpoint(note))
  if (claimed.size !== entry.size) {
    throw new Located(new ProtocolError('dossier-manifest', `size ${entry.size}, checkpoint ${claimed.size}`), {
      file: checkpointPath,
    })
  }
  const { entries, hashes } = readEntries(files, entry)
  // Of acts listed twice the first counts, which only the order of refusals could show.
  const listing = new Map(entry.acts.toReversed().map((listed) => [listed.act, listed]))
  const readBody = (act: Act) => governanceBody(files, listing, act)
  const replay = replayLog(entries, readBody, hashes)
  requireSameSpace(entry, replay)
  requireTree(files, entry, replay)
  const cosigned = requireLines(files, replay, note, claimed)
  const acts = judgeActs(files, entry, replay, readBody)
  const levels = replay.state.kind === 'register' ? undefined : levelsOf(replay, cosigned, shownBodies(files, listing))
  const opening = spaceOpenedBody.safeParse(readBody((replay.entries[0] as Replay['entries'][number]).act)).data
  return {
    report: {
      ...describeSpace(replay, opening),
      cosigned,
      ...(levels ? { policy: levels.policy } : {}),
      acts: levels ? acts.map((act) => withLevel(act, levels)) : acts,
    },
    replay,
    snapshots: snapshotsOf(replay, readBody),
    first: toBase64url(hashes[0] as Uint8Array),
  }
}

function withLevel(act: ReportAct, { levels, carried }: Levels): ReportAct {
  const found = carried.get(act.index)
  return { ...act, level: levels[act.index] as ReportAct['level'], ...(found ? { carried: found } : {}) }
}

/** Bodies that are here and bear on levels; one that cannot be read says nothing. */
function shownBodies(files: Files, listing: ReadonlyMap<string, ManifestAct>): (act: Act) => Json | undefined {
  return (act) => {
    const body = act.statement.parts.find(({ role }) => role === 'body')
    const listed = listing.get(act.hash)?.parts.find(({ hash }) => hash === body?.hash)
    const content = listed?.state === 'present' ? files.all.get(partPaths(listed.hash).content) : undefined
    const bears =
      act.statement.type === 'spaces.policy-set' ||
      (content !== undefined &&
        Buffer.from(content.buffer, content.byteOffset, content.length).includes(witnessedMember))
    if (!content || !bears) return undefined
    try {
      return parseCanonical(content)
    } catch (error) {
      if (error instanceof ProtocolError) return undefined
      throw error
    }
  }
}

const witnessedMember = Buffer.from('"witnessed"')

/** A log belongs in the folder of its own id, and the manifest may not call it another kind. */
function requireSameSpace({ space, kind }: ManifestSpace, { state }: Replay): void {
  if (state.space === space && state.kind === kind) return
  throw new Located(new ProtocolError('dossier-manifest', `the log is ${state.kind} ${state.space}`), {
    file: manifestPath,
  })
}

function describeSpace(
  { state }: Replay,
  opening: { title: Record<string, string>; drill?: { name: string } } | undefined,
): Omit<ReportSpace, 'cosigned' | 'acts'> {
  const { space, kind, size, root } = state
  const { party, origin } = hostAt(state, size)
  const members = [...state.members].map(([member, { role, until }]) => ({
    party: member,
    role,
    ...(until === undefined ? {} : { until }),
  }))
  const drill = opening?.drill ? { drill: opening.drill.name } : {}
  const keys = [...state.members]
    .filter(([, { keys: spans }]) => spans.length > 1 || spans.some(({ until }) => until !== undefined))
    .map(([member, { keys: spans }]) => ({ party: member, spans }))
  return { space, kind, title: opening?.title ?? {}, ...drill, host: party, origin, size, root, members, keys }
}

/** Entries from their bundles, one after another: the size is still anybody's claim. */
function readEntries(files: Files, { space, size }: ManifestSpace): Bundle {
  const all: Bundle = { entries: [], hashes: [] }
  while (all.entries.length < size) {
    const { entries, hashes } = readBundle(files, space, { start: all.entries.length, size })
    all.entries.push(...entries)
    all.hashes.push(...hashes)
  }
  return all
}

/** Entries with their leaf hashes. */
interface Bundle {
  entries: Uint8Array[]
  hashes: Uint8Array[]
}

/** One bundle; where the hash tile disagrees, the entry is named. */
function readBundle(files: Files, space: string, { start, size }: { start: number; size: number }): Bundle {
  const [index, width] = [start / tileWidth, Math.min(tileWidth, size - start)]
  const file = spacePath(space, tilePath('entries', index, width))
  const tile = files.take(spacePath(space, tilePath(0, index, width)))
  const entries = at({ file, index: start }, () => decodeBundle(files.take(file)))
  const hashes = entries.map((entry, offset) => {
    const hash = leafHash(entry)
    if (sameBytes(hash, tile.subarray(offset * 32, offset * 32 + 32))) return hash
    throw new Located(new ProtocolError('dossier-tile', 'entry and tile disagree'), { file, index: start + offset })
  })
  if (entries.length !== width) throw new Located(new ProtocolError('bundle', `${entries.length} entries`), { file })
  return { entries, hashes }
}

function requireTree(files: Files, { space, size }: ManifestSpace, { nodeAt }: Replay): void {
  for (const { level, index, width } of tilesOf(size)) {
    if (level === 'entries') continue
    const file = spacePath(space, tilePath(level, index, width))
    if (sameBytes(files.take(file), tileBytes({ level, index, width }, nodeAt))) continue
    throw new Located(new ProtocolError('dossier-tile', 'not the nodes of the entries'), { file })
  }
}

function requireLines(files: Files, replay: Replay, note: string, claimed: Checkpoint): ReportSpace['cosigned'] {
  const { state } = replay
  const noteFile = spacePath(state.space, 'checkpoint')
  const apartFile = spacePath(state.space, 'cosignatures')
  if (toBase64url(claimed.root) !== state.root) {
    throw new Located(new ProtocolError('dossier-root', `entries hash to ${state.root}`), { file: noteFile })
  }
  const apart = at({ file: apartFile }, () => fromUtf8(files.take(apartFile)))
  const lines = at({ file: noteFile }, () => validLines(state, note, apart.split('\n').slice(0, -1)))
  const expected = `${splitNote(note).body}\n${[lines.host, ...lines.inNote].map((line) => `${line}\n`).join('')}`
  if (expected !== note)
    throw new Located(new ProtocolError('dossier-cosignature', 'a line does not hold'), { file: noteFile })
  if (lines.apart.map((line) => `${line}\n`).join('') !== apart) {
    throw new Located(new ProtocolError('dossier-cosignature', 'a line does not hold'), { file: apartFile })
  }
  return lines.cosigned
}

/** A leaf time later than a cosignature over it is said, and accuses nobody. */
function lateTimes({ space, cosigned, acts }: ReportSpace): DossierReport['warnings'] {
  const cover = Math.min(...cosigned.map(({ time }) => time))
  return acts
    .filter(({ time }) => time > cover + coverToleranceMs)
    .map(({ index, time }) => ({ space, index, rule: 'time-uncovered', detail: `${time} cosigned at ${cover}` }))
}

/** Bodies that admission depends on; where one is withheld, replay says that it is missing. */
function governanceBody(files: Files, listing: ReadonlyMap<string, ManifestAct>, act: Act): Json | undefined {
  const body = act.statement.parts.find(({ role }) => role === 'body')
  if (!body || !isGovernance(act.statement.type)) return undefined
  const listed = listing.get(act.hash)?.parts.find(({ hash }) => hash === body.hash)
  if (listed?.state === 'withheld' || listed?.state === 'erased') return undefined
  return at({ file: partPaths(body.hash).content }, () => bodyOf(act, (part) => blobOf(files, part)))
}

function blobOf(files: Files, { hash }: Part): Uint8Array {
  const { content, salt } = partPaths(hash)
  const saltFile = files.take(salt)
  if (saltFile.length !== 32)
    throw new Located(new ProtocolError('blob-short', `${saltFile.length} bytes`), { file: salt })
  return joinBytes(saltFile, files.take(content))
}

function judgeActs(
  files: Files,
  entry: ManifestSpace,
  { entries }: Replay,
  readBody: (act: Act) => Json | undefined,
): ReportAct[] {
  if (entry.acts.length !== entries.length) {
    throw new Located(new ProtocolError('dossier-selection', `${entry.acts.length} of ${entries.length} acts`), {
      file: manifestPath,
    })
  }
  const erased = erasuresOf(entries, readBody)
  return entries.map(({ act, index, time, withoutEffect }) => {
    const listed = entry.acts[index] as ManifestAct
    const place = { index, act: act.hash }
    const parts = at(place, () => judgeParts(files, act, listed, { index, erased }))
    const { type, author, office, at: authorTime, marking } = act.statement
    return {
      index,
      act: act.hash,
      type,
      author,
      office,
      time,
      at: authorTime,
      tlp: marking.tlp,
      state: listed.state,
      ...(listed.why === undefined ? {} : { why: listed.why }),
      parts,
      ...(withoutEffect ? { withoutEffect } : {}),
    }
  })
}

function judgeParts(
  files: Files,
  act: Act,
  listed: ManifestAct,
  { index, erased }: { index: number; erased: ReadonlyMap<string, number> },
): ReportPart[] {
  const { parts } = act.statement
  const same = listed.parts.length === parts.length && parts.every(({ hash }, n) => listed.parts[n]?.hash === hash)
  const shown = parts.length === 0 || listed.parts.some(({ state }) => state !== 'withheld')
  if (listed.index !== index || listed.act !== act.hash || !same || shown !== (listed.state === 'selected')) {
    throw new Located(new ProtocolError('dossier-selection', `act ${listed.act} at ${listed.index}`), {
      file: manifestPath,
    })
  }
  return parts.map((part, n) =>
    judgePart(files, part, listed.parts[n] as PartState, erased.get(`${act.hash} ${part.hash}`)),
  )
}

function judgePart(files: Files, part: Part, listed: PartState, erasedBy: number | undefined): ReportPart {
  const { role, hash, media, size } = part
  const { content, salt } = partPaths(hash)
  if (listed.state === 'present') {
    if (erasedBy !== undefined) {
      throw new Located(new ProtocolError('dossier-part', `was erased by act ${erasedBy}`), { file: content })
    }
    at({ file: content }, () => openPart(part, blobOf(files, part)))
    return { role, hash, media, size, state: 'present' }
  }
  // Another act may name the same commitment and show it.
  if (!files.shown.has(hash) && (files.all.has(content) || files.all.has(salt))) {
    throw new Located(new ProtocolError('dossier-part', `listed as ${listed.state}, yet here`), { file: content })
  }
  if (listed.state === 'withheld') return { role, hash, media, size, state: 'withheld', why: listed.why }
  if (listed.by !== erasedBy)
    throw new Located(new ProtocolError('dossier-part', 'no act had it erased'), { file: content })
  return { role, hash, media, size, state: 'erased', by: listed.by }
}

function requireDrill({ drill }: Manifest, spaces: JudgedSpace[]): void {
  if (drill !== spaces.some(({ report }) => report.drill !== undefined)) {
    throw new Located(new ProtocolError('dossier-manifest', 'drill is not as the spaces say'), { file: manifestPath })
  }
}

function snapshotsOf({ entries, state }: Replay, readBody: (act: Act) => Json | undefined): JudgedSpace['snapshots'] {
  return entries.flatMap(({ act, index, withoutEffect }) => {
    const { type } = act.statement
    if (state.kind === 'register' || withoutEffect) return []
    const opened = type === 'space.opened' ? spaceOpenedBody.safeParse(readBody(act)).data?.members : undefined
    const admitted = type === 'space.member-admitted' ? memberAdmittedBody.safeParse(readBody(act)).data : undefined
    const snapshots = opened ?? (admitted ? [admitted.member] : [])
    return snapshots.map((snapshot) => ({ index, act: act.hash, snapshot }))
  })
}

/** Joins what spaces say of their members with the registers that are here, and with the reader's pins. */
function judgeMembers(spaces: JudgedSpace[], pins: Readonly<Record<string, string>>): ReportFingerprint[] {
  const registers = new Map(
    spaces.filter(({ report }) => report.kind === 'register').map((space) => [space.first, space]),
  )
  const known = new Map<string, ReportFingerprint>()
  for (const { report, snapshots } of spaces) {
    for (const { snapshot, index, act } of snapshots) {
      const { first } = snapshot.register
      const register = registers.get(first)
      at({ space: report.space, index, act }, () => requireRegister(snapshot, register))
      known.set(
        `${snapshot.party} ${first}`,
        fingerprintOf(snapshot.party, first, { included: register !== undefined, pins }),
      )
    }
  }
  for (const [first, { report }] of registers) {
    known.set(`${report.host} ${first}`, fingerprintOf(report.host, first, { included: true, pins }))
  }
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fingerprint]) => fingerprint)
}

function fingerprintOf(
  party: string,
  first: string,
  { included, pins }: { included: boolean; pins: Readonly<Record<string, string>> },
): ReportFingerprint {
  const fingerprint = registerFingerprint(first)
  const pin = Object.hasOwn(pins, party) ? pins[party] : undefined
  if (pin !== undefined && readFingerprint(pin) !== fingerprint) {
    throw new ProtocolError('dossier-pin', `${party}: ${fingerprint}`)
  }
  return { party, first, fingerprint, register: included ? 'included' : 'absent', pinned: pin !== undefined }
}

/** The register must be the party's, reach the snapshot's checkpoint, agree with it, and hold the key used. */
function requireRegister(snapshot: MemberSnapshot, register: JudgedSpace | undefined): void {
  if (!register) return
  const { party, act } = snapshot
  const { state, rootAt } = register.replay
  const { origin, key } = hostAt(state, state.size)
  const { size, root } = readCheckpoint(snapshot.register.checkpoint, origin, key)
  if (state.host.party !== party || rootAt(size) !== toBase64url(root)) {
    throw new ProtocolError('member-register', `${party}: its register shows another history at ${size}`)
  }
  const owner = state.members.get(party) as NonNullable<ReturnType<AdmissionState['members']['get']>>
  if (keyAt(owner, act.kid, size - 1) !== act.key) throw new ProtocolError('member-register', `${party}: another key`)
}

function requireCanonical(bytes: Uint8Array, { all }: Files, manifest: Manifest): void {
  const offset = differenceFrom(all, bytes)
  if (offset === undefined) return
  throw new Located(new ProtocolError('zip-shape', `differs at byte ${offset}`), placeOf(fileAt(all, offset), manifest))
}

/** The file in whose local header or content an offset lies; none for the directory at the end. */
function fileAt(files: Map<string, Uint8Array>, offset: number): string | undefined {
  let end = 0
  for (const name of [...files.keys()].sort((a, b) => Buffer.compare(utf8(a), utf8(b)))) {
    end += 30 + utf8(name).length + (files.get(name) as Uint8Array).length
    if (offset < end) return name
  }
  return undefined
}

function placeOf(file: string | undefined, { spaces }: Manifest): Located['place'] {
  if (file === undefined) return {}
  const [folder, name = ''] = file.split('/')
  if (folder === 'spaces') return { file, space: name }
  const hash = name.replace(/\.salt$/, '')
  for (const { space, acts } of spaces) {
    const found = acts.find(({ parts }) => parts.some((part) => part.hash === hash))
    if (found) return { file, space, index: found.index, act: found.act }
  }
  return { file }
}

function notProven(spaces: ReportSpace[], fingerprints: ReportFingerprint[]): NotProven[] {
  const always: NotProven[] = ['content-true', 'which-human', 'nothing-elsewhere', 'finer-time', 'makers-words']
  const withheld = spaces.some(({ acts }) => acts.some(({ parts }) => parts.some(({ state }) => state === 'withheld')))
  return [
    ...always,
    ...(fingerprints.some(({ pinned }) => !pinned) ? ['names-unpinned' as const] : []),
    ...(fingerprints.some(({ register }) => register === 'absent') ? ['register-absent' as const] : []),
    ...(spaces.some(isHostsWordAlone) ? ['not-cosigned' as const] : []),
    ...(withheld ? ['content-withheld' as const] : []),
  ]
}

/** The host's own cosignature adds nothing; a register has nobody else in it. */
function isHostsWordAlone({ kind, host, cosigned }: ReportSpace): boolean {
  return kind !== 'register' && !cosigned.some(({ party }) => party !== host)
}
