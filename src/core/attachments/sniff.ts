import type { Format } from './types.ts'
import type { TextKind } from './formats/names.ts'
import { isText } from './formats/text.ts'
import { readZip, unpack } from './formats/zip.ts'

/** First bytes of formats, in latin1. */
const magics: [string, Format][] = [
  ['\xff\xd8\xff', 'jpeg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['%PDF-', 'pdf'],
  ['GIF8', 'image'],
  ['BM', 'image'],
  ['II*\0', 'image'],
  ['MM\0*', 'image'],
  ['MZ', 'program'],
  ['\x7fELF', 'program'],
  ['\xca\xfe\xba\xbe', 'program'],
  ['\xfe\xed\xfa\xce', 'program'],
  ['\xfe\xed\xfa\xcf', 'program'],
  ['\xce\xfa\xed\xfe', 'program'],
  ['\xcf\xfa\xed\xfe', 'program'],
  ['\0asm', 'program'],
  ['dex\n', 'program'],
  ['#!', 'script'],
  ['L\0\0\0\x01\x14\x02\0', 'script'],
  ['{\\rtf', 'rich-text'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'office-old'],
  ['7z\xbc\xaf\x27\x1c', 'archive'],
  ['Rar!\x1a\x07', 'archive'],
  ['\x1f\x8b', 'archive'],
  ['\x1f\x9d', 'archive'],
  ['BZh', 'archive'],
  ['\xfd7zXZ\0', 'archive'],
  ['\x28\xb5\x2f\xfd', 'archive'],
  ['MSCF', 'archive'],
]

const openDocuments: Record<string, Format> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
}

/** Begins as a browser would take for a page or a drawing, whatever stands before it that is no content. */
const markup =
  /^\ufeff?(\s|<\?[^>]*\?>|<!--[\s\S]{0,4000}?-->|<!doctype\b[^>]{0,2000}>)*<(!doctype|\?xml|html|head|body|title|script|style|svg|iframe|object|embed|a|b|br|div|font|h1|img|p|table|link|meta|base|form|frameset|math|xml|[a-z0-9_-]+:[a-z])[\s>/:]/i

/** What a file is by its bytes. */
export function sniff(kind: TextKind, bytes: Uint8Array): Format {
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return kindOfZip(bytes)
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  if (/^(heic|heix|heim|mif1|msf1|avif|avis)$/.test(head.slice(8, 12)) && head.slice(4, 8) === 'ftyp') return 'image'
  if (Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar') return 'archive'
  const magic = magics.find(([first]) => head.startsWith(first))
  if (magic && !(magic[0].length === 2 && /^(BM|MZ)/.test(head) && isText(bytes))) return magic[1]
  return isText(bytes) ? kindOfText(kind, bytes) : isWide(bytes) ? 'markup' : 'unknown'
}

/** Text of two bytes a character, in which markup could hide from whoever reads bytes. */
function isWide(bytes: Uint8Array): boolean {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  const label = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : undefined
  return label !== undefined && markup.test(new TextDecoder(label).decode(bytes.subarray(0, 8_000)))
}

function kindOfText(kind: TextKind, bytes: Uint8Array): Format {
  const start = new TextDecoder().decode(bytes.subarray(0, 16_000))
  return markup.test(start) ? 'markup' : kind
}

/** An office document is an archive of a certain content; what cannot be read stays an archive, and is refused as such. */
function kindOfZip(bytes: Uint8Array): Format {
  try {
    const entries = readZip(bytes)
    const [first] = entries
    if (first?.name === 'mimetype' && first.size < 100)
      return openDocuments[Buffer.from(unpack(first)).toString('latin1')] ?? 'zip'
    const names = new Set(entries.map(({ name }) => name))
    if (!names.has('[Content_Types].xml')) return 'zip'
    if (names.has('word/document.xml')) return 'docx'
    if (names.has('xl/workbook.xml')) return 'xlsx'
    return names.has('ppt/presentation.xml') ? 'pptx' : 'zip'
  } catch {
    return 'zip'
  }
}
