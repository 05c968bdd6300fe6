/** A record of a CSV file and the line on which it begins. */
export interface CsvRow {
  line: number
  cells: string[]
}

/** Why a record could not be read. */
export interface CsvProblem {
  line: number
  reason: 'quote-open' | 'quote-inside' | 'after-quote'
  /** The cell that breaks the rules, from 1. */
  column: number
  /** What was given up, as it stands in the file. */
  text: string
}

/**
 * The records of a file by RFC 4180, lines ending in CR LF or LF; a record that breaks the rules is named by its line,
 * and reading goes on with the next. Empty lines are no records.
 */
export function readCsv(text: string, separator = ','): { rows: CsvRow[]; problems: CsvProblem[] } {
  const rows: CsvRow[] = []
  const problems: CsvProblem[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  while (at < text.length) {
    const record = readRecord(text, at, separator)
    if (record.problem)
      problems.push({
        line,
        reason: record.problem,
        column: record.cells.length + 1,
        text: text.slice(at, record.next),
      })
    else if (record.cells.some((cell) => cell !== '')) rows.push({ line, cells: record.cells })
    for (let index = at; index < record.next; index += 1) if (text[index] === '\n') line += 1
    at = record.next
  }
  return { rows, problems }
}

function readRecord(text: string, start: number, separator: string) {
  const cells: string[] = []
  let at = start
  for (;;) {
    const cell = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, separator)
    if ('problem' in cell) return { cells, problem: cell.problem, next: cell.next }
    cells.push(cell.value)
    at = cell.next
    if (text[at] === separator) {
      at += 1
      continue
    }
    if (text[at] === '\r' && text[at + 1] === '\n') return { cells, next: at + 2 }
    if (at >= text.length || text[at] === '\n') return { cells, next: at + 1 }
    cells.pop()
    return { cells, problem: 'after-quote' as const, next: nextLine(text, at) }
  }
}

function readQuoted(text: string, start: number) {
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    // What follows belongs to nobody knows which field: only this line is given up.
    if (quote === -1) return { problem: 'quote-open' as const, next: nextLine(text, start) }
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, next: quote + 1 }
    value += '"'
    at = quote + 2
  }
}

function readPlain(text: string, start: number, separator: string) {
  let at = start
  while (at < text.length && text[at] !== separator && text[at] !== '\n') {
    if (text[at] === '"') return { problem: 'quote-inside' as const, next: nextLine(text, at) }
    if (text[at] === '\r' && text[at + 1] === '\n') break
    at += 1
  }
  return { value: text.slice(start, at), next: at }
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end + 1
}

/** What spreadsheets take for a formula or a command, also full-width, at the beginning of a cell. */
const dangerous = /^[=+\-@\t\r\n|%＝＋－＠']/u

/** A file by RFC 4180 with a mark for UTF-8; cells that a spreadsheet would compute begin with an apostrophe. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`
}

function cellOf(value: string): string {
  const tame = dangerous.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(tame) || tame !== tame.trim() ? `"${tame.replaceAll('"', '""')}"` : tame
}

/** The value behind the apostrophe that {@link writeCsv} puts before what a spreadsheet would compute. */
export function untamed(cell: string): string {
  return cell.startsWith("'") && dangerous.test(cell.slice(1)) ? cell.slice(1) : cell
}
