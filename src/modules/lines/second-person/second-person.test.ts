import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { migrations as pagingMigrations } from '../../../core/paging/index.ts'
import type { Module } from '../../../core/module/types.ts'
import { migrations as notifyMigrations } from '../../../core/notify/index.ts'
import { newId } from '../../../protocol/index.ts'
import { directory, startShift } from '../../directory/index.ts'
import { incidents } from '../../incidents/index.ts'
import { lines } from '../index.ts'

const tables: Module = { name: 'tables', migrations: [...notifyMigrations, ...pagingMigrations] }
const duty: Module = { name: 'directory', migrations: directory.migrations ?? [] }
const may = /^incidents/

test('whoever needs a second person at night sees who can clear a line, who is on duty and how they are reached, and pages them', async (t) => {
  const house = await incidentHouse(t, [incidents, tables, duty, lines])
  const { services, incident, analyst, ask } = house
  const on = personOf('on-duty', may)
  const off = personOf('off-duty', may)
  const low = personOf('low', may, 'GREEN')
  const paged: { key: string; person: string; urgency: string; message: string; link: string }[] = []
  const settled: string[] = []
  Object.assign(services.people, {
    find: async (id: string) => ({ id, name: `Name of ${id}`, email: `${id}@aurelia.example`, roles: [], offices: [] }),
    list: async () => ['on-duty', 'off-duty'].map((id) => ({ id, name: id, roles: [], offices: [] })),
    viewersHolding: async () => [analyst, off, low, on],
  })
  Object.assign(services, {
    notices: {
      send: async (_: unknown, notice: (typeof paged)[number]) => void paged.push(notice),
      settle: async (_: unknown, key: string) => void settled.push(key),
    },
  })
  const at = `/incidents/${incident}/lines`
  const post = (path: string, input: Record<string, unknown>, viewer = analyst) =>
    ask('POST', `${at}${path}`, { viewer, input: { id: newId(), ...input } })
  const line = newId()
  const wording = { words: 'We help.', audience: 'public', marking: 'CLEAR', kind: 'holding', language: 'en' }
  await ask('POST', at, { viewer: analyst, input: { id: line, ...wording } })
  await startShift(services, { person: 'on-duty', rank: 1, fromAt: services.clock.now() - 1 })
  await services.db
    .insertInto('home.paging_rule')
    .values({
      ...{ one: true, hook_url: 'https://pager.example', hook_secret: 's', push: false, vapid_private: null },
      ...{ vapid_public: null, sms_after_ms: 0, voice_after_ms: 60_000 },
    })
    .execute()
  await services.db
    .insertInto('home.paging_number')
    .values({ person: 'on-duty', telephone: '+33 1', set_at: 0 })
    .execute()
  const who = async (language = 'en') => (await ask('GET', `${at}/${line}/who`, { viewer: analyst, language })).text
  const page = await who()
  assert.match(page, /on-duty Cyber desk now telephone and mail off-duty Cyber desk no mail Page them/)
  assert.doesNotMatch(page, /analyst Cyber desk|low Cyber desk|\+33/, 'no writer, nobody below the marking, no number')
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await who(language), /\blines\.[a-z]/)

  const request = newId()
  const asked = { id: request, language: 'en', seen: line, askWhy: 'A camera waits.' }
  assert.match((await post(`/${line}/ask`, { ...asked, people: ['low'] })).text, /Choose at least one of those/)
  assert.match((await post(`/${line}/ask`, { ...asked, seen: newId(), people: ['on-duty'] })).text, /meanwhile/)
  for (const _ of ['first', 'sent again']) await post(`/${line}/ask`, { ...asked, people: ['on-duty'] })
  assert.deepEqual(
    paged.map(({ person, urgency, link }) => [person, urgency, link]),
    [['on-duty', 'page', `${at}/${line}#asked`]],
  )
  const again = { ...asked, id: newId(), people: ['on-duty'] }
  assert.match((await post(`/${line}/ask`, again)).text, /within the last ten minutes/)
  const needs = async (viewer = analyst) =>
    ((await lines.needs?.(services, viewer)) ?? []).map(({ verb, waitsFor }) => `${waitsFor}: ${verb}`)
  assert.ok((await needs(on)).includes('me: lines.need.asked'))
  assert.ok((await needs()).includes('them: lines.need.asked-wait'))

  const cannot = { request, answer: 'cannot', answerWords: '' }
  assert.match((await post(`/${line}/answer`, cannot, on)).text, /Say why you cannot/)
  assert.match((await post(`/${line}/answer`, { ...cannot, answerWords: 'x' }, off)).text, /You are not asked/)
  await post(`/${line}/answer`, { ...cannot, answerWords: 'On a train.' }, on)
  assert.deepEqual(settled, [`lines.asked:${request}:on-duty`], 'the page ends with the answer')
  assert.equal(paged.at(-1)?.message, 'lines.notice.cannot')
  assert.ok((await needs()).includes('me: lines.need.ask-others'))
  assert.ok(!(await needs(on)).includes('me: lines.need.asked'))

  const second = newId()
  await post(`/${line}/ask`, { ...asked, id: second, people: ['off-duty'] })
  await post(`/${line}/answer`, { request: second, answer: 'coming' }, off)
  await post(`/${line}/clear`, { language: 'en', seen: line }, off)
  assert.ok(settled.includes(`lines.asked:${second}`))
  const shown = (await ask('GET', `${at}/${line}`, { viewer: analyst })).text
  assert.match(shown, /A camera waits\. .*done .*Name of off-duty Is coming to it.*Name of on-duty \(on duty\) Cannot/)
  assert.match(shown, /May be said/)
  assert.deepEqual(await needs(), [])
  assert.match(
    (await post(`/${line}/ask`, { ...asked, id: newId(), people: ['off-duty'] })).text,
    /no second person now/,
  )
  const log = (await ask('GET', `/incidents/${incident}/log`, { viewer: analyst })).text
  assert.match(log, /Asked to clear a line to take: on-duty.*A camera waits/)
})
