import { brotliDecompressSync } from 'node:zlib'
import { byteReader } from './byte-reader.ts'
import { restoreGlyphs } from './restore-glyphs.ts'

// Tags that a WOFF2 directory names by number (WOFF 2.0 §4.1).
const knownTags =
  'cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill'
const tagLength = 4
/** `indexToLocFormat` in the table `head`. */
const locaKindAt = 50

interface Table {
  tag: string
  isTransformed: boolean
  /** In the decompressed stream. */
  length: number
}

/**
 * The TrueType file inside a WOFF2 file (W3C WOFF 2.0), so that it can be cut down and put into a document.
 *
 * @throws Error if the file is no WOFF2 or uses what none of our fonts uses (a collection, a transformed `hmtx`)
 */
export function unpackWoff2(file: Uint8Array): Uint8Array {
  const head = byteReader(file)
  if (head.tag() !== 'wOF2') throw new Error('not a WOFF2 file')
  const flavor = head.u32()
  head.skip(4)
  const tableCount = head.u16()
  head.skip(6)
  const compressedLength = head.u32()
  head.skip(24)
  const tables = Array.from({ length: tableCount }, () => readTable(head))
  const stream = byteReader(brotliDecompressSync(file.subarray(head.at(), head.at() + compressedLength)))
  const contents = new Map<string, Uint8Array>()
  for (const { tag, isTransformed, length } of tables) {
    const content = stream.take(length)
    if (tag === 'loca' && isTransformed) continue
    if (!isTransformed) contents.set(tag, content)
    else if (tag === 'glyf') for (const [name, bytes] of restoreGlyphs(content)) contents.set(name, bytes)
    else throw new Error(`${tag} is transformed`)
  }
  const font = contents.get('head')
  if (!font) throw new Error('the font file has no head')
  // Glyphs written at length do not fit the short kind of `loca`.
  const long = new Uint8Array(font)
  new DataView(long.buffer).setInt16(locaKindAt, contents.has('loca') ? 1 : 0)
  return sfntOf(flavor, contents.set('head', long))
}

function readTable(head: ReturnType<typeof byteReader>): Table {
  const flags = head.u8()
  const known = flags & 0x3f
  const tag = known === 0x3f ? head.tag() : tagOf(known)
  const version = flags >> 6
  // Version 3 means "as it is" for these two, version 0 for all others.
  const isTransformed = tag === 'glyf' || tag === 'loca' ? version !== 3 : version !== 0
  const length = head.base128()
  return { tag, isTransformed, length: isTransformed ? head.base128() : length }
}

const tagOf = (known: number): string => knownTags.slice(known * (tagLength + 1), known * (tagLength + 1) + tagLength)

const padded = (length: number): number => (length + 3) & ~3

function sfntOf(flavor: number, contents: Map<string, Uint8Array>): Uint8Array {
  const tables = [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const headBytes = 12 + 16 * tables.length
  const bytes = new Uint8Array(tables.reduce((sum, [, content]) => sum + padded(content.length), headBytes))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, flavor)
  view.setUint16(4, tables.length)
  let offset = headBytes
  for (const [index, [tag, content]] of tables.entries()) {
    const entry = 12 + 16 * index
    for (let letter = 0; letter < tagLength; letter += 1) view.setUint8(entry + letter, tag.charCodeAt(letter))
    view.setUint32(entry + 8, offset)
    view.setUint32(entry + 12, content.length)
    bytes.set(content, offset)
    offset += padded(content.length)
  }
  return bytes
}
