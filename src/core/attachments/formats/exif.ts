/** What matters of an Exif block (TIFF 6.0, CIPA DC-008). */
export interface Exif {
  author?: string
  /** 1 upright; others say how it is turned or mirrored. */
  orientation: number
  hasPosition: boolean
  onlyOrientation: boolean
}

const orientationTag = 0x0112
const artistTag = 0x013b
const positionTag = 0x8825

/** Never throws: a block that cannot be read is metadata all the same. */
export function exifOf(tiff: Uint8Array): Exif {
  const found: Exif = { orientation: 1, hasPosition: false, onlyOrientation: false }
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 8) return found
  const little = tiff[0] === 0x49
  const first = view.getUint32(4, little)
  if (first + 2 > tiff.length) return found
  const count = view.getUint16(first, little)
  for (let entry = 0; entry < Math.min(count, 200); entry++) {
    const at = first + 2 + entry * 12
    if (at + 12 > tiff.length) return found
    const tag = view.getUint16(at, little)
    if (tag === orientationTag) found.orientation = asOrientation(view.getUint16(at + 8, little))
    if (tag === positionTag) found.hasPosition = true
    if (tag === artistTag) found.author = wordsAt(tiff, view, at, little)
  }
  found.onlyOrientation = count === 1 && found.orientation > 1 && tiff.length <= minimal
  return found
}

const asOrientation = (value: number): number => (value >= 1 && value <= 8 ? value : 1)

function wordsAt(tiff: Uint8Array, view: DataView, at: number, little: boolean): string | undefined {
  const length = Math.min(view.getUint32(at + 4, little), 100)
  const start = length <= 4 ? at + 8 : view.getUint32(at + 8, little)
  if (start + length > tiff.length) return undefined
  return readable(Buffer.from(tiff.subarray(start, start + length)).toString('utf8')) || undefined
}

/** Words of a file, fit for a page: no control or direction characters. */
export function readable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120)
}

/** TIFF header, one entry, no next directory. */
const minimal = 8 + 2 + 12 + 4

/** An APP1 segment that says how the image is turned, and nothing else. */
export function orientationSegment(orientation: number): Uint8Array {
  const tiff = Buffer.alloc(minimal)
  tiff.write('MM', 'latin1')
  tiff.writeUInt16BE(42, 2)
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(1, 8)
  tiff.writeUInt16BE(orientationTag, 10)
  tiff.writeUInt16BE(3, 12)
  tiff.writeUInt32BE(1, 14)
  tiff.writeUInt16BE(orientation, 18)
  const head = Buffer.from([0xff, 0xe1, 0, 2 + 6 + minimal])
  return Buffer.concat([head, Buffer.from('Exif\0\0', 'latin1'), tiff])
}
