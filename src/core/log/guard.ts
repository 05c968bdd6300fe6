import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { foldEndedCommands, foldInto, isCommand } from './command-guards.ts'

/** A size and root this node put its name to, as host or cosigner. `root` is base64url. */
export interface Signed {
  space: string
  size: number
  root: string
}

/** `isLast`: the node handed the space over with this size and may never host it from an older database. */
export type Recorded = Signed & { file: string; isLast?: boolean }

/**
 * What processes of this data folder signed, kept outside the database: a
 * database put back from a backup cannot make the node contradict itself.
 */
export interface Guard {
  /** Newest record per space and file. */
  records(): readonly Recorded[]
  /**
   * Whether a guard was kept when this space was signed for. A guard that began beside a database put back from
   * elsewhere knows nothing of what was signed before: it doubts those spaces until somebody vouched for them.
   */
  covers(space: string): boolean
  /** Whether any process of this folder ever kept a guard. An empty file is none: a start leaves one behind. */
  existed(): boolean
  /** The node begins here: what it signs from now on is all it ever signed. */
  begin(): Promise<void>
  /** Remembers beyond this process which spaces nobody has vouched for yet. */
  doubt(spaces: readonly string[]): Promise<void>
  /** On disk when it resolves. Records not newer than this process's last one for the space cost nothing. */
  ensure(signed: readonly Signed[]): Promise<void>
  /** From now on another party orders the space after this size: a database that says otherwise is an old one. */
  handOver(signed: Signed): Promise<void>
  /** What this process signed for a space counts no longer: smaller sizes are written again. */
  forget(space: string): void
  /** Forgets all files and starts anew with these records. */
  rewrite(signed: readonly Signed[]): Promise<void>
  close(): Promise<void>
}

type OpenFile = (path: string, flags: string | number, mode: number) => Promise<FileHandle>

/** Where a write is on the disk when it returns, one wake-up of a thread says both. Elsewhere a sync follows it. */
const syncs = process.platform === 'linux'
const appending = syncs ? constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_DSYNC : 'a'

const begun = 'begun'
const doubtFile = 'doubted'
const line = /^([0-9a-f]{32}) (0|[1-9][0-9]{0,15}) ([A-Za-z0-9_-]{43})( handed-over)?$/

/** Opens `<subfolder>/<instance>.log` of a data folder and reads the files of all processes that used it. */
export async function openGuard(
  dataDir: string,
  instance: string,
  subfolder = 'guard',
  { openFile = open }: { openFile?: OpenFile } = {},
): Promise<Guard> {
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(instance)) throw new Error('an instance name is lower case letters and digits')
  const folder = join(dataDir, subfolder)
  const own = `${instance}.log`
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await foldEndedCommands(folder)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  const texts = await Promise.all(names.map(async (name) => ({ name, text: await readWhole(join(folder, name)) })))
  const records = texts.flatMap(({ name, text }) => recordsOf(name, text))
  const existed = texts.some(({ text }) => text.includes('\n'))
  let doubted = new Set((await readIfThere(join(folder, doubtFile))).split('\n').filter(Boolean))
  let file = await openFile(join(folder, own), appending, 0o600)
  await syncFolder(folder)
  await endTornLine(file, join(folder, own))
  const newest = new Map(records.filter((record) => record.file === own).map((record) => [record.space, record]))
  const append = createAppender(() => file)

  return {
    records: () => records,
    existed: () => existed,
    covers: (space) => existed && !doubted.has(space),

    async begin() {
      if (!existed && newest.size === 0) await append(`${begun}\n`)
    },

    async doubt(spaces) {
      if (spaces.length === doubted.size && spaces.every((one) => doubted.has(one))) return
      doubted = new Set(spaces)
      const path = join(folder, doubtFile)
      if (spaces.length === 0) await rm(path, { force: true })
      else {
        await writeFile(`${path}.new`, spaces.map((one) => `${one}\n`).join(''), { mode: 0o600, flush: true })
        await rename(`${path}.new`, path)
      }
      await syncFolder(folder)
    },

    async ensure(signed) {
      const fresh = signed.filter((one) => (newest.get(one.space)?.size ?? -1) < one.size)
      if (fresh.length === 0) return
      await append(fresh.map(textOf).join(''))
      for (const one of fresh) {
        if ((newest.get(one.space)?.size ?? -1) < one.size) newest.set(one.space, { ...one, file: own })
      }
    },

    async handOver(signed) {
      await append(`${signed.space} ${signed.size} ${signed.root} handed-over\n`)
      records.push({ ...signed, file: own, isLast: true })
    },

    forget: (space) => void newest.delete(space),

    async rewrite(signed) {
      const at = process.hrtime.bigint()
      for (const name of names) {
        if (name !== own) await rename(join(folder, name), join(folder, `${name}.set-aside-${at}`))
      }
      const draft = join(folder, `${own}.new`)
      await writeFile(draft, `${begun}\n${signed.map(textOf).join('')}`, { mode: 0o600, flush: true })
      await rename(draft, join(folder, own))
      await syncFolder(folder)
      await file.close()
      file = await openFile(join(folder, own), appending, 0o600)
      records.splice(0, records.length, ...signed.map((one) => ({ ...one, file: own })))
      newest.clear()
      for (const one of signed) newest.set(one.space, { ...one, file: own })
    },

    async close() {
      // What is unsure stays so: nobody was told that it is kept.
      const isKept = await append('').then(
        () => true,
        () => false,
      )
      await file.close()
      // A command leaves nothing behind but what it signed.
      if (isKept && isCommand(own)) await foldInto(folder, own)
    },
  }
}

/**
 * Writes of many callers become one synchronous write while an earlier one is under way.
 *
 * After a failure nobody knows which bytes are on the disk, and a later one may say yes to pages the first one lost: what failed is written again, whole and on lines of its own, before anything else counts.
 */
function createAppender(file: () => FileHandle): (text: string) => Promise<void> {
  let waiting: { text: string; done: () => void; failed: (error: unknown) => void }[] = []
  let running = false
  const unsure = new Set<string>()
  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const text = (unsure.size > 0 ? `\n${[...unsure].join('')}` : '') + batch.map((one) => one.text).join('')
      try {
        if (text) {
          await file().appendFile(text)
          if (!syncs) await file().datasync()
        }
        unsure.clear()
        for (const one of batch) one.done()
      } catch (error) {
        for (const one of batch) {
          unsure.add(one.text)
          one.failed(error)
        }
      }
    }
    running = false
  }
  return (text) =>
    new Promise((done, failed) => {
      waiting.push({ text, done, failed })
      if (!running) void run()
    })
}

function recordsOf(file: string, text: string): Recorded[] {
  const newest = new Map<string, Signed & { file: string }>()
  const last = new Map<string, Recorded>()
  const handed: Recorded[] = []
  // A last line without its newline was cut short by a crash: its receipt never left.
  for (const one of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const [, space, size, root, isLast] = line.exec(one) ?? []
    if (!space || !root) continue
    if (isLast) handed.push({ space, size: Number(size), root, file, isLast: true })
    last.set(space, { space, size: Number(size), root, file })
    if ((newest.get(space)?.size ?? -1) < Number(size)) newest.set(space, { space, size: Number(size), root, file })
  }
  // A record that was left went further than what was signed since.
  const since = [...last.values()].filter(({ space, size }) => newest.get(space)?.size !== size)
  return [...newest.values(), ...since, ...handed]
}

/** A command that ended meanwhile has put its records elsewhere: the reader of that file has them or reads it next. */
async function readWhole(path: string): Promise<string> {
  return readIfThere(path)
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

async function endTornLine(file: FileHandle, path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  if (!text || text.endsWith('\n')) return
  await file.appendFile('\n')
  if (!syncs) await file.datasync()
}

function textOf(signed: Signed): string {
  return `${signed.space} ${signed.size} ${signed.root}\n`
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
