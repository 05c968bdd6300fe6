import { joinBytes } from './bytes.ts'
import { limits } from './limits.ts'
import type { ReadNode } from './merkle.ts'
import { ProtocolError } from './protocol-error.ts'

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256
/** Tree levels that one tile level spans. */
export const tileHeight = 8

/** Which tile: tile level L holds the nodes of tree level 8·L; `entries` holds the entries themselves. */
export interface TileAt {
  level: number | 'entries'
  index: number
  /** 256, or fewer for the newest tile of a level. */
  width: number
}

/** C2SP path of a tile, `tile/<L>/<N>[.p/<W>]`, N in groups of three digits. */
export function tilePath(level: number | 'entries', index: number, width: number = tileWidth): string {
  return `tile/${level}/${indexPath(index)}${width === tileWidth ? '' : `.p/${width}`}`
}

/** The tile a path names. Throws `tile-path` for any other spelling. */
export function parseTilePath(path: string): TileAt {
  const match = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path)
  if (match) {
    const [, levelText = '', indexText = '', widthText] = match
    const level = levelText === 'entries' ? levelText : Number(levelText)
    const index = Number(indexText.replaceAll(/[x/]/g, ''))
    const width = widthText === undefined ? tileWidth : Number(widthText)
    // Writing it again refuses leading zero groups and a partial tile of full width.
    if (Number.isSafeInteger(index) && width <= tileWidth && tilePath(level, index, width) === path) {
      return { level, index, width }
    }
  }
  throw new ProtocolError('tile-path', path.slice(0, 80))
}

/** Every tile of a log of `size` entries, entry bundles first, then hash tiles level by level. */
export function tilesOf(size: number): TileAt[] {
  const levels: (number | 'entries')[] = ['entries']
  for (let level = 0; size >= tileWidth ** level && size > 0; level += 1) levels.push(level)
  return levels.flatMap((level) => {
    const count = Math.floor(size / tileWidth ** (level === 'entries' ? 0 : level))
    return Array.from({ length: Math.ceil(count / tileWidth) }, (_, index) => ({
      level,
      index,
      width: Math.min(tileWidth, count - index * tileWidth),
    }))
  })
}

/** Bytes of a hash tile: its nodes' hashes one after another. */
export function tileBytes(tile: TileAt & { level: number }, nodeAt: ReadNode): Uint8Array {
  const level = tile.level * tileHeight
  return joinBytes(
    ...Array.from({ length: tile.width }, (_, at) => nodeAt({ level, index: tile.index * tileWidth + at })),
  )
}

/** An entry bundle: each entry behind its length in two bytes, most significant first. */
export function encodeBundle(entries: Uint8Array[]): Uint8Array {
  if (entries.length > tileWidth) throw new ProtocolError('bundle', `${entries.length} entries`)
  return joinBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > limits.leaf) throw new ProtocolError('leaf-size', `${entry.length} bytes`)
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]
    }),
  )
}

/** Entries of a bundle. Throws `bundle` when it is cut short or too long. */
export function decodeBundle(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at + 2
    const end = start + ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0)
    if (end > bytes.length || entries.length === tileWidth) throw new ProtocolError('bundle', `at byte ${at}`)
    entries.push(bytes.subarray(start, end))
    at = end
  }
  return entries
}

function indexPath(index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new ProtocolError('tile-path', String(index))
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? []
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/')
}
