import { direction } from '../../text/index.ts'
import type { Faces } from './fonts.ts'
import type { Press } from './press.ts'
import { heightOf, indent, linesOf, type Style } from './set-text.ts'
import type { Block } from './types.ts'

const gutter = 10
/** Of the size of the text around it. */
const cellShare = 9.5 / 11

/** Rows of columns, the first where the reading begins; a row stays on one page, and the head stands on each. */
export function drawTable(
  press: Press,
  faces: Faces,
  { head, rows, shares }: Extract<Block, { kind: 'table' }>,
  style: Style,
): void {
  const cell = { ...style, size: style.size * cellShare }
  const columns = columnsOf(press, style, head.length, shares)
  const set = (texts: readonly string[]) =>
    columns.map(({ width }, column) => linesOf(faces, texts[column] ?? '', cell, width))
  const heightOfRow = (row: ReturnType<typeof set>) => heightOf(cell) * Math.max(...row.map((lines) => lines.length))
  const drawCells = (tag: 'TH' | 'TD', texts: readonly string[], lines: ReturnType<typeof set>) => {
    const top = press.y()
    press.within('TR', () => {
      for (const [column, { left, width }] of columns.entries()) {
        press.moveTo(top)
        press.tagged(tag, { text: texts[column] ?? '', language: style.language }, () => {
          for (const line of lines[column] ?? []) {
            const x = left + indent(cell, width - line.width)
            press.line(line, { x, size: cell.size, quiet: tag === 'TH' })
            press.gap(heightOf(cell))
          }
        })
      }
    })
    press.moveTo(top + heightOfRow(lines) + 4)
    press.rule()
    press.gap(3)
  }
  const headLines = set(head)
  press.within('Table', () => {
    press.keep(heightOfRow(headLines) * 2 + 8)
    drawCells('TH', head, headLines)
    for (const row of rows) {
      const lines = set(row)
      const before = press.y()
      press.keep(heightOfRow(lines) + 4)
      if (press.y() < before) drawCells('TH', head, headLines)
      drawCells('TD', row, lines)
    }
  })
}

/** Where each column stands and how wide it is, the first one where the reading begins. */
function columnsOf(press: Press, { language }: Style, count: number, shares: readonly number[] | undefined) {
  const given = Array.from({ length: Math.max(1, count) }, (_, column) => shares?.[column] ?? 1)
  const whole = given.reduce((sum, share) => sum + share, 0)
  const room = press.width - gutter * (given.length - 1)
  let passed = 0
  return given.map((share) => {
    const width = (room * share) / whole
    const start = passed
    passed += width + gutter
    return { width, left: press.left + (direction(language) === 'rtl' ? press.width - start - width : start) }
  })
}
