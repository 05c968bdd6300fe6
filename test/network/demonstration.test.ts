import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { removeEmbeddedPostgres } from '../../src/core/storage/index.ts'
import { verifyDossier } from '../../src/protocol/dossier/index.ts'
import { firstPort } from '../support/first-port.ts'

const program = resolve(import.meta.dirname, '../../dist/chancery.js')

test('the demonstration plays from the response plan to the lessons, and its dossier is verified', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-demonstration-'))
  t.after(async () => {
    for (const house of ['aurelia', 'borovia', 'calenia', 'mosc'])
      await removeEmbeddedPostgres(join(dataDir, house)).catch(() => undefined)
    rmSync(dataDir, { recursive: true, force: true })
  })
  const args = ['demo', '--exit', '--data-dir', dataDir, '--port', String(firstPort())]
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()))
  const [code] = await once(child, 'close')
  assert.equal(code, 0, said)

  const told = said.split('\n').filter((line) => /^\S.*$/.test(line))
  const steps = ['At home', '4  Norms', '5  Cooperation', 'Recovery and lessons', 'What remains']
  assert.deepEqual(
    steps.map((step) => told.indexOf(step)).filter((place) => place < 0),
    [],
    said,
  )
  assert.match(said, /A copy with one changed byte is refused/)
  const dossier = readFileSync(join(dataDir, 'case.dossier.zip'))
  assert.equal((await verifyDossier(dossier, { pins: {} })).verdict, 'accepted')
})
