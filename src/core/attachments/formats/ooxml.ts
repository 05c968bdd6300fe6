import { type Finding, FileTrouble, type FormatReader } from '../types.ts'
import { readable } from './exif.ts'
import { cleanImage, hasImageMetadata } from './inner-images.ts'
import { partsOfKind, targetOf } from './package-parts.ts'
import { countOf, firstText, type Parts, partsOf } from './xml.ts'
import { readZip, writeZip } from './zip.ts'

type Kind = 'docx' | 'xlsx' | 'pptx'

/** Parts about the document and not of it: taken out with every mention. */
const dropped: Record<Kind, RegExp> = {
  docx: /^(docProps\/(?!core\.xml$|app\.xml$)|customXml\/|word\/(comments\w*|people)\.xml$|word\/_rels\/comments\w*\.xml\.rels$)/,
  xlsx: /^(docProps\/(?!core\.xml$|app\.xml$)|customXml\/|xl\/persons\/|xl\/printerSettings\/)/,
  pptx: /^(docProps\/(?!core\.xml$|app\.xml$)|customXml\/|ppt\/printerSettings\/)/,
}

const emptyCore =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
const emptyApp =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'

/** Office Open XML (ECMA-376). */
export const docx: FormatReader = reader('docx')
export const xlsx: FormatReader = reader('xlsx')
export const pptx: FormatReader = reader('pptx')

function reader(kind: Kind): FormatReader {
  return {
    look(bytes) {
      const parts = partsOf(readZip(bytes))
      return [...lookAtPackage(parts), ...lookAtProperties(parts, kind), ...looks[kind](parts)]
    },
    strip: (bytes) => stripped(bytes, kind),
  }
}

const some = (finding: Finding): Finding[] => ((finding.count ?? 1) > 0 ? [finding] : [])

/** What any of them can carry. */
function lookAtPackage(parts: Parts): Finding[] {
  const { names } = parts
  const types = parts.text('[Content_Types].xml')
  if (types === undefined) throw new FileTrouble('[Content_Types].xml')
  const refuse = (code: Finding['code'], at: string | undefined): Finding[] =>
    at === undefined ? [] : [{ code, grade: 'refuse', at }]
  const { outside, links } = relations(parts)
  return [
    ...refuse(
      'macros',
      /macroEnabled|vbaProject/i.test(types)
        ? '[Content_Types].xml'
        : names.find((n) => /vba(Project|Data)|macrosheets\//i.test(n)),
    ),
    ...refuse(
      'embedded-files',
      names.find((n) => /\/(embeddings|activeX|ctrlProps)\/|oleObject|\.bin$/i.test(n) && !/printerSettings/.test(n)) ??
        partsOfKind(parts, /\/relationships\/(oleObject|package|control)$|oleObject|activeX/i)[0],
    ),
    ...refuse('outside-content', outside ?? partsOfKind(parts, /externalLink|connections/i)[0]),
    ...some({ code: 'links', grade: 'tell', count: links }),
  ]
}

/** Targets outside the document: hyperlinks are told, anything that is fetched by itself is refused. */
function relations(parts: Parts): { outside?: string; links: number } {
  let links = 0
  for (const name of parts.names.filter((one) => one.endsWith('.rels'))) {
    for (const [relation] of (parts.text(name) ?? '').matchAll(/<Relationship\s[^>]*>/g)) {
      if (!/TargetMode\s*=\s*["']External["']/i.test(relation)) continue
      if (!/Type\s*=\s*["'][^"']*\/hyperlink["']/.test(relation)) return { outside: name, links }
      links += 1
    }
  }
  return { links }
}

function lookAtProperties(parts: Parts, kind: Kind): Finding[] {
  const core = parts.text('docProps/core.xml')
  const app = parts.text('docProps/app.xml')
  const author = readable(
    [core && firstText(core, 'dc:creator'), core && firstText(core, 'cp:lastModifiedBy')].filter(Boolean).join(', '),
  )
  const isEmpty = (core ?? emptyCore) === emptyCore && (app ?? emptyApp) === emptyApp
  const extra = parts.names.filter((name) => dropped[kind].test(name))
  const comments = extra.filter((name) => /comments/.test(name) && !/_rels/.test(name))
  const hidden = extra.filter((name) => /^customXml\/item\d+\.xml$/.test(name))
  const about = extra.length - comments.length - hidden.length
  const images = parts.names.filter((name) => hasImageMetadata(name, () => parts.bytes(name)))
  return [
    ...(isEmpty && about === 0
      ? []
      : [{ code: 'properties' as const, grade: 'strip' as const, ...(author && { detail: author }) }]),
    ...some({ code: 'comments', grade: 'strip', count: comments.length }),
    ...some({ code: 'hidden-data', grade: 'strip', count: hidden.length }),
    ...some({ code: 'inner-images', grade: 'strip', count: images.length }),
  ]
}

const looks: Record<Kind, (parts: Parts) => Finding[]> = { docx: lookAtText, xlsx: lookAtSheets, pptx: lookAtSlides }

const changes = /<w:(ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|\w+Change|numberingChange)[\s>/]/g
/** Fields that fetch or run something by themselves. */
const commands = /\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b/

function lookAtText(parts: Parts): Finding[] {
  const texts = [
    ...new Set([...parts.names.filter((name) => /^word\/[^/]+\.xml$/.test(name)), ...textParts(parts)]),
  ].map((name) => ({ name, xml: parts.text(name) ?? '' }))
  if (!texts.some(({ name }) => name === 'word/document.xml')) throw new FileTrouble('word/document.xml')
  const body = texts.filter(
    ({ name }) => !/^word\/(styles|settings|numbering|fontTable|webSettings|comments\w*)\.xml$/.test(name),
  )
  const fields = body.find(({ xml }) => commands.test(fieldWords(xml)))
  const remarks = commentParts(parts).filter((name) => !dropped.docx.test(name))
  const vanished = body.find(({ xml }) => /<w:vanish(\s*\/>|\s+w:val=["'](true|1|on)["'])/.test(xml))
  return [
    ...some({
      code: 'tracked-changes',
      grade: 'refuse',
      count: body.reduce((sum, { xml }) => sum + countOf(xml, changes), 0),
    }),
    ...some({ code: 'comments', grade: 'refuse', count: remarks.length }),
    ...(fields ? [{ code: 'commands' as const, grade: 'refuse' as const, at: fields.name }] : []),
    ...(vanished ? [{ code: 'hidden-text' as const, grade: 'refuse' as const, at: vanished.name }] : []),
  ]
}

const textParts = (parts: Parts): string[] =>
  partsOfKind(parts, /wordprocessingml\.(document|template|header|footer|footnotes|endnotes)/)
const commentParts = (parts: Parts): string[] =>
  partsOfKind(parts, /comments|commentAuthors|\/authors$|\.authors\+xml$/i)

/** Words of a field may be cut over several runs. */
function fieldWords(xml: string): string {
  const runs = [...xml.matchAll(/<w:instrText[^>]*>([^<]*)</g)].map(([, words]) => words)
  const simple = [...xml.matchAll(/<w:fldSimple\s[^>]*w:instr=["']([^"']*)/g)].map(([, words]) => words)
  return `${runs.join('')} ${simple.join(' ')}`
}

function lookAtSheets(parts: Parts): Finding[] {
  const book = parts.text('xl/workbook.xml')
  if (book === undefined) throw new FileTrouble('xl/workbook.xml')
  const hiddenRows = partsOfKind(parts, /worksheet(\+xml)?$/).find((name) =>
    /<(row|col)\s[^>]*hidden=["'](1|true)["']/.test(parts.text(name) ?? ''),
  )
  return [
    ...some({
      code: 'hidden-sheets',
      grade: 'refuse',
      count: countOf(book, /<sheet\s[^>]*state=["'](hidden|veryHidden)["']/g),
    }),
    ...(hiddenRows ? [{ code: 'hidden-text' as const, grade: 'refuse' as const, at: hiddenRows }] : []),
    ...some({ code: 'comments', grade: 'refuse', count: commentParts(parts).length }),
    ...some({
      code: 'tracked-changes',
      grade: 'refuse',
      count: partsOfKind(parts, /revision(Headers|Log)/).length,
    }),
  ]
}

function lookAtSlides(parts: Parts): Finding[] {
  if (!parts.names.includes('ppt/presentation.xml')) throw new FileTrouble('ppt/presentation.xml')
  const slides = partsOfKind(parts, /presentationml\.slide\+xml$|\/relationships\/slide$/)
  return [
    ...some({
      code: 'hidden-slides',
      grade: 'refuse',
      count: slides.filter((name) => /<p:sld\s[^>]*show=["'](0|false)["']/.test(parts.text(name) ?? '')).length,
    }),
    ...some({
      code: 'speaker-notes',
      grade: 'refuse',
      count: partsOfKind(parts, /notesSlide(\+xml)?$/).length,
    }),
    ...some({
      code: 'comments',
      grade: 'refuse',
      count: commentParts(parts).length,
    }),
  ]
}

function stripped(bytes: Uint8Array, kind: Kind): Uint8Array {
  const entries = readZip(bytes)
  const parts = partsOf(entries)
  const drop = new Set(parts.names.filter((name) => dropped[kind].test(name)))
  return writeZip(
    entries
      .filter(({ name }) => !drop.has(name) && !name.endsWith('/'))
      .map((entry) => {
        const content = renewed(parts, entry.name, drop)
        return content ? { name: entry.name, content } : { name: entry.name, entry }
      }),
  )
}

/** New content of a part that changes. */
function renewed(parts: Parts, name: string, drop: ReadonlySet<string>): Uint8Array | undefined {
  if (name === 'docProps/core.xml') return Buffer.from(emptyCore)
  if (name === 'docProps/app.xml') return Buffer.from(emptyApp)
  if (name === '[Content_Types].xml') return rewrite(parts, name, (xml) => withoutTypes(xml, drop))
  if (name.endsWith('.rels')) return rewrite(parts, name, (xml) => withoutRelations(xml, name, drop))
  if (/^word\/[^/]+\.xml$/.test(name))
    return rewrite(parts, name, (xml) => xml.replace(/<w:comment(RangeStart|RangeEnd|Reference)\b[^>]*\/>/g, ''))
  return cleanImage(name, () => parts.bytes(name))
}

function rewrite(parts: Parts, name: string, change: (xml: string) => string): Uint8Array | undefined {
  const before = parts.text(name) ?? ''
  const after = change(before)
  return after === before ? undefined : Buffer.from(after)
}

function withoutTypes(xml: string, drop: ReadonlySet<string>): string {
  return xml.replace(/<Override\s[^>]*PartName=["']\/([^"']+)["'][^>]*\/>/g, (whole, part: string) =>
    drop.has(part) ? '' : whole,
  )
}

function withoutRelations(xml: string, name: string, drop: ReadonlySet<string>): string {
  return xml.replace(/<Relationship\s[^>]*Target=["']([^"']+)["'][^>]*\/>/g, (whole, target: string) =>
    drop.has(targetOf(name, target)) ? '' : whole,
  )
}
