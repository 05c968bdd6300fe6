import { readArchive, writeArchive } from '../../../src/protocol/dossier/zip.ts'
import { type DossierInput, writeDossier } from '../../../src/protocol/dossier/index.ts'
import {
  changesState,
  encodeBundle,
  type Json,
  leafHash,
  parseCanonical,
  canonicalBytes,
  appendNodes,
  type NodeAt,
  readLeaf,
  rootFrom,
  signCheckpoint,
  tileBytes,
  tilePath,
  tilesOf,
  tileWidth,
} from '../../../src/protocol/index.ts'
import type { Chance } from './chance.ts'
import type { World } from './grown-world.ts'

/** A dossier, what it was made of, and its files. */
export interface MadeDossier {
  world: World
  spaces: World['spaces']
  blobs: Map<string, Uint8Array>
  bytes: Uint8Array
}

/** A dossier of some of the world's logs, some of their parts kept back. */
export function makeDossier(chance: Chance, world: World): MadeDossier {
  const spaces = world.spaces.filter(({ log }) => log.state?.kind !== 'register' || !chance.once(4))
  const blobs = new Map(spaces.flatMap(({ log }) => [...log.blobs]))
  const withheld = new Map<string, string>()
  for (const { statement } of actsOf(spaces)) {
    const needed = changesState(statement.type) || /^(space\.opened|register\.founded)$/.test(statement.type)
    for (const { role, hash } of statement.parts) {
      if ((role === 'body' && needed) || !chance.once(5)) continue
      blobs.delete(hash)
      withheld.set(hash, chance.of(['not-selected', 'narrower-marking', 'x']))
    }
  }
  const input: DossierInput = {
    purpose: chance.of(['Shown to a court', '', 'مذكرة']),
    audience: 'court',
    maker: 'aurelia.example',
    made: 1_800_000_100_000,
    spaces: spaces.map(({ log, host, cosigners }) => ({
      entries: log.entries,
      checkpoint: log.checkpoint(host, cosigners),
    })),
    parts: blobs,
    withheld,
  }
  return { world, spaces, blobs, bytes: writeDossier(input) }
}

function actsOf(spaces: World['spaces']) {
  return spaces.flatMap(({ log }) => log.entries.map((bytes) => readLeaf(bytes).act))
}

/** Files of an archive that is canonical, as a map to change. */
export function filesOf({ bytes }: MadeDossier): Map<string, Uint8Array> {
  return new Map(readArchive(bytes))
}

export function archiveOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return writeArchive(files)
}

type Listing = { index: number; act: string; state: string; why?: string; parts: Record<string, Json>[] }
type ManifestJson = { spaces: { space: string; size: number; acts: Listing[] }[] } & Record<string, Json>

/**
 * The dossier with other entries in one space: tiles, checkpoint and manifest
 * made to fit and signed again by the host, so that only what an entry says can be wrong.
 */
export function withEntries(
  made: MadeDossier,
  chosen: World['spaces'][number],
  entries: Uint8Array[],
  added: ReadonlyMap<string, Uint8Array> = new Map(),
): Uint8Array {
  const files = filesOf(made)
  const { log, host } = chosen
  const base = `spaces/${log.space}/`
  for (const path of files.keys()) if (path.startsWith(base)) files.delete(path)
  const manifest = parseCanonical(files.get('manifest.json') as Uint8Array) as unknown as ManifestJson
  const listed = manifest.spaces.find(({ space }) => space === log.space) as ManifestJson['spaces'][number]
  listed.acts = entries.map((bytes, index) => list(bytes, index, listed.acts, added))
  listed.size = entries.length
  for (const [hash, blob] of added) {
    files.set(`parts/${hash}`, blob.subarray(32))
    files.set(`parts/${hash}.salt`, blob.subarray(0, 32))
  }
  const tree = treeOf(entries)
  for (const { level, index, width } of tilesOf(entries.length)) {
    const start = index * tileWidth
    const content =
      level === 'entries' ? encodeBundle(entries.slice(start, start + width)) : tileBytes({ level, index, width }, tree)
    files.set(`${base}${tilePath(level, index, width)}`, content)
  }
  const origin = `${log.state?.host.party}/spaces/${log.space}`
  const note = signCheckpoint({ origin, size: entries.length, root: rootFrom(entries.length, tree) }, host)
  files.set(`${base}checkpoint`, Buffer.from(note))
  files.set(`${base}cosignatures`, new Uint8Array())
  files.set('manifest.json', canonicalBytes(manifest as unknown as Json))
  return archiveOf(files)
}

function list(bytes: Uint8Array, index: number, before: Listing[], added: ReadonlyMap<string, Uint8Array>): Listing {
  const act = actIn(bytes)
  if (!act) return { ...(before[Math.min(index, before.length - 1)] as Listing), index }
  const same = before.find(({ act: hash }) => hash === act.hash)
  if (same) return { ...same, index }
  const shown = new Set(
    before.flatMap(({ parts }) => parts.filter(({ state }) => state === 'present')).map(({ hash }) => hash),
  )
  const parts = act.statement.parts.map(
    ({ hash }): Record<string, Json> =>
      added.has(hash) || shown.has(hash) ? { hash, state: 'present' } : { hash, state: 'withheld', why: 'x' },
  )
  const selected = parts.length === 0 || parts.some(({ state }) => state === 'present')
  return { index, act: act.hash, state: selected ? 'selected' : 'withheld', ...(selected ? {} : { why: 'x' }), parts }
}

function actIn(bytes: Uint8Array) {
  try {
    return readLeaf(bytes).act
  } catch {
    return undefined
  }
}

function treeOf(entries: Uint8Array[]): (node: NodeAt) => Uint8Array {
  const nodes = new Map<string, Uint8Array>()
  const nodeAt = ({ level, index }: NodeAt) => nodes.get(`${level}/${index}`) as Uint8Array
  entries.forEach((entry, size) => {
    for (const node of appendNodes(size, leafHash(entry), nodeAt)) nodes.set(`${node.level}/${node.index}`, node.hash)
  })
  return nodeAt
}
