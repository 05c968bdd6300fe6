import { type Finding, FileTrouble, type FormatReader } from '../types.ts'
import { readable } from './exif.ts'
import { cleanImage, hasImageMetadata } from './inner-images.ts'
import { countOf, firstText, type Parts, partsOf } from './xml.ts'
import { readZip, writeZip } from './zip.ts'

const manifest = 'META-INF/manifest.xml'
const emptyMeta =
  '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>'
/** Taken out with their lines in the manifest. */
const dropped = /^(Thumbnails\/|Configurations2\/|layout-cache$|meta\.xml\.bak$)/

/** OpenDocument (ISO/IEC 26300): text, spreadsheet, presentation. */
export const odf: FormatReader = {
  look(bytes) {
    const parts = partsOf(readZip(bytes))
    const content = parts.text('content.xml')
    if (content === undefined) throw new FileTrouble('content.xml')
    return [...lookAtPackage(parts), ...lookAtContent(content, parts.text('styles.xml') ?? '')]
  },
  strip,
}

function lookAtPackage(parts: Parts): Finding[] {
  const { names } = parts
  const listed = parts.text(manifest)
  if (listed === undefined) throw new FileTrouble(manifest)
  if (/encryption-data/.test(listed)) return [{ code: 'locked', grade: 'refuse' }]
  const meta = parts.text('meta.xml')
  const author = readable(
    meta === undefined
      ? ''
      : [firstText(meta, 'meta:initial-creator'), firstText(meta, 'dc:creator')].filter(Boolean).join(', '),
  )
  const macros = names.find((name) => /^(Basic|Scripts)\//.test(name))
  const inside = names.find((name) => /^Object ?\d/.test(name))
  const images = names.filter((name) => hasImageMetadata(name, () => parts.bytes(name)))
  return [
    ...((meta ?? emptyMeta) === emptyMeta
      ? []
      : [{ code: 'properties' as const, grade: 'strip' as const, ...(author && { detail: author }) }]),
    ...(names.some((name) => dropped.test(name)) ? [{ code: 'preview' as const, grade: 'strip' as const }] : []),
    ...(images.length > 0 ? [{ code: 'inner-images' as const, grade: 'strip' as const, count: images.length }] : []),
    ...(macros ? [{ code: 'macros' as const, grade: 'refuse' as const, at: macros }] : []),
    ...(inside ? [{ code: 'embedded-files' as const, grade: 'refuse' as const, at: inside }] : []),
  ]
}

const refusals: [Finding['code'], RegExp][] = [
  ['tracked-changes', /<text:tracked-changes[\s>]|<table:tracked-changes[\s>]/g],
  ['comments', /<office:annotation[\s>]/g],
  ['macros', /<script:event-listener\b|<office:script\b/g],
  ['hidden-sheets', /table:display=["']false["']/g],
  [
    'hidden-text',
    /<text:hidden-(text|paragraph)\b|text:display=["']none["']|table:visibility=["'](collapse|filter)["']/g,
  ],
  ['hidden-slides', /presentation:visibility=["']hidden["']/g],
  ['commands', /<(text|office):dde-|<text:execute-macro\b|<table:dde-link\b/g],
  [
    'outside-content',
    /<(draw:image|draw:object|draw:object-ole|draw:plugin|draw:applet|text:section-source|table:table-source|table:cell-range-source)\s[^>]*xlink:href=["'](?!#|\.?\/?(Pictures|Object))[^"']+/g,
  ],
]

function lookAtContent(content: string, styles: string): Finding[] {
  const found = refusals.flatMap(([code, pattern]): Finding[] => {
    const count = countOf(content, pattern) + countOf(styles, pattern)
    return count > 0 ? [{ code, grade: 'refuse', count, at: 'content.xml' }] : []
  })
  const notes = countOf(
    content,
    /<presentation:notes[\s>](?:(?!<\/presentation:notes>)[\s\S]){0,20000}<text:p[^>]*>[^<]/g,
  )
  const links = countOf(content, /<text:a\s[^>]*xlink:href=["']https?:/g)
  return [
    ...found,
    ...(notes > 0 ? [{ code: 'speaker-notes' as const, grade: 'refuse' as const, count: notes }] : []),
    ...(links > 0 ? [{ code: 'links' as const, grade: 'tell' as const, count: links }] : []),
  ]
}

function strip(bytes: Uint8Array): Uint8Array {
  const entries = readZip(bytes)
  const parts = partsOf(entries)
  return writeZip(
    entries
      .filter(({ name }) => !dropped.test(name) && !name.endsWith('/'))
      .map((entry) => {
        const { name } = entry
        if (name === 'meta.xml') return { name, content: Buffer.from(emptyMeta) }
        if (name === manifest) return { name, content: Buffer.from(withoutLines(parts.text(name) ?? '')) }
        const image = cleanImage(name, () => parts.bytes(name))
        return image ? { name, content: image } : { name, entry }
      }),
  )
}

function withoutLines(xml: string): string {
  return xml.replace(
    /<manifest:file-entry\s[^>]*manifest:full-path=["']([^"']*)["'][^>]*\/>/g,
    (whole, path: string) => (dropped.test(path) ? '' : whole),
  )
}
