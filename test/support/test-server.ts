import { chmodSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/core/storage/embedded-postgres.ts'

/** Speed before safety: what these servers hold is worth nothing after the run. */
const careless = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '320' }

/** Starts the server of a whole run in a folder of its own; give `address` to tests as CHANCERY_TEST_PG. */
export async function startTestServer(dataDir: string): Promise<{ address: string; remove(): Promise<void> }> {
  const server = await startEmbeddedPostgres(dataDir, { settings: careless })
  return { address: server.address.host, remove: () => removeEmbeddedPostgres(dataDir) }
}

let address: Promise<string> | undefined

/** Socket folder of the run's server. A test file run by hand starts one that the next file finds again. */
export function findTestServer(): Promise<string> {
  address ??= process.env.CHANCERY_TEST_PG ? Promise.resolve(process.env.CHANCERY_TEST_PG) : startShared()
  return address
}

async function startShared(): Promise<string> {
  const folder = join(tmpdir(), `chancery-test-${process.getuid?.() ?? 0}`)
  mkdirSync(folder, { recursive: true })
  if (lstatSync(folder).uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`)
  chmodSync(folder, 0o755)
  return exclusively(join(folder, 'starting'), async () => (await startTestServer(folder)).address)
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
