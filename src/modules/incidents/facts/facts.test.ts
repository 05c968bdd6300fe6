import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { analyst, ask, openDemo, personOf, twoParties } from '../../../../test/support/incident-room.ts'
import { incidentHouse } from '../../../../test/support/incident-house.ts'
import type { Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents } from '../index.ts'
import categories from '../reference/categories.json' with { type: 'json' }
import { readCategories } from '../vocabularies/read-categories.ts'
import { contradictionsIn } from './particular.ts'
import { listParticulars } from './state-particular.ts'
import { faultOf, type precisions, stretchOf } from './when.ts'

test('a time keeps its zone and is no more exact than it is known; dates that never were are refused with their field', () => {
  const at = (precision: (typeof precisions)[number], local: string, zone = 'Europe/Paris') => ({
    precision,
    local,
    zone,
  })
  assert.deepEqual(stretchOf(at('minute', '2026-11-17T02:14')), { from: 1794878040000, until: 1794878040000 })
  const day = stretchOf(at('day', '2026-03-29'))
  assert.equal((day.until ?? 0) - (day.from ?? 0), 23 * 3_600_000 - 1, 'the day on which clocks go forward is shorter')
  assert.deepEqual(stretchOf(at('before', '2026-11-17T02:14')), { until: 1794878040000 })
  assert.deepEqual(stretchOf(at('unknown', '')), {})
  const codes = [
    at('day', '2026-02-30'),
    at('month', '2026-13'),
    at('day', '2025-02-29'),
    at('day', '0000-01-01'),
    at('minute', '0026-11-17T02:14'),
    at('minute', '2026-11-17T25:00'),
    at('minute', '2026-03-29T02:30'),
    at('minute', '2026-11-17'),
    at('day', '2026-11-17', 'Mars/Olympus'),
  ].map(faultOf)
  assert.deepEqual(
    codes.map((one) => `${one?.field} ${one?.code}`),
    [
      'when impossible-date',
      'when impossible-date',
      'when impossible-date',
      'when long-ago',
      'when long-ago',
      'when impossible-date',
      'when skipped-hour',
      'when shape-minute',
      'zone no-such-zone',
    ],
  )
  assert.equal(faultOf(at('day', '2024-02-29')), undefined)
  const zones = fc.constantFrom('Etc/UTC', 'Europe/Paris', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia')
  const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(zones, days, fc.constantFrom('day' as const, 'month' as const), (zone, date, precision) => {
      const local = date.toISOString().slice(0, precision === 'day' ? 10 : 7)
      const { from = 0, until = 0 } = stretchOf({ precision, local, zone })
      const said = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toString()
      assert.ok(said(from).startsWith(local) && said(until).startsWith(local))
      assert.ok(!said(until + 1).startsWith(local) && !said(from - 1).startsWith(local))
    }),
  )
})

test('damages contradict one another only in one currency and where their ranges do not meet', () => {
  const damage = (id: string, from: number, to: number, currency = 'EUR') => ({
    id,
    kind: 'damage' as const,
    value: { from, to, currency },
  })
  const found = contradictionsIn([damage('a', 1, 5), damage('b', 4, 9), damage('c', 6, 9), damage('d', 50, 60, 'USD')])
  assert.deepEqual(
    [...found],
    [
      ['a', ['c']],
      ['c', ['a']],
    ],
  )
  const rsit = new Set(categories.categories)
  assert.ok(
    readCategories({ settings: {} }).content.categories.every(({ beside }) =>
      beside.rsit?.every((code) => rsit.has(code)),
    ),
    'mapped to classes that there are',
  )
})

test('what is stated keeps its history, is contested without being overwritten, and is held back without consent', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const incident = await openDemo(services)
  const at = `/incidents/${incident}/particulars`
  const post = (input: Record<string, unknown>, path = at) =>
    ask('POST', path, { services, viewer: analyst, input: { id: newId(), knownBy: 'CERT', ...input } })
  const read = async (language = 'en', viewer = analyst) => (await ask('GET', at, { services, viewer, language })).html
  const all = () => listParticulars(services, analyst, incident)

  const wrong = await post({
    kind: 'event',
    words: 'Kept words',
    precision: 'day',
    when: '2026-02-30',
    zone: 'Etc/UTC',
  })
  assert.match(wrong.html, /Kept words/)
  assert.match(wrong.html, /There is no such date/)
  await post({ kind: 'event', words: 'Payments stopped', when: '2026-11-17T02:14', zone: 'Asia/Tokyo' })
  await post({ kind: 'event', words: 'First entry', precision: 'month', when: '2026-10', zone: 'Asia/Tokyo' })
  await post({ kind: 'event', words: 'Left the network', precision: 'unknown', zone: 'Asia/Tokyo' })
  assert.deepEqual(
    (await all()).map(({ value }) => value.words),
    ['First entry', 'Payments stopped', 'Left the network'],
  )
  const paris = { ...analyst, person: { ...analyst.person, zone: 'Europe/Paris' } }
  assert.match(await read('en', paris), /2026-11-17 02:14 Asia\/Tokyo.*In your zone:.*16 Nov/s)

  await post({ kind: 'damage', from: '100', to: '200', currency: 'eur', method: 'Lost fees' })
  await post({ kind: 'damage', from: '900', to: '950', currency: 'EUR', method: 'Claims' })
  assert.match(await read(), /Cannot be so together with: 900 to 950 EUR/)
  const [low] = (await all()).filter(({ kind }) => kind === 'damage')
  await post({ kind: 'damage', from: '100', to: '920', currency: 'EUR', method: 'Lost fees', corrects: low?.id })
  assert.match(await read(), /Before:.*100 to 200 EUR/s)
  assert.doesNotMatch(await read(), /Cannot be so/)
  assert.match(
    (await post({ kind: 'damage', from: '1', to: '2', currency: 'EUR', method: 'm', corrects: low?.id })).html,
    /Somebody has replaced/,
  )
  const [standing] = (await all()).filter(({ before }) => before.length > 0)
  await post({ by: 'The insurer', why: 'Counted twice' }, `${at}/${standing?.id}/contest`)
  assert.match(await read(), /100 to 920 EUR.*Contested by.*The insurer.*Counted twice/s)

  await post({ kind: 'victim', words: 'Northern Bank', consent: 'not-asked' })
  await post({ kind: 'effect', words: 'Profit warning', embargo: '2099-01-01' })
  const held = (await all()).map(({ value, heldBack }) => [value.words, heldBack]).filter(([, why]) => why)
  assert.deepEqual(held.toSorted(), [
    ['Northern Bank', 'no-consent'],
    ['Profit warning', 'market-sensitive'],
  ])
  await post({ kind: 'category', code: 'crime' })
  await post({ kind: 'category', code: 'espionage' })
  assert.match(await read(), /Cannot be so together with: Espionage/)
  for (const language of ['en', 'fr', 'ar']) {
    const html = await read(language)
    assert.doesNotMatch(html, /particulars\.[a-z]/)
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((one) => one[1])
    assert.equal(ids.length, new Set(ids).size)
  }
  await assert.rejects(read('en', personOf('guest', 'CLEAR')), (error: Refusal) => error.code === 'incidents.not-found')
})

test('what cannot be is refused or said: events still to come, what was known before it happened, amounts in several currencies', async (t) => {
  const { incident, analyst, ask, services } = await incidentHouse(t, [incidents])
  const at = `/incidents/${incident}/particulars`
  const post = (input: Record<string, string>) =>
    ask('POST', at, {
      viewer: analyst,
      input: { id: newId(), kind: 'event', knownBy: 'CERT', zone: 'Etc/UTC', ...input },
    })
  const read = async (language = 'en') => (await ask('GET', at, { viewer: analyst, language })).text
  assert.match((await post({ words: 'Later', when: '2026-11-11T02:14' })).text, /Later.*future/s)
  const slip = { words: 'Then', when: '2026-11-08T23:30', knownSince: '0026-11-05' }
  assert.match((await post(slip)).text, /This lies before 1970/)
  const entry = (when: string) =>
    ask('POST', `/incidents/${incident}/log`, {
      viewer: analyst,
      input: { id: newId(), entry: 'Kept words', at: when },
    })
  for (const when of ['2026-02-30T10:00', '2025-02-29T10:00', '0026-11-05T10:00', '0000-01-01T00:00'])
    assert.match((await entry(when)).text, /Kept words.*Give date and time as/s, when)
  assert.equal((await listParticulars(services, analyst, incident)).length, 0)
  await post({ words: 'This month', precision: 'month', when: '2026-11', knownSince: '2026-11-09' })
  await post({ words: 'Pumps stopped', when: '2026-11-08T23:30', knownSince: '2026-11-05', knownBy: 'Operator' })
  await post({ words: 'Same day', when: '2026-11-08T13:00', knownSince: '2026-11-08', zone: 'Pacific/Kiritimati' })
  assert.deepEqual(
    (await listParticulars(services, analyst, incident))
      .filter((one) => one.knownTooEarly)
      .map(({ value }) => value.words),
    ['Pumps stopped'],
  )
  const page = await read()
  assert.match(page, /known before it can have happened/)
  assert.match(page, /The same as a table.*This month .*2026-11 Etc\/UTC.*That month.*Pumps stopped/)
  assert.match(page, /Who knows what since when.*5 November 2026 Operator.*9 November 2026 CERT/)
  const damage = { kind: 'damage', method: 'Lost sales' }
  await post({ ...damage, from: '10', to: '20', currency: 'EUR' })
  await post({ ...damage, from: '90', to: '95', currency: 'USD' })
  assert.doesNotMatch(await read(), /Cannot be so/, 'two currencies are never compared')
  await post({ ...damage, from: '30', to: '40', currency: 'EUR' })
  assert.match(await read(), /Cannot be so together with: 30 to 40 EUR/)
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await read(language), /particulars\.[a-z]|undefined/)
})

test('no country is proposed from the addresses an incident holds', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const incident = await openDemo(services)
  const { text } = await services.db
    .selectFrom('home.incidents_object')
    .select('text')
    .where('incident', '=', incident)
    .where('type', '=', 'ipv4-addr')
    .executeTakeFirstOrThrow()
  assert.match(text, /\d+\.\d+\.\d+\.\d+/)
  assert.deepEqual(await listParticulars(services, analyst, incident), [])
  const { html } = await ask('GET', `/incidents/${incident}/particulars?kind=country`, { services, viewer: analyst })
  assert.match(html, /No country is ever proposed/)
  assert.match(/<input[^>]*name="code"[^>]*>/.exec(html)?.[0] ?? '', /^(?!.*value="[A-Z])/)
})
