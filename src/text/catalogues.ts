import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Message keys and their ICU texts of one language, flat: `common.save` → `Save`. */
export type Catalogue = Map<string, string>

type Tree = { [key: string]: string | Tree }

/** Reads every language: folders `<lang>/*.json` (namespace = file name) and files `<lang>.json` (all namespaces). */
export function readCatalogues(folders: readonly string[]): Map<string, Catalogue> {
  const catalogues = new Map<string, Catalogue>()
  for (const folder of folders) {
    if (!existsSync(folder)) continue
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const language = entry.name.replace(/\.json$/, '')
      if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)) continue
      const catalogue = catalogues.get(language) ?? new Map()
      if (entry.isDirectory()) readFolder(catalogue, join(folder, entry.name))
      else if (entry.name.endsWith('.json')) flatten(catalogue, '', readTree(join(folder, entry.name)))
      catalogues.set(language, catalogue)
    }
  }
  return catalogues
}

function readFolder(catalogue: Catalogue, folder: string): void {
  for (const name of readdirSync(folder)
    .filter((n) => n.endsWith('.json'))
    .sort()) {
    const namespace = name.startsWith('refusal-') ? 'refusal' : name.slice(0, -'.json'.length)
    flatten(catalogue, namespace, readTree(join(folder, name)))
  }
}

function readTree(file: string): Tree {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tree
  } catch (cause) {
    throw new Error(`message file ${file} cannot be read`, { cause })
  }
}

function flatten(into: Catalogue, prefix: string, tree: Tree): void {
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix === '' ? key : `${prefix}.${key}`
    if (typeof value === 'string') into.set(path, value)
    else flatten(into, path, value)
  }
}
