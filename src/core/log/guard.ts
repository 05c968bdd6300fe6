import { type FileHandle, mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

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
  /** Whether any process of this folder ever kept a guard. */
  existed(): boolean
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

const line = /^([0-9a-f]{32}) (0|[1-9][0-9]{0,15}) ([A-Za-z0-9_-]{43})( handed-over)?$/

/** Opens `<subfolder>/<instance>.log` of a data folder and reads the files of all processes that used it. */
export async function openGuard(
  dataDir: string,
  instance: string,
  subfolder = 'guard',
  { openFile = open }: { openFile?: (path: string, flags: string, mode: number) => Promise<FileHandle> } = {},
): Promise<Guard> {
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(instance)) throw new Error('an instance name is lower case letters and digits')
  const folder = join(dataDir, subfolder)
  const own = `${instance}.log`
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  const records = (await Promise.all(names.map((name) => readRecords(folder, name)))).flat()
  let file = await openFile(join(folder, own), 'a', 0o600)
  await syncFolder(folder)
  await endTornLine(file, join(folder, own))
  const newest = new Map(records.filter((record) => record.file === own).map((record) => [record.space, record]))
  const append = createAppender(() => file)

  return {
    records: () => records,
    existed: () => names.length > 0,

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
      await writeFile(draft, signed.map(textOf).join(''), { mode: 0o600, flush: true })
      await rename(draft, join(folder, own))
      await syncFolder(folder)
      await file.close()
      file = await openFile(join(folder, own), 'a', 0o600)
      records.splice(0, records.length, ...signed.map((one) => ({ ...one, file: own })))
      newest.clear()
      for (const one of signed) newest.set(one.space, { ...one, file: own })
    },

    async close() {
      // What is unsure stays so: nobody was told that it is kept.
      await append('').catch(() => undefined)
      await file.close()
    },
  }
}

/**
 * Writes of many callers become one write and one fsync while an earlier one is under way.
 *
 * After a failure nobody knows which bytes are on the disk, and a second fsync may say yes to pages the first one
 * lost: what failed is written again, whole and on lines of its own, before anything else counts.
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
          await file().datasync()
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

async function readRecords(folder: string, file: string): Promise<Recorded[]> {
  const newest = new Map<string, Signed & { file: string }>()
  const last = new Map<string, Recorded>()
  const handed: Recorded[] = []
  const text = await readFile(join(folder, file), 'utf8')
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

async function endTornLine(file: FileHandle, path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  if (!text || text.endsWith('\n')) return
  await file.appendFile('\n')
  await file.datasync()
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
