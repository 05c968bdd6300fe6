import { crc32, deflateSync } from 'node:zlib'
import { type Packed, writeZip } from '../../src/core/attachments/formats/zip.ts'

const chunk = (type: string, content: Uint8Array): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  crc.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, crc])
}

/** A PNG of one grey pixel, with further chunks before its end. */
export function pngFile(...more: [type: string, content: string][]): Uint8Array {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...more.map(([type, content]) => chunk(type, Buffer.from(content, 'latin1'))),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export const segment = (marker: number, content: string | Uint8Array): Buffer => {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content)
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(bytes.length + 2, 2)
  return Buffer.concat([head, bytes])
}

/** Segments of a JPEG around a short scan; what decodes is not asked here. */
export function jpegFile(...segments: Uint8Array[]): Uint8Array {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, 'JFIF\0\x01\x02\0\0\x01\0\x01\0\0'),
    ...segments,
    segment(0xdb, Buffer.alloc(65, 1)),
    segment(0xda, '\x01\x01\0\0\x3f\0'),
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd9]),
  ])
}

/** An Exif segment with a position, an author and a picture that lies on its side. */
export function exifSegment(author: string): Buffer {
  const words = Buffer.from(`${author}\0`, 'utf8')
  const tiff = Buffer.alloc(8 + 2 + 36 + 4)
  tiff.write('MM\0*', 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(3, 8)
  const entry = (at: number, tag: number, type: number, count: number) => {
    tiff.writeUInt16BE(tag, at)
    tiff.writeUInt16BE(type, at + 2)
    tiff.writeUInt32BE(count, at + 4)
  }
  entry(10, 0x0112, 3, 1)
  tiff.writeUInt16BE(6, 18)
  entry(22, 0x013b, 2, words.length)
  tiff.writeUInt32BE(tiff.length, 30)
  entry(34, 0x8825, 4, 1)
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, words]))
}

const text = (name: string, content: string): Packed => ({ name, content: Buffer.from(content) })
const relations = (...targets: string[]) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets.join('')}</Relationships>`
export const relation = (id: string, type: string, target: string, more = '') =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"${more}/>`

/** A Word document with its author, a comment and further parts; `body` stands in the text. */
export function docxFile(
  body: string,
  { more = [], links = [] }: { more?: Packed[]; links?: string[] } = {},
): Uint8Array {
  const override = (part: string) => `<Override PartName="/${part}" ContentType="application/xml"/>`
  return writeZip([
    text(
      '[Content_Types].xml',
      `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${[
        'word/document.xml',
        'word/comments.xml',
        'docProps/core.xml',
      ]
        .map(override)
        .join('')}</Types>`,
    ),
    text(
      '_rels/.rels',
      relations(
        relation('r1', 'officeDocument', 'word/document.xml'),
        relation('r2', 'core-properties', 'docProps/core.xml'),
      ),
    ),
    text(
      'word/document.xml',
      `<w:document><w:body><w:p><w:commentRangeStart w:id="0"/><w:r><w:t>${body}</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p></w:body></w:document>`,
    ),
    text('word/_rels/document.xml.rels', relations(relation('r1', 'comments', 'comments.xml'), ...links)),
    text(
      'word/comments.xml',
      '<w:comments><w:comment w:author="Ola Nordin"><w:t>Too soft?</w:t></w:comment></w:comments>',
    ),
    text('docProps/core.xml', '<cp:coreProperties><dc:creator>Ola Nordin</dc:creator></cp:coreProperties>'),
    ...more,
  ])
}

/** A PDF of one object beside its properties. */
export function pdfFile(object: string, author = ''): Uint8Array {
  const info = author ? `4 0 obj\n<< /Author (${author}) /Producer (Writer) >>\nendobj\n` : ''
  return Buffer.from(
    `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n3 0 obj\n${object}\nendobj\n${info}trailer\n<< /Root 1 0 R${author ? ' /Info 4 0 R' : ''} >>\nstartxref\n9\n%%EOF\n`,
    'latin1',
  )
}

/** A package of parts with their content types, as programs for sheets and slides write it; `Ola Nordin` is its author. */
export function officeFile(
  main: 'xl/workbook.xml' | 'ppt/presentation.xml',
  parts: { name: string; kind: string; xml: string }[],
): Uint8Array {
  const types = [...parts, { name: 'docProps/core.xml', kind: 'package.core-properties' }]
  return writeZip([
    text(
      '[Content_Types].xml',
      `<Types>${types.map(({ name, kind }) => `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-${kind}+xml"/>`).join('')}</Types>`,
    ),
    text('_rels/.rels', relations(relation('r1', 'officeDocument', main))),
    ...parts.map(({ name, xml }) => text(name, xml)),
    text('docProps/core.xml', '<cp:coreProperties><dc:creator>Ola Nordin</dc:creator></cp:coreProperties>'),
  ])
}

/** An OpenDocument text with its author. */
export const odtFile = (body: string): Uint8Array =>
  writeZip([
    { ...text('mimetype', 'application/vnd.oasis.opendocument.text'), stored: true } as Packed,
    text('content.xml', `<office:document-content>${body}</office:document-content>`),
    text(
      'meta.xml',
      '<office:document-meta><meta:initial-creator>Ola Nordin</meta:initial-creator></office:document-meta>',
    ),
    text('Thumbnails/thumbnail.png', 'a picture of the first page'),
    text(
      'META-INF/manifest.xml',
      '<manifest:manifest><manifest:file-entry manifest:full-path="Thumbnails/thumbnail.png"/></manifest:manifest>',
    ),
  ])
