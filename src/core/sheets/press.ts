import type { Line } from './set-lines.ts'
import type { Sheet } from './types.ts'

export const pageSize = { width: 595.28, height: 841.89 }
export const edges = { side: 70, head: 78, foot: 96 }
const ink = '#111111'
const quietInk = '#555555'

/** Pages, and a place on them that moves down. */
export interface Press {
  left: number
  width: number
  /** Baselines of the first banner line and of the foot. */
  headAt: number
  footAt: number
  y(): number
  moveTo(y: number): void
  gap(height: number): void
  /** A new page unless so much room is left on this one. */
  keep(height: number): void
  newPage(): void
  rule(): void
  /** Draws one line at the present place, or at a baseline `y`. */
  line(line: Line, where: { x: number; y?: number; size: number; quiet?: boolean }): void
  /** An element of the structure that a screen reader follows; it may run over several pages. */
  tagged(tag: string, said: { text: string; language: string }, draw: () => void): void
  /** Elements inside another: rows and cells of a table. */
  within(tag: string, draw: () => void): void
  onEveryPage(draw: (page: number, of: number) => void): void
  end(): Promise<Uint8Array>
}

/** A document of A4 pages. What can tell of the machine or the person is left out of it. */
export async function createPress(sheet: Sheet): Promise<Press> {
  const { default: PDFDocument } = await import('pdfkit')
  const time = new Date(sheet.at)
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    // Without it the library reads a font of its own that nothing here uses.
    font: null as unknown as string,
    bufferPages: true,
    autoFirstPage: false,
    tagged: true,
    displayTitle: true,
    pdfVersion: '1.7',
    lang: sheet.language,
    info: { Title: sheet.title, Author: sheet.issuer, Creator: 'Chancery', Producer: 'PDFKit', CreationDate: time },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    doc.on('error', reject)
  })
  const root = doc.struct('Document')
  doc.addStructure(root)
  let parent = root
  const known = new Set<string>()
  const bottom = pageSize.height - edges.foot
  let y = 0
  let isOpen = false
  const newPage = () => {
    if (isOpen) doc.continueOnNewPage()
    else doc.addPage()
    y = edges.head
  }
  newPage()

  const press: Press = {
    left: edges.side,
    width: pageSize.width - 2 * edges.side,
    headAt: 40,
    footAt: pageSize.height - 66,
    y: () => y,
    moveTo: (to) => {
      y = to
    },
    gap: (height) => {
      y += height
    },
    keep: (height) => {
      if (y + height > bottom && y > edges.head) newPage()
    },
    newPage,
    rule() {
      doc.markContent('Artifact', { type: 'Layout' })
      doc
        .moveTo(edges.side, y)
        .lineTo(pageSize.width - edges.side, y)
        .lineWidth(0.6)
        .strokeColor(quietInk)
        .stroke()
      doc.endMarkedContent()
    },
    line({ pieces }, { x, y: baseline = y + 11, size, quiet = false }) {
      let at = x
      for (const { text, face, width } of pieces) {
        if (!known.has(face.name)) doc.registerFont(face.name, face.file as unknown as string)
        known.add(face.name)
        doc
          .font(face.name)
          .fontSize(size * face.scale)
          .fillColor(quiet ? quietInk : ink)
        if (text.trim() !== '') doc.text(text, at, baseline, { lineBreak: false, baseline: 'alphabetic' })
        at += width
      }
    },
    tagged(tag, { text, language }, draw) {
      // A reader gets the words in their logical order, whatever order the glyphs stand in.
      const element = doc.struct(tag, { lang: language, actual: text })
      parent.add(element)
      press.keep(0)
      element.add(doc.markStructureContent(tag))
      isOpen = true
      draw()
      isOpen = false
      doc.endMarkedContent()
      element.end()
    },
    within(tag, draw) {
      const outer = parent
      const element = doc.struct(tag)
      outer.add(element)
      parent = element
      draw()
      element.end()
      parent = outer
    },
    onEveryPage(draw) {
      const { count } = doc.bufferedPageRange()
      for (let page = 0; page < count; page += 1) {
        doc.switchToPage(page)
        doc.markContent('Artifact', { type: 'Pagination' })
        draw(page + 1, count)
        doc.endMarkedContent()
      }
    },
    async end() {
      root.end()
      doc.end()
      return ended
    },
  }
  return press
}
