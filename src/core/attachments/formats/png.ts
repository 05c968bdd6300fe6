import { crc32 } from 'node:zlib'
import { type Finding, FileTrouble, type FormatReader } from '../types.ts'
import { exifOf } from './exif.ts'

interface Chunk {
  type: string
  start: number
  end: number
}

/** What decides pixels, colours and motion (PNG third edition); everything else is about the file. */
const kept = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
)

export const png: FormatReader = {
  look(bytes) {
    const { chunks, end } = chunksOf(bytes)
    const dropped = chunks.filter(({ type }) => !kept.has(type))
    const findings: Finding[] = []
    if (dropped.length > 0) findings.push({ code: 'image-metadata', grade: 'strip', count: dropped.length })
    if (dropped.some((one) => one.type === 'eXIf' && exifOf(contentOf(bytes, one)).hasPosition))
      findings.push({ code: 'position', grade: 'strip' })
    if (end < bytes.length) findings.push({ code: 'hidden-bytes', grade: 'strip', count: bytes.length - end })
    return findings
  },

  strip(bytes) {
    const { chunks } = chunksOf(bytes)
    const pieces = chunks.filter(({ type }) => kept.has(type)).map(({ start, end }) => bytes.subarray(start, end))
    return new Uint8Array(Buffer.concat([bytes.subarray(0, 8), ...pieces]))
  },
}

const contentOf = (bytes: Uint8Array, { start, end }: Chunk): Uint8Array => bytes.subarray(start + 8, end - 4)

function chunksOf(bytes: Uint8Array): { chunks: Chunk[]; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let start = 8; ; ) {
    if (start + 12 > bytes.length) throw new FileTrouble(start)
    const length = view.getUint32(start)
    const end = start + 12 + length
    if (end > bytes.length) throw new FileTrouble(start)
    const type = Buffer.from(bytes.subarray(start + 4, start + 8)).toString('latin1')
    const isFirst = chunks.length === 0
    if (!/^[A-Za-z]{4}$/.test(type) || isFirst !== (type === 'IHDR')) throw new FileTrouble(start)
    if (crc32(bytes.subarray(start + 4, end - 4)) !== view.getUint32(end - 4)) throw new FileTrouble(start)
    chunks.push({ type, start, end })
    if (type === 'IEND') {
      if (!chunks.some((one) => one.type === 'IDAT')) throw new FileTrouble(start)
      return { chunks, end }
    }
    start = end
  }
}
