import { setImmediate } from 'node:timers/promises'
import { readCsv } from '../../core/csv/index.ts'
import { sha256, toBase64url, utf8 } from '../../protocol/index.ts'
import { checkRow, type CheckedRow, type Misfit } from './cells.ts'
import {
  type ReadIncident,
  type ReadAttribution,
  type ReadReceiver,
  type ReadResponse,
  rowReaders,
} from './read-rows.ts'
import { columnsOf, type FileKind, fileKinds } from './vocabulary.ts'

/** Something that could not be understood, with its place. */
export interface Problem extends Misfit {
  file: FileKind
  line: number
  /** True for a row that was not taken in; false for a value of a row that was. */
  unread: boolean
  /** The row that was not taken in, as it stands in the file. */
  text?: string
}

export interface GivenFile {
  kind: FileKind
  name: string
  text: string
}

/** How many rows a file has, and how many of them were taken in; `rows - read` are unread, each with a problem. */
export interface FileCount {
  kind: FileKind
  name: string
  rows: number
  read: number
}

export interface ReadSet {
  /** False where a header is not known: then nothing of the set is taken in. */
  known: boolean
  incidents: ReadIncident[]
  attributions: ReadAttribution[]
  receivers: ReadReceiver[]
  responses: ReadResponse[]
  problems: Problem[]
  files: FileCount[]
}

/** So many rows between two breaths: others wait for the same thread. */
const atOnce = 500

/** Files of one set, read row by row; what cannot be understood is named by its place. `today` is ISO. */
export async function readSet(files: readonly GivenFile[], today: string): Promise<ReadSet> {
  const set: ReadSet = {
    known: true,
    incidents: [],
    attributions: [],
    receivers: [],
    responses: [],
    problems: [],
    files: [],
  }
  const known = new Map<string, string[]>()
  for (const kind of fileKinds) {
    const file = files.find((one) => one.kind === kind)
    if (file) await readFile(set, file, known, today)
  }
  const digests = new Map(
    [...known].map(([ref, said]) => [ref, toBase64url(sha256(utf8(said.join('\n')))).slice(0, 22)]),
  )
  for (const incident of set.incidents) incident.digest = digests.get(incident.ref) ?? ''
  return set
}

async function readFile(set: ReadSet, file: GivenFile, known: Map<string, string[]>, today: string): Promise<void> {
  const { kind } = file
  const { rows, problems } = readCsv(file.text, separatorOf(file))
  const [head, ...body] = rows
  const header = (head?.cells ?? []).map((cell) => cell.trim())
  const unknownHeader = checkHeader(set, file, header, head?.line ?? 1)
  if (unknownHeader) {
    set.known = false
    set.files.push({ kind, name: file.name, rows: body.length + problems.length, read: 0 })
    return
  }
  for (const { line, reason, column, text } of problems) {
    const at = header[column - 1] ?? String(column)
    set.problems.push({
      file: kind,
      line,
      column: at,
      value: text.slice(0, 200),
      reason,
      expected: 'row',
      unread: true,
      text,
    })
  }
  let read = 0
  for (const [at, row] of body.entries()) {
    if (at % atOnce === atOnce - 1) await setImmediate()
    if (readRow(set, kind, { header, known, today, ...row })) read += 1
  }
  set.files.push({ kind, name: file.name, rows: body.length + problems.length, read })
}

/** What stands between the cells: spreadsheets of half the world write semicolons. */
function separatorOf({ kind, text }: GivenFile): string {
  const [first = ''] = text.split(/\r?\n/, 1)
  const known = (separator: string) =>
    readCsv(first, separator).rows[0]?.cells.filter((one) => columnsOf[kind].includes(one.trim())).length ?? 0
  return [',', ';', '\t'].toSorted((a, b) => known(b) - known(a))[0] ?? ','
}

/**
 * Columns that are missing make a file unknown, and so does one that is there twice: nobody knows which of them is meant.
 * Columns beyond are kept and remarked.
 */
function checkHeader(set: ReadSet, { kind }: GivenFile, header: readonly string[], line: number): boolean {
  const missing = columnsOf[kind].filter((column) => !header.includes(column))
  const beyond = header.filter((column) => !columnsOf[kind].includes(column))
  const first = beyond[0] ?? header[0] ?? ''
  for (const column of missing.slice(0, 10))
    set.problems.push({ file: kind, line, column, value: first, reason: 'header', expected: 'header', unread: false })
  const twice = [...new Set(header.filter((column, at) => header.indexOf(column) !== at))]
  for (const column of twice)
    set.problems.push({
      ...{ file: kind, line, column, value: column, reason: 'column-twice', expected: 'header', unread: false },
    })
  if (missing.length + twice.length > 0) return true
  for (const column of beyond)
    set.problems.push({
      file: kind,
      line,
      column,
      value: column,
      reason: 'column-unknown',
      expected: 'header',
      unread: false,
    })
  return false
}

interface Reading {
  header: readonly string[]
  known: Map<string, string[]>
  today: string
  line: number
  cells: string[]
}

function readRow(set: ReadSet, kind: FileKind, { header, known, today, line, cells }: Reading): boolean {
  const checked = checkRow(kind, header, cells, today)
  const wrong = cells.length === header.length ? checked.shifted : cellCount(header, cells, checked)
  const ref = (kind === 'attributions' ? checked.cells.incident_ID : checked.cells.ID)?.trim() ?? ''
  const unread = wrong ?? wrongRef(kind, ref, known)
  if (unread) {
    set.problems.push({
      file: kind,
      line,
      ...unread,
      value: unread.value.slice(0, 2_000),
      unread: true,
      text: textOf(cells),
    })
    return false
  }
  const said = known.get(ref)
  if (said) said.push(JSON.stringify(cells))
  else known.set(ref, [JSON.stringify(cells)])
  const remarks = [...checked.misfits, ...rowReaders[kind](set, ref, checked)]
  for (const remark of remarks)
    set.problems.push({ file: kind, line, ...remark, value: remark.value.slice(0, 2_000), unread: false })
  return true
}

function cellCount(header: readonly string[], cells: readonly string[], { shifted, misfits }: CheckedRow): Misfit {
  const column = (shifted ?? misfits[0])?.column ?? header[Math.min(cells.length, header.length - 1)] ?? ''
  return { column, value: String(cells.length), reason: 'cells', expected: 'cells' }
}

function wrongRef(kind: FileKind, ref: string, known: ReadonlyMap<string, unknown>): Misfit | undefined {
  const column = kind === 'attributions' ? 'incident_ID' : 'ID'
  if (!/^[\w.-]{1,64}$/.test(ref)) return { column, value: ref, reason: 'no-id', expected: 'id' }
  if (kind === 'incidents') return known.has(ref) ? { column, value: ref, reason: 'twice', expected: 'id' } : undefined
  return known.has(ref) ? undefined : { column, value: ref, reason: 'no-incident', expected: 'incident' }
}

/** The cells as one line of a table; what stood around them in the file is not needed to read them again. */
const textOf = (cells: readonly string[]): string =>
  cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
