import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Folder of the second verifier's sources. */
export const goSources = fileURLToPath(new URL('../../../verifier', import.meta.url))

/** Offline, whatever the machine's settings: the second verifier needs Go's standard library alone. */
export const goEnvironment = { ...process.env, GOFLAGS: '-buildvcs=false', GOPROXY: 'off', GO111MODULE: 'on' }

/** What the second verifier reads: a dossier, a file of evidence, or a time-stamp with what it is over. */
export type FrameKind = 'd' | 'e' | 't'

/** The Go verifier, built once and fed many files. */
export class GoVerifier {
  readonly program: string
  readonly #folder: string
  readonly #child: ChildProcessWithoutNullStreams
  #ended: Error | undefined
  readonly #waiting: { resolve(report: unknown): void; reject(error: Error): void }[] = []

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'chancery-verifier-'))
    this.program = join(this.#folder, 'verifier')
    execFileSync('go', ['build', '-o', this.program, '.'], { cwd: goSources, env: goEnvironment, stdio: 'inherit' })
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
    rmSync(this.#folder, { recursive: true })
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
