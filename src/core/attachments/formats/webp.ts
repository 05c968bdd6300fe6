import { type Finding, FileTrouble, type FormatReader } from '../types.ts'
import { exifOf } from './exif.ts'

interface Chunk {
  type: string
  start: number
  /** After the padding byte. */
  end: number
}

const kept = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
/** Flags of VP8X that say that Exif and XMP follow. */
const metadataFlags = 0x08 | 0x04

/** WebP container (RFC 9649). */
export const webp: FormatReader = {
  look(bytes) {
    const { chunks, end } = chunksOf(bytes)
    const dropped = chunks.filter(({ type }) => !kept.has(type))
    const findings: Finding[] = []
    if (dropped.length > 0) findings.push({ code: 'image-metadata', grade: 'strip', count: dropped.length })
    if (dropped.some((one) => one.type === 'EXIF' && exifOf(bytes.subarray(one.start + 8, one.end)).hasPosition))
      findings.push({ code: 'position', grade: 'strip' })
    if (end < bytes.length) findings.push({ code: 'hidden-bytes', grade: 'strip', count: bytes.length - end })
    return findings
  },

  strip(bytes) {
    const { chunks } = chunksOf(bytes)
    const pieces = chunks
      .filter(({ type }) => kept.has(type))
      .map(({ type, start, end }) =>
        type === 'VP8X' ? withoutFlags(bytes.subarray(start, end)) : bytes.subarray(start, end),
      )
    const head = Buffer.from(bytes.subarray(0, 12))
    head.writeUInt32LE(4 + pieces.reduce((sum, { length }) => sum + length, 0), 4)
    return new Uint8Array(Buffer.concat([head, ...pieces]))
  },
}

function withoutFlags(chunk: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(chunk)
  copy[8] = (copy[8] ?? 0) & ~metadataFlags
  return copy
}

function chunksOf(bytes: Uint8Array): { chunks: Chunk[]; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 20) throw new FileTrouble(bytes.length)
  const whole = 8 + view.getUint32(4, true)
  if (whole > bytes.length) throw new FileTrouble(4)
  const chunks: Chunk[] = []
  for (let start = 12; start < whole; ) {
    if (start + 8 > whole) throw new FileTrouble(start)
    const length = view.getUint32(start + 4, true)
    const end = start + 8 + length + (length % 2)
    if (end > whole) throw new FileTrouble(start)
    const type = Buffer.from(bytes.subarray(start, start + 4)).toString('latin1')
    if (type === 'VP8X' && length < 10) throw new FileTrouble(start)
    chunks.push({ type, start, end })
    start = end
  }
  if (!chunks.some(({ type }) => type.startsWith('VP8') || type === 'ANMF')) throw new FileTrouble(12)
  return { chunks, end: whole }
}
