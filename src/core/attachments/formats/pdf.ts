import { inflateSync } from 'node:zlib'
import { type Finding, FileTrouble, type FormatReader } from '../types.ts'
import { readable } from './exif.ts'

/** Object streams hide objects from whoever only looks at the bytes; they are unfolded up to this. */
const mostUnfoldedBytes = 64 * 1024 * 1024

/**
 * PDF (ISO 32000-2): objects are looked at as text, those in object streams too; pictures and page contents are not.
 * Properties that stand in the clear are blanked without moving a byte.
 */
export const pdf: FormatReader = {
  look(bytes) {
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    if (!/%%EOF\s*$/.test(raw.slice(-1024))) throw new FileTrouble(bytes.length)
    const { outside, unfolded } = textsOf(raw, bytes)
    const text = plainNames(`${outside}\n${unfolded}`)
    if (/\/Encrypt\s*(\d+\s+\d+\s+R|<<)/.test(text)) return [{ code: 'locked', grade: 'refuse' }]
    const isSigned = /\/ByteRange\s*\[/.test(text)
    return [...active(text), ...about(outside, unfolded, isSigned)]
  },

  strip(bytes) {
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    return new Uint8Array(Buffer.from(blankXmp(blankInfo(raw)), 'latin1'))
  },
}

const key = (names: string) => new RegExp(`/(${names})(?![A-Za-z0-9_])`, 'g')
const refusals: [Finding['code'], RegExp][] = [
  ['macros', key('JavaScript|JS')],
  ['opens-programs', key('Launch|GoToE|GoToR|Trans3D')],
  ['embedded-files', key('EmbeddedFiles?|Filespec|EF')],
  ['sends-forms', key('SubmitForm|ImportData|XFA')],
  ['moving-content', key('RichMedia|Rendition|Movie|Sound|Screen|3D|U3D')],
]
/** Remarks of readers; links, form fields and signatures are annotations too, and are none. */
const remarks =
  /\/Subtype\s*\/(Text|FreeText|Highlight|Underline|Squiggly|StrikeOut|Caret|Ink|Stamp|Popup|FileAttachment|Redact)(?![A-Za-z0-9])/g

function active(text: string): Finding[] {
  const found = refusals.flatMap(([code, pattern]): Finding[] => {
    const count = (text.match(pattern) ?? []).length
    return count > 0 ? [{ code, grade: 'refuse', count }] : []
  })
  const comments = (text.match(remarks) ?? []).length
  const links = (text.match(/\/S\s*\/URI(?![A-Za-z0-9])/g) ?? []).length
  if (comments > 0) found.push({ code: 'comments', grade: 'refuse', count: comments })
  if (links > 0) found.push({ code: 'links', grade: 'tell', count: links })
  return found
}

function about(outside: string, unfolded: string, isSigned: boolean): Finding[] {
  const found: Finding[] = isSigned ? [{ code: 'signed', grade: 'tell' }] : []
  const author = readable(wordsOf(/\/Author\s*\(((?:\\.|[^\\()]){1,200})\)/.exec(outside)?.[1] ?? ''))
  const inClear = infoStrings(outside).length > 0 || xmpStreams(outside).length > 0
  // What stands folded, or under a signature, cannot be blanked without making another document.
  const isFolded =
    /\/(Author|Creator|Producer|Keywords|Title)\s*[(<]/.test(unfolded) && /\/Info\s/.test(outside + unfolded)
  const hidden =
    /\/Type\s*\/Metadata/.test(plainNames(outside)) && xmpStreams(outside).length === 0 && !blanked.test(outside)
  if (isFolded || hidden || (inClear && isSigned))
    found.push({ code: 'properties', grade: 'refuse', ...(author && { detail: author }) })
  else if (inClear) found.push({ code: 'properties', grade: 'strip', ...(author && { detail: author }) })
  return found
}

/** A string is in a character set of its own, or in UTF-16 with a mark in front. */
function wordsOf(text: string): string {
  return text.startsWith('\xfe\xff') ? new TextDecoder('utf-16be').decode(Buffer.from(text, 'latin1')) : text
}

/** Names may be written with #xx for any character. */
function plainNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Text outside of streams, streams of metadata included; and what object streams unfold to. */
function textsOf(raw: string, bytes: Uint8Array): { outside: string; unfolded: string } {
  const outside: string[] = []
  const unfolded: string[] = []
  let from = 0
  let left = mostUnfoldedBytes
  for (;;) {
    const found = raw.indexOf('stream', from)
    const isEnd = found >= 3 && raw.slice(found - 3, found) === 'end'
    if (found < 0) break
    const start = startOfStream(raw, found)
    if (isEnd || start === undefined) {
      outside.push(raw.slice(from, found + 6))
      from = found + 6
      continue
    }
    const end = raw.indexOf('endstream', start)
    if (end < 0) throw new FileTrouble(found)
    const head = plainNames(raw.slice(Math.max(from, raw.lastIndexOf('obj', found)), found))
    outside.push(raw.slice(from, found + 6))
    if (/\/Type\s*\/ObjStm/.test(head)) {
      const text = unfold(head, bytes.subarray(start, end), left, found)
      left -= text.length
      unfolded.push(text)
    } else if (/\/Type\s*\/Metadata/.test(head)) outside.push(raw.slice(start, end))
    from = end
  }
  outside.push(raw.slice(from))
  return { outside: outside.join(''), unfolded: unfolded.join('\n') }
}

function startOfStream(raw: string, found: number): number | undefined {
  if (!/>>\s*$/.test(raw.slice(Math.max(0, found - 8), found))) return undefined
  const next = raw[found + 6]
  if (next === '\n') return found + 7
  return next === '\r' ? found + (raw[found + 7] === '\n' ? 8 : 7) : undefined
}

function unfold(head: string, packed: Uint8Array, left: number, at: number): string {
  if (!/\/Filter/.test(head)) return Buffer.from(packed).toString('latin1')
  if (!/\/Filter\s*\[?\s*\/(FlateDecode|Fl)\s*\]?\s*(\/|>>)/.test(head) || /\/DecodeParms/.test(head))
    throw new FileTrouble(at, 'locked')
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(1, left) }).toString('latin1')
  } catch {
    throw new FileTrouble(at)
  }
}

interface Span {
  start: number
  end: number
}

/** Contents of the strings of every information dictionary, where there is something but blanks in them. */
function infoStrings(raw: string): Span[] {
  const spans: Span[] = []
  for (const [, number, generation] of raw.matchAll(/\/Info\s+(\d{1,10})\s+(\d{1,5})\s+R/g)) {
    for (const one of raw.matchAll(new RegExp(`(?:^|[\\r\\n\\s])${number}\\s+${generation}\\s+obj\\b`, 'g'))) {
      const end = raw.indexOf('endobj', one.index)
      if (end < 0) continue
      spans.push(...stringsIn(raw, one.index + one[0].length, end))
    }
  }
  return spans.filter(({ start, end }) => /[^ 0]/.test(raw.slice(start, end)))
}

function stringsIn(raw: string, from: number, to: number): Span[] {
  const spans: Span[] = []
  for (let at = from; at < to; at++) {
    const isHex = raw[at] === '<' && raw[at + 1] !== '<' && raw[at - 1] !== '<'
    if (raw[at] !== '(' && !isHex) continue
    const end = isHex ? raw.indexOf('>', at) : endOfString(raw, at, to)
    if (end < 0 || end > to) throw new FileTrouble(at)
    spans.push({ start: at + 1, end })
    at = end
  }
  return spans
}

/** Parentheses may stand in pairs inside; a backslash takes the next character out of the count. */
function endOfString(raw: string, from: number, to: number): number {
  let depth = 0
  for (let at = from; at < to; at++) {
    if (raw[at] === '\\') at += 1
    else if (raw[at] === '(') depth += 1
    else if (raw[at] === ')' && --depth === 0) return at
  }
  return -1
}

function blankInfo(raw: string): string {
  return blank(raw, infoStrings(raw))
}

const xmp = /<\?xpacket begin=[\s\S]*?<\?xpacket end=[^>]*\?>/g
/** What is left where a packet was blanked. */
const blanked = /stream\s+ {100,}\s*endstream/

function xmpStreams(raw: string): Span[] {
  return [...raw.matchAll(xmp)].map((match) => ({ start: match.index, end: match.index + match[0].length }))
}

function blankXmp(raw: string): string {
  return blank(raw, xmpStreams(raw))
}

/** Hexadecimal strings stay such with zeros; all else becomes blanks. */
function blank(raw: string, spans: readonly Span[]): string {
  let result = ''
  let from = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    result += raw.slice(from, start) + (raw[start - 1] === '<' ? '0' : ' ').repeat(end - start)
    from = end
  }
  return result + raw.slice(from)
}
