import { FileTrouble, type Finding, type Format, type FormatReader, type Look } from './types.ts'
import { jpeg } from './formats/jpeg.ts'
import { formatOfName, isActiveName, type TextKind, textKindOf } from './formats/names.ts'
import { odf } from './formats/odf.ts'
import { docx, pptx, xlsx } from './formats/ooxml.ts'
import { pdf } from './formats/pdf.ts'
import { png } from './formats/png.ts'
import { sniff } from './sniff.ts'
import { csv, text } from './formats/text.ts'
import { webp } from './formats/webp.ts'
import { zip } from './formats/zip.ts'

const readers: Partial<Record<Format, FormatReader>> = {
  jpeg,
  png,
  webp,
  pdf,
  docx,
  xlsx,
  pptx,
  odt: odf,
  ods: odf,
  odp: odf,
  zip,
  text,
  json: text,
  csv,
}

/** What a file of a format may be handed out as; nothing that a browser would run. */
const medias: Partial<Record<Format, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  zip: 'application/zip',
  json: 'application/json',
  csv: 'text/csv',
  text: 'text/plain',
}

/** Formats that are refused as such, whatever stands in them. */
const refused: Partial<Record<Format, Finding['code']>> = {
  program: 'active',
  script: 'active',
  markup: 'active',
  archive: 'archive-other',
  image: 'image-other',
  'office-old': 'office-old',
  'rich-text': 'rich-text',
}

/** Formats of text whose name decides which it is. */
const texts: ReadonlySet<Format> = new Set(['text', 'csv', 'json'])

/** Raised with every change of what is found, so that what was looked into before is looked into again. */
export const rulesVersion = 3

/**
 * What a file is, and what was found in it. Never throws: what cannot be read is a finding that says where.
 *
 * @param name - As its sender calls it; believed in nothing.
 */
export const lookInto = (name: string, bytes: Uint8Array): Look => withName(name, lookAtBytes(textKindOf(name), bytes))

/** What the bytes say by themselves; the kind only tells apart kinds of text. */
export function lookAtBytes(kind: TextKind, bytes: Uint8Array): Look {
  const format = sniff(kind, bytes)
  return { format, media: mediaOf(format), findings: byFormat(format, bytes) }
}

/** What a file of a format may be handed out as. */
export const mediaOf = (format: Format): string => medias[format] ?? 'application/octet-stream'

/** What was found in the bytes, with what the name says otherwise. */
export function withName(name: string, look: Look): Look {
  // Nobody knows what it is.
  if (isTooCostly(look)) return look
  return { ...look, findings: [...byName(name, look.format), ...look.findings] }
}

/** The verdict on a file that took more time or memory than anybody may ask for. */
export const tooCostly: Look = {
  format: 'unknown',
  media: 'application/octet-stream',
  findings: [{ code: 'too-costly', grade: 'refuse' }],
}
export const isTooCostly = ({ findings }: Pick<Look, 'findings'>): boolean =>
  findings.some(({ code }) => code === 'too-costly')

function byName(name: string, format: Format): Finding[] {
  if (isActiveName(name) && !refused[format]) return [{ code: 'active', grade: 'refuse', detail: format }]
  const said = formatOfName(name)
  const fits = said === undefined || said === format || (texts.has(said) && texts.has(format)) || refused[format]
  return fits ? [] : [{ code: 'said-otherwise', grade: 'refuse', detail: format }]
}

function byFormat(format: Format, bytes: Uint8Array): Finding[] {
  const code = refused[format]
  if (code) return [{ code, grade: 'refuse', detail: format }]
  const reader = readers[format]
  if (!reader) return [{ code: 'not-looked-into', grade: 'tell' }]
  return located(() => reader.look(bytes))
}

function located(look: () => Finding[]): Finding[] {
  try {
    return look()
  } catch (error) {
    // A parser that stumbles over hostile bytes has not understood them: that is all there is to say.
    const { code, at } = error instanceof FileTrouble ? error : new FileTrouble('?')
    return [{ code, grade: 'refuse', at }]
  }
}

/**
 * The file without what was graded `strip`. What comes of it was looked into again.
 *
 * @returns Undefined where something would be left that has to be taken out, or was graded `refuse`.
 */
export function stripFile(name: string, bytes: Uint8Array): Stripped | undefined {
  const before = lookInto(name, bytes)
  if (!isStrippable(before)) return undefined
  try {
    const after = readers[before.format]?.strip?.(bytes)
    const look = after && lookInto(name, after)
    return after && look && isClean(look) && look.format === before.format ? { bytes: after, look } : undefined
  } catch (error) {
    if (error instanceof FileTrouble) return undefined
    throw error
  }
}

/** A file without what was found, looked into again. */
export interface Stripped {
  bytes: Uint8Array
  look: Look
}

/** Nothing in it has to be taken out or refused. */
export const isClean = ({ findings }: Look): boolean => findings.every(({ grade }) => grade === 'tell')
/** Something has to be taken out, and all of that can be. */
export const isStrippable = (look: Look): boolean =>
  !isClean(look) && look.findings.every(({ grade }) => grade !== 'refuse')
