import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { sql } from 'kysely'
import { z } from 'zod'
import { migrate } from './migrate.ts'
import type { Database } from './open-database.ts'
import { listBackedTables, listSequences, readRows, writeRows } from './table-catalogue.ts'
import { diskFull, meansDiskFull, StorageTrouble } from './trouble.ts'
import type { Db, Migration, Reader, Tx } from './types.ts'

/** Files of the data folder that go along, such as its keys. */
export interface BackedFiles {
  folder: string
  /** Files or folders inside it, relative. Guard files never: they must tell a restored node from the running one. */
  paths: string[]
}

export interface BackupReport {
  file: string
  sizeBytes: number
  tables: number
  rows: number
  /** ms; when the picture was taken. */
  at: number
}

export interface RestoreReport {
  tables: number
  rows: number
  files: number
  /** ms; when the backup was made. */
  at: number
}

const counted = z.object({ table: z.string(), rows: z.number(), sha256: z.string() })
const headLine = z.object({
  format: z.literal('chancery-backup'),
  version: z.literal(1),
  at: z.number(),
  migrations: z.array(z.string()),
})
const tableLine = z.object({ table: z.string() })
const fileLine = z.object({ file: z.string(), mode: z.number(), content: z.string() })
const endLine = z.object({
  end: z.object({ tables: z.array(counted), sequences: z.array(z.object({ name: z.string(), value: z.number() })) }),
})

type Counted = z.infer<typeof counted>

/**
 * Writes schemas `log` and `home` with all payloads to one compressed file, as of one moment, while work goes on.
 * The file appears under its name only when it is whole and on the disk. It holds secrets: mode 0600.
 *
 * `view` is left out: replaying the log makes it anew. Waiting jobs are left out too.
 *
 * @throws {@link StorageTrouble} `disk-full`.
 */
export async function backup(
  db: Db,
  file: string,
  options: { at: number; files?: BackedFiles },
): Promise<BackupReport> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.draft-${process.pid}`
  try {
    const tables = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((tx) => writeTo(draft, tx, options))
    await chmod(draft, 0o600)
    await flush(draft)
    await rename(draft, file)
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    return { file, sizeBytes: (await stat(file)).size, tables: tables.length, rows, at: options.at }
  } catch (error) {
    throw meansDiskFull(error) ? diskFull(dirname(file), error) : error
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeTo(draft: string, tx: Tx, options: { at: number; files?: BackedFiles }): Promise<Counted[]> {
  const tables: Counted[] = []
  await writeFile(draft, '', { mode: 0o600 })
  const target = await open(draft, 'w', 0o600)
  await pipeline(Readable.from(linesOf(tx, tables, options)), createGzip({ level: 6 }), target.createWriteStream())
  return tables
}

async function* linesOf(
  tx: Tx,
  tables: Counted[],
  { at, files }: { at: number; files?: BackedFiles },
): AsyncGenerator<string> {
  await setFormats(tx)
  const { rows } = await sql<{ name: string }>`select name from home.migration order by name`.execute(tx)
  yield line({ format: 'chancery-backup', version: 1, at, migrations: rows.map((row) => row.name) })
  for (const table of await listBackedTables(tx)) {
    yield line({ table: table.name })
    const counter = createCounter(table.name)
    for await (const lines of readRows(tx, table)) {
      counter.add(lines)
      yield `${lines.join('\n')}\n`
    }
    tables.push(counter.result())
  }
  if (files) yield* linesOfFiles(files)
  yield line({ end: { tables, sequences: await listSequences(tx) } })
}

// Rows are one line of JSON each and could look like any other line; a leading space tells ours apart.
function line(content: unknown): string {
  return ` ${JSON.stringify(content)}\n`
}

async function* linesOfFiles({ folder, paths }: BackedFiles): AsyncGenerator<string> {
  for (const path of paths) {
    const info = await stat(join(folder, path)).catch(() => undefined)
    if (!info) continue
    const inside = info.isDirectory() ? await readdir(join(folder, path), { recursive: true }) : ['']
    for (const name of inside.toSorted()) {
      const file = join(path, name)
      const found = await stat(join(folder, file))
      if (!found.isFile()) continue
      const content = await readFile(join(folder, file), 'base64')
      yield line({ file, mode: found.mode & 0o777, content })
    }
  }
}

function createCounter(table: string) {
  const hash = createHash('sha256')
  let rows = 0
  return {
    add(lines: string[]): void {
      rows += lines.length
      for (const text of lines) hash.update(text).update('\n')
    },
    result: (): Counted => ({ table, rows, sha256: hash.copy().digest('base64url') }),
  }
}

/** The same row must give the same text on every server. */
async function setFormats(tx: Reader): Promise<void> {
  await sql`select set_config('timezone', 'UTC', true), set_config('extra_float_digits', '1', true)`.execute(tx)
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
}

// ── Restoring ──────────────────────────────────────────────────────────────

/**
 * Brings an empty database to what the file holds, then to the newest schema; all or nothing.
 * Every table is read back and compared with the file by count and hash.
 *
 * @param filesInto - Folder for the files that went along; without it they stay in the backup.
 * @throws {@link StorageTrouble} `not-empty`, `bad-backup`, `newer-version`, `disk-full`.
 */
export async function restore(
  file: string,
  db: Db,
  migrations: readonly Migration[],
  filesInto?: string,
): Promise<RestoreReport> {
  await requireEmpty(db)
  try {
    const { head, end, files } = await restoreRows(file, db, migrations)
    await migrate(db, migrations)
    if (filesInto) for (const one of files) await putFile(filesInto, one)
    const rows = end.tables.reduce((sum, table) => sum + table.rows, 0)
    return { tables: end.tables.length, rows, files: files.length, at: head.at }
  } catch (error) {
    throw meansDiskFull(error) ? diskFull('the database', error) : error
  }
}

/** Restores the file beside the running database, compares, and removes that place again. */
export async function testRestore(
  file: string,
  database: Database,
  migrations: readonly Migration[],
): Promise<RestoreReport> {
  const beside = await database.openBeside(`restore_${randomBytes(6).toString('hex')}`)
  try {
    return await restore(file, beside.db, migrations)
  } finally {
    await beside.remove()
  }
}

async function requireEmpty(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select schemaname || '.' || tablename as name from pg_tables
    where schemaname in ('log', 'home', 'view') limit 1`.execute(db)
  if (rows.length === 0) return
  throw new StorageTrouble(
    'not-empty',
    `A backup is restored only into an empty database, and this one already has ${rows[0]?.name}: ` +
      'choose a new data folder with --data-dir.',
  )
}

type FileLine = z.infer<typeof fileLine>

async function restoreRows(file: string, db: Db, migrations: readonly Migration[]) {
  const lines = readLines(file)
  try {
    const head = parse(headLine, (await lines.next()).value, file)
    const known = new Set(migrations.map((migration) => migration.name))
    const unknown = head.migrations.find((name) => !known.has(name))
    if (unknown) {
      throw new StorageTrouble(
        'newer-version',
        `${file} was made by a newer version of Chancery (it has ${unknown}): restore it with that version or a later one.`,
      )
    }
    const then = new Set(head.migrations)
    await migrate(
      db,
      migrations.filter((migration) => then.has(migration.name)),
    )
    return { head, ...(await db.transaction().execute((tx) => fillTables(tx, lines, file))) }
  } finally {
    await lines.return(undefined)
  }
}

async function fillTables(tx: Tx, lines: AsyncGenerator<string>, file: string) {
  await setFormats(tx)
  const tables = await listBackedTables(tx)
  await empty(tx, tables)
  const files: FileLine[] = []
  let current: (typeof tables)[number] | undefined
  let waiting: string[] = []
  let waitingLength = 0
  async function write(): Promise<void> {
    // What PostgreSQL refuses here it never gave out: the file was changed.
    if (waiting.length > 0 && current) await writeRows(tx, current, waiting).catch(refuseRows)
    waiting = []
    waitingLength = 0
  }
  function refuseRows(error: unknown): never {
    throw meansDiskFull(error) ? error : damaged(file, error)
  }
  for await (const text of lines) {
    if (!text.startsWith(' ')) {
      if (!current) throw damaged(file)
      waiting.push(text)
      waitingLength += text.length
      if (waiting.length >= 500 || waitingLength > 8_000_000) await write()
      continue
    }
    await write()
    const content = parse(z.unknown(), text, file)
    const table = tableLine.safeParse(content)
    const one = fileLine.safeParse(content)
    if (table.success) {
      current = tables.find(({ name }) => name === table.data.table)
      if (!current) throw damaged(file)
    } else if (one.success) files.push(one.data)
    else {
      const { end } = parse(endLine, text, file)
      for (const { name, value } of end.sequences) await sql`select setval(${name}::regclass, ${value})`.execute(tx)
      await compare(tx, tables, end.tables, file)
      return { end, files }
    }
  }
  throw damaged(file)
}

/** Migrations may have put in rows that the backup brings too. Tables that only grow are empty here and left alone. */
async function empty(tx: Tx, tables: Awaited<ReturnType<typeof listBackedTables>>): Promise<void> {
  for (const { name } of tables.toReversed()) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(tx)
    if (rows.length > 0) await sql`delete from ${sql.table(name)}`.execute(tx)
  }
}

async function compare(
  tx: Tx,
  tables: Awaited<ReturnType<typeof listBackedTables>>,
  expected: Counted[],
  file: string,
): Promise<void> {
  for (const want of expected) {
    const table = tables.find(({ name }) => name === want.table)
    if (!table) throw damaged(file)
    const counter = createCounter(table.name)
    for await (const lines of readRows(tx, table)) counter.add(lines)
    const have = counter.result()
    if (have.rows !== want.rows || have.sha256 !== want.sha256) {
      throw new StorageTrouble(
        'bad-backup',
        `${file} does not restore to what was backed up: ${want.table} has ${have.rows} rows instead of ${want.rows}, ` +
          'or other contents. Use another backup.',
      )
    }
  }
}

async function* readLines(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const unzipped = createGunzip()
  source.on('error', (error) => unzipped.destroy(error))
  source.pipe(unzipped).setEncoding('utf8')
  // Kept in pieces: a line can be megabytes long, and joining it for each piece would cost its square.
  let begun: string[] = []
  try {
    for await (const piece of unzipped) {
      const parts: string[] = piece.split('\n')
      const rest = parts.pop() ?? ''
      for (const part of parts) {
        yield begun.join('') + part
        begun = []
      }
      begun.push(rest)
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new StorageTrouble('bad-backup', `There is no file ${file}.`, { cause })
    }
    throw damaged(file, cause)
  } finally {
    source.destroy()
  }
  if (begun.join('') !== '') throw damaged(file)
}

function parse<T>(shape: z.ZodType<T>, text: unknown, file: string): T {
  try {
    return shape.parse(JSON.parse(String(text)))
  } catch (cause) {
    throw damaged(file, cause)
  }
}

function damaged(file: string, cause?: unknown): StorageTrouble {
  return new StorageTrouble('bad-backup', `${file} is no whole backup of Chancery: use another one.`, { cause })
}

async function putFile(folder: string, { file, mode, content }: FileLine): Promise<void> {
  const path = normalize(file)
  if (path.startsWith('..') || path.startsWith('/'))
    throw new StorageTrouble('bad-backup', `The backup names a file outside: ${file}.`)
  await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
  await writeFile(join(folder, path), Buffer.from(content, 'base64'), { mode, flush: true })
}
