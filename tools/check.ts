import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** `npm run check`: every static check, side by side; each tells its own findings, in one piece. */
const root = join(import.meta.dirname, '..')
const checks = ['typecheck', 'lint', 'boundaries', 'unused']

function runScript(name: string): Promise<{ name: string; code: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn('npm', ['run', '--silent', name], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => {
        output += piece
      })
    child.once('close', (code) => done({ name, code, output }))
  })
}

const results = await Promise.all(checks.map(runScript))
for (const { name, code, output } of results) console.log(`${code === 0 ? '✔' : '✖'} ${name}\n${output}`.trimEnd())
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1
