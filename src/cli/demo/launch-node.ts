import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PartyFile } from '../../modules/entrance/index.ts'
import type { PartyKey } from './parties.ts'

export interface LaunchedNode {
  key: PartyKey
  publicUrl: string
  peerUrl: string
  /** Process that serves it now. */
  pid(): number | undefined
  links: { name: string; url: string }[]
  /** A single-use sign-in link: of the founding, where it was not given out yet, or a new one. */
  linkFor(name: string): Promise<string>
  /** New single-use links in this order, made by one command of the operator beside the running node. */
  renewLinks(names: readonly string[]): Promise<string[]>
  /** Kills the process without warning, as a crash would. */
  kill(): Promise<void>
  /** Starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Founds one party from its file and serves its node as a process of its own. */
export async function launchNode(options: {
  key: PartyKey
  party: PartyFile
  dataDir: string
  port: number
  /** Where peers reach it, if not at its port. */
  peerUrl?: string
  /** Chancery's program; the one that runs unless given. */
  program?: string
  /** Its folder holds it already: it is served, not founded. */
  isFounded?: boolean
}): Promise<LaunchedNode> {
  const { key, party, dataDir, port, program = process.argv[1] ?? '', isFounded = false } = options
  const publicUrl = `http://${key}.localhost:${port}`
  const peerUrl = options.peerUrl ?? `http://127.0.0.1:${port}`
  await mkdir(dataDir, { recursive: true })
  const partyFile = join(dataDir, 'party.json')
  await writeFile(partyFile, JSON.stringify(party, undefined, 2))
  const where = ['--data-dir', dataDir]
  const addresses = ['--port', String(port), '--public-url', publicUrl, '--peer-url', peerUrl]
  const init = ['init', '--party-file', partyFile, ...where, ...addresses]
  const founded = isFounded ? { links: [] } : await ask<{ links: { name: string; url: string }[] }>(program, init)
  let child = await serve(program, where)
  const given = new Set<string>()
  const renewLinks = async (names: readonly string[]) => {
    const made = await ask<{ url: string }[]>(program, ['person', 'link', ...names, ...where])
    return made.map(({ url }) => url)
  }

  return {
    key,
    publicUrl,
    peerUrl,
    links: founded.links,
    pid: () => child.pid,
    renewLinks,
    async linkFor(name) {
      const [fresh] =
        isFounded || given.has(name)
          ? await renewLinks([name])
          : founded.links.flatMap((one) => (one.name === name ? one.url : []))
      given.add(name)
      if (fresh === undefined) throw new Error(`${name} is nobody of ${key}`)
      return fresh
    },
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      child = await serve(program, where)
    },
    stop: () => end(child, 'SIGTERM'),
  }
}

/** Runs a command of Chancery and reads its `--json` answer. */
function ask<T>(program: string, args: string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let trouble = ''
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stderr.on('data', (data) => {
      trouble += data
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as T)
      else reject(new Error(`chancery ${args.join(' ')} ended with ${code}:\n${trouble || out}`))
    })
  })
}

/** Serves a node and resolves once it says that it is ready. */
function serve(program: string, where: string[]): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'start', '--quiet', ...where], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('error', reject)
    child.once('exit', (code) => reject(new Error(`a node ended with ${code} before it was ready`)))
    child.once('message', () => resolve(child))
  })
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
