import { type AdmissionState, cosignerAt, hostAt, isMemberAt } from '../admission-state.ts'
import { fromBase64url, sameBytes } from '../bytes.ts'
import { countMlDsa44Lines, readCheckpoint, splitNote } from '../notes.ts'
import { defaultThreshold, meetsPolicy, mostForAll, type Policy } from '../policy.ts'
import { ProtocolError } from '../protocol-error.ts'
import type { Replay } from '../replay.ts'
import type { Act, Json } from '../types.ts'
import { lineTime } from './cosignature-lines.ts'
import { policiesOf, type PolicySpan } from './policies.ts'
import type { CarriedCheckpoint, EntryLevel, ReportSpace } from './report.ts'

/** A checkpoint of the log with who signed it. */
interface Signed {
  size: number
  /** Membership and policy count as they stood before this entry. */
  position: number
  parties: ReadonlySet<string>
  /** Witnesses of the policy that are no members, by their names in it. */
  outside: ReadonlySet<string>
}

export interface Levels {
  policy: NonNullable<ReportSpace['policy']>
  /** By index. */
  levels: EntryLevel[]
  carried: Map<number, CarriedCheckpoint>
}

/**
 * How far each entry had come by the lines that are here: those on the log's own checkpoint, and those on
 * checkpoints that acts carry (docs/protocol/dossier.md, Levels).
 *
 * @param bodyOf - Bodies that are shown; nothing for the others.
 */
export function levelsOf(
  replay: Replay,
  cosigned: readonly { party: string }[],
  bodyOf: (act: Act) => Json | undefined,
): Levels {
  const { state } = replay
  const policies = policiesOf(replay, bodyOf)
  const own: Signed = {
    size: state.size,
    position: state.size,
    parties: new Set(cosigned.map(({ party }) => party)),
    outside: new Set(),
  }
  const levels = Array<EntryLevel>(state.size).fill('on-the-record')
  raise(levels, state, policies, own)
  const carried = new Map<number, CarriedCheckpoint>()
  for (const { index, act } of replay.entries) {
    const found = readCarried(replay, policies, index, bodyOf(act))
    if (!found) continue
    carried.set(index, found.shown)
    if (found.signed) raise(levels, state, policies, found.signed)
  }
  return { policy: shownPolicy(policies), levels, carried }
}

function shownPolicy(policies: readonly PolicySpan[]): Levels['policy'] {
  const last = policies.at(-1)
  if (!last) return { by: 'default' }
  return last.policy ? { by: 'act', index: last.index } : { by: 'unknown', index: last.index }
}

/** Raises entries below a checkpoint to what its lines make them. */
function raise(levels: EntryLevel[], state: AdmissionState, policies: readonly PolicySpan[], signed: Signed): void {
  const { size, position, parties } = signed
  const host = hostAt(state, size).party
  const asked = [...state.members].filter(([party]) => party !== host && isMemberAt(state, party, position))
  // Whoever came later is not asked for what was before.
  const first = Math.min(...asked.map(([, { since }]) => since))
  const silent = Math.min(size, ...asked.filter(([party]) => !parties.has(party)).map(([, { since }]) => since))
  const set = policies.findLast(({ index }) => index < position)
  const isWitnessed = set
    ? set.policy !== undefined && meetsPolicy(set.policy, namesThatSigned(state, set.policy, signed))
    : asked.length > mostForAll &&
      asked.filter(([party]) => parties.has(party)).length >= defaultThreshold(asked.length)
  for (let index = 0; index < size; index += 1) {
    if (index >= first && index < silent) levels[index] = 'confirmed-by-all'
    else if (isWitnessed && levels[index] === 'on-the-record') levels[index] = 'witnessed'
  }
}

function namesThatSigned(
  state: AdmissionState,
  { witnesses }: Policy,
  { size, parties, outside }: Signed,
): Set<string> {
  const names = witnesses.flatMap(({ name, key }) => {
    const member = state.members.get(key.name)
    const isMember = member !== undefined && cosignerAt(member, size) === key.publicKey
    return (isMember ? parties.has(key.name) : outside.has(name)) ? [name] : []
  })
  return new Set(names)
}

/** The checkpoint in a body's `witnessed`, and who signed it if it is one of this log; undefined where there is none. */
function readCarried(
  { state, rootAt }: Replay,
  policies: readonly PolicySpan[],
  position: number,
  body: Json | undefined,
): { shown: CarriedCheckpoint; signed?: Signed } | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !Object.hasOwn(body, 'witnessed'))
    return undefined
  const shape = shapeOf((body as { witnessed: Json }).witnessed)
  const note = shape && readOwnNote(state, rootAt, position, shape.checkpoint)
  if (!note) return { shown: { size: 0, holds: false, cosigned: [], notChecked: 0 } }
  const texts = [...note.lines, ...shape.lines]
  const isSigned = (name: string, key: string) =>
    texts.some((text) => text.startsWith(`— ${name} `) && lineTime(note.body, text, name, key) !== undefined)
  const members = [...state.members].filter(([party, member]) => isSigned(party, cosignerAt(member, note.size)))
  const parties = new Set(members.map(([party]) => party))
  const policy = policies.findLast(({ index }) => index < position)?.policy
  const outside = (policy?.witnesses ?? []).filter(
    ({ key }) => !parties.has(key.name) && isSigned(key.name, key.publicKey),
  )
  return {
    shown: {
      size: note.size,
      holds: true,
      cosigned: [...parties, ...outside.map(({ key }) => key.name)],
      notChecked: note.notChecked,
    },
    signed: { size: note.size, position, parties, outside: new Set(outside.map(({ name }) => name)) },
  }
}

const mostLines = 128

function shapeOf(value: Json): { checkpoint: string; lines: string[] } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { checkpoint, lines = [], ...rest } = value as Record<string, Json>
  if (typeof checkpoint !== 'string' || !Array.isArray(lines) || lines.length > mostLines) return undefined
  if (Object.keys(rest).length > 0 || !lines.every((line) => typeof line === 'string')) return undefined
  const texts = (lines as string[]).map((line) => line.replace(/\n$/, ''))
  return texts.some((line) => line.includes('\n')) ? undefined : { checkpoint, lines: texts }
}

function readOwnNote(
  state: AdmissionState,
  rootAt: Replay['rootAt'],
  position: number,
  note: string,
): { size: number; body: string; lines: string[]; notChecked: number } | undefined {
  try {
    const { body, lines } = splitNote(note)
    const size = Number(body.split('\n')[1])
    if (!(size >= 1 && size <= position)) return undefined
    const { origin, key } = hostAt(state, size)
    const { root } = readCheckpoint(note, origin, key)
    if (!sameBytes(root, fromBase64url(rootAt(size) as string))) return undefined
    return { size, body, lines: lines.map(({ text }) => text), notChecked: countMlDsa44Lines(lines) }
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
