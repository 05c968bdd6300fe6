import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  analyst,
  ask,
  demoBundle,
  openCase,
  openDemo,
  personOf,
  redirectOf,
  twoParties,
} from '../../../test/support/incident-room.ts'
import type { Viewer } from '../../core/auth/types.ts'
import type { Refusal } from '../../core/http/index.ts'
import { newId } from '../../protocol/index.ts'
import { brief } from '../brief/index.ts'
import { lines } from '../lines/index.ts'
import { readBundle } from '../exchange/index.ts'
import { incidents, linkSpace, listIncidentChoices, listShareable, openIncident, readUpload } from './index.ts'

test('the demonstration is opened from its bundle; only what its marking allows leaves with a note', async (t) => {
  const { aurelia } = await twoParties(t)
  const id = await openDemo(aurelia)
  const { leaves, stays, bundle, all } = await listShareable(aurelia, analyst, id, { tlp: 'AMBER' })
  assert.deepEqual([leaves.length, all, stays], [41, 44, [{ tlp: 'RED', count: 3, why: 'marking' }]])
  assert.deepEqual(
    Buffer.from((await listShareable(aurelia, analyst, id, { tlp: 'AMBER' })).bundle),
    Buffer.from(bundle),
  )
  assert.equal(
    readBundle(bundle).objects.some((one) => one.tlp === 'RED'),
    false,
  )
  assert.equal(
    (await listShareable(aurelia, personOf('drafter', 'AMBER'), id, { tlp: 'RED' })).leaves.length,
    41,
    'nobody annexes what they may not see',
  )
  assert.equal((await listShareable(aurelia, analyst, id, { tlp: 'RED' })).leaves.length, 44)
  assert.equal(
    (await listShareable(aurelia, analyst, id, { tlp: 'CLEAR' })).leaves.length,
    0,
    'what a CLEAR object names, its author among it, is marked narrower',
  )
})

test('opening twice with one id is one incident; a taken code name and garbage bring the form back and store nothing', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const input = { id: newId(), codeName: 'Quiet Bridge', title: 'One', category: 'fraud', drill: 'no' }
  const first = await ask('POST', '/incidents', { services, viewer: analyst, input })
  const again = await ask('POST', '/incidents', { services, viewer: analyst, input })
  assert.equal(redirectOf(first.answer), redirectOf(again.answer))
  const taken = await ask('POST', '/incidents', {
    services,
    viewer: analyst,
    input: { ...input, id: newId(), codeName: 'quiet bridge', title: 'Typed text' },
  })
  assert.match(taken.html, /is taken/)
  assert.match(taken.html, /value="Typed text"/)
  const file = {
    name: 'x.json',
    media: 'application/json',
    content: new TextEncoder().encode(
      JSON.stringify({
        type: 'bundle',
        id: 'bundle--11111111-1111-4111-8111-111111111111',
        objects: [{ type: 'tool', id: 'tool--1' }],
      }),
    ),
  }
  const garbage = await ask('POST', '/incidents', {
    services,
    viewer: analyst,
    input: { id: newId(), title: 'G', category: 'fraud', file },
  })
  assert.match(garbage.html, /object 1/)
  assert.equal('status' in garbage.answer && garbage.answer.status, 422)
  await assert.rejects(
    ask('POST', '/incidents', {
      services,
      viewer: analyst,
      json: true,
      input: { id: newId(), title: 'G', category: 'fraud', file },
    }),
  )
  const low = await ask('POST', '/incidents', {
    services,
    viewer: analyst,
    input: {
      id: newId(),
      title: 'Low',
      category: 'fraud',
      marking: 'GREEN',
      ceiling: 'GREEN',
      file: { ...file, content: demoBundle },
    },
  })
  assert.match(low.html, /above the ceiling/)
  const { answer } = await ask('GET', '/api/v1/incidents', { services, viewer: analyst })
  assert.equal((('data' in answer ? answer.data : []) as unknown[]).length, 1)
})

test('an incident marked above a person is not there for them', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const { answer } = await ask('POST', '/incidents', {
    services,
    viewer: analyst,
    input: {
      id: newId(),
      title: 'Closely held',
      category: 'fraud',
      marking: 'RED',
    },
  })
  const viewer = personOf('drafter', 'AMBER')
  await assert.rejects(
    ask('GET', redirectOf(answer), { services, viewer }),
    (error: Refusal) => error.code === 'incidents.not-found',
  )
  await assert.rejects(
    ask('GET', `/incidents/${newId()}`, { services, viewer }),
    (error: Refusal) => error.code === 'incidents.not-found',
  )
  assert.doesNotMatch((await ask('GET', '/incidents', { services, viewer })).html, /Closely held/)
  const titles = async (by: Viewer) => (await incidents.homeRecords?.(services, by))?.map(({ title }) => title)
  assert.deepEqual([await titles(viewer), await titles(analyst)], [[], ['Closely held']], 'nor for a search of theirs')
})

test('fifty thousand objects are taken in and split in seconds', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const objects = Array.from({ length: 50_000 }, (_, n) => ({
    type: 'ipv4-addr',
    id: `ipv4-addr--00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    value: '192.0.2.1',
  }))
  const file = new TextEncoder().encode(
    JSON.stringify({ type: 'bundle', id: 'bundle--11111111-1111-4111-8111-111111111111', objects }),
  )
  const from = performance.now()
  const id = await openIncident(services, analyst, {
    id: newId(),
    title: 'Many',
    summary: '',
    category: 'other',
    drill: false,
    ceiling: 'RED',
    marking: 'AMBER',
    source: { kind: 'bundle', file: 'many.json', bundle: 'b' },
    bundle: readUpload(services, file),
  })
  assert.equal((await listShareable(services, analyst, id, { tlp: 'AMBER' })).leaves.length, 50_000)
  assert.ok(performance.now() - from < 30_000)
})

test('the record: sentences, facts that replace one another, log, severity, closing', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const id = await openDemo(services)
  const post = (path: string, input: Record<string, unknown>) =>
    ask('POST', `/incidents/${id}/${path}`, { services, viewer: analyst, input: { id: newId(), ...input } })
  await post('bottom-line', {
    first: 'Three banks stand still.',
    second: 'Payments wait.',
    third: 'We write to Borovia.',
  })
  const fact = newId()
  await post('facts', { id: fact, kind: 'unknown', words: 'Who rents the servers' })
  await post('facts', { id: fact, kind: 'unknown', words: 'Who rents the servers' })
  await post('facts', { kind: 'known', words: 'A shop rents the servers', replaces: fact })
  assert.match((await post('facts', { kind: 'known', words: 'Again', replaces: fact })).html, /Somebody has replaced/)
  await post('log', { entry: 'First alarm', at: '2026-11-17T02:14' })
  await post('severity/chancery-1', { service: '3', reach: '2', data: '1', recovery: '2', why: 'Calls of the banks' })
  const { html } = await ask('GET', `/incidents/${id}`, { services, viewer: analyst })
  for (const said of [
    'Three banks stand still.',
    'A shop rents the servers',
    'First alarm',
    'severe (8 of 12, Own scheme of Chancery)',
    'At home',
    'Name of analyst',
  ]) {
    assert.ok(html.includes(said), said)
  }
  assert.equal(html.match(/Who rents the servers/g)?.length, 1, 'only in the log')
  for (const language of ['fr', 'ar']) {
    for (const page of ['', '/record', '/objects', '/weighing']) {
      const said = (await ask('GET', `/incidents/${id}${page}`, { services, viewer: analyst, language })).html
      assert.doesNotMatch(said, /incidents\.[a-z]/)
      const ids = [...said.matchAll(/ id="([^"]+)"/g)].map((one) => one[1])
      assert.equal(ids.length, new Set(ids).size, `each field has its own id on ${page}`)
    }
  }
  await post('state', { state: 'closed' })
  assert.match((await post('log', { entry: 'Late' })).html, /closed/)
})

test('a brief stands on one page: a second person clears what stood before them, and any change voids it', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const id = await openDemo(services)
  const at = `/incidents/${id}/brief`
  const colleague = personOf('colleague')
  const post = (path: string, input: Record<string, unknown>, viewer = analyst) =>
    ask('POST', `/incidents/${id}/${path}`, { services, viewer, input: { id: newId(), ...input } })
  const read = async (viewer = analyst, language = 'en') => (await ask('GET', at, { services, viewer, language })).html
  const refused = (code: string) => (error: Refusal) => error.code === code
  const seenBy = async (viewer: Viewer) => /name="seen" value="([\w-]{43})"/.exec(await read(viewer))?.[1]

  assert.match(await read(), /nobody has written lines to take/)
  await assert.rejects(post('brief/clear', { seen: 'x'.repeat(43) }, colleague), refused('incidents.brief-empty'))
  assert.match((await post('brief/lines', { lines: 'one\n'.repeat(8) })).html, /Seven lines at most/)
  assert.match((await post('brief/lines', { lines: 'a'.repeat(301) })).html, /300 characters/)
  assert.match((await post('brief/lines', { lines: ' \n' })).html, /at least one line/)
  await post('bottom-line', { first: 'Three banks stand still.', second: 'Payments wait.', third: 'We write.' })
  await post('facts', { kind: 'contested', words: 'Who ran the servers' })
  await post('brief/lines', { lines: ' We help the banks. \n\nWe accuse nobody.' })
  const sought = async (by: Viewer) =>
    (await lines.homeRecords?.(services, by))?.map(({ href, text }) => ({ href, text }))
  const found = (await sought(analyst)) ?? []
  assert.ok(found.every(({ href }) => href.startsWith(`/incidents/${id}/lines/`)))
  assert.match(JSON.stringify(found), /We help the banks\..*We accuse nobody\./)
  assert.deepEqual(await sought({ ...analyst, ceiling: 'CLEAR' }), [], 'nobody finds them who may not see the incident')

  const own = await read()
  for (const said of ['Three banks stand still.', 'Who ran the servers', '<span dir="auto">We accuse nobody.</span>'])
    assert.ok(own.includes(said), said)
  assert.match(own, /Not cleared/)
  assert.doesNotMatch(own, /Clear this brief/, 'nobody clears their own')
  const waitsFor = async (viewer: Viewer) => (await brief.needs?.(services, viewer))?.map(({ href }) => href)
  assert.deepEqual([await waitsFor(colleague), await waitsFor(analyst)], [[at], []])
  const seen = await seenBy(colleague)
  assert.ok(seen)
  await assert.rejects(post('brief/clear', { seen }), refused('incidents.own-brief'))
  await post('facts', { kind: 'known', words: 'A shop rents the servers' })
  await assert.rejects(post('brief/clear', { seen }, colleague), refused('incidents.brief-changed'))
  await post('brief/clear', { seen: await seenBy(colleague) }, colleague)
  assert.match(await read(), /Cleared by Name of colleague/)
  assert.deepEqual(await waitsFor(colleague), [])
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await read(analyst, language), /brief\.[a-z]/)

  await post('facts', { kind: 'unknown', words: 'When it began' })
  assert.match(await read(), /changed after it was cleared/)
  await assert.rejects(read(personOf('guest', 'CLEAR')), refused('incidents.not-found'))
})

test('a drill has no way into a real space', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const id = await openDemo(services)
  const real = await openCase(services, false)
  const drill = await openCase(services)
  await assert.rejects(
    linkSpace(services, analyst, id, real.id),
    (error: Refusal) => error.code === 'incidents.drill-mismatch',
  )
  await linkSpace(services, analyst, id, drill.id)
  await linkSpace(services, analyst, id, drill.id)
  assert.deepEqual((await listIncidentChoices(services, analyst, real.id)).length, 0)
  assert.deepEqual(
    (await listIncidentChoices(services, analyst, drill.id)).map((one) => [one.id, one.linked]),
    [[id, true]],
  )
})
