import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { type Place, type Planted, planted } from './planted.ts'

/** Puts a bug in; call before anything of src is loaded. */
export function plant(name: string): Planted {
  const bug = planted.find((one) => one.name === name)
  if (!bug) throw new Error(`no such bug: ${name}`)
  requirePlace(bug)
  const places = placesOf(bug)
  registerHooks({
    load(url, context, next) {
      const path = url.startsWith('file:') ? new URL(url).pathname : ''
      const place = places.find(({ file }) => path.endsWith(`/${file}`))
      if (!place) return next(url, context)
      const source = stripTypeScriptTypes(sourceOf(place).replace(place.find, place.replace), { mode: 'strip' })
      return { format: 'module', source, shortCircuit: true }
    },
  })
  return bug
}

/** @throws unless the place of the bug is in the file exactly once: modules change, and a bug that is not planted is not found. */
export function requirePlace(bug: Planted): void {
  for (const place of placesOf(bug)) {
    const count = sourceOf(place).split(place.find).length - 1
    if (count !== 1) throw new Error(`"${bug.name}": its place is ${count} times in ${place.file}`)
  }
}

function placesOf(bug: Planted): readonly Place[] {
  return [bug, ...(bug.also ?? [])]
}

function sourceOf({ file }: Place): string {
  return readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
}
