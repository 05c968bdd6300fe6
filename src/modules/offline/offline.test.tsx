import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, modules, openCase, personOf, sendNote, servicesOf } from '../../../test/support/space-pages.ts'
import { addPerson, closeSession, openSession } from '../../core/auth/index.ts'
import { createHttp } from '../../core/http/index.ts'
import type { Module, Viewer } from '../../core/module/types.ts'
import { keepingViewer, migrations, setOfflineRule } from '../../core/offline/index.ts'
import { setPagingRule } from '../../core/paging/index.ts'
import { newId } from '../../protocol/index.ts'
import { Framed } from '../frame/index.ts'
import { preparedness } from '../preparedness/index.ts'
import { offline } from './index.ts'

const tables: Module = { name: 'offline-tables', migrations: [...migrations, ...(preparedness.migrations ?? [])] }

test('a device is given only what its person, the house and the marking let lie on it, and nobody has read that', async (t) => {
  const house = [...modules, tables, offline]
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia, house)
  Object.assign(services.settings, { maxUploadBytes: 1_000_000 })
  const space = await openCase(network, services)
  const amber = await sendNote(borovia, space, { subject: 'Amber words', to: aurelia.party })
  const red = await sendNote(borovia, space, { subject: 'Red words', tlp: 'RED', to: aurelia.party })
  await arrives(space, 3, aurelia)

  const { db } = services
  const open = (person: string) =>
    db.transaction().execute((tx) => openSession(services, tx, { person, method: 'code' }))
  for (const id of ['ada', 'ben'])
    await db
      .transaction()
      .execute((tx) => addPerson(services, tx, { id, name: id, language: 'en', zone: 'Etc/UTC', by: 'set-up' }))
  const session = await open('ada')
  const ada = { ...personOf('ada', 'RED'), sessionId: session.id }
  const http = (viewer?: Viewer) =>
    createHttp({
      services,
      routes: house.flatMap((module) => module.routes?.(services) ?? []),
      viewerOf: async () => viewer,
      keeping: (request, asking) => keepingViewer(services, request, asking),
      troublePage: (visit, { title, what }) => (
        <Framed visit={visit} title={title}>
          {what}
        </Framed>
      ),
      mayListen: () => false,
    })
  let cookie = ''
  const ask = async (path: string, { viewer = ada as Viewer | null, keep = false, form = {} } = {}) => {
    const isPost = Object.keys(form).length > 0
    const answer = await http(viewer ?? undefined).fetch(
      new Request(new URL(path, services.settings.publicUrl), {
        method: isPost ? 'POST' : 'GET',
        headers: {
          cookie,
          accept: 'text/html',
          'sec-fetch-site': 'same-origin',
          ...(keep && { 'chancery-keep': '1' }),
        },
        ...(isPost && { body: new URLSearchParams(form) }),
      }),
    )
    return { answer, html: await answer.text() }
  }
  const standing = async (viewer: Viewer | null) => {
    const { answer, html } = await ask('/offline/standing', { viewer })
    return { ...JSON.parse(html), cleared: answer.headers.get('clear-site-data') }
  }

  const device = { id: newId(), label: 'Duty tablet' }
  assert.equal((await ask('/offline/on', { form: device })).answer.status, 403, 'off unless the house says so')
  await setOfflineRule(services, { allowed: true, ceiling: 'AMBER', sealed: false }, 'ada')
  assert.equal((await ask(`/spaces/${space}`, { keep: true })).answer.status, 409, 'nor without the person')
  const on = await ask('/offline/on', { form: device })
  cookie = (on.answer.headers.get('set-cookie') ?? '').split(';')[0]!
  assert.match(on.answer.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict/)

  const unseen = async () => db.selectFrom('home.read_mark').selectAll().execute()
  const fetched = await ask(`/spaces/${space}`, { keep: true })
  assert.deepEqual(await unseen(), [], 'what is fetched to be kept counts as read')
  assert.match(fetched.html, /From this device, as of[\s\S]*Nothing is sent[\s\S]*Amber words/)
  assert.ok(!fetched.html.includes('Red words') && !fetched.html.includes('live.js'))
  assert.equal(fetched.answer.headers.get('cache-control'), 'no-store')

  const read = await ask(`/spaces/${space}`)
  assert.match(read.html, /Red words/, 'the person reads it at the house')
  assert.equal(read.answer.headers.get('chancery-keep'), null)
  assert.equal((await unseen()).length, 1)

  const told = await standing(ada)
  const here = `/spaces/${space}`
  assert.equal(told.do, 'keep')
  assert.deepEqual(
    told.pages.filter((path: string) => path.startsWith('/spaces/')),
    [`${here}/notes/${amber.hash}/acknowledge`, here, `${here}/acts/${amber.hash}`],
  )
  for (const path of told.pages.filter((path: string) => /^\/(?:spaces|offline)\//.test(path))) {
    const { answer, html } = await ask(path, { keep: true })
    assert.deepEqual([answer.status, answer.headers.get('chancery-keep')], [200, String(told.until)], path)
    assert.match(html, /class="from-device"/)
  }
  for (const path of [
    `${here}/acts/${red.hash}`,
    `${here}?from=0`,
    `${here}/write/channels.note-sent`,
    `${here}/members`,
    '/drafts',
    '/spaces',
    '/offline',
    '/offline/standing',
    '/nowhere',
  ]) {
    const { answer, html } = await ask(path, { keep: true })
    assert.equal(answer.headers.get('chancery-keep'), null, path)
    assert.ok(answer.status >= 400 && !html.includes('Red words'), path)
  }

  assert.deepEqual(
    await standing(null),
    { do: 'lock', cleared: null },
    'pages go with the session; what was typed waits',
  )
  const ben = { ...personOf('ben'), sessionId: (await open('ben')).id }
  assert.deepEqual(
    await standing(ben),
    { do: 'forget', cleared: '"cache", "storage"' },
    'another person at this browser',
  )
  await setPagingRule(services, { push: true, smsAfterMs: 0, voiceAfterMs: 0 })
  await setOfflineRule(services, { allowed: false, ceiling: 'AMBER', sealed: false }, 'ada')
  assert.deepEqual(
    await standing(ada),
    { do: 'forget', cleared: '"cache"' },
    'whoever signs out is still paged by push',
  )
  await setOfflineRule(services, { allowed: true, ceiling: 'CLEAR', sealed: false }, 'ada')
  assert.ok(!(await ask(here, { keep: true })).html.includes('Amber words'))
  services.people.find = async () => undefined
  assert.equal((await standing(ada)).do, 'forget', 'who left the house')
  await closeSession(services, session.id)
  assert.equal((await ask(here, { keep: true })).answer.status, 409, 'a session that has ended')
})
