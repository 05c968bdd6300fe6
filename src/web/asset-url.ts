import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where built assets lie: beside the bundle, or in `dist/assets` when running from the sources. */
export function assetsFolder(): string {
  const beside = join(import.meta.dirname, 'assets')
  return existsSync(join(beside, 'chancery.css')) ? beside : join(import.meta.dirname, '../../dist/assets')
}

const urls = new Map<string, string>()

/** Address of an asset with the hash of its content, so that browsers may keep it for ever. */
export function assetUrl(name: string): string {
  const known = urls.get(name)
  if (known) return known
  const file = join(assetsFolder(), name)
  if (!existsSync(file)) return `/assets/${name}`
  const url = `/assets/${name}?h=${createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)}`
  urls.set(name, url)
  return url
}
