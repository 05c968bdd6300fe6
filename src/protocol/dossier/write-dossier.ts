import { peekCheckpoint, splitNote } from '../notes.ts'
import { ProtocolError } from '../protocol-error.ts'
import { type Replay, replayLog } from '../replay.ts'
import { encodeBundle, tileBytes, tilePath, tilesOf, tileWidth } from '../tiles.ts'
import type { Act, Part, SpaceKind } from '../types.ts'
import { erasuresOf } from './erasures.ts'
import {
  type Manifest,
  manifestBytes,
  type ManifestAct,
  manifestPath,
  partPaths,
  type PartState,
  spacePath,
} from './manifest.ts'
import { bodyOf, openPart } from './part-content.ts'
import { validLines } from './cosignature-lines.ts'
import { verifyDossier } from './verify-dossier.ts'
import { writeArchive } from './zip.ts'

export interface DossierSpace {
  /** All entries up to the checkpoint's size. */
  entries: readonly Uint8Array[]
  /** Signed note of the host over exactly these entries; lines of members are kept, others left off. */
  checkpoint: string
  /** Further cosignature lines that found no place in the note. */
  cosignatures?: readonly string[]
}

export interface DossierInput {
  purpose: string
  audience: string
  /** Party that makes it. */
  maker: string
  /** ms. */
  made: number
  spaces: readonly DossierSpace[]
  /** Blobs (salt and content) by commitment. Only these leave; bodies of governance acts have to be among them. */
  parts: ReadonlyMap<string, Uint8Array>
  /** Reason codes, by act hash or by part hash, for what is kept back; `not-selected` where none is given. */
  withheld?: ReadonlyMap<string, string>
}

/**
 * The dossier of whole logs with the given contents: equal input gives equal
 * bytes. An act none of whose parts is given is in it as proof without text.
 * The result was verified before it is returned.
 *
 * @throws ProtocolError what makes the input impossible to prove, e.g. `body-missing`, `dossier-root`
 */
export function writeDossier(input: DossierInput): Uint8Array {
  const files = new Map<string, Uint8Array>()
  const logs = input.spaces.map((space) => writeSpace(files, space, input))
  logs.sort((a, b) => (a.entry.space < b.entry.space ? -1 : 1))
  const manifest: Manifest = {
    v: 1,
    format: 'chancery-dossier',
    purpose: input.purpose,
    audience: input.audience,
    made: input.made,
    maker: input.maker,
    drill: logs.some(({ drill }) => drill),
    spaces: logs.map(({ entry }) => entry),
  }
  files.set(manifestPath, manifestBytes(manifest))
  const bytes = writeArchive(files)
  const { failure } = verifyDossier(bytes)
  if (failure) throw new ProtocolError(failure.rule as ProtocolError['rule'], `${failure.file ?? ''} ${failure.detail}`)
  return bytes
}

function writeSpace(
  files: Map<string, Uint8Array>,
  { entries, checkpoint, cosignatures = [] }: DossierSpace,
  input: DossierInput,
): { entry: Manifest['spaces'][number]; drill: boolean } {
  const read = (act: Act) => bodyOf(act, ({ hash }) => input.parts.get(hash))
  const replay = replayLog(entries, read)
  const { space, kind, size } = replay.state
  if (peekCheckpoint(checkpoint).size !== size)
    throw new ProtocolError('dossier-root', `checkpoint of another size than ${size}`)
  writeLines(files, replay, checkpoint, cosignatures)
  writeTiles(files, replay, entries)
  const acts = describeActs(replay, input)
  for (const { parts } of acts) writeParts(files, parts, input.parts)
  const opening = read((replay.entries[0] as Replay['entries'][number]).act) as { drill?: unknown }
  return { entry: { space, kind: kind as SpaceKind, size, acts }, drill: opening.drill !== undefined }
}

function writeLines(
  files: Map<string, Uint8Array>,
  { state }: Replay,
  checkpoint: string,
  cosignatures: readonly string[],
): void {
  const { host, inNote, apart } = validLines(state, checkpoint, cosignatures)
  const note = `${splitNote(checkpoint).body}\n${[host, ...inNote].map((line) => `${line}\n`).join('')}`
  files.set(spacePath(state.space, 'checkpoint'), new TextEncoder().encode(note))
  files.set(spacePath(state.space, 'cosignatures'), new TextEncoder().encode(apart.map((line) => `${line}\n`).join('')))
}

function writeTiles(files: Map<string, Uint8Array>, { state, nodeAt }: Replay, entries: readonly Uint8Array[]): void {
  for (const { level, index, width } of tilesOf(state.size)) {
    const start = index * tileWidth
    const bytes =
      level === 'entries'
        ? encodeBundle(entries.slice(start, start + width))
        : tileBytes({ level, index, width }, nodeAt)
    files.set(spacePath(state.space, tilePath(level, index, width)), bytes)
  }
}

function describeActs({ entries }: Replay, input: DossierInput): ManifestAct[] {
  const erased = erasuresOf(entries, (act) => bodyOf(act, ({ hash }) => input.parts.get(hash)))
  return entries.map(({ index, act }) => {
    const parts = act.statement.parts.map((part) => describePart(part, act, { erased, input }))
    const shown = parts.length === 0 || parts.some(({ state }) => state !== 'withheld')
    const why = input.withheld?.get(act.hash) ?? 'not-selected'
    return { index, act: act.hash, state: shown ? 'selected' : 'withheld', ...(shown ? {} : { why }), parts }
  })
}

function describePart(
  part: Part,
  act: Act,
  { erased, input }: { erased: ReadonlyMap<string, number>; input: DossierInput },
): PartState {
  const { hash } = part
  const by = erased.get(`${act.hash} ${hash}`)
  if (by !== undefined) return { hash, state: 'erased', by }
  const blob = input.parts.get(hash)
  if (blob) return opens(part, blob) ? { hash, state: 'present' } : { hash, state: 'withheld', why: 'not-as-declared' }
  return { hash, state: 'withheld', why: input.withheld?.get(hash) ?? input.withheld?.get(act.hash) ?? 'not-selected' }
}

/** An author can declare another size than the content has; that must not stop everybody else's dossiers. */
function opens(part: Part, blob: Uint8Array): boolean {
  try {
    return openPart(part, blob).length === part.size
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}

function writeParts(files: Map<string, Uint8Array>, parts: PartState[], blobs: ReadonlyMap<string, Uint8Array>): void {
  for (const { hash, state } of parts) {
    const blob = state === 'present' ? blobs.get(hash) : undefined
    if (!blob) continue
    files.set(partPaths(hash).content, blob.subarray(32))
    files.set(partPaths(hash).salt, blob.subarray(0, 32))
  }
}
