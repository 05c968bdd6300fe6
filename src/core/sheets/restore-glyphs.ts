import { type ByteReader, byteReader } from './byte-reader.ts'

const onCurveBit = 1
const overlapBit = 64
const composite = 0xffff

interface Streams {
  contours: ByteReader
  points: ByteReader
  flags: ByteReader
  glyphs: ByteReader
  composites: ByteReader
  boxes: ByteReader
  instructions: ByteReader
}

/** Tables `glyf` and `loca`, the latter of the long kind, from their transformed form (WOFF 2.0 §5.1–5.3). */
export function restoreGlyphs(transformed: Uint8Array): [string, Uint8Array][] {
  const head = byteReader(transformed)
  head.skip(2)
  const hasOverlaps = (head.u16() & 1) === 1
  const count = head.u16()
  head.skip(2)
  const sizes = Array.from({ length: 7 }, () => head.u32())
  const parts = sizes.map((size) => head.take(size))
  const bitmapBytes = ((count + 31) >> 5) << 2
  const [contours, points, flags, glyphs, composites, boxes, instructions] = parts.map(byteReader) as [
    ByteReader,
    ByteReader,
    ByteReader,
    ByteReader,
    ByteReader,
    ByteReader,
    ByteReader,
  ]
  const boxBits = boxes.take(bitmapBytes)
  const overlaps = hasOverlaps ? head.take((count + 7) >> 3) : undefined
  const streams = { contours, points, flags, glyphs, composites, boxes, instructions }
  const has = (bits: Uint8Array | undefined, index: number) => (((bits?.[index >> 3] ?? 0) << (index & 7)) & 128) !== 0
  const made = Array.from({ length: count }, (_, index) =>
    restoreGlyph(streams, { hasBox: has(boxBits, index), overlaps: has(overlaps, index) }),
  )
  return tablesOf(made)
}

function tablesOf(made: readonly Uint8Array[]): [string, Uint8Array][] {
  const padded = made.map((glyph) => (glyph.length + 3) & ~3)
  const glyf = new Uint8Array(padded.reduce((sum, size) => sum + size, 0))
  const loca = new Uint8Array((made.length + 1) * 4)
  const view = new DataView(loca.buffer)
  let offset = 0
  for (const [index, glyph] of made.entries()) {
    view.setUint32(index * 4, offset)
    glyf.set(glyph, offset)
    offset += padded[index] ?? 0
  }
  view.setUint32(made.length * 4, offset)
  return [
    ['glyf', glyf],
    ['loca', loca],
  ]
}

function restoreGlyph(streams: Streams, known: { hasBox: boolean; overlaps: boolean }): Uint8Array {
  const contours = streams.contours.u16()
  if (contours === 0) return new Uint8Array(0)
  return contours === composite ? restoreComposite(streams) : restoreSimple(streams, contours, known)
}

function restoreComposite({ composites, boxes, glyphs, instructions }: Streams): Uint8Array {
  const parts: Uint8Array[] = [new Uint8Array([255, 255]), boxes.take(8)]
  let flags = 0
  do {
    const start = composites.take(2)
    flags = ((start[0] ?? 0) << 8) | (start[1] ?? 0)
    const offsets = (flags & 1) !== 0 ? 4 : 2
    const scale = (flags & 8) !== 0 ? 2 : (flags & 64) !== 0 ? 4 : (flags & 128) !== 0 ? 8 : 0
    parts.push(start, composites.take(2 + offsets + scale))
  } while ((flags & 32) !== 0)
  if ((flags & 256) !== 0) {
    const size = glyphs.short255()
    parts.push(new Uint8Array([size >> 8, size & 255]), instructions.take(size))
  }
  return Buffer.concat(parts)
}

function restoreSimple(streams: Streams, contours: number, known: { hasBox: boolean; overlaps: boolean }): Uint8Array {
  let total = 0
  const ends = Array.from({ length: contours }, () => {
    total += streams.points.short255()
    return total - 1
  })
  const deltas = Array.from({ length: total }, () => readDelta(streams))
  const size = streams.glyphs.short255()
  const hints = streams.instructions.take(size)
  const box = known.hasBox ? streams.boxes.take(8) : boxOf(deltas)
  const bytes = Buffer.alloc(10 + 2 * contours + 2 + size + total * 5)
  bytes.writeInt16BE(contours, 0)
  bytes.set(box, 2)
  let at = 10
  for (const end of ends) at = bytes.writeUInt16BE(end, at)
  at = bytes.writeUInt16BE(size, at)
  bytes.set(hints, at)
  at += size
  // Plain long form: each flag once, each coordinate in two bytes. Only the few glyphs of a text go into a document.
  for (const [index, { onCurve }] of deltas.entries())
    at = bytes.writeUInt8((onCurve ? onCurveBit : 0) | (index === 0 && known.overlaps ? overlapBit : 0), at)
  for (const { dx } of deltas) at = bytes.writeInt16BE(dx, at)
  for (const { dy } of deltas) at = bytes.writeInt16BE(dy, at)
  return bytes
}

interface Delta {
  dx: number
  dy: number
  onCurve: boolean
}

/** One point as seen from the one before it (WOFF 2.0 §5.2, table of triplets). */
function readDelta({ flags, glyphs }: Streams): Delta {
  const whole = flags.u8()
  const onCurve = whole < 128
  const flag = whole & 127
  const signed = (sign: number, value: number) => ((sign & 1) === 1 ? value : -value)
  if (flag < 10) return { dx: 0, dy: signed(flag, ((flag & 14) << 7) + glyphs.u8()), onCurve }
  if (flag < 20) return { dx: signed(flag, (((flag - 10) & 14) << 7) + glyphs.u8()), dy: 0, onCurve }
  if (flag < 84) {
    const [high, low] = [flag - 20, glyphs.u8()]
    const dx = signed(flag, 1 + (high & 48) + (low >> 4))
    return { dx, dy: signed(flag >> 1, 1 + ((high & 12) << 2) + (low & 15)), onCurve }
  }
  if (flag < 120) {
    const high = flag - 84
    const dx = signed(flag, 1 + (Math.floor(high / 12) << 8) + glyphs.u8())
    return { dx, dy: signed(flag >> 1, 1 + (((high % 12) >> 2) << 8) + glyphs.u8()), onCurve }
  }
  if (flag < 124) {
    const [first, middle, last] = [glyphs.u8(), glyphs.u8(), glyphs.u8()]
    const dx = signed(flag, (first << 4) + (middle >> 4))
    return { dx, dy: signed(flag >> 1, ((middle & 15) << 8) + last), onCurve }
  }
  const dx = signed(flag, glyphs.u16())
  return { dx, dy: signed(flag >> 1, glyphs.u16()), onCurve }
}

function boxOf(deltas: readonly Delta[]): Uint8Array {
  let [x, y] = [0, 0]
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { dx, dy } of deltas) {
    x += dx
    y += dy
    left = Math.min(left, x)
    right = Math.max(right, x)
    bottom = Math.min(bottom, y)
    top = Math.max(top, y)
  }
  const box = Buffer.alloc(8)
  for (const [index, side] of [left, bottom, right, top].entries()) box.writeInt16BE(side, index * 2)
  return box
}
