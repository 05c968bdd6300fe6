import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { legalClocks } from '../../legal-clocks/index.ts'
import { migrations as authMigrations } from '../../../core/auth/index.ts'
import { incidents, openIncident } from '../index.ts'

/** Who took a copy is written down beside sessions. */
const auth = { name: 'auth', migrations: authMigrations }

const open = (services: Services, viewer: Viewer, more: Record<string, unknown>) =>
  openIncident(services, viewer, {
    ...{ id: newId(), title: 'Fraud at a bank', summary: '', category: 'fraud', drill: false },
    ...{ ceiling: 'RED', marking: 'AMBER', source: { kind: 'form' } },
    ...more,
  } as never)

const stated = { knownBy: 'us', knownSince: '2026-11-09', consent: 'not-needed' }

test('the list of incidents is narrowed by its address, says how many there are by state, and leaves as CSV', async (t) => {
  const { ask, services, incident, analyst, at } = await incidentHouse(t, [incidents, legalClocks, auth])
  at('2026-11-11T08:00:00Z')
  const bank = await open(services, analyst, { title: 'Détournement à la banque', marking: 'GREEN' })
  const drill = await open(services, analyst, { drill: true, title: '=HYPERLINK("x")', category: 'malicious-code' })
  await ask('POST', `/incidents/${bank}/particulars`, {
    viewer: analyst,
    input: { id: newId(), kind: 'country', code: 'FR', ...stated },
  })
  await services.db
    .updateTable('home.incidents_incident')
    .set({ state: 'contained' })
    .where('id', '=', incident)
    .execute()
  for (const level of ['critical', 'severe'])
    await services.db
      .insertInto('home.incidents_severity')
      .values({
        ...{ id: newId(), incident, scheme: 'chancery-1', answers: '{}', why: '', figure: 9, level, result: null },
        ...{ rules_dated: null, rules_print: null, by_person: 'analyst', at: services.clock.now() },
      })
      .execute()
  await services.db
    .insertInto('home.legal_clocks_trigger')
    .values({
      ...{ id: newId(), matter: newId(), incident: bank, regime: 'nis2', role: 'receive', entity: 'Bank' },
      ...{ authority: 'CSIRT', aware_at: services.clock.now(), precision: 'minute', zone: 'Europe/Paris', who: 'a' },
      ...{ what: 'b', reason: '', withdrawn: false, by_person: 'analyst', at: services.clock.now() },
    })
    .execute()
  const found = async (query: string, viewer = analyst) => {
    const { html } = await ask('GET', `/incidents?${query}`, { viewer })
    const [, list = ''] = html.split('id="found"')
    return [...list.matchAll(/<h3><a href="\/incidents\/([0-9a-f]{32})"/g)].map(([, id]) => id)
  }
  assert.deepEqual(new Set(await found('')), new Set([bank, drill, incident]))
  assert.equal((await found('sort=opened')).at(-1), incident)
  assert.deepEqual(await found('clock=yes'), [bank])
  assert.deepEqual(await found('words=detournement'), [bank], 'found without its accent')
  assert.deepEqual(await found('country=fr'), [bank])
  assert.deepEqual(await found('state=contained'), [incident])
  assert.deepEqual(await found('severity=severe'), [incident])
  assert.deepEqual(await found('severity=critical'), [], 'what was answered last counts')
  assert.deepEqual(await found('drill=yes'), [drill])
  assert.deepEqual(await found('category=fraud&marking=GREEN'), [bank])
  assert.deepEqual(await found('until=2026-11-10'), [incident])
  assert.deepEqual(await found('lead=somebody'), [])
  assert.deepEqual((await found('state=nonsense&page=zzz')).length, 3, 'what is no filter narrows nothing')
  const { text } = await ask('GET', '/incidents', { viewer: analyst })
  assert.match(text, /All \(3\) open \(2\) contained \(1\) closed \(0\)/)
  const { answer } = await ask('GET', '/incidents/csv?drill=yes', { viewer: analyst })
  const csv = await (answer as unknown as Response).text()
  assert.equal(csv.trim().split('\r\n').length, 2)
  assert.match(csv, /'=HYPERLINK/, 'what a spreadsheet would compute is tamed')
})

test('the list and its counts tell nothing of an incident that its reader need not know of', async (t) => {
  const { ask, services, analyst } = await incidentHouse(t, [incidents, auth])
  // No word of a code name: the other incident draws its own.
  const hidden = await open(services, analyst, { title: 'Zephyrine matter', isRestricted: true })
  await ask('POST', `/incidents/${hidden}/particulars`, {
    viewer: analyst,
    input: { id: newId(), kind: 'country', code: 'FR', ...stated },
  })
  const other = personOf('other')
  for (const query of ['', 'words=zephyrine', 'country=FR', 'category=fraud', 'lead=analyst']) {
    const mine = await ask('GET', `/incidents?${query}`, { viewer: analyst })
    const theirs = await ask('GET', `/incidents?${query}`, { viewer: other })
    assert.ok(mine.html.includes(hidden), query)
    assert.ok(!theirs.html.includes(hidden), query)
    assert.match(theirs.text, query === '' || query === 'lead=analyst' ? /All \(1\)/ : /All \(0\)/, query)
    const csv = await ask('GET', `/incidents/csv?${query}`, { viewer: other })
    assert.ok(!(await (csv.answer as unknown as Response).text()).includes('Zephyrine'), query)
  }
})
