import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { playCase } from '../../src/cli/demo/aurelia-borovia.ts'
import type { Database } from '../../src/core/storage/index.ts'
import { verifyDossier } from '../../src/protocol/dossier/index.ts'
import type { Fate } from '../support/fake-wire.ts'
import { composeCase } from './case/composed-case.ts'
import { expectedActs } from './case/expected-acts.ts'
import { bundle } from './case/launched-case.ts'
import { type Random, seededRandom, testSeed } from './case/random.ts'
import { assertSameActsOnce, awaitAgreement, countActs, partyKeys } from './case/what-nodes-hold.ts'

/** Of ten messages one is lost, one loses its answer, two come twice, half are late by up to 30 turns. */
function badWeather(random: Random): () => Fate {
  return () => ({
    dropRequest: random() < 0.1,
    dropAnswer: random() < 0.1,
    duplicates: random() < 0.2 ? 1 : 0,
    delayTurns: random() < 0.5 ? Math.floor(random() * 30) : 0,
  })
}

/** Rows of every table of `view`, each table ordered by its primary key. */
async function readViews({ db }: Database): Promise<Record<string, unknown[]>> {
  const { rows: tables } = await sql<{ name: string; key: string[] }>`
    select c.relname as name, array_agg(quote_ident(a.attname) order by array_position(i.indkey::int2[], a.attnum)) as key
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'view'
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
    group by c.relname order by c.relname`.execute(db)
  const { rows: all } = await sql<{ count: number }>`
    select count(*)::int as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'view' and c.relkind = 'r'`.execute(db)
  assert.equal(tables.length, all[0]?.count, 'a table of view has no primary key')
  const views: Record<string, unknown[]> = {}
  for (const { name, key } of tables) {
    const { rows } = await sql`select * from ${sql.table(`view.${name}`)} order by ${sql.raw(key.join(', '))}`.execute(
      db,
    )
    views[name] = rows
  }
  return views
}

test('the case on a wire that loses, doubles, delays and reorders ends as on a good one, and views replay to the same rows', async (t) => {
  const seed = testSeed(20_261_122)
  const { nodes, people, stage, wire, errors } = await composeCase(t)
  const beats: string[] = []
  try {
    wire.rule(badWeather(seededRandom(seed)))
    const played = await playCase({ ...stage, tell: ({ line }) => void beats.push(line) }, { bundle })
    wire.rule(undefined)
    const held = await awaitAgreement(people)

    assertSameActsOnce(held)
    assert.deepEqual(countActs(held.aurelia), expectedActs)
    assert.equal((await verifyDossier(played.dossier, { pins: {} })).verdict, 'accepted')
    assert.ok(wire.sent.length > 400, `only ${wire.sent.length} messages crossed the wire`)
    assert.deepEqual(errors, [])

    for (const key of partyKeys) {
      const { node, database } = nodes[key]
      const before = await readViews(database)
      await node.ledger.rebuildViews()
      const after = await readViews(database)
      for (const [name, rows] of Object.entries(before)) assert.deepEqual(after[name], rows, `${key} view.${name}`)
      assert.ok((before.space?.length ?? 0) >= 2, `${key} has no spaces to replay`)
    }
  } catch (error) {
    t.diagnostic(`CHANCERY_TEST_SEED=${seed}; last beat: ${beats.at(-1)}; errors: ${errors.join('\n')}`)
    throw error
  }
})
