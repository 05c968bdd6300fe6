import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { personOf } from '../../../../test/support/space-pages.ts'
import { testDatabase } from '../../../../test/support/postgres.ts'
import { fieldErrors, InvalidInput, parseInput, Refusal } from '../../../core/http/index.ts'
import { migrations as clockMigrations } from '../../../core/clocks/index.ts'
import { mark } from '../../../core/markings/index.ts'
import type { Answer, Services, Viewer, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { directoryTables } from '../migrations/0001-directory.ts'
import { rotaInFull } from '../migrations/0004-rota.ts'
import { handOverSheet } from '../migrations/0007-hand-over-sheet.ts'
import { endDutiesOfWhoLeft } from './departures.ts'
import { handOverRecords } from './home-records.ts'
import { rotaNeeds } from './needs.ts'
import { rotaRoutes } from './routes.tsx'

const hour = 3_600_000
const start = Date.UTC(2026, 9, 22, 9)

/** A house of three people over its own rota. */
async function house(test: { after(fn: () => Promise<void>): void }) {
  const { db } = await testDatabase(test, [...clockMigrations, directoryTables, rotaInFull, handOverSheet])
  let now = start
  const here = new Map(['Ada', 'Ben', 'Cleo'].map((name) => [name.toLowerCase(), name]))
  const told: { person: string; message: string; urgency: string; facts?: object }[] = []
  const person = (id: string) => (here.has(id) ? { id, name: here.get(id) ?? '', roles: [], offices: [] } : undefined)
  const services = {
    db,
    party: 'aurelia.example',
    clock: { now: () => now },
    people: {
      find: async (id: string) => person(id),
      list: async () => [...here.keys()].flatMap((id) => person(id) ?? []),
      holding: async () => ['cleo'],
    },
    notices: {
      send: async (_tx: unknown, notice: (typeof told)[number]) => void told.push(notice),
      settle: async () => undefined,
    },
    peers: { list: async () => [] },
    outbox: { pending: async () => [] },
    modules: [],
    nameOf: (party: string) => party,
  } as unknown as Services
  const routes = rotaRoutes(services)
  const visitOf = (viewer: Viewer, over: object, language = 'en') =>
    ({
      services,
      viewer,
      t: createTranslator(language),
      language,
      params: {},
      input: {},
      request: new Request('http://node.test/'),
      ...over,
    }) as unknown as Visit
  const call = async (
    method: string,
    path: string,
    viewer: Viewer,
    over: { input?: object; params?: object } = {},
    language?: string,
  ) => {
    const route = routes.find((one) => one.method === method && one.path === path)
    assert.ok(route, path)
    const input = route.input ? parseInput(route.input, { ...over.input }) : {}
    const answer: Answer = await route.handle(visitOf(viewer, { params: over.params ?? {}, input }, language))
    return 'page' in answer ? render(answer.page) : JSON.stringify(answer)
  }
  return { services, told, here, call, advance: (ms: number) => (now += ms) }
}

const said = async (call: Promise<unknown>) => {
  try {
    await call
    return {}
  } catch (error) {
    if (error instanceof InvalidInput) return fieldErrors(error, createTranslator('en'))
    if (error instanceof Refusal) return { refused: error.code }
    throw error
  }
}

const keeper = personOf('cleo')
const officer = (id: string): Viewer => {
  const viewer = personOf(id, 'AMBER', /^(?!directory\.rota:manage)/)
  return { ...viewer, person: { ...viewer.person, name: `${id[0]?.toUpperCase()}${id.slice(1)}` } }
}
const onRota = '/directory/rota'

test('hours on which nobody is on duty stand on the rota and on Today of who keeps it, also when the clocks change', async (t) => {
  const { services, call } = await house(t)
  const paris = { ...keeper, person: { ...keeper.person, zone: 'Europe/Paris' } }
  assert.deepEqual(await rotaNeeds(services, paris), [], 'a house that never kept a rota has no gap in it')
  const id = newId()
  const nights = { id, person: 'ada', rank: '1', from: '2026-10-22T11:00', until: '2026-10-25T02:30', weeks: '2' }
  for (const _ of ['first', 'second click']) await call('POST', onRota, paris, { input: nights })
  const rest = { id: newId(), person: 'ben', rank: '2', from: '2026-10-25T03:00' }
  await call('POST', onRota, paris, { input: rest })
  const page = await call('GET', onRota, paris)
  // Half past two comes twice that night; the first is meant, so it is an hour and a half until three.
  assert.match(page, /Sunday,? 25 October 2026, 02:30 UTC\+2 – Sunday,? 25 October 2026, 03:00 UTC\+1 \(1 h 30 min\)/)
  assert.equal(page.split('Sunday,? 25 October 2026, 02:30').length, 1)
  const [need, ...more] = await rotaNeeds(services, paris)
  assert.equal(more.length, 0)
  assert.match(need?.headline ?? '', /Nobody is on duty from Sunday,? 25 October 2026, 02:30 UTC\+2, for 1 h 30 min/)
  assert.deepEqual(await rotaNeeds(services, officer('ada')), [], 'only who keeps the rota is told')
  const shifts = await services.db.selectFrom('home.directory_shift').selectAll().orderBy('from_at').execute()
  assert.equal(shifts.length, 3, 'a second click plans nothing')
  const [first, , again] = shifts
  assert.equal(
    ((again?.from_at ?? 0) - (first?.from_at ?? 0)) / hour,
    7 * 24 + 1,
    'the same hour by the clock, a week later',
  )
  await call('POST', '/directory/rota/:shift/end', paris, { params: { shift: shifts[1]?.id } })
  assert.match((await rotaNeeds(services, paris))[0]?.headline ?? '', /25 October 2026, 02:30/)
})

test('an absence is noted by whoever is absent or who keeps the rota, and every page says who stands in', async (t) => {
  const { call, told, advance } = await house(t)
  await call('POST', onRota, keeper, { input: { id: newId(), person: 'ada', rank: '1', hours: '48' } })
  const away = (over: object) => ({ input: { id: newId(), until: '2026-10-22T20:00', ...over } })
  const path = '/directory/rota/absence'
  assert.deepEqual(await said(call('POST', path, officer('ben'), away({ person: 'ada' }))), {
    refused: 'not-permitted',
  })
  assert.deepEqual(await said(call('POST', path, officer('ada'), away({ deputy: 'ada' }))), {
    deputy: 'Nobody stands in for themselves.',
  })
  assert.deepEqual(await said(call('POST', path, officer('ada'), away({ until: '' }))), { until: 'Say until when.' })
  assert.deepEqual(await said(call('POST', path, officer('ada'), away({ until: '2026-10-21T20:00' }))), {
    until: 'The end is not after the beginning.',
  })
  const once = away({ deputy: 'ben' })
  for (const _ of ['first', 'second click']) await call('POST', path, officer('ada'), once)
  assert.deepEqual(
    told.map(({ person, message }) => [person, message]),
    [['ben', 'directory.rota.notice.deputy']],
  )
  for (const [language, words] of [
    ['en', 'Ben is paged first, in place of Ada.'],
    ['fr', 'Ben est alerté en premier, à la place de Ada.'],
    ['ar', 'بدلا من'],
  ] as const)
    assert.ok((await call('GET', onRota, officer('ben'), {}, language)).includes(words), words)
  advance(11 * hour)
  assert.match(await call('GET', onRota, keeper), /Ada is paged first\./)
})

test('a duty is handed over with a note, taken once by whom it was offered to, and kept until then', async (t) => {
  const { services, call, advance } = await house(t)
  await call('POST', onRota, keeper, { input: { id: newId(), person: 'ada', rank: '1', hours: '12' } })
  const [{ id: shift = '' } = {}] = await services.db.selectFrom('home.directory_shift').select('id').execute()
  const give = '/directory/rota/hand-over'
  const note = 'Borovia calls back at six.\nThe line to Calenia is bad.'
  const offer = { id: newId(), shift, to: 'ben', note }
  assert.deepEqual(await said(call('POST', give, officer('ben'), { input: { ...offer, to: 'ada' } })), {
    refused: 'directory-not-on-duty',
  })
  assert.deepEqual(await said(call('POST', give, officer('ada'), { input: { ...offer, to: 'ada' } })), {
    to: 'Choose somebody else.',
  })
  for (const _ of ['first', 'second click']) await call('POST', give, officer('ada'), { input: offer })
  assert.deepEqual(await said(call('POST', give, officer('ada'), { input: { ...offer, id: newId() } })), {
    refused: 'directory-handed-over-already',
  })
  assert.match(await call('GET', onRota, officer('ada')), /Ada is paged first[\s\S]*Ben has not taken it yet/)
  assert.equal((await rotaNeeds(services, officer('ben')))[0]?.headline, 'Ada hands the duty to you')
  const offered = { params: { id: offer.id } }
  const page = await call('GET', '/directory/rota/hand-overs/:id', officer('ben'), offered)
  assert.match(page, /<p dir="auto">Borovia calls back at six\.<\/p><p dir="auto">The line[\s\S]*Take the duty/)
  const stranger = personOf('eve', 'AMBER', /^(?!directory\.rota:manage)/)
  for (const path of ['/directory/rota/hand-overs/:id', '/directory/rota/hand-overs/:id/take'])
    assert.deepEqual(await said(call(path.endsWith('take') ? 'POST' : 'GET', path, stranger, offered)), {
      refused: 'not-found',
    })
  assert.ok(!(await call('GET', onRota, stranger)).includes('calls back at six'), 'a note is for those it concerns')
  const sought = async (by: typeof stranger) =>
    (await handOverRecords(services, by)).map(({ text }) => JSON.stringify(text).includes('calls back at six'))
  assert.deepEqual([await sought(officer('ben')), await sought(stranger)], [[true], []], 'also where one searches')

  advance(2 * hour)
  const take = () => call('POST', '/directory/rota/hand-overs/:id/take', officer('ben'), offered)
  await Promise.all([take(), take()])
  const after = await call('GET', onRota, officer('ben'))
  assert.match(after, /Ben is paged first/)
  assert.ok(!after.includes('Ada is paged first'))
  const shifts = await services.db.selectFrom('home.directory_shift').selectAll().orderBy('from_at').execute()
  assert.deepEqual(
    shifts.map(({ person, until_at, ended_why }) => [person, until_at, ended_why]),
    [
      ['ada', start + 12 * hour, 'handed-over'],
      ['ben', start + 12 * hour, null],
    ],
  )
  const back = { id: newId(), shift: offer.id, to: 'ada', note: 'Quiet.' }
  await call('POST', give, officer('ben'), { input: back })
  await call('POST', '/directory/rota/hand-overs/:id/withdraw', officer('ben'), { params: { id: back.id } })
  const late = call('POST', '/directory/rota/hand-overs/:id/take', officer('ada'), { params: { id: back.id } })
  assert.deepEqual(await said(late), { refused: 'directory-hand-over-withdrawn' })
})

test('one sheet goes over with a duty: what needs us, what is awaited, due and unreachable, each subject by the gate of its reader', async (t) => {
  const { services, call, advance } = await house(t)
  const form = 'channels.form.letter'
  const need = (key: string, more: object) => ({ key, verb: '', form, headline: 'Code name', href: `/${key}`, ...more })
  const letter = { from: 'borovia.example', subjectOf: 'letter', dueAt: start + hour }
  const awaited = { from: 'calenia.example', subjectOf: 'secret', waitsFor: 'them' }
  const needs = async () => [need('mine', letter), need('theirs', awaited)]
  const contents = new Map([
    ['letter', mark({ text: { subject: 'Intrusions' }, attachments: [] }, { tlp: 'GREEN' })],
    ['secret', mark({ text: { subject: 'For ministers alone' }, attachments: [] }, { tlp: 'RED' })],
  ])
  Object.assign(services, {
    modules: [{ name: 'one', needs }],
    ledger: { content: async () => contents, scenarioNow: async () => start },
    peers: {
      list: async () => [{ party: 'calenia.example', state: 'pinned', reachable: false, unreachableSince: start }],
    },
  })
  const clock = { space: 's', regime: 'check', source: 'agreed', duty: 'aurelia.example', about: 'c', item: '' }
  const closed = { met_by: null, met_at: null, cancelled_by: null, lapsed_by: null }
  const at = (id: string, hours: number) => ({
    ...clock,
    ...closed,
    id,
    started_by: id,
    starts_at: start,
    due_at: start + hours * hour,
  })
  await services.db
    .insertInto('view.clock')
    .values([at('soon', 3), at('later', 13)])
    .execute()
  await call('POST', onRota, keeper, { input: { id: newId(), person: 'ada', rank: '1', hours: '8' } })
  const later = { id: newId(), person: 'ben', rank: '1', from: '2026-10-22T17:00', hours: '8' }
  await call('POST', onRota, keeper, { input: later })
  const minister = { ...officer('ada'), ceiling: 'RED' as const }
  const giving = await call('GET', '/directory/rota/hand-over', minister)
  assert.match(giving, /<option value="ben" selected[\s\S]*What needs you[\s\S]*Intrusions[\s\S]*For ministers alone/)
  assert.match(giving, /no answer since[\s\S]*Due in the next twelve hours[\s\S]*answer the check/)
  assert.equal(giving.split('answer the check').length, 2, 'what is due after the next shift stays off the sheet')

  const [{ id: shift = '' } = {}] = await services.db.selectFrom('home.directory_shift').select('id').execute()
  const offer = { id: newId(), shift, to: 'ben', note: 'Borovia calls back at six.' }
  const given = await call('POST', '/directory/rota/hand-over', minister, { input: offer })
  assert.match(given, new RegExp(`/directory/rota/hand-overs/${offer.id}`))
  const kept = await services.db.selectFrom('home.directory_hand_over').selectAll().execute()
  assert.doesNotMatch(JSON.stringify(kept), /Intrusions|ministers|Code name/, 'no word of the matter is copied')
  advance(hour)
  await services.db.updateTable('view.clock').set({ met_by: 'x', met_at: start }).where('id', '=', 'soon').execute()
  Object.assign(services, { modules: [] })
  for (const [language, words] of [
    ['en', /Take the duty[\s\S]*As of[\s\S]*Intrusions[\s\S]*no longer open/],
    ['fr', /Prendre la permanence[\s\S]*Intrusions[\s\S]*n’est plus en cours/],
    ['ar', /تسلّم المناوبة[\s\S]*Intrusions[\s\S]*لم يعد مفتوحا/],
  ] as const) {
    const page = await call(
      'GET',
      '/directory/rota/hand-overs/:id',
      officer('ben'),
      { params: { id: offer.id } },
      language,
    )
    assert.match(page, words)
    assert.match(page, /data-tlp="AMBER\+STRICT"/, 'on paper it says that it stays in the house')
    assert.doesNotMatch(page, /For ministers alone/)
  }
})

test('a contact gone mid-duty is noticed: the duty ends, the next is called, who keeps the rota is told once', async (t) => {
  const { services, call, told, here } = await house(t)
  const put = (person: string, rank: string) =>
    call('POST', onRota, keeper, { input: { id: newId(), person, rank, hours: '12' } })
  await put('ada', '1')
  await put('ben', '2')
  await endDutiesOfWhoLeft(services)
  assert.deepEqual(told, [])
  here.delete('ada')
  await Promise.all([endDutiesOfWhoLeft(services), endDutiesOfWhoLeft(services)])
  assert.match(await call('GET', onRota, keeper), /Ben is paged first/)
  here.delete('ben')
  await endDutiesOfWhoLeft(services)
  assert.deepEqual(
    told.map(({ person, message, urgency, facts }) => [person, message, urgency, facts]),
    [
      ['cleo', 'directory.rota.notice.left', 'normal', { name: 'Ada', now: 'yes' }],
      ['cleo', 'directory.rota.notice.left-nobody', 'page', { name: 'Ben', now: 'yes' }],
    ],
  )
  assert.match((await rotaNeeds(services, keeper))[0]?.headline ?? '', /Nobody is on duty from/)
})
