import { isAscii } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { fromUtf8, sameBytes, utf8 } from '../bytes.ts'
import { ProtocolError } from '../protocol-error.ts'

/** An archive that cannot be taken apart at this file. */
export class ArchiveError extends ProtocolError {
  override name = 'ArchiveError'
  readonly file: string

  constructor(file: string, detail: string) {
    super('zip-shape', detail)
    this.file = file
  }
}

// APPNOTE 6.3.10, one form only: stored, UTF-8 names, fixed date, no extra fields, ZIP64 records only when needed.
// Archives that others make are read by core/attachments/formats/zip.ts, which judges instead of comparing.
const localSignature = 0x04034b50
const centralSignature = 0x02014b50
const endSignature = 0x06054b50
const end64Signature = 0x06064b50
const locator64Signature = 0x07064b50
const utf8Flag = 0x0800
/** 1 January 1980, the first day an archive can name. */
const dosDate = 0x0021
const max16 = 0xffff
const max32 = 0xffffffff
const version = 20
const version64 = 45

/**
 * The one archive of these files: equal contents give equal bytes. Names are
 * sorted bytewise. No file may reach 4 GiB.
 */
export function writeArchive(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return new Uint8Array(Buffer.concat(archivePieces(files)))
}

/** Where bytes first differ from the one archive of these files; undefined if nowhere. */
export function differenceFrom(files: ReadonlyMap<string, Uint8Array>, bytes: Uint8Array): number | undefined {
  let offset = 0
  for (const piece of archivePieces(files)) {
    const there = bytes.subarray(offset, offset + piece.length)
    if (!sameBytes(piece, there)) return offset + firstDifference(piece, there)
    offset += piece.length
  }
  return offset === bytes.length ? undefined : offset
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}

function archivePieces(files: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  const sorted = [...files]
    .map(([name, content]) => ({ name: utf8(name), content }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
  const locals: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const { name, content } of sorted) {
    const facts = factsOf(name, content)
    locals.push(localHeader(facts), name, content)
    central.push(centralHeader(facts, offset))
    offset += 30 + name.length + content.length
  }
  const size = central.reduce((sum, { length }) => sum + length, 0)
  return [...locals, ...central, endRecords({ count: sorted.length, size, offset })]
}

/** A file whose bytes come piece by piece; checksum and size are known before. */
export interface StreamedFile {
  name: string
  crc: number
  size: number
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** An archive of files in the order they come, one piece in memory at a time. Same form as {@link writeArchive}. */
export async function* streamArchive(files: AsyncIterable<StreamedFile>): AsyncGenerator<Uint8Array> {
  const central: Uint8Array[] = []
  let offset = 0
  for await (const file of files) {
    const facts = { name: utf8(file.name), crc: file.crc, size: file.size }
    if (facts.name.length > max16 || facts.size >= max32) throw new ProtocolError('zip-shape', 'name or file too long')
    yield localHeader(facts)
    yield facts.name
    let size = 0
    for await (const piece of file.pieces()) {
      size += piece.length
      yield piece
    }
    if (size !== facts.size) throw new ProtocolError('zip-shape', `${file.name} has another length than was said`)
    central.push(centralHeader(facts, offset))
    offset += 30 + facts.name.length + size
  }
  yield* central
  const length = central.reduce((sum, one) => sum + one.length, 0)
  yield endRecords({ count: central.length, size: length, offset })
}

/**
 * Files of an archive. Only structure is judged here: whoever needs to know
 * that the archive is canonical writes the files again and compares.
 */
export function readArchive(bytes: Uint8Array): Map<string, Uint8Array> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { count, size, offset } = readEnd(buffer)
  const files = new Map<string, Uint8Array>()
  let at = offset
  for (let number = 0; number < count; number += 1) {
    const entry = readCentral(buffer, at, offset + size)
    if (files.has(entry.name)) throw new ArchiveError(entry.name, 'twice')
    files.set(entry.name, readLocal(buffer, entry, offset))
    at = entry.end
  }
  if (at !== offset + size) throw new ProtocolError('zip-shape', 'central directory has another length')
  return files
}

interface FileFacts {
  name: Uint8Array
  crc: number
  size: number
}

function factsOf(name: Uint8Array, content: Uint8Array): FileFacts {
  if (name.length > max16 || content.length >= max32) throw new ProtocolError('zip-shape', 'name or file too long')
  return { name, crc: crc32(content), size: content.length }
}

const localTemplate = record(30, [
  [4, localSignature],
  [2, version],
  [2, utf8Flag],
  [2, 0],
  [2, 0],
  [2, dosDate],
])

function localHeader(facts: FileFacts): Buffer {
  const header = Buffer.from(localTemplate)
  writeFacts(header, facts, 14)
  return header
}

/** Checksum, both sizes and the length of the name, which stand together in both headers. */
function writeFacts(header: Buffer, { name, crc, size }: FileFacts, at: number): void {
  header.writeUInt32LE(crc, at)
  header.writeUInt32LE(size, at + 4)
  header.writeUInt32LE(size, at + 8)
  header.writeUInt16LE(name.length, at + 12)
}

const centralTemplate = record(46, [
  [4, centralSignature],
  [2, version],
  [2, version],
  [2, utf8Flag],
  [2, 0],
  [2, 0],
  [2, dosDate],
])

function centralHeader(facts: FileFacts, offset: number): Uint8Array {
  const header = Buffer.from(centralTemplate)
  writeFacts(header, facts, 16)
  header.writeUInt32LE(Math.min(offset, max32), 42)
  if (offset < max32) return Buffer.concat([header, facts.name])
  header.writeUInt16LE(version64, 4)
  header.writeUInt16LE(version64, 6)
  header.writeUInt16LE(12, 30)
  const far = record(12, [
    [2, 1],
    [2, 8],
    [8, offset],
  ])
  return Buffer.concat([header, facts.name, far])
}

function endRecords({ count, size, offset }: { count: number; size: number; offset: number }): Uint8Array {
  const needs64 = count >= max16 || size >= max32 || offset >= max32
  const end64 = needs64
    ? [
        record(56, [
          [4, end64Signature],
          [8, 44],
          [2, version64],
          [2, version64],
          [4, 0],
          [4, 0],
          [8, count],
          [8, count],
          [8, size],
          [8, offset],
        ]),
        record(20, [
          [4, locator64Signature],
          [4, 0],
          [8, offset + size],
          [4, 1],
        ]),
      ]
    : []
  const short = Math.min(count, max16)
  const end = record(22, [
    [4, endSignature],
    [2, 0],
    [2, 0],
    [2, short],
    [2, short],
    [4, Math.min(size, max32)],
    [4, Math.min(offset, max32)],
    [2, 0],
  ])
  return Buffer.concat([...end64, end])
}

function record(length: number, fields: [width: 2 | 4 | 8, value: number][]): Buffer {
  const bytes = Buffer.alloc(length)
  let at = 0
  for (const [width, value] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at)
    else bytes.writeUIntLE(value, at, width)
    at += width
  }
  return bytes
}

function readEnd(buffer: Buffer): { count: number; size: number; offset: number } {
  const at = buffer.length - 22
  if (at < 0 || buffer.readUInt32LE(at) !== endSignature) throw new ProtocolError('zip-shape', 'no end record')
  const end = {
    count: buffer.readUInt16LE(at + 10),
    size: buffer.readUInt32LE(at + 12),
    offset: buffer.readUInt32LE(at + 16),
  }
  const has64 = at >= 76 && buffer.readUInt32LE(at - 20) === locator64Signature
  const wide = has64 ? readEnd64(buffer, at - 76) : end
  const stop = has64 ? at - 76 : at
  if (wide.offset + wide.size !== stop) throw new ProtocolError('zip-shape', 'central directory does not end the file')
  return wide
}

function readEnd64(buffer: Buffer, at: number): { count: number; size: number; offset: number } {
  if (buffer.readUInt32LE(at) !== end64Signature) throw new ProtocolError('zip-shape', 'no 64-bit end record')
  return { count: wide(buffer, at + 32), size: wide(buffer, at + 40), offset: wide(buffer, at + 48) }
}

interface CentralEntry {
  name: string
  size: number
  offset: number
  end: number
}

function readCentral(buffer: Buffer, at: number, limit: number): CentralEntry {
  if (at + 46 > limit || buffer.readUInt32LE(at) !== centralSignature) {
    throw new ProtocolError('zip-shape', `no central header at byte ${at}`)
  }
  const nameEnd = at + 46 + buffer.readUInt16LE(at + 28)
  const end = nameEnd + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32)
  if (end > limit || buffer.readUInt16LE(at + 10) !== 0)
    throw new ProtocolError('zip-shape', `central header at byte ${at}`)
  const short = buffer.readUInt32LE(at + 42)
  const offset = short === max32 && end - nameEnd >= 12 ? wide(buffer, nameEnd + 4) : short
  const bytes = buffer.subarray(at + 46, nameEnd)
  const name = isAscii(bytes) ? bytes.toString('latin1') : fromUtf8(bytes)
  return { name, size: buffer.readUInt32LE(at + 20), offset, end }
}

function readLocal(buffer: Buffer, { name, size, offset }: CentralEntry, limit: number): Uint8Array {
  if (offset + 30 > limit || buffer.readUInt32LE(offset) !== localSignature) {
    throw new ArchiveError(name, 'no local header')
  }
  const start = offset + 30 + buffer.readUInt16LE(offset + 26) + buffer.readUInt16LE(offset + 28)
  if (start + size > limit) throw new ArchiveError(name, 'reaches beyond the files')
  return new Uint8Array(buffer.buffer, buffer.byteOffset + start, size)
}

function wide(buffer: Buffer, at: number): number {
  if (at < 0 || at + 8 > buffer.length) throw new ProtocolError('zip-shape', `byte ${at}`)
  const value = buffer.readBigUInt64LE(at)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ProtocolError('zip-shape', `byte ${at}`)
  return Number(value)
}
