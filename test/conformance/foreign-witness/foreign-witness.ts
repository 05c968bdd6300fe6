import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('main.go', import.meta.url))
/** Debian's golang-golang-x-mod-dev; nothing is fetched. */
const environment = { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOPROXY: 'off', GOFLAGS: '' }

/** Why the program by another hand cannot be built here; false when it can. */
export function withoutForeignGo(): string | false {
  try {
    execFileSync('go', ['list', 'golang.org/x/mod/sumdb/tlog'], { env: environment, stdio: 'ignore' })
    return false
  } catch {
    return 'there is no go with golang.org/x/mod (Debian: golang-go and golang-golang-x-mod-dev)'
  }
}

/** A witness and a log on golang.org/x/mod, built once. */
export class ForeignGo {
  readonly folder = mkdtempSync(join(tmpdir(), 'foreign-witness-'))
  readonly #program = join(this.folder, 'foreign-witness')
  #running: ChildProcess | undefined

  constructor() {
    execFileSync('go', ['build', '-o', this.#program, source], { env: environment, stdio: 'inherit' })
  }

  newKeys(name: string): { skey: string; vkey: string } {
    const [skey = '', vkey = ''] = this.#say(['keys', name])
    return { skey, vkey }
  }

  /** What the log says of being cosigned under this submission prefix, line by line. */
  async runLog(skey: string, prefix: string, witness: string): Promise<string[]> {
    const child = spawn(this.#program, ['log', skey, prefix, witness], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`the log ended with ${code}: ${lines.join(' | ')}`)
    return lines
  }

  /** A process of its own that cosigns logs whose keys stand in the file. It keeps what it signed in `state`. */
  async startWitness(
    name: string,
    { state, logs, port = 0 }: { state: string; logs: string; port?: number },
  ): Promise<{ vkey: string; url: string }> {
    const child = spawn(this.#program, ['witness', name, state, logs, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#running = child
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const [vkey, url] = [await lines.next(), await lines.next()].map(({ value }) => String(value))
    return { vkey: vkey ?? '', url: url ?? '' }
  }

  async killWitness(): Promise<void> {
    const child = this.#running
    this.#running = undefined
    if (!child || child.exitCode !== null) return
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
  }

  async close(): Promise<void> {
    await this.killWitness()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #say(words: string[]): string[] {
    return execFileSync(this.#program, words, { encoding: 'utf8' }).trim().split('\n')
  }
}
