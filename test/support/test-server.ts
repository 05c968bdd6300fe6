import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import {
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/core/storage/embedded-postgres.ts'

/** Speed before safety: what these servers hold is worth nothing after the run. */
const careless = {
  ...{ fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' },
  // Databases that live for seconds need no cleaning.
  autovacuum: 'off',
  max_connections: '600',
}

/** Where databases of tests lie when they lie in memory: a new one is seven hundred files. */
export const inMemory = 'in_memory'
const memoryFolder = '/dev/shm'
const memoryName = 'chancery-tests-'
const memoryNeededBytes = 3 * 1024 ** 3

/** Starts the server of a whole run in a folder of its own; give `address` to tests as CHANCERY_TEST_PG. */
export async function startTestServer(dataDir: string): Promise<{ address: string; remove(): Promise<void> }> {
  const server = await startEmbeddedPostgres(dataDir, { settings: careless })
  const folder = await giveMemory(server)
  return {
    address: server.address.host,
    async remove() {
      await removeEmbeddedPostgres(dataDir)
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Lets databases be made in memory where there is plenty of it; gives the folder. */
async function giveMemory({ address, folder }: EmbeddedPostgres): Promise<string | undefined> {
  if (!existsSync(memoryFolder) || freemem() < memoryNeededBytes) return undefined
  const { bavail, bsize } = statfsSync(memoryFolder)
  if (bavail * bsize < memoryNeededBytes) return undefined
  forgetKilledRuns()
  const place = mkdtempSync(join(memoryFolder, `${memoryName}${process.pid}-`))
  const { uid, gid } = statSync(join(folder, 'data'))
  chownSync(place, uid, gid)
  const client = new pg.Client(address)
  await client.connect()
  await client.query(`create tablespace ${inMemory} location '${place}'`)
  await client.end()
  return place
}

/** What a run left that was killed would take memory for ever. */
function forgetKilledRuns(): void {
  for (const name of readdirSync(memoryFolder).filter((one) => one.startsWith(memoryName))) {
    const [pid = ''] = name.slice(memoryName.length).split('-')
    if (!existsSync(`/proc/${pid}`)) rmSync(join(memoryFolder, name), { recursive: true, force: true })
  }
}

let address: Promise<string> | undefined

/** Socket folder of the run's server. A test file run by hand starts one that the next file finds again. */
export function findTestServer(): Promise<string> {
  address ??= process.env.CHANCERY_TEST_PG ? Promise.resolve(process.env.CHANCERY_TEST_PG) : startShared()
  return address
}

async function startShared(): Promise<string> {
  const folder = sharedFolder()
  mkdirSync(folder, { recursive: true })
  if (lstatSync(folder).uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`)
  chmodSync(folder, 0o755)
  return exclusively(join(folder, 'starting'), startLasting)
}

const sharedFolder = () => join(tmpdir(), `chancery-test-${process.getuid?.() ?? 0}`)

// It may be found again after the machine was off: nothing of it lies in memory.
async function startLasting(): Promise<string> {
  const server = await startEmbeddedPostgres(sharedFolder(), { settings: careless })
  return server.address.host
}

async function exclusively<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const giveUp = performance.now() + 60_000
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > 60_000 || performance.now() > giveUp) rmSync(lock, { recursive: true, force: true })
      else await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
