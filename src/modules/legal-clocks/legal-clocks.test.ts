import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import { migrations } from '../../core/clocks/index.ts'
import { newId } from '../../protocol/index.ts'
import { linkSpace, openIncident } from '../incidents/index.ts'
import { legalClocks } from './index.ts'

const reader = personOf('reader', /^nothing$/)
const awareness = {
  awareAt: '2026-11-10T07:30',
  precision: 'minute',
  zone: 'Europe/Paris',
  who: 'Duty officer of the works',
  what: 'Pumps stood still',
}
const nis2 = { law: 'nis2:report', entity: 'Water works', authority: 'National CSIRT', ...awareness }
const sending = {
  sentAt: '2026-11-10T20:00',
  zone: 'Europe/Paris',
  way: 'platform',
  sentTo: 'National CSIRT',
  sentBy: 'Desk',
  theirReference: 'CSIRT-7',
}

async function begun(t: Parameters<typeof incidentHouse>[0]) {
  const house = await incidentHouse(t, [legalClocks])
  house.at('2026-11-10T19:30:00Z')
  const matter = newId()
  const at = `/incidents/${house.incident}/clocks`
  const post = (to: string, input: Record<string, unknown>) =>
    house.ask('POST', `${at}${to}`, { viewer: house.analyst, input: { id: newId(), ...input } })
  const needs = async () =>
    ((await legalClocks.needs?.(house.services, house.analyst)) ?? []).map(
      ({ headline, dueAt }) => `${headline} ${new Date(dueAt ?? 0).toISOString()}`,
    )
  const beginning = await post('', { ...nis2, id: matter })
  assert.equal('redirect' in beginning.answer && beginning.answer.redirect, `${at}/${matter}`, beginning.text)
  return { ...house, page: at, matter, post, needs }
}

test('the clocks of a law begin with who knew what when, and stand on Today and on the incident', async (t) => {
  const { ask, page, matter, needs, analyst, services, incident } = await begun(t)
  assert.deepEqual(await needs(), [
    'Early warning: Disruption of a water works 2026-11-11T06:30:00.000Z',
    'Incident notification: Disruption of a water works 2026-11-13T06:30:00.000Z',
  ])
  assert.deepEqual(
    (await legalClocks.incidentClocks?.(services, analyst, incident))?.map(({ title }) => title),
    ['NIS2: significant incident · Early warning', 'NIS2: significant incident · Incident notification'],
  )
  const shown = await ask('GET', `${page}/${matter}`, { viewer: analyst })
  assert.match(shown.text, /Directive \(EU\) 2022\/2555, Article 23/)
  assert.match(shown.text, /Final report runs from the sending of: Incident notification/)
  assert.match(shown.text, /Not confirmed against the primary text/)
  for (const [language, words] of [
    ['fr', 'Délais légaux'],
    ['ar', 'المهل القانونية'],
  ] as const)
    assert.match((await ask('GET', page, { viewer: analyst, language })).text, new RegExp(words))
})

test('a notification is drafted from the record, says what is missing, and is recorded as sent with our number', async (t) => {
  const { ask, page, matter, post, needs, analyst } = await begun(t)
  const term = `${page}/${matter}/early-warning`
  const before = await ask('GET', term, { viewer: analyst })
  assert.match(before.text, /Missing: What happened/)
  assert.match(before.html, /Disruption of a water works<\/textarea>/)
  await post(`/${matter}/early-warning/draft`, {
    what: 'Pumps stand still',
    aware: '7.30',
    malicious: 'not known',
    'cross-border': 'no',
  })
  assert.match((await ask('GET', term, { viewer: analyst })).text, /Missing: Contact of the entity\./)
  assert.match(
    (await post(`/${matter}/early-warning/sent`, sending)).text,
    /Fill them in, or say that it went out like this/,
  )
  await post(`/${matter}/early-warning/sent`, { ...sending, incomplete: 'yes' })
  const after = await ask('GET', term, { viewer: analyst })
  assert.match(after.text, /LN 2026\/1: by the authority’s platform, .* fields were missing/)
  assert.match(after.text, /CSIRT-7/)
  assert.deepEqual(await needs(), ['Incident notification: Disruption of a water works 2026-11-13T06:30:00.000Z'])
  await post(`/${matter}/notification/sent`, { ...sending, incomplete: 'yes' })
  assert.deepEqual(await needs(), ['Final report: Disruption of a water works 2026-12-10T22:59:59.999Z'])
  assert.doesNotMatch((await ask('GET', term, { viewer: reader })).html, /<form[^>]*sent"/)
})

test('a trigger that changes after the notification was sent loses nothing: both stand, and the page says so', async (t) => {
  const { ask, page, matter, post, analyst, services } = await begun(t)
  await post(`/${matter}/early-warning/sent`, { ...sending, incomplete: 'yes' })
  const show = async () => (await ask('GET', `${page}/${matter}`, { viewer: analyst })).text
  assert.doesNotMatch(await show(), /The trigger changed after/)
  await post(`/${matter}/correct`, {
    ...awareness,
    awareAt: '2026-11-09T17:00',
    reason: 'The night shift knew already',
  })
  const late = await show()
  assert.match(
    late,
    /LN 2026\/1 was sent 10 November 2026, 20:00.* due 11 November 2026, 07:30.* would have been due 10 November 2026, 17:00.*Both stand on record/,
  )
  assert.match(late, /The night shift knew already/)
  assert.match(late, /Pumps stood still.*Pumps stood still/, 'what was written first stays')
  await post(`/${matter}/withdraw`, { reason: 'Not significant after all' })
  const withdrawn = await show()
  assert.match(withdrawn, /The trigger was withdrawn since: nothing is due any more/)
  assert.match(withdrawn, /LN 2026\/1/)
  assert.deepEqual(await legalClocks.needs?.(services, analyst), [])
  const rows = await services.db
    .selectFrom('home.legal_clocks_trigger')
    .select(['aware_at', 'withdrawn'])
    .orderBy('ordinal')
    .execute()
  assert.deepEqual(
    rows.map(({ withdrawn: w }) => w),
    [false, false, true],
  )
})

test('an hour that never was, a time to come and an unknown law begin nothing, and what was typed comes back', async (t) => {
  const { post, services } = await begun(t)
  const bad = [
    [{ ...nis2, awareAt: '2026-03-29T02:30' }, /no such time in this zone/],
    [{ ...nis2, awareAt: '2026-02-30T08:00' }, /no such time in this zone/],
    [{ ...nis2, awareAt: '0026-11-10T08:00' }, /no such time in this zone/],
    [{ ...nis2, awareAt: '2026-12-24T18:00' }, /lies in the future/],
    [{ ...nis2, zone: 'Mars/Olympus' }, /no time zone that is known here/],
    [{ ...nis2, law: 'cra-incident:receive' }, /gives that role no term/],
  ] as const
  for (const [input, words] of bad) {
    const { text, html } = await post('', input)
    assert.match(text, words)
    assert.match(html, /value="Water works"/)
  }
  const { count } = await services.db
    .selectFrom('home.legal_clocks_trigger')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(Number(count), 1)
})

test('terms of an exercise run on the clock of its drill space, and Today calls them an exercise', async (t) => {
  // Whoever reads an incident with a linked space is shown what is owed there.
  const { services, analyst, ask } = await incidentHouse(t, [{ name: 'clocks', migrations }, legalClocks])
  const space = { id: newId(), kind: 'case', drill: 'Copper Tide', members: [], title: { en: 'Case' } }
  const scenario = { now: Date.parse('2027-03-01T09:00:00Z') }
  Object.assign(services.ledger, {
    find: async (id: string) => (id === space.id ? space : undefined),
    scenarioNow: async () => scenario.now,
  })
  const incident = await openIncident(services, analyst, {
    id: newId(),
    title: 'Drill',
    summary: '',
    category: 'fraud',
    drill: true,
    ceiling: 'RED',
    marking: 'AMBER',
    source: { kind: 'form' },
  })
  const [matter, page] = [newId(), `/incidents/${incident}/clocks`]
  const post = (to: string, input: Record<string, unknown>) =>
    ask('POST', `${page}${to}`, { viewer: analyst, input: { id: newId(), ...input } })
  const before = await post('', { ...nis2, awareAt: '2027-03-01T09:00' })
  assert.match(before.text, /lies in the future/, 'linked to no drill space yet, the house has its own clock')
  await linkSpace(services, analyst, incident, space.id)
  await post('', { ...nis2, id: matter, awareAt: '2027-03-01T09:00' })
  const [need] = (await legalClocks.needs?.(services, analyst)) ?? []
  assert.deepEqual(
    [need?.space, need?.verb, need?.dueAt],
    [space.id, 'legal-clocks.need.verb-exercise', Date.parse('2027-03-02T08:00:00Z')],
  )
  const states = async () => (await legalClocks.incidentRooms?.(services, analyst, incident))?.[0]?.state?.facts
  assert.deepEqual(await states(), { running: 2, overdue: 0 })
  scenario.now += 30 * 3_600_000
  assert.deepEqual(await states(), { running: 1, overdue: 1 }, 'thirty hours on, on the clock of the drill')
  const [clock] = (await legalClocks.incidentClocks?.(services, analyst, incident)) ?? []
  assert.equal(clock?.now, scenario.now)
  assert.match((await ask('GET', `${page}/${matter}`, { viewer: analyst })).text, /Exercise: .* overdue/)
  await post(`/${matter}/early-warning/sent`, { ...sending, sentAt: '2027-03-02T14:00', incomplete: 'yes' })
  assert.match((await ask('GET', `${page}/${matter}/early-warning`, { viewer: analyst })).text, /LN 2026\/1/)
  assert.deepEqual(await states(), { running: 1, overdue: 0 })
})
