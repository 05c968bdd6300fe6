import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import { migrations as logMigrations } from '../../core/log/index.ts'
import { blobMigrations } from '../../core/storage/index.ts'
import { newId } from '../../protocol/index.ts'
import { agreements } from '../agreements/index.ts'
import { directory } from '../directory/index.ts'
import { preparedness } from '../preparedness/index.ts'
import { recovery } from './index.ts'

const core = { name: 'core', migrations: [...blobMigrations, ...logMigrations] }
const colleague = { ...personOf('colleague', /^incidents/, 'AMBER'), office: { id: 'other', name: {} }, offices: [] }
const head = personOf('head', /^(preparedness\.plan:release|incidents:draft)$/)

/** A house with an incident, whose recovery teaches something. */
async function learningHouse(t: TestContext) {
  const house = await incidentHouse(t, [core, directory, agreements, preparedness, recovery])
  const { ask, analyst, incident, services } = house
  services.people.offices = async () => [{ id: 'cyber-desk', name: { en: 'Cyber desk' } }] as never
  Object.assign(services.ledger, { content: async () => new Map() })
  const root = `/incidents/${incident}/recovery`
  const send = async (path: string, input: Record<string, unknown>, viewer = analyst) => {
    const { answer, text } = await ask('POST', path, { viewer, input: { id: newId(), ...input } })
    return 'redirect' in answer ? answer.redirect : text
  }
  const write = async (more: Record<string, unknown> = {}, viewer = analyst) =>
    send(`${root}/lessons`, { ...plain, ...more }, viewer)
  const lesson = async (more: Record<string, unknown> = {}) => {
    const id = newId()
    assert.equal(await write({ id, ...more }), `${root}/lessons/${id}`)
    return id
  }
  const answer = (of: string, input: Record<string, unknown>, viewer = analyst) =>
    send(`${root}/lessons/${of}/answer`, input, viewer)
  const page = async (path = '', viewer = analyst, language = 'en') =>
    (await ask('GET', `${root}${path}`, { viewer, language })).text
  const needs = async (viewer = analyst) => (await recovery.needs?.(services, viewer)) ?? []
  const count = async (table: string) =>
    (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(services.db)).rows[0]?.n
  return { ...house, root, send, write, lesson, answer, page, needs, count }
}

const plain = {
  happened: 'Nobody knew who may start the pumps.',
  change: 'Keep a list of who may start the pumps',
  owner: 'person:analyst',
  due: '2026-12-01',
  tlp: 'AMBER',
}

test('a lesson is written with an owner of the house and a day to come, and bad ones come back with what was typed', async (t) => {
  const { write, lesson, page, count, root, send } = await learningHouse(t)
  assert.match(await write({ owner: 'person:nobody' }), /a person or an office of this house/)
  assert.match(await write({ owner: 'aurelia' }), /a person or an office of this house/)
  assert.match(await write({ due: '2026-11-09' }), /This day is over/)
  assert.match(await write({ due: 'soon', change: '' }), /What should change/)
  assert.match(await write({ services: newId() }), /not on the plan/)
  assert.match(await write({ tlp: 'GREEN' }), /Marked wider than the incident/)
  const service = newId()
  await send(`${root}/services`, {
    ...{ id: service, name: 'Pumps', owner: 'office:cyber-desk', priority: 'high', tlp: 'RED', byZone: 'Etc/UTC' },
  })
  assert.match(await write({ services: service }), /Marked wider than the service/)
  assert.equal(await count('home.recovery_lesson'), 0)
  const id = await lesson({ services: service, tlp: 'RED' })
  await write({ id, services: service, tlp: 'RED', change: 'Pressed twice' })
  assert.equal(await count('home.recovery_lesson'), 1, 'the second click writes nothing')
  const shown = await page(`/lessons/${id}`)
  for (const words of [plain.change, plain.happened, 'Name of analyst', 'Pumps', 'RED', 'Open'])
    assert.ok(shown.includes(words), words)
  assert.match(await page(), /Keep a list of who may start the pumps/)
  const relay = { id: newId(), name: 'Relay', owner: 'office:cyber-desk', priority: 'high', byZone: 'Etc/UTC' }
  await send(`${root}/services`, { ...relay, tlp: 'AMBER' })
  const ofRelay = await lesson({ services: relay.id })
  assert.match(await page(`/lessons/${ofRelay}`, colleague), /Relay/)
  const narrower = { changes: relay.id, seen: Date.parse('2026-11-10T08:00:00Z'), why: 'Learnt', tlp: 'RED' }
  await send(`${root}/services`, { ...relay, ...narrower, id: newId() })
  await assert.rejects(page(`/lessons/${ofRelay}`, colleague), /lesson-not-found/, 'hidden with what it is about')
  for (const language of ['en', 'fr', 'ar'])
    for (const path of ['', '/lessons', `/lessons/${id}`])
      assert.doesNotMatch(await page(path, undefined, language), /\b(recovery|incidents)\.[a-z]/, `${language} ${path}`)
})

test('what becomes of a lesson is said once, with words where nothing else tells, and stays readable', async (t) => {
  const { lesson, answer, page, count, incident, services, send, root } = await learningHouse(t)
  const id = await lesson()
  assert.match(await answer(id, { answer: 'aside' }), /Say why it is set aside/)
  assert.match(await answer(id, { answer: 'done', words: ' ' }), /Say what was done/)
  assert.match(await answer(id, { answer: 'plan' }), /Choose a response plan/)
  assert.match(await answer(id, { answer: 'forgotten', words: 'x' }), /What should change|Open/)
  assert.equal(await count('home.recovery_lesson_answer'), 0)
  await assert.rejects(answer(newId(), { answer: 'done', words: 'x' }), /lesson-not-found/)
  const form = newId()
  const said = { id: form, answer: 'aside', words: 'The pumps are sold' }
  assert.equal(await answer(id, said), `${root}/lessons/${id}#became`)
  assert.equal(await answer(id, said), `${root}/lessons/${id}#became`, 'the second click changes nothing')
  assert.match(await answer(id, { answer: 'done', words: 'It was done' }), /has been said already/)
  const shown = await page(`/lessons/${id}`)
  assert.match(shown, /Set aside.*The pumps are sold/)
  assert.doesNotMatch(shown, /It was done|Take it into a response plan/)
  const both = await lesson()
  const raced = await Promise.all([
    answer(both, { answer: 'done', words: 'By me' }),
    answer(both, { answer: 'aside', words: 'By you' }),
  ])
  assert.equal(raced.filter((one) => one.includes('has been said already')).length, 1)
  const other = await lesson()
  await answer(other, { answer: 'commitment' })
  assert.match(await send(`${root}/lessons/${other}/draft`, { space: newId() }), /no space in which you can propose/)
  const late = await lesson()
  await sql`update home.incidents_incident set state = 'closed' where id = ${incident}`.execute(services.db)
  await lesson()
  assert.match(await answer(late, { answer: 'done', words: 'After the end' }), /#became/, 'what was learnt outlasts it')
})

test('a lesson goes into a response plan that ran in the incident, in one step, unless it is marked narrower', async (t) => {
  const { lesson, answer, page, ask, analyst, incident, send, count } = await learningHouse(t)
  const [plan, role] = [newId(), newId()]
  const seen = async () => {
    const { answer: next } = await ask('GET', `/plans/${plan}?version=next`, { viewer: analyst, json: true })
    return (next as { data: { id: string } }).data.id
  }
  const early = await lesson()
  assert.doesNotMatch(await page(`/lessons/${early}`), /Take it into a response plan/, 'no plan ran')
  await send('/plans', { id: plan, name: 'Water', marking: 'GREEN', trigger: 'chancery-1:serious' })
  await send(`/plans/${plan}/write/roles`, {
    ...{ id: role, seen: await seen(), title: 'Duty officer', who: 'office:cyber-desk', deputy: 'person:analyst' },
  })
  await send(`/plans/${plan}/write/steps`, { seen: await seen(), title: 'Call', role, within: '30' })
  await ask('POST', `/plans/${plan}/approve`, { viewer: head, input: { seen: await seen() } })
  const run = (await send(`/incidents/${incident}/plans`, { plan, version: 1 })).split('/').at(-1) as string
  const narrow = await lesson({ tlp: 'RED' })
  assert.match(await page(`/lessons/${narrow}`), /marked narrower than the incident/)
  assert.match(await answer(narrow, { answer: 'plan', run }), /marked narrower than a response plan is read/)
  await assert.rejects(answer(early, { answer: 'plan', run: newId() }), /run-not-found/)
  assert.equal(await count('home.recovery_lesson_answer'), 0, 'both or neither')
  const form = newId()
  for (let press = 0; press < 2; press++)
    assert.match(await answer(early, { id: form, answer: 'plan', run }), /#became/)
  assert.equal(await count('home.preparedness_lesson'), 1)
  const shown = await page(`/lessons/${early}`)
  assert.match(shown, /Taken into a response plan.*Water.*waits for the next version/)
  const kept = await ask('GET', `/plans/${plan}`, { viewer: analyst })
  assert.match(kept.text, /Keep a list of who may start the pumps/)
  assert.ok(kept.html.includes(`id="lesson-${early}"`), 'the link leads there')
  await send(`/plans/${plan}/lessons`, { lesson: early, answer: 'set-aside', words: 'Another plan does' })
  assert.match(await page(`/lessons/${early}`), /set aside there/)
})

test('a lesson stands on Today of its owner when its day comes, and on no page of those who need not know', async (t) => {
  const { lesson, answer, needs, at, services, incident, page, root } = await learningHouse(t)
  const id = await lesson()
  const narrow = await lesson({ tlp: 'RED', change: 'Move the secret relay' })
  assert.deepEqual(await needs(), [], 'weeks away')
  at('2026-12-01T08:00:00Z')
  const [soon] = await needs()
  assert.deepEqual(
    [soon?.waitsFor, soon?.href, soon?.clock?.regime, soon?.dueAt],
    ['me', `${root}/lessons/${id}`, 'recovery-lesson', Date.parse('2026-12-01T23:00:00Z') - 1],
  )
  assert.deepEqual(
    (await needs(colleague)).map(({ key, waitsFor }) => [key, waitsFor]),
    [[`recovery.lesson:${id}`, 'them']],
    'what is marked above a person is on no list of theirs',
  )
  assert.match(await page('/lessons', colleague), /One lesson is marked above what you may read/)
  assert.doesNotMatch(await page('/lessons', colleague), /secret relay/)
  await assert.rejects(page(`/lessons/${narrow}`, colleague), /lesson-not-found/)
  at('2026-12-02T08:00:00Z')
  assert.match(await page(), /Open; its day is over/)
  const room = async () => (await recovery.incidentRooms?.(services, personOf('reader'), incident))?.[0]
  assert.deepEqual([(await room())?.needs, (await room())?.state?.facts?.late], [2, 2])
  const found = await recovery.homeRecords?.(services, colleague)
  assert.deepEqual(
    found?.map(({ title }) => title),
    [plain.change],
  )
  await sql`update home.incidents_incident set restricted = true where id = ${incident}`.execute(services.db)
  assert.deepEqual(await needs(colleague), [])
  assert.deepEqual(await recovery.homeRecords?.(services, colleague), [])
  await assert.rejects(page('/lessons', colleague), /not-found/)
  for (const one of [id, narrow]) await answer(one, { answer: 'done', words: 'A list hangs by the door' })
  assert.deepEqual(await needs(), [])
  assert.equal((await room())?.needs, 0)
})
