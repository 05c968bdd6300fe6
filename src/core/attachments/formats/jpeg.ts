import { type Finding, FileTrouble, type FormatReader } from '../types.ts'
import { exifOf, orientationSegment } from './exif.ts'

interface Segment {
  marker: number
  start: number
  end: number
}

const exifName = 'Exif\0\0'
/** ICC profile and Adobe's colour transform decide colours; JFIF is the density. */
const keptApps = [
  [0xe0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
] as const

/** JPEG (ISO 10918-1): only what a decoder needs is kept, byte for byte. */
export const jpeg: FormatReader = {
  look(bytes) {
    const { segments, end } = segmentsOf(bytes)
    const findings: Finding[] = []
    const dropped = segments.filter((one) => !isKept(bytes, one))
    const exif = dropped.map((one) => exifIn(bytes, one)).find(Boolean)
    const isOnlyTurned = dropped.length === 1 && exif?.onlyOrientation
    if (dropped.length > 0 && !isOnlyTurned)
      findings.push({
        code: 'image-metadata',
        grade: 'strip',
        count: dropped.length,
        ...(exif?.author && { detail: exif.author }),
      })
    if (exif?.hasPosition) findings.push({ code: 'position', grade: 'strip' })
    if (end < bytes.length) findings.push({ code: 'hidden-bytes', grade: 'strip', count: bytes.length - end })
    return findings
  },

  strip(bytes) {
    const { segments, end } = segmentsOf(bytes)
    const turned = segments.map((one) => exifIn(bytes, one)?.orientation ?? 1).find((one) => one > 1)
    const pieces = [bytes.subarray(0, 2)]
    if (turned !== undefined) pieces.push(orientationSegment(turned))
    let from = 2
    for (const segment of segments) {
      if (isKept(bytes, segment)) continue
      pieces.push(bytes.subarray(from, segment.start))
      from = segment.end
    }
    pieces.push(bytes.subarray(from, end))
    return new Uint8Array(Buffer.concat(pieces))
  },
}

function isKept(bytes: Uint8Array, { marker, start, end }: Segment): boolean {
  if (marker === 0xfe) return false
  if (marker < 0xe0 || marker > 0xef) return true
  const kept = keptApps.find(([app]) => app === marker)
  return kept !== undefined && beginsWith(bytes.subarray(start + 4, end), kept[1])
}

function exifIn(bytes: Uint8Array, { marker, start, end }: Segment) {
  const content = bytes.subarray(start + 4, end)
  return marker === 0xe1 && beginsWith(content, exifName) ? exifOf(content.subarray(exifName.length)) : undefined
}

const beginsWith = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text

/** Marker segments outside the scans, and where the image ends. */
function segmentsOf(bytes: Uint8Array): { segments: Segment[]; end: number } {
  const segments: Segment[] = []
  let at = 2
  let hasScan = false
  for (;;) {
    if (bytes[at] !== 0xff) throw new FileTrouble(at)
    const marker = bytes[at + 1]
    // Fill bytes may stand before any marker.
    if (marker === 0xff) at += 1
    else if (marker === 0xd9) {
      if (!hasScan) throw new FileTrouble(at)
      return { segments, end: at + 2 }
    } else {
      if (marker === undefined || marker < 0xc0 || marker === 0xd8) throw new FileTrouble(at)
      const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
      const end = at + 2 + length
      if (length < 2 || end > bytes.length) throw new FileTrouble(at)
      segments.push({ marker, start: at, end })
      if (marker === 0xda) hasScan = true
      at = marker === 0xda ? endOfScan(bytes, end) : end
    }
  }
}

/** Entropy-coded bytes end at a marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) break
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  throw new FileTrouble(bytes.length)
}
