import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import pg from 'pg'
import { findPostgresRuntime, findServerOwner, type PostgresRuntime, type ServerOwner } from './postgres-runtime.ts'
import { findPostmaster, forgetDeadPostmaster, type Postmaster } from './postmaster.ts'
import { diskFull, meansDiskFull, StorageTrouble } from './trouble.ts'

/** How to reach a running server: a Unix socket that only its owner, root and this user can open. */
export interface ServerAddress {
  /** Folder of the socket. */
  host: string
  user: string
  database: string
}

export interface EmbeddedPostgres {
  address: ServerAddress
  /** Where the data lie. */
  folder: string
  /** A server that was already running was taken over. */
  adopted: boolean
  warnings: string[]
  isRunning(): boolean
  /** Starts it again at the same address after it ended by itself; does nothing while it runs. */
  revive(): Promise<void>
  /** Stops the server, unless another process still uses it. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Extra lines of postgresql.conf for this start, `name=value`. */
  settings?: Record<string, string>
}

const superuser = 'chancery'
const leastFreeBytes = 64 * 1024 * 1024

const configurationName = 'chancery.conf'
const includeLine = `include_if_exists = '${configurationName}'`

const configuration = `# Chancery: one small server per node, reached by a Unix socket only. Written anew at every start:
# what this machine needs otherwise stands in postgresql.conf, below the line that includes this file.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 40
shared_buffers = 24MB
io_method = sync
max_wal_senders = 0
wal_level = minimal
# Erased content must not live on in recycled segments.
wal_recycle = off
max_wal_size = 256MB
min_wal_size = 32MB
max_parallel_workers_per_gather = 0
max_worker_processes = 2
autovacuum_max_workers = 1
autovacuum_worker_slots = 2
jit = off
synchronous_commit = on
work_mem = 32MB
timezone = 'UTC'
log_timezone = 'UTC'
# Statements and their parameters may hold what people wrote.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
`

/**
 * Starts the PostgreSQL of a data folder, made on first use, or takes over the one that a killed process left.
 *
 * @throws {@link StorageTrouble} with a sentence for the operator.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  mkdirSync(dataDir, { recursive: true })
  const runtime = findPostgresRuntime()
  const cluster = await openCluster(runtime, realpathSync(dataDir))
  return startCluster(runtime, cluster, options)
}

/** Stops the server of a data folder and removes its data for good. */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  const folder = clusterOf(realpathSync(dataDir))
  if (!folder) return
  const running = findPostmaster(join(folder, 'data'))
  if (running) await stopServer(findPostgresRuntime(), folder, running.socketFolder, 'immediate')
  rmSync(folder, { recursive: true, force: true })
  rmSync(join(dataDir, recordName), { force: true })
}

// ── Where the cluster lies ─────────────────────────────────────────────────

const recordName = 'postgres.json'

interface Cluster {
  /** Holds `data`, `server.log`, `owner.json`. */
  folder: string
  owner?: ServerOwner
  warnings: string[]
}

function clusterOf(dataDir: string): string | undefined {
  const record = join(dataDir, recordName)
  if (existsSync(record)) return JSON.parse(readFileSync(record, 'utf8')).cluster
  const inside = join(dataDir, 'postgres')
  return existsSync(inside) ? inside : undefined
}

async function openCluster(runtime: PostgresRuntime, dataDir: string): Promise<Cluster> {
  const existing = clusterOf(dataDir)
  if (existing) return reopenCluster(runtime, dataDir, existing)
  requireRoom(runtime.home)
  const owner = findServerOwner()
  // Another user cannot pass through folders that only root may enter.
  const folder = owner ? newPlaceInHome(runtime, dataDir) : join(dataDir, 'postgres')
  await makeCluster(runtime, folder, owner)
  if (owner && !recordCluster(dataDir, folder)) {
    // Another process opened this new data folder at the same moment: its cluster counts.
    rmSync(folder, { recursive: true, force: true })
    return reopenCluster(runtime, dataDir, clusterOf(dataDir) ?? folder)
  }
  return { folder, owner, warnings: warningsFor(owner) }
}

function recordCluster(dataDir: string, folder: string): boolean {
  writeFileSync(join(folder, 'owner.json'), `${JSON.stringify({ dataDir })}\n`)
  const record = join(dataDir, recordName)
  try {
    // On the disk at once: a record lost with the power would begin an empty database in its place.
    writeFileSync(record, `${JSON.stringify({ cluster: folder }, undefined, 2)}\n`, { flag: 'wx', flush: true })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // Half a record would be worse than none.
    rmSync(record, { force: true })
    rmSync(folder, { recursive: true, force: true })
    throw meansDiskFull(error) ? diskFull(dataDir, error) : error
  }
}

function newPlaceInHome(runtime: PostgresRuntime, dataDir: string): string {
  const clusters = join(runtime.home, 'clusters')
  mkdirSync(clusters, { recursive: true, mode: 0o755 })
  removeAbandoned(clusters)
  return join(clusters, `${basename(dataDir).slice(0, 40)}-${randomBytes(6).toString('hex')}`)
}

/**
 * Removes clusters whose data folder was a temporary one and is gone. Others stay for ever:
 * a data folder that is missing may only be on a disk that is not mounted.
 */
function removeAbandoned(clusters: string): void {
  for (const name of readdirSync(clusters)) {
    const folder = join(clusters, name)
    const note = join(folder, 'owner.json')
    if (!existsSync(note)) continue
    const { dataDir } = JSON.parse(readFileSync(note, 'utf8'))
    const wasTemporary = typeof dataDir === 'string' && dataDir.startsWith(join(realpathSync(tmpdir()), '/'))
    if (!wasTemporary || existsSync(dataDir) || findPostmaster(join(folder, 'data'))) continue
    rmSync(folder, { recursive: true, force: true })
  }
}

function reopenCluster(runtime: PostgresRuntime, dataDir: string, folder: string): Cluster {
  if (!existsSync(join(folder, 'data/PG_VERSION'))) {
    throw new StorageTrouble(
      'cannot-start',
      `${dataDir} says that its database lies in ${folder}, but there is none: put it back, restore a backup, ` +
        `or remove ${join(dataDir, recordName)} to begin anew.`,
    )
  }
  const version = readFileSync(join(folder, 'data/PG_VERSION'), 'utf8').trim()
  if (Number(version) !== runtime.major) {
    throw new StorageTrouble(
      'other-version',
      `The database in ${folder} was made by PostgreSQL ${version}, but this Chancery brings PostgreSQL ` +
        `${runtime.major}: start it with the version that made it, take a backup there, and restore it here.`,
    )
  }
  refuseCopiedFolder(dataDir, folder)
  const owner = process.getuid?.() === 0 ? ownerOf(join(folder, 'data')) : undefined
  return { folder, owner, warnings: warningsFor(owner) }
}

// A data folder copied as root names the cluster of the original: two nodes must never share one.
function refuseCopiedFolder(dataDir: string, folder: string): void {
  const note = join(folder, 'owner.json')
  if (!existsSync(note)) return
  const original: string = JSON.parse(readFileSync(note, 'utf8')).dataDir
  if (original !== dataDir && existsSync(original) && clusterOf(original) === folder) {
    throw new StorageTrouble(
      'copied-folder',
      `${dataDir} is a copy of ${original} and names the same database: use chancery backup and restore to copy a node.`,
    )
  }
  if (original !== dataDir) writeFileSync(note, `${JSON.stringify({ dataDir })}\n`)
}

function ownerOf(folder: string): ServerOwner {
  const { uid, gid } = statSync(folder)
  const usual = findServerOwner()
  return usual?.uid === uid ? usual : { name: `user ${uid}`, uid, gid }
}

function warningsFor(owner: ServerOwner | undefined): string[] {
  if (owner?.name !== 'nobody') return []
  return [
    "PostgreSQL runs as nobody, which other programs may use too: create a user chancery for it ('useradd -r chancery').",
  ]
}

// ── Making a cluster ───────────────────────────────────────────────────────

async function makeCluster(runtime: PostgresRuntime, folder: string, owner?: ServerOwner): Promise<void> {
  const template = await findTemplate(runtime, owner)
  const draft = `${folder}.draft-${process.pid}`
  try {
    mkdirSync(draft, { mode: 0o755 })
    cpSync(template, join(draft, 'data'), { recursive: true, preserveTimestamps: true })
    chmodSync(join(draft, 'data'), 0o700)
    // initdb's own way to be sure that every file is on the disk.
    await run(runtime, 'initdb', ['--sync-only', '--sync-method=fsync', '-D', join(draft, 'data')], undefined)
    if (owner) await chownAll(draft, owner)
    if (!existsSync(folder)) renameSync(draft, folder)
  } catch (error) {
    if (existsSync(join(folder, 'data/PG_VERSION'))) return
    throw meansDiskFull(error) ? diskFull(dirname(folder), error) : error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

// initdb takes a second or two: each version runs it once on a machine, and every new node gets a copy.
async function findTemplate(runtime: PostgresRuntime, owner?: ServerOwner): Promise<string> {
  const template = join(runtime.home, `cluster-${basename(runtime.folder)}`)
  if (existsSync(join(template, 'PG_VERSION'))) return template
  const draft = mkdtempSync(join(runtime.home, '.cluster-'))
  try {
    if (owner) chownSync(draft, owner.uid, owner.gid)
    const data = join(draft, 'data')
    const options = ['--locale=C', '--encoding=UTF8', '--auth=trust', `--username=${superuser}`, '--no-sync']
    await run(runtime, 'initdb', [...options, '-D', data], owner)
    renameSync(data, template)
  } catch (error) {
    if (!existsSync(join(template, 'PG_VERSION'))) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return template
}

async function chownAll(folder: string, owner: ServerOwner): Promise<void> {
  await runProgram('chown', ['-R', `${owner.uid}:${owner.gid}`, folder], {})
}

function requireRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < leastFreeBytes) throw diskFull(folder)
}

// ── Running it ─────────────────────────────────────────────────────────────

async function startCluster(
  runtime: PostgresRuntime,
  cluster: Cluster,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const data = join(cluster.folder, 'data')
  const running = findPostmaster(data)
  if (running) {
    const address = addressOf(running.socketFolder)
    if (await answers(address, 20_000))
      return handle({ runtime, cluster, options, socketFolder: running.socketFolder }, true)
  }
  requireRoom(cluster.folder)
  forgetDeadPostmaster(data)
  const socketFolder = makeSocketFolder(cluster.owner)
  try {
    await launch(runtime, cluster, socketFolder, options)
  } catch (error) {
    rmSync(socketFolder, { recursive: true, force: true })
    // Two processes started it at the same moment: the other one's server is as good.
    const other = await waitForPostmaster(data)
    if (other) return handle({ runtime, cluster, options, socketFolder: other.socketFolder }, true)
    throw error
  }
  return handle({ runtime, cluster, options, socketFolder }, false)
}

function makeSocketFolder(owner?: ServerOwner): string {
  // A socket's whole path may have 103 bytes on macOS, 107 on Linux.
  const tmp = tmpdir().length > 60 ? '/tmp' : tmpdir()
  const folder = mkdtempSync(join(tmp, 'chancery-'))
  chmodSync(folder, 0o700)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  return folder
}

async function launch(
  runtime: PostgresRuntime,
  cluster: Cluster,
  socketFolder: string,
  options: EmbeddedPostgresOptions,
): Promise<void> {
  const data = join(cluster.folder, 'data')
  const log = join(cluster.folder, 'server.log')
  const settings = Object.entries({ ...options.settings, unix_socket_directories: socketFolder })
  const flags = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ')
  const logStart = existsSync(log) ? statSync(log).size : 0
  writeConfiguration(cluster, data)
  try {
    await run(runtime, 'pg_ctl', ['start', '-W', '-s', '-D', data, '-l', log, '-o', flags], cluster.owner)
    if (await answers(addressOf(socketFolder), 60_000, (round) => isLost(data, socketFolder, round))) return
  } catch (error) {
    throw explainStart(cluster.folder, log, logStart, error)
  }
  throw explainStart(cluster.folder, log, logStart, undefined)
}

/** A cluster that an earlier version made has its settings from this one too. */
function writeConfiguration({ owner }: Cluster, data: string): void {
  const ours = join(data, configurationName)
  if (existsSync(ours) && readFileSync(ours, 'utf8') === configuration) return
  const draft = `${ours}.draft`
  writeFileSync(draft, configuration, { mode: 0o600, flush: true })
  if (owner) chownSync(draft, owner.uid, owner.gid)
  renameSync(draft, ours)
  const main = join(data, 'postgresql.conf')
  if (!readFileSync(main, 'utf8').includes(includeLine)) appendFileSync(main, `\n${includeLine}\n`, { flush: true })
}

// The pid file appears a moment after the start, so its absence counts only later.
function isLost(data: string, socketFolder: string, round: number): boolean {
  const running = findPostmaster(data)
  return running ? running.socketFolder !== socketFolder : round > 40
}

function explainStart(folder: string, log: string, logStart: number, cause: unknown): StorageTrouble {
  const said = existsSync(log) ? readFileSync(log).subarray(logStart).toString('utf8').trim() : ''
  if (meansDiskFull(said) || meansDiskFull(cause)) return diskFull(folder, cause)
  const last = said.split('\n').slice(-5).join('\n')
  return new StorageTrouble('cannot-start', `PostgreSQL did not start in ${folder}; its log ${log} ends:\n${last}`, {
    cause,
  })
}

function addressOf(socketFolder: string): ServerAddress {
  return { host: socketFolder, user: superuser, database: 'postgres' }
}

async function answers(
  address: ServerAddress,
  withinMs: number,
  isLost: (round: number) => boolean = () => false,
): Promise<boolean> {
  const end = performance.now() + withinMs
  for (let round = 0; performance.now() < end && !isLost(round); round++) {
    const client = new pg.Client(address)
    try {
      await client.connect()
      return true
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25))
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return false
}

async function waitForPostmaster(data: string): Promise<Postmaster | undefined> {
  for (let round = 0; round < 20; round++) {
    const other = findPostmaster(data)
    if (other && (await answers(addressOf(other.socketFolder), 5000))) return other
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return undefined
}

interface Server {
  runtime: PostgresRuntime
  cluster: Cluster
  options: EmbeddedPostgresOptions
  socketFolder: string
}

function handle(server: Server, adopted: boolean): EmbeddedPostgres {
  const { runtime, cluster, socketFolder } = server
  const data = join(cluster.folder, 'data')
  return {
    address: addressOf(socketFolder),
    folder: cluster.folder,
    adopted,
    warnings: cluster.warnings,
    isRunning: () => findPostmaster(data) !== undefined,
    revive: () => revive(server),
    async stop() {
      if (await usedByOthers(socketFolder)) return
      await stopServer(runtime, cluster.folder, socketFolder, 'fast')
    },
  }
}

async function revive({ runtime, cluster, options, socketFolder }: Server): Promise<void> {
  const data = join(cluster.folder, 'data')
  if (findPostmaster(data)) return
  requireRoom(cluster.folder)
  forgetDeadPostmaster(data)
  mkdirSync(socketFolder, { recursive: true, mode: 0o700 })
  if (cluster.owner) chownSync(socketFolder, cluster.owner.uid, cluster.owner.gid)
  try {
    await launch(runtime, cluster, socketFolder, options)
  } catch (error) {
    // Another process of this node was quicker.
    if (!(await waitForPostmaster(data))) throw error
  }
}

async function usedByOthers(socketFolder: string): Promise<boolean> {
  const client = new pg.Client(addressOf(socketFolder))
  try {
    await client.connect()
    const { rows } = await client.query<{ others: boolean }>(
      "select count(*) > 0 as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    )
    return rows[0]?.others ?? false
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function stopServer(
  runtime: PostgresRuntime,
  folder: string,
  socketFolder: string,
  mode: 'fast' | 'immediate',
): Promise<void> {
  const data = join(folder, 'data')
  const owner = process.getuid?.() === 0 ? ownerOf(data) : undefined
  if (findPostmaster(data)) await run(runtime, 'pg_ctl', ['stop', '-s', '-m', mode, '-D', data], owner)
  rmSync(socketFolder, { recursive: true, force: true })
}

// ── Programs ───────────────────────────────────────────────────────────────

async function run(runtime: PostgresRuntime, program: string, args: string[], owner?: ServerOwner): Promise<void> {
  // initdb --sync-only refuses nothing, but every other program refuses root.
  await runProgram(join(runtime.folder, 'bin', program), args, owner ? { uid: owner.uid, gid: owner.gid } : {})
}

// The environment is emptied: a stray PGDATA or LANG of the person must not change what the server does.
function runProgram(file: string, args: string[], identity: { uid?: number; gid?: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
    const child = spawn(file, args, { ...identity, env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (piece: Buffer) => {
      said = (said + piece.toString('utf8')).slice(-4000)
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else
        reject(
          meansDiskFull(said)
            ? diskFull(file, said)
            : new StorageTrouble('cannot-start', `${basename(file)}: ${said.trim()}`),
        )
    })
  })
}
