import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/support/postgres.ts'
import { restore } from '../core/storage/index.ts'
import { createBackups } from './backups.ts'

test('the rules of the house go into a backup and come back with it', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'chancery-backups-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  mkdirSync(join(dataDir, 'rules/severity'), { recursive: true })
  writeFileSync(join(dataDir, 'rules/severity/house.json'), '{"schemes":["our-own"]}')
  const database = await testDatabase(t, [])
  const { file } = await createBackups({
    settings: { dataDir },
    database: database as never,
    clock: { now: () => 5 },
  }).backup()
  const empty = await testDatabase(t, [])
  await sql`drop schema log, home, view cascade`.execute(empty.db)
  await restore(file, empty.db, [], join(dataDir, 'new'))
  assert.equal(readFileSync(join(dataDir, 'new/rules/severity/house.json'), 'utf8'), '{"schemes":["our-own"]}')
})
