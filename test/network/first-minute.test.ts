import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findFreePort } from '../../src/core/config/index.ts'
import { firstPort } from '../support/first-port.ts'
import { removeEmbeddedPostgres } from '../../src/core/storage/index.ts'

const program = resolve(import.meta.dirname, '../../dist/chancery.js')
const isRoot = process.getuid?.() === 0

interface Outcome {
  /** Exit code, or undefined when the node came up. */
  code: number | null | undefined
  said: string
  stop(): Promise<void>
}

/** `chancery start` as somebody would type it, until it is ready or has ended. */
function start(args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  const child = spawn(process.execPath, [program, 'start', ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece: Buffer) => (said += piece.toString('utf8')))
  const stop = () =>
    new Promise<void>((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done()
      child.once('exit', () => done())
      child.kill('SIGTERM')
    })
  return new Promise((done) => {
    child.once('message', () => done({ code: undefined, said, stop }))
    child.once('close', (code) => done({ code, said, stop }))
  })
}

/** A data folder that is removed with its database when the test ends. */
function folder(t: TestContext, at = mkdtempSync(join(tmpdir(), 'chancery-first-'))): string {
  t.after(async () => {
    await removeEmbeddedPostgres(at).catch(() => undefined)
    rmSync(at, { recursive: true, force: true })
  })
  return at
}

const freePort = async () => String(await findFreePort(firstPort(), '127.0.0.1'))

function assertSentence({ code, said }: Outcome, words: RegExp): void {
  assert.equal(code, 1, said)
  assert.match(said, words)
  assert.doesNotMatch(said, /\n\s+at |Error:/, 'a stack is no sentence')
}

test('a port that is taken is said in one sentence, with what to do', async (t) => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  t.after(() => other.close())
  const { port } = other.address() as { port: number }
  assertSentence(await start(['--data-dir', folder(t), '--port', String(port)]), /Port \d+ on .* is taken.*--port/)
})

test('a data folder of another version is refused in one sentence, and left as it is', async (t) => {
  const dataDir = folder(t)
  writeFileSync(join(dataDir, 'node.json'), JSON.stringify({ format: 99, port: 7_799 }))
  assertSentence(await start(['--data-dir', dataDir]), /made by another version of Chancery/)
  assert.ok(!existsSync(join(dataDir, 'postgres')))
})

test('a node starts on a machine without locale, home or time zone', async (t) => {
  const { PATH } = process.env
  const node = await start(['--data-dir', folder(t), '--port', await freePort()], { PATH })
  t.after(node.stop)
  assert.equal(node.code, undefined, node.said)
  await node.stop()
})

test('root can start a node inside a folder that only root may enter', { skip: !isRoot && 'needs root' }, async (t) => {
  const outer = mkdtempSync(join(tmpdir(), 'chancery-root-'))
  chmodSync(outer, 0o700)
  t.after(() => rmSync(outer, { recursive: true, force: true }))
  const dataDir = join(outer, 'checkout', 'data')
  mkdirSync(dataDir, { recursive: true })
  const node = await start(['--data-dir', folder(t, dataDir), '--port', await freePort()])
  assert.equal(node.code, undefined, node.said)
  await node.stop()
})

test('a full disk is said in one sentence, or the node works', { skip: !isRoot && 'needs root' }, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-full-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dataDir], { stdio: 'ignore' })
  } catch {
    rmSync(dataDir, { recursive: true })
    return t.skip('no file system can be mounted here')
  }
  t.after(async () => {
    await removeEmbeddedPostgres(dataDir).catch(() => undefined)
    execFileSync('umount', ['-l', dataDir], { stdio: 'ignore' })
    rmSync(dataDir, { recursive: true, force: true })
  })
  fill(join(dataDir, 'full'))
  const node = await start(['--data-dir', dataDir, '--port', await freePort()])
  if (node.code === undefined) await node.stop()
  else assertSentence(node, /disk .*full|No space|no room/i)
})

/** Takes every byte that is left on the disk. */
function fill(file: string): void {
  for (let size = 64 * 1024; size >= 1; size = Math.floor(size / 2))
    try {
      for (;;) appendFileSync(file, new Uint8Array(size))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
}
