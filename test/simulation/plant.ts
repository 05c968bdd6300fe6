import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { type Planted, planted } from './planted.ts'

/** Puts a bug in; call before anything of src is loaded. */
export function plant(name: string): Planted {
  const bug = planted.find((one) => one.name === name)
  if (!bug) throw new Error(`no such bug: ${name}`)
  requirePlace(bug)
  const ending = `/${bug.file}`
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith('file:') || !new URL(url).pathname.endsWith(ending)) return next(url, context)
      const source = stripTypeScriptTypes(sourceOf(bug).replace(bug.find, bug.replace), { mode: 'strip' })
      return { format: 'module', source, shortCircuit: true }
    },
  })
  return bug
}

/** @throws unless the place of the bug is in the file exactly once: modules change, and a bug that is not planted is not found. */
export function requirePlace(bug: Planted): void {
  const count = sourceOf(bug).split(bug.find).length - 1
  if (count !== 1) throw new Error(`"${bug.name}": its place is ${count} times in ${bug.file}`)
}

function sourceOf({ file }: Planted): string {
  return readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
}
