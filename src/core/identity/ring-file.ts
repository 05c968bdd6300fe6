import { mkdir, open, readdir, readFile, rename, rm, stat, chmod } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ConfigTrouble } from '../config/index.ts'

/** Where the key files of a data folder lie. */
export function keysFolder(dataDir: string): string {
  return join(dataDir, 'keys')
}

export const ringFile = 'ring.json'
const lockFile = 'ring.lock'
const draftOf = (name: string) => `${name}.draft`
/** Longer than any writer needs: a lock older than this was left by a process that ended. */
const staleLockMs = 20_000
/** Longer than that, so that whoever waits for a lock left elsewhere gets it. */
const lockTries = 500
const lockPauseMs = 50

/** The bytes of a file of the folder; undefined when there is none. */
export async function readText(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Puts a file only its owner can read in place in one step and waits until it
 * is on disk: whoever is killed in the middle leaves the old one or the new one.
 */
export async function placeFile(folder: string, name: string, text: string): Promise<void> {
  const draft = join(folder, draftOf(name))
  await rm(draft, { force: true })
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, join(folder, name))
  await syncFolder(folder)
}

/** One writer at a time among the processes that share the folder. */
export async function withLock<T>(folder: string, write: () => Promise<T>): Promise<T> {
  const path = join(folder, lockFile)
  for (let left = lockTries; !(await takeLock(path)); left -= 1) {
    if (left === 0) throw new ConfigTrouble('keys-locked', `Another process holds ${path}. Remove it if none does.`)
    await new Promise((resolve) => setTimeout(resolve, lockPauseMs))
  }
  try {
    return await write()
  } finally {
    await rm(path, { force: true })
  }
}

async function takeLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(`${hostname()} ${process.pid}`).finally(() => file.close())
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (await isLeftBehind(path)) await rm(path, { force: true })
    return false
  }
}

/** Whether the process that took it has ended: seen at once on this machine, by its age elsewhere. */
async function isLeftBehind(path: string): Promise<boolean> {
  const [holder, age] = await Promise.all([
    readFile(path, 'utf8').catch(() => ''),
    stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    ),
  ])
  const [host, pid] = holder.split(' ')
  return age > staleLockMs || (host === hostname() && pid !== undefined && !isRunning(Number(pid)))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Removes what a killed writer left, which may hold keys in the clear, and these files. */
export async function sweepFolder(folder: string, names: readonly string[] = []): Promise<void> {
  const there = await readdir(folder)
  const gone = there.filter((name) => name.endsWith('.draft') || names.includes(name))
  for (const name of gone) await rm(join(folder, name), { force: true })
  if (gone.length > 0) await syncFolder(folder)
}

/** Makes a folder with `fill` and puts it in place in one step, so that half a set of keys never exists. */
export async function placeFolder(target: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${target}.new-${process.pid}-${process.hrtime.bigint()}`
  await mkdir(draft, { recursive: true, mode: 0o700 })
  await chmod(draft, 0o700)
  try {
    await fill(draft)
    // Renaming onto a folder that holds files fails: two set-ups at once leave one winner.
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
  await syncFolder(join(target, '..'))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
