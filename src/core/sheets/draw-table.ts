import { direction } from '../../text/index.ts'
import type { Faces } from './fonts.ts'
import type { Press } from './press.ts'
import { heightOf, indent, linesOf, type Style } from './set-text.ts'
import type { Block } from './types.ts'

const gutter = 10
const cellSize = 9.5

/** Rows of equal columns, the first column where the reading begins; a row stays on one page. */
export function drawTable(
  press: Press,
  faces: Faces,
  { head, rows }: Extract<Block, { kind: 'table' }>,
  style: Style,
): void {
  const cell = { ...style, size: cellSize }
  const columns = Math.max(1, head.length)
  const width = (press.width - gutter * (columns - 1)) / columns
  const left = (column: number) => {
    const place = direction(style.language) === 'rtl' ? columns - 1 - column : column
    return press.left + place * (width + gutter)
  }
  const drawRow = (tag: 'TH' | 'TD', texts: readonly string[]) => {
    const set = Array.from({ length: columns }, (_, column) => linesOf(faces, texts[column] ?? '', cell, width))
    const height = heightOf(cell) * Math.max(...set.map((lines) => lines.length))
    press.keep(height + 4)
    const top = press.y()
    press.within('TR', () => {
      for (const [column, lines] of set.entries()) {
        press.moveTo(top)
        press.tagged(tag, { text: texts[column] ?? '', language: style.language }, () => {
          for (const line of lines) {
            const x = left(column) + indent(cell, width - line.width)
            press.line(line, { x, size: cellSize, quiet: tag === 'TH' })
            press.gap(heightOf(cell))
          }
        })
      }
    })
    press.moveTo(top + height + 4)
    press.rule()
    press.gap(3)
  }
  press.within('Table', () => {
    drawRow('TH', head)
    for (const row of rows) drawRow('TD', row)
  })
}
