import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TransformOptions } from 'esbuild'

const options: TransformOptions = {
  loader: 'tsx',
  format: 'esm',
  target: 'esnext',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  sourcemap: 'inline',
}

const require = createRequire(import.meta.url)
const cache = join(import.meta.dirname, '../node_modules/.cache/chancery/tsx')

// Node strips types from .ts by itself but knows no JSX: `node --import ./tools/tsx-hook.ts file.tsx` does.
registerHooks({
  // Our own imports name the file: nothing has to be looked for.
  resolve(specifier, context, next) {
    const isOurs = /^\.\.?\/.*\.tsx?$/.test(specifier) && /^file:(?!.*\/node_modules\/)/.test(context.parentURL ?? '')
    if (!isOurs) return next(specifier, context)
    const format = specifier.endsWith('x') ? 'module' : 'module-typescript'
    return { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true }
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !new URL(url).pathname.endsWith('.tsx')) return next(url, context)
    return { format: 'module', source: transform(fileURLToPath(url)), shortCircuit: true }
  },
})

/** Every test process needs the same files: each is transformed once for as long as it stays as it is. */
function transform(file: string): string {
  const source = readFileSync(file, 'utf8')
  const key = createHash('sha256')
    .update(JSON.stringify([file, options, source]))
    .digest('hex')
    .slice(0, 32)
  const kept = join(cache, `${key}.js`)
  try {
    return readFileSync(kept, 'utf8')
  } catch {
    const { transformSync } = require('esbuild') as typeof import('esbuild')
    const { code } = transformSync(source, { ...options, sourcefile: file })
    mkdirSync(cache, { recursive: true })
    writeFileSync(`${kept}.${process.pid}`, code)
    renameSync(`${kept}.${process.pid}`, kept)
    return code
  }
}
