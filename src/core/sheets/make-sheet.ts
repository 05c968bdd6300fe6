import { drawTable } from './draw-table.ts'
import { type Faces, loadFaces } from './fonts.ts'
import { createMeasure } from './measure.ts'
import { padFile } from './pad-file.ts'
import { createPress, type Press } from './press.ts'
import { heightOf, indent, linesOf, type Style } from './set-text.ts'
import type { Block, Sheet } from './types.ts'

const headingSizes = { 1: 17, 2: 13.5, 3: 11.5 } as const
const textSize = 11

/** A PDF of A4 pages: fonts embedded, tagged for screen readers, with nothing in it that the sheet does not say. */
export async function makeSheet(sheet: Sheet): Promise<Uint8Array> {
  const isMono = sheet.blocks.some((block) => block.kind === 'paragraph' && block.mono)
  const [faces, press] = await Promise.all([loadFaces(wordsOf(sheet), isMono), createPress(sheet)])
  for (const block of sheet.blocks) drawBlock(press, faces, sheet, block)
  drawMargins(press, faces, sheet)
  const file = await press.end()
  return sheet.sizeClass === undefined ? file : padFile(file, sheet.sizeClass)
}

/** Whether it will have no more pages than these; nothing is drawn, and nothing laid out after the first that is too many. */
export async function fitsPages(sheet: Sheet, most: number): Promise<boolean> {
  const isMono = sheet.blocks.some((block) => block.kind === 'paragraph' && block.mono)
  const faces = await loadFaces(wordsOf(sheet), isMono)
  const measure = createMeasure()
  for (const block of sheet.blocks) {
    drawBlock(measure, faces, sheet, block)
    if (measure.pages() > most) return false
  }
  return true
}

function drawBlock(press: Press, faces: Faces, sheet: Sheet, block: Block): void {
  const language = 'language' in block && block.language !== undefined ? block.language : sheet.language
  const { scale = 1 } = sheet
  const style: Style = { language, align: 'start', size: textSize * scale, mono: false, quiet: false }
  switch (block.kind) {
    case 'heading': {
      const size = headingSizes[block.level] * scale
      press.keep(size * 4)
      drawText(press, faces, `H${block.level}`, block.text, { ...style, size, align: block.align ?? 'start' })
      press.gap(size * 0.35)
      return
    }
    case 'paragraph': {
      const { align = 'start', mono = false, quiet = false, auto = false } = block
      const size = (block.size ?? textSize) * scale
      drawText(press, faces, 'P', block.text, { ...style, align, size, mono, quiet, auto })
      press.gap(size * 0.55)
      return
    }
    case 'list':
      for (const item of block.items) drawText(press, faces, 'P', `• ${item}`, style)
      press.gap(style.size * 0.55)
      return
    case 'table':
      drawTable(press, faces, block, style)
      press.gap(style.size)
      return
    case 'rule':
      press.rule()
      press.gap(style.size * 0.6)
      return
    case 'gap':
      press.gap(block.height * scale)
      return
    case 'page':
      press.newPage()
  }
}

/** Sets a text and draws it line by line, on as many pages as it takes. */
function drawText(press: Press, faces: Faces, tag: string, text: string, style: Style): void {
  const lines = linesOf(faces, text, style, press.width)
  const height = heightOf(style)
  const { size, quiet } = style
  press.keep(height)
  press.tagged(tag, { text, language: style.language }, () => {
    for (const line of lines) {
      press.keep(height)
      press.line(line, { x: press.left + indent(style, press.width - line.width), quiet, size })
      press.gap(height)
    }
  })
}

/** Marking and drill at head and foot, reference and page number at the foot: on every page, once all are there. */
function drawMargins(press: Press, faces: Faces, sheet: Sheet): void {
  const { language } = sheet
  const style: Style = { language, align: 'center', size: 9, mono: false, quiet: false }
  press.onEveryPage((page, of) => {
    const banner = linesOf(faces, sheet.banner.join(' · '), style, press.width)
    const foot = linesOf(faces, sheet.foot, { ...style, size: 8 }, press.width * 0.78)
    const number = linesOf(faces, sheet.pageWords(page, of), { ...style, size: 8 }, press.width * 0.22)
    for (const [index, line] of banner.entries())
      for (const y of [press.headAt + index * 12, press.footAt + 24 + index * 12])
        press.line(line, { x: press.left + (press.width - line.width) / 2, y, size: 9 })
    for (const [index, line] of foot.entries())
      press.line(line, {
        x: press.left + indent({ language, align: 'start' }, press.width - line.width),
        y: press.footAt + index * 10,
        size: 8,
        quiet: true,
      })
    for (const line of number)
      press.line(line, {
        x: press.left + indent({ language, align: 'end' }, press.width - line.width),
        y: press.footAt,
        size: 8,
        quiet: true,
      })
  })
}

/** Every character of a sheet, to know which faces it needs. */
const wordsOf = (sheet: Sheet): string => JSON.stringify([sheet, sheet.pageWords(1, 1)])
