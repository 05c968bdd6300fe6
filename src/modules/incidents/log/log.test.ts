import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'

const numbersIn = (html: string) => [...html.matchAll(/number-(\d+)\b/g)].map(([, n]) => Number(n))

test('a long log is shown newest first, page by page, each entry once, and counts nothing its reader may not read', async (t) => {
  const { ask, services, incident, analyst, at } = await incidentHouse(t, [incidents])
  const before = await ask('GET', `/incidents/${incident}`, { viewer: analyst })
  assert.match(before.html, /href="\/incidents\/[0-9a-f]{32}\/log"/, 'a short log is whole on the page')
  const opened = Date.parse('2026-11-10T08:00:00Z')
  await services.db
    .insertInto('home.incidents_compartment')
    .values({ id: 'c', incident, name: 'c', by_person: 'analyst', at: opened })
    .execute()
  await services.db
    .insertInto('home.incidents_entry')
    .values(
      Array.from({ length: 260 }, (_, n) => ({
        ...{ id: newId(), incident, at: opened + (n + 1) * 60_000, written_at: opened + (n + 1) * 60_000 },
        ...{ by_person: 'analyst', kind: n === 200 ? 'state-contained' : 'written', words: `number-${n}`, facts: '{}' },
        compartment: n === 259 ? 'c' : null,
      })),
    )
    .execute()
  at('2026-11-12T08:00:00Z')
  const other = personOf('other')
  const page = await ask('GET', `/incidents/${incident}`, { viewer: other })
  assert.equal(numbersIn(page.html).length, 40)
  assert.equal(numbersIn(page.html).at(-1), 258, 'the newest its reader may read, the earliest first')
  assert.match(page.text, /The newest 40 of 260/)
  assert.ok(page.html.includes(`href="/incidents/${incident}/log"`))
  const pages = await Promise.all(
    ['', '?page=2', '?page=3'].map((query) => ask('GET', `/incidents/${incident}/log${query}`, { viewer: other })),
  )
  assert.deepEqual(
    pages.flatMap(({ html }) => numbersIn(html)),
    Array.from({ length: 259 }, (_, n) => 258 - n),
  )
  assert.match((await ask('GET', `/incidents/${incident}/log`, { viewer: analyst })).html, /number-259\b/)
  for (const language of ['en', 'fr', 'ar']) {
    const { html } = await ask('GET', `/incidents/${incident}/log`, { viewer: analyst, language })
    assert.match(html, /<svg[\s\S]*<rect class="bar all"[\s\S]*<table/, 'its life on lanes, lighter while contained')
  }
})
