import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const room = 'src/modules/incidents/'

/** Who may look beyond what a person may know of, how often in a file, and nothing else may. */
const beyond: Record<string, number> = {
  'share/list-shareable.ts': 1,
  'keep-words.ts': 1,
  'need-to-know/series.ts': 2,
  'need-to-know/item-lines.ts': 3,
  'need-to-know/move-items.ts': 5,
  'need-to-know/lead-left.ts': 2,
  'need-to-know/rested-on.ts': 1,
  'weigh/number-evidence.ts': 2,
  'diamond/move-placings.ts': 1,
  'merge/merge-incidents.ts': 3,
  'merge/split-incident.ts': 1,
  'need-to-know/break-glass.ts': 2,
  'open/open-incident.ts': 1,
  'open/insert-objects.ts': 2,
  'bundles/take-in-bundle.ts': 3,
  'weigh/changing.ts': 1,
  'weigh/evidence-states.ts': 1,
  'weigh/keep-evidence.ts': 1,
}
const reading = /(selectFrom|innerJoin|leftJoin)\(\s*'home\.incidents_|\b(from|join) home\.incidents_/g
const condition = /\b(inSight|isInSight|areInSight|beyondSight)\(/
/**
 * `hits` are incidents in sight that meet a filter (`hitsIn`, which carries the condition): what is joined with them is
 * bound, a table or a relation of it in brackets.
 */
const joinedWithHits =
  /^from home\.incidents_\w+ (\w+)(?: join hits h on h\.id = \1\.incident\b|\s+where [^`]*\n\s*\) \1 join hits h on h\.id = \1\.incident\b)/

/** Queries of a source that read a table of incidents and carry no condition on who may know of it. */
function uncovered(source: string): string[] {
  return [...source.matchAll(reading)].flatMap(({ index }) => {
    const end = source.indexOf('.execute', index)
    const query = source.slice(index, end === -1 ? undefined : end)
    return condition.test(query) || joinedWithHits.test(query) ? [] : [query.slice(0, 120)]
  })
}

const sources = globSync('src/**/*.{ts,tsx}', { cwd: root })
  .filter((file) => !/\.test\.tsx?$|\/migrations\//.test(file))
  .map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }))

test('no room but that of incidents asks the tables of incidents', () => {
  const named = sources.filter(({ file, source }) => !file.startsWith(room) && source.includes('home.incidents_'))
  assert.deepEqual(
    named.map(({ file }) => file),
    [],
  )
})

test('every query on incidents says whose sight it is bound by', () => {
  const inside = sources.filter(({ file }) => file.startsWith(room) && !file.endsWith('need-to-know/in-sight.ts'))
  const bare = inside.flatMap(({ file, source }) => uncovered(source).map((query) => `${file}: ${query}`))
  assert.deepEqual(bare, [])
  const withHits = inside.filter(({ source }) => /\bjoin hits\b/.test(source))
  for (const { file, source } of withHits)
    assert.match(
      source,
      /with hits as materialized \(\$\{hitsIn\(|await countOver<|beside `hits`/,
      `${file}: hits are made by hitsIn alone, or by countOver, which asks it`,
    )
  const counted = inside.flatMap(({ file, source }) => {
    const count = source.match(/\bbeyondSight\(/g)?.length ?? 0
    return count > 0 ? [[file.slice(room.length), count] as const] : []
  })
  assert.deepEqual(Object.fromEntries(counted), beyond, 'a query beyond sight is named here, with the review it needs')
})

test('a query without the condition is found by this guard', () => {
  const planted = "db.selectFrom('home.incidents_fact').selectAll().where('incident', '=', id).execute()"
  assert.equal(uncovered(planted).length, 1)
  assert.equal(uncovered(planted.replace('.where(', '.where(inSight(services, viewer)).where(')).length, 0)
  assert.equal(uncovered('sql`select * from home.incidents_entry`.execute(db)').length, 1)
  assert.equal(uncovered('sql`select from home.incidents_entry e join hits h on h.id = e.incident`').length, 0)
  assert.equal(uncovered('sql`select from home.incidents_entry e join hits h on true`').length, 1)
  const inBrackets = 'sql`from (select from home.incidents_entry e where true\n) e join hits h on h.id = e.incident`'
  assert.equal(uncovered(inBrackets).length, 0)
  assert.equal(uncovered(inBrackets.replace('h.id = e.incident', 'true')).length, 1)
})
