import { ProtocolError } from '../protocol-error.ts'

/** One value of DER: definite lengths in their shortest form, nothing behind the last. */
export interface Der {
  tag: number
  /** Without tag and length. */
  content: Uint8Array
  /** With them. */
  whole: Uint8Array
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

const mostValues = 10_000

/** Reads exactly one value. @throws ProtocolError `time-stamp-shape` */
export function readDer(bytes: Uint8Array): Der {
  const values = readAll(bytes)
  const [first] = values
  if (!first || values.length !== 1) throw unfit('one value')
  return first
}

/** The values within a constructed one, in order. */
export function inside(value: Der | undefined, tag: number): Der[] {
  if (value?.tag !== tag) throw unfit(`tag ${tag.toString(16)}`)
  return readAll(value.content)
}

/** The content of a primitive value. */
export function contentOf(value: Der | undefined, tag: number): Uint8Array {
  if (value?.tag !== tag) throw unfit(`tag ${tag.toString(16)}`)
  return value.content
}

/** An object identifier in dots. */
export function oidOf(value: Der | undefined): string {
  const bytes = contentOf(value, tags.oid)
  const arcs: number[] = []
  let arc = 0
  let isFirst = true
  for (const byte of bytes) {
    if (isFirst && byte === 0x80) throw unfit('object identifier')
    if (arc > 2 ** 40) throw unfit('object identifier')
    arc = arc * 128 + (byte & 0x7f)
    isFirst = byte < 0x80
    if (!isFirst) continue
    arcs.push(arc)
    arc = 0
  }
  const [head] = arcs
  if (head === undefined || !isFirst) throw unfit('object identifier')
  const top = Math.min(2, Math.floor(head / 40))
  return [top, head - top * 40, ...arcs.slice(1)].join('.')
}

/** A small non-negative number. */
export function numberOf(value: Der | undefined): number {
  const bytes = contentOf(value, tags.integer)
  const [first = 0x80] = bytes
  if (bytes.length > 4 || first >= 0x80 || (bytes.length > 1 && first === 0 && (bytes[1] ?? 0) < 0x80))
    throw unfit('integer')
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}

export function unfit(detail: string): ProtocolError {
  return new ProtocolError('time-stamp-shape', detail)
}

function readAll(bytes: Uint8Array): Der[] {
  const found: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] as number
    // Tags above 30 and lengths of four bytes and more have no place in a time-stamp.
    if ((tag & 0x1f) === 0x1f || found.length === mostValues) throw unfit('tag')
    const { length, start } = lengthAt(bytes, at + 1)
    const end = start + length
    if (end > bytes.length) throw unfit('length')
    found.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) })
    at = end
  }
  return found
}

function lengthAt(bytes: Uint8Array, at: number): { length: number; start: number } {
  const first = bytes[at]
  if (first === undefined) throw unfit('length')
  if (first < 0x80) return { length: first, start: at + 1 }
  const count = first & 0x7f
  const digits = bytes.subarray(at + 1, at + 1 + count)
  const length = digits.reduce((sum, byte) => sum * 256 + byte, 0)
  const isShortest = length >= 0x80 && (digits[0] ?? 0) !== 0
  if (count === 0 || count > 3 || digits.length !== count || !isShortest) throw unfit('length')
  return { length, start: at + 1 + count }
}
