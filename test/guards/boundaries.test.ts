import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

interface Violation {
  from: string
  rule: { name: string }
}

async function cruise(folder: string): Promise<{ violations: Violation[]; modules: number }> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const { stdout } = await run(
    process.execPath,
    [program, '--config', '.dependency-cruiser.js', '--output-type', 'json', 'src'],
    { cwd: folder, maxBuffer: 200_000_000 },
  ).catch((error) => error)
  const { summary } = JSON.parse(stdout)
  return { violations: summary.violations, modules: summary.totalCruised }
}

/** A small house with good imports, in which each fault is one file. */
const sound: Record<string, string> = {
  'src/protocol/index.ts': 'export const act = 1\n',
  'src/protocol/inner.ts': 'export const inner = 1\n',
  'src/text/index.ts': "export { act } from '../protocol/index.ts'\n",
  'src/text/inner.ts': 'export const inner = 1\n',
  'src/web/index.tsx': "export { act } from '../text/index.ts'\n",
  'src/web/inner.ts': 'export const inner = 1\n',
  'src/core/log/index.ts': "export { act } from '../../protocol/index.ts'\n",
  'src/core/log/inner.ts': 'export const inner = 1\nexport type Inner = 1\n',
  'src/core/auth/index.ts': "export { act } from '../log/index.ts'\n",
  'src/modules/notes/index.tsx': "export { act } from '../../core/log/index.ts'\n",
  'src/modules/notes/inner.tsx': 'export const inner = 1\n',
  'src/modules/forums/index.ts': "export { act } from '../notes/index.tsx'\n",
  'src/app/index.ts': "export { act } from '../modules/forums/index.ts'\n",
  'src/cli/main.ts': "export { act } from '../app/index.ts'\n",
  'test/support/thing.ts': 'export const thing = 1\n',
}

const faults: { rule: string; file: string; content: string }[] = [
  ['protocol-looks-down', 'src/protocol/bad-a.ts', "export { act } from '../text/index.ts'"],
  ['text-looks-down', 'src/text/bad-b.ts', "export { act } from '../core/log/index.ts'"],
  ['web-looks-down', 'src/web/bad-c.tsx', "export { act } from '../core/log/index.ts'"],
  ['core-looks-down', 'src/core/log/bad-d.ts', "export { act } from '../../web/index.tsx'"],
  ['core-looks-down', 'src/core/log/bad-e.ts', "export type { act } from '../../modules/notes/index.tsx'"],
  ['modules-looks-down', 'src/modules/notes/bad-f.tsx', "export const load = () => import('../../app/index.ts')"],
  ['app-looks-down', 'src/app/bad-g.ts', "export { act } from '../cli/main.ts'"],
  ['core-by-the-door', 'src/core/auth/bad-h.ts', "export type { Inner } from '../log/inner.ts'"],
  ['modules-by-the-door', 'src/modules/forums/bad-i.ts', "export { inner } from '../notes/inner.tsx'"],
  ['core-from-above-by-the-door', 'src/modules/notes/bad-j.ts', "export { inner } from '../../core/log/inner.ts'"],
  ['modules-from-above-by-the-door', 'src/app/bad-k.ts', "export { inner } from '../modules/notes/inner.tsx'"],
  ['web-by-the-door', 'src/modules/notes/bad-l.tsx', "export { inner } from '../../web/inner.ts'"],
  ['text-by-the-door', 'src/core/log/bad-m.ts', "export { inner } from '../../text/inner.ts'"],
  ['protocol-by-the-door', 'src/core/log/bad-n.ts', "export { inner } from '../../protocol/inner.ts'"],
  ['protocol-is-pure', 'src/protocol/bad-o.ts', "export { readFileSync } from 'node:fs'"],
  ['sources-stand-alone', 'src/core/log/bad-p.ts', "export { thing } from '../../../test/support/thing.ts'"],
  ['resolvable', 'src/core/log/bad-q.ts', "export { thing } from './no-such-file.ts'"],
  ['declared-packages', 'src/core/log/bad-r.ts', "export { default } from 'fast-check'"],
  ['no-cycles', 'src/core/log/bad-s.ts', "import { t } from './bad-t.ts'\nexport const s = () => t"],
].map(([rule, file, content]) => ({ rule: String(rule), file: String(file), content: `${content}\n` }))

function plant(folder: string, files: Record<string, string>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
}

test('every kind of forbidden import is caught, in .ts and .tsx, and sound ones are not', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-house-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const file of ['.dependency-cruiser.js', 'tsconfig.json', 'package.json'])
    cpSync(join(root, file), join(folder, file))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  plant(folder, sound)
  const before = await cruise(folder)
  assert.deepEqual(before.violations, [])
  assert.ok(before.modules >= Object.keys(sound).length - 1, `saw only ${before.modules} files`)
  plant(folder, Object.fromEntries(faults.map(({ file, content }) => [file, content])))
  plant(folder, { 'src/core/log/bad-t.ts': "import { s } from './bad-s.ts'\nexport const t = () => s\n" })
  const { violations } = await cruise(folder)
  for (const { rule, file } of faults) {
    const caught = violations.some((violation) => violation.rule.name === rule && violation.from === file)
    assert.ok(caught, `${rule} did not catch ${file}`)
  }
})
