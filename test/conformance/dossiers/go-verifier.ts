import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Folder of the second verifier's sources. */
export const goSources = fileURLToPath(new URL('../../../verifier', import.meta.url))

/** Offline, whatever the machine's settings: the second verifier needs Go's standard library alone. */
export const goEnvironment = { ...process.env, GOFLAGS: '-buildvcs=false', GOPROXY: 'off', GO111MODULE: 'on' }

/** What the second verifier reads: a dossier, a file of evidence, or a time-stamp with what it is over. */
export type FrameKind = 'd' | 'e' | 't'

const cache = join(import.meta.dirname, '../../../node_modules/.cache/chancery')

/** The program as its sources are now, built unless it is kept from an earlier run: a build costs more than most tests. */
function goProgram(): string {
  const sources = createHash('sha256')
  for (const name of readdirSync(goSources).toSorted()) {
    if (!/\.go$|^go\.mod$/.test(name)) continue
    sources.update(`${name}\n`).update(readFileSync(join(goSources, name)))
  }
  const program = join(cache, `verifier-${sources.digest('hex').slice(0, 16)}`)
  if (existsSync(program)) return program
  mkdirSync(cache, { recursive: true })
  const fresh = `${program}.${process.pid}`
  execFileSync('go', ['build', '-o', fresh, '.'], { cwd: goSources, env: goEnvironment, stdio: 'inherit' })
  renameSync(fresh, program)
  return program
}

/** The Go verifier, fed many files. */
export class GoVerifier {
  readonly program: string
  readonly #child: ChildProcessWithoutNullStreams
  #ended: Error | undefined
  readonly #waiting: { resolve(report: unknown): void; reject(error: Error): void }[] = []

  constructor() {
    this.program = goProgram()
    this.#child = spawn(this.program, ['judge'], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stderr.pipe(process.stderr)
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line))
    })
    this.#child.on('close', (code) => {
      this.#ended = new Error(`the Go verifier ended with ${code}`)
      for (const { reject } of this.#waiting) reject(this.#ended)
    })
  }

  /** The report of one file, as `--json` prints it. */
  judge(kind: FrameKind, file: Uint8Array): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended)
    const head = Buffer.alloc(5, kind)
    head.writeUInt32BE(file.length, 1)
    const report = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
    this.#child.stdin.write(head)
    this.#child.stdin.write(file)
    return report
  }

  async close(): Promise<void> {
    const closed = once(this.#child, 'close')
    this.#child.stdin.end()
    await closed
  }
}

/** Why the second verifier cannot run here; false when it can. */
export function withoutGo(): string | false {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
    return false
  } catch {
    return 'there is no go in PATH'
  }
}
