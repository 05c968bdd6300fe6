import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { type Finding, FileTrouble, type FormatReader } from '../types.ts'
import { isActiveName, isArchiveName } from './names.ts'

/** One file in an archive; nothing of it was unpacked. */
export interface ZipEntry {
  name: string
  method: number
  /** As the archive says. */
  size: number
  crc: number
  isLocked: boolean
  isLink: boolean
  /** Its compressed bytes, lying in the archive. */
  packed: Uint8Array
}

const localSignature = 0x04034b50
const centralSignature = 0x02014b50
const endSignature = 0x06054b50
const endBytes = 22
const longestComment = 65_535
const descriptorBytes = 24

/** Limits of what may be in an archive at all. */
const mostEntries = 2_000
const mostUnfoldedBytes = 512 * 1024 * 1024
/** A compressed byte may stand for so many; what deflate can do at most is 1032. */
const mostRatio = 250
const ratioFromBytes = 1024 * 1024

/** An archive is listed and never unpacked. */
export const zip: FormatReader = {
  look(bytes) {
    const entries = readZip(bytes)
    const findings: Finding[] = [{ code: 'listed', grade: 'tell', count: entries.length, detail: namesOf(entries) }]
    const refuse = (code: Finding['code'], entry: ZipEntry | undefined) => {
      if (entry) findings.push({ code, grade: 'refuse', at: entry.name.slice(0, 200) })
    }
    refuse('bad-path', entries.find(hasBadPath))
    refuse(
      'link-inside',
      entries.find((one) => one.isLink),
    )
    refuse(
      'locked',
      entries.find((one) => one.isLocked),
    )
    refuse('unfolds', entries.find(unfoldsTooFar))
    refuse(
      'archive-inside',
      entries.find((one) => isArchiveName(one.name)),
    )
    refuse(
      'active-inside',
      entries.find((one) => isActiveName(one.name)),
    )
    return findings
  },
}

function namesOf(entries: readonly ZipEntry[]): string {
  return entries
    .slice(0, 20)
    .map(({ name }) => name)
    .join(', ')
    .slice(0, 400)
}

function hasBadPath({ name }: ZipEntry): boolean {
  return (
    name === '' ||
    name.length > 400 ||
    /^[\\/]|^[A-Za-z]:|\\|[\p{Cc}\p{Cf}]/u.test(name) ||
    name.split('/').some((step) => step === '..' || step === '.')
  )
}

const unfoldsTooFar = ({ size, packed }: ZipEntry): boolean =>
  size > ratioFromBytes && size > mostRatio * Math.max(1, packed.length)

/**
 * What an archive says it holds (APPNOTE 6.3.10, without ZIP64), whichever program made it; a dossier's reader takes one
 * canonical form and is another one for that reason. The whole file must be accounted for: nothing before
 * the first entry, nothing after the end, no two entries over one another, no name twice.
 *
 * @throws FileTrouble
 */
export function readZip(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(bytes, view)
  const count = view.getUint16(end + 10, true)
  const start = view.getUint32(end + 16, true)
  const size = view.getUint32(end + 12, true)
  if (count > mostEntries) throw new FileTrouble(end, 'too-many-inside')
  if (view.getUint16(end + 8, true) !== count || start + size !== end) throw new FileTrouble(end)
  const entries: ZipEntry[] = []
  const places: { from: number; to: number }[] = []
  let at = start
  for (let n = 0; n < count; n++) {
    const { entry, place, next } = readCentral(bytes, view, at, end)
    entries.push(entry)
    places.push(place)
    at = next
  }
  if (at !== end) throw new FileTrouble(at)
  requireGapless(places, start)
  if (new Set(entries.map(({ name }) => name.toLowerCase())).size < count) throw new FileTrouble(start)
  if (entries.reduce((sum, one) => sum + one.size, 0) > mostUnfoldedBytes) throw new FileTrouble(end, 'unfolds')
  return entries
}

function findEnd(bytes: Uint8Array, view: DataView): number {
  for (let at = bytes.length - endBytes; at >= Math.max(0, bytes.length - endBytes - longestComment); at--) {
    if (view.getUint32(at, true) === endSignature && at + endBytes + view.getUint16(at + 20, true) === bytes.length)
      return at
  }
  throw new FileTrouble(bytes.length)
}

function readCentral(bytes: Uint8Array, view: DataView, at: number, end: number) {
  if (at + 46 > end || view.getUint32(at, true) !== centralSignature) throw new FileTrouble(at)
  const flags = view.getUint16(at + 8, true)
  const packedSize = view.getUint32(at + 20, true)
  const nameEnd = at + 46 + view.getUint16(at + 28, true)
  const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  const local = view.getUint32(at + 42, true)
  if (next > end || local + 30 > bytes.length) throw new FileTrouble(at)
  if (view.getUint32(local, true) !== localSignature) throw new FileTrouble(local)
  const nameBytes = bytes.subarray(at + 46, nameEnd)
  const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  const localName = bytes.subarray(local + 30, local + 30 + view.getUint16(local + 26, true))
  if (data + packedSize > bytes.length || Buffer.compare(localName, nameBytes) !== 0) throw new FileTrouble(local)
  // Unix mode in the upper half: 0o120000 is a symbolic link.
  const mode = view.getUint32(at + 38, true) >>> 16
  const entry: ZipEntry = {
    name: Buffer.from(nameBytes).toString(flags & 0x0800 ? 'utf8' : 'latin1'),
    method: view.getUint16(at + 10, true),
    size: view.getUint32(at + 24, true),
    crc: view.getUint32(at + 16, true),
    isLocked: (flags & 0x2041) !== 0,
    isLink: (mode & 0o170000) === 0o120000,
    packed: bytes.subarray(data, data + packedSize),
  }
  return { entry, place: { from: local, to: data + packedSize }, next }
}

function requireGapless(places: { from: number; to: number }[], end: number): void {
  let reached = 0
  for (const { from, to } of places.toSorted((a, b) => a.from - b.from)) {
    // After an entry there may stand a data descriptor, before the first nothing.
    if (from < reached || from - reached > (reached === 0 ? 0 : descriptorBytes)) throw new FileTrouble(from)
    reached = to
  }
  if (end < reached || end - reached > descriptorBytes) throw new FileTrouble(reached)
}

/** Content of an entry, never more than it says. @throws FileTrouble */
export function unpack({ name, method, size, crc, isLocked, packed }: ZipEntry): Uint8Array {
  if (isLocked || (method !== 0 && method !== 8)) throw new FileTrouble(name, 'locked')
  const content = method === 0 ? packed : inflated(name, packed, size)
  if (content.length !== size || crc32(content) !== crc) throw new FileTrouble(name)
  return content
}

function inflated(name: string, packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) })
  } catch {
    throw new FileTrouble(name)
  }
}

/** What goes into a new archive: an entry as it lies, or new content. */
export type Packed = { name: string } & ({ entry: ZipEntry } | { content: Uint8Array; stored?: boolean })

/** An archive without comments, extra fields and times, in the order given. */
export function writeZip(files: readonly Packed[]): Uint8Array {
  const pieces: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const file of files) {
    const { method, size, crc, packed } = 'entry' in file ? file.entry : pack(file)
    const name = Buffer.from(file.name, 'utf8')
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(0x0800, 2)
    head.writeUInt16LE(method, 4)
    // 1 January 1980, the first day an archive can name.
    head.writeUInt16LE(0x21, 8)
    head.writeUInt32LE(crc, 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(size, 18)
    head.writeUInt16LE(name.length, 22)
    pieces.push(number32(localSignature), head, name, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(number32(centralSignature), Buffer.from([20, 0]), head, tail, name)
    offset += 30 + name.length + packed.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(
    central.reduce((sum, { length }) => sum + length, 0),
    8,
  )
  end.writeUInt32LE(offset, 12)
  return new Uint8Array(Buffer.concat([...pieces, ...central, number32(endSignature), end]))
}

function pack({ content, stored = false }: { content: Uint8Array; stored?: boolean }) {
  return {
    method: stored ? 0 : 8,
    size: content.length,
    crc: crc32(content),
    packed: stored ? content : deflateRawSync(content),
  }
}

function number32(value: number): Buffer {
  const four = Buffer.alloc(4)
  four.writeUInt32LE(value)
  return four
}
