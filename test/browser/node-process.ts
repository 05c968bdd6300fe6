import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { findFreePort } from '../../src/core/config/index.ts'
import { firstPort } from '../support/first-port.ts'
import { removeEmbeddedPostgres } from '../../src/core/storage/index.ts'
import type { PartyFile } from '../../src/modules/entrance/index.ts'

const root = join(import.meta.dirname, '..', '..')
const program = join(root, 'dist', 'chancery.js')

export interface NodeProcess {
  /** Where browsers go. */
  publicUrl: string
  /** Where other nodes go. */
  peerUrl: string
  dataDir: string
  /** Printed by a node that has no party yet. */
  setUpLink?: string
  /** First sign-in links by name, for a party that was founded from its file. */
  links: Map<string, string>
  stop(): Promise<void>
}

let lastPort = Promise.resolve(firstPort() - 1)

/** One after the other, so that two nodes that start at once never get the same. */
function takePort(): Promise<number> {
  lastPort = lastPort.then((last) => findFreePort(last + 1, '127.0.0.1'))
  return lastPort
}

/** One node as a process of its own, on a data folder that holds nothing; with `party`, founded from its file first. */
export async function startNodeProcess(
  t: TestContext,
  { name, party }: { name: string; party?: PartyFile },
): Promise<NodeProcess> {
  if (!existsSync(program)) execFileSync(process.execPath, [join(root, 'tools', 'build.ts')], { cwd: root })
  const dataDir = mkdtempSync(join(tmpdir(), `chancery-${name}-`))
  const port = await takePort()
  const publicUrl = `http://${name}.localhost:${port}`
  const peerUrl = `http://127.0.0.1:${port}`
  const where = ['--data-dir', dataDir, '--port', String(port), '--public-url', publicUrl, '--peer-url', peerUrl]
  let child: ChildProcess | undefined
  const stop = () => (child ? end(child) : Promise.resolve())
  t.after(async () => {
    await stop()
    await removeEmbeddedPostgres(dataDir)
    rmSync(dataDir, { recursive: true, force: true })
  })
  const links = party ? await found(dataDir, party, where) : []
  const started = await serve(where)
  child = started.child
  return {
    publicUrl,
    peerUrl,
    dataDir,
    setUpLink: started.setUpLink,
    links: new Map(links.map((link) => [link.name, link.url])),
    stop,
  }
}

/** Text of the mails a node without a mail server wrote into its folder, newest last. */
export async function readMails(node: NodeProcess): Promise<string[]> {
  const folder = join(node.dataDir, 'mail')
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.map(decode)
}

/** Mail in Arabic is carried as base64, in French as quoted-printable. */
function decode(mail: string): string {
  const at = mail.indexOf('\r\n\r\n')
  if (/^content-transfer-encoding: base64/im.test(mail.slice(0, at)))
    return Buffer.from(mail.slice(at).replace(/\s/g, ''), 'base64').toString('utf8')
  return mail.replace(/=\r?\n/g, '').replace(/=3D/g, '=')
}

async function found(dataDir: string, party: PartyFile, where: string[]): Promise<{ name: string; url: string }[]> {
  const file = join(dataDir, 'party.json')
  await writeFile(file, JSON.stringify(party))
  const child = spawn(process.execPath, [program, 'init', '--party-file', file, ...where, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const out = await textOf(child)
  return (JSON.parse(out) as { links: { name: string; url: string }[] }).links
}

function textOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    child.stdout?.on('data', (piece) => {
      out += piece
    })
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`)),
    )
  })
}

/** Resolves when the node says that it is ready. */
function serve(where: string[]): Promise<{ child: ChildProcess; setUpLink?: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'start', '--quiet', '--json', ...where], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    let out = ''
    child.stdout?.on('data', (piece) => {
      out += piece
    })
    child.once('exit', (code) => reject(new Error(`a node ended with ${code} before it was ready`)))
    child.once('message', () => resolve({ child, ...(JSON.parse(out || '{}') as { setUpLink?: string }) }))
  })
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
