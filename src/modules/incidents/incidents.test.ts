import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { render } from 'preact-render-to-string'
import { type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import type { Viewer } from '../../core/auth/types.ts'
import { migrations as scrubMigrations } from '../../core/scrub/index.ts'
import { migrations as searchMigrations, views as searchViews } from '../../core/search/index.ts'
import { clocksAbout, migrations as clockMigrations, views as clockViews } from '../../core/clocks/index.ts'
import { fieldErrors, InvalidInput, parseInput, type Refusal } from '../../core/http/index.ts'
import type { Answer, Composer, Json, Module, Route, Services, SpaceFacts, Visit } from '../../core/module/types.ts'
import type { Tlp } from '../../protocol/types.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { brief } from '../brief/index.ts'
import { readBundle } from '../exchange/index.ts'
import { originator } from '../originator/index.ts'
import {
  attachmentActions,
  incidents,
  linkSpace,
  listIncidentChoices,
  listShareable,
  openIncident,
  readUpload,
} from './index.ts'
import { readAttached } from './open-from-act.ts'
import { listPreservations } from './queries.ts'

const clockRoom: Module = { name: 'clocks', migrations: clockMigrations, views: clockViews }
const index: Module = { name: 'index', migrations: [...scrubMigrations, ...searchMigrations], views: searchViews }
const modules = [clockRoom, index, originator, incidents, brief]
const demoBundle = new Uint8Array(readFileSync(new URL('../../cli/demo/aurelia-banks.stix.json', import.meta.url)))

function servicesOf(node: NetworkNode): Services {
  return {
    ...node,
    partyName: { en: node.name },
    settings: { holdMs: 0, submitWaitMs: 2000, publicUrl: node.url, maxUploadBytes: 50_000_000 },
    modules,
    nameOf: (party: string) => (party.split('.')[0] ?? party).toUpperCase(),
    people: { find: async (id: string) => ({ id, name: `Name of ${id}`, roles: [], offices: [] }) },
    live: { publish() {}, subscribe: () => () => undefined },
  } as unknown as Services
}

function personOf(id: string, ceiling: Tlp = 'RED', may: RegExp = /./): Viewer {
  const office = { id: 'cyber-desk', name: { en: 'Cyber desk' } }
  return {
    person: { id, name: id, language: 'en', zone: 'Etc/UTC' },
    office,
    offices: [office],
    roles: [],
    ceiling,
    sessionId: 's',
    may: (power) => may.test(power),
  }
}

interface Asked {
  services: Services
  viewer: Viewer
  language?: string
  input?: Record<string, unknown>
  json?: boolean
}

/** Asks a route as the web server would, and renders the page; wrong input comes back as the form. */
async function ask(
  method: 'GET' | 'POST',
  address: string,
  { services, viewer, language = 'en', input = {}, json = false }: Asked,
) {
  const url = new URL(address, 'http://node.test')
  const { route, params } = find(services, method, url.pathname)
  const t = createTranslator(language)
  const visit: Visit = {
    services,
    viewer,
    params,
    language,
    t,
    values: input,
    query: url.searchParams,
    input,
    request: new Request(url, { method }),
    wantsJson: json,
  }
  let answer: Answer
  try {
    answer = await route.handle({ ...visit, input: route.input ? parseInput(route.input, input) : input })
  } catch (error) {
    if (!(error instanceof InvalidInput) || !route.onInvalid || json) throw error
    answer = await route.onInvalid(visit, fieldErrors(error, t))
  }
  return { answer, html: 'page' in answer ? render(answer.page) : '' }
}

function find(services: Services, method: string, path: string): { route: Route; params: Record<string, string> } {
  const given = path.split('/')
  for (const route of [incidents, brief].flatMap((one) => one.routes?.(services) ?? [])) {
    const wanted = route.path.split('/')
    if (route.method !== method || wanted.length !== given.length) continue
    if (!wanted.every((part, at) => part.startsWith(':') || part === given[at])) continue
    const params = wanted.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), given[at] ?? '']] : []))
    return { route, params: Object.fromEntries(params) }
  }
  return assert.fail(`${method} ${path}`)
}

const redirectOf = (answer: Answer): string => ('redirect' in answer ? answer.redirect : assert.fail('no redirect'))
const analyst = personOf('analyst')

async function twoParties(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  return { network, aurelia: servicesOf(network.nodes.aurelia), borovia: servicesOf(network.nodes.borovia) }
}

function openCase(services: Services, drill = true, terms: Record<string, string> = {}): Promise<SpaceFacts> {
  return services.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'Ransomware at banks' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [{ party: 'borovia.example', role: 'member' }],
    ...(drill && { drill: { name: 'Copper Tide' } }),
    terms: { zone: 'Etc/UTC', ...terms },
  })
}

async function openDemo(services: Services): Promise<string> {
  const { answer } = await ask('POST', '/incidents', {
    services,
    viewer: analyst,
    input: {
      id: newId(),
      title: 'Ransomware at three banks',
      category: 'malicious-code',
      drill: 'yes',
      file: { name: 'aurelia-banks.stix.json', media: 'application/json', content: demoBundle },
    },
  })
  return redirectOf(answer).split('/').at(-1) as string
}

/** Writes with a composer and puts the act on the record. */
async function send(services: Services, space: SpaceFacts, type: string, input: Record<string, unknown>, more = {}) {
  const composer = incidents.composers?.find((one) => one.type === type) as Composer
  const id = newId()
  const marking = { tlp: 'AMBER' as const }
  const parsed = parseInput(composer.input, input)
  const composed = await composer.compose(services, analyst, space, parsed, { id, marking })
  const { stays: _, ...act } = composed
  const done = await services.outbox.send({ space: space.id, type, id, office: 'cyber-desk', marking, ...act, ...more })
  assert.equal(done.state, 'on-record', JSON.stringify(done))
  return done.hash
}

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

test('the second hypothesis overtakes the first, and the course of it stays in view', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const id = await openDemo(services)
  const post = async (path: string, input: Record<string, unknown>) => {
    const { answer, html } = await ask('POST', `/incidents/${id}/${path}`, {
      services,
      viewer: analyst,
      input: { id: newId(), ...input },
    })
    assert.ok('redirect' in answer, html)
  }
  await post('hypotheses', { statement: 'Those who run the servers act from there' })
  await post('hypotheses', { statement: 'The servers were taken over by somebody else' })
  const hypotheses = await services.db.selectFrom('home.incidents_hypothesis').select('id').orderBy('number').execute()
  const [first, second] = hypotheses.map((one) => one.id)
  const item = {
    words: 'Rented by a local customer',
    source: 'register',
    reliability: 'B',
    credibility: '2',
    'mark-1': '+',
    'mark-2': '-',
  }
  await post('evidence', item)
  await post('evidence', {
    ...item,
    words: 'A rumour',
    reliability: 'F',
    credibility: '3',
    'mark-1': '--',
    'mark-2': '++',
  })
  await post('assessments', { hypothesis: first, probability: 'icd-203:likely', confidence: 'low', why: 'One source.' })
  await post('evidence', {
    ...item,
    words: 'Traces of a break-in on the servers',
    reliability: 'A',
    credibility: '1',
    'mark-1': '--',
    'mark-2': '++',
  })
  await post('assessments', {
    hypothesis: second,
    probability: 'icd-203:likely',
    confidence: 'moderate',
    why: 'Logs of Borovia.',
  })
  for (const language of ['en', 'fr', 'ar']) {
    const { html } = await ask('GET', `/incidents/${id}/weighing`, { services, viewer: analyst, language })
    assert.match(html, /<svg class="chart"/)
    assert.doesNotMatch(html, /incidents\.[a-z]/, language)
  }
  const { html } = await ask('GET', `/incidents/${id}/weighing`, { services, viewer: analyst })
  assert.match(html, /Hypothesis 2 has moved in front/)
  assert.match(html, /Without item 3 alone, H1 would lead/)
  assert.match(html, /Item 2 cannot be judged/)
  assert.match(html, /Hypothesis 2: likely \(ICD 203\). Confidence in this judgement: moderate/)
  assert.doesNotMatch(html, /[Aa]ttacker/)
  const wrong = await ask('POST', `/incidents/${id}/assessments`, {
    services,
    viewer: analyst,
    input: {
      id: newId(),
      hypothesis: first,
      probability: 'icd-203:certain',
      confidence: 'low',
      why: 'Kept words',
    },
  })
  assert.match(wrong.html, /Kept words/)
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
  await post('severity', { service: '3', reach: '2', data: '1', recovery: '2' })
  const { html } = await ask('GET', `/incidents/${id}`, { services, viewer: analyst })
  for (const said of [
    'Three banks stand still.',
    'A shop rents the servers',
    'First alarm',
    'severe (8 of 12, scheme chancery-1)',
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
    (await brief.homeRecords?.(services, by))?.map(({ href, text }) => ({ href, text }))
  const [found] = (await sought(analyst)) ?? []
  assert.equal(found?.href, at)
  assert.match(JSON.stringify(found), /"We help the banks\.","We accuse nobody\."/)
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

test('between two parties: annexed objects, contested facts, preserved data, and each sees its own side', async (t) => {
  const { network, aurelia, borovia } = await twoParties(t)
  const id = await openDemo(aurelia)
  const space = await openCase(aurelia)
  await linkSpace(aurelia, analyst, id, space.id)
  const { bundle } = await listShareable(aurelia, analyst, id, { tlp: 'AMBER' })
  const asked = await send(
    aurelia,
    space,
    'incidents.preservation-requested',
    {
      addressee: 'borovia.example',
      deletionDate: '2026-11-24',
      keepUntil: '2027-01-23',
      subject: 'Keep the logs',
      text: 'Please keep them.',
    },
    {
      attachments: [
        { name: 'objects.stix.json', media: 'application/stix+json', content: bundle, marking: { tlp: 'AMBER' } },
      ],
    },
  )
  await network.settled()

  const there = (await borovia.ledger.find(space.id)) as SpaceFacts
  const [clock] = (await clocksAbout(borovia.db, [asked])).get(asked) ?? []
  assert.equal(clock?.source, 'requested')
  assert.equal(clock?.duty, 'borovia.example')
  assert.ok(clock && clock.dueAt < Date.UTC(2026, 10, 24) && clock.dueAt >= Date.UTC(2026, 10, 24) - 1000)
  assert.deepEqual(
    (await incidents.needs?.(borovia, analyst))?.map((one) => one.verb),
    ['incidents.action.confirm-preservation'],
  )
  assert.deepEqual(
    (await incidents.needs?.(aurelia, analyst))?.map((one) => one.waitsFor),
    ['them'],
  )

  const act = await borovia.ledger.findAct(asked)
  const parts = act?.statement.parts ?? []
  const part = parts.find((one) => one.media.startsWith('application/stix+json'))?.hash ?? assert.fail('no annex')
  assert.ok(act)
  const annexed = {
    name: 'objects.stix.json',
    media: 'application/stix+json',
    hash: part,
    size: bundle.length,
    present: true,
  }
  const [action] = attachmentActions(
    { services: borovia, viewer: analyst },
    { act, space: there, content: { attachments: [annexed] } },
  )
  const form = await ask('GET', action?.href ?? '', { services: borovia, viewer: analyst })
  assert.match(form.html, /41 objects/)
  const opening = {
    id: newId(),
    title: 'Objects from Aurelia',
    category: 'malicious-code',
    drill: 'yes',
    act: asked,
    part,
  }
  const opened = redirectOf(
    (await ask('POST', '/incidents', { services: borovia, viewer: analyst, input: opening })).answer,
  )
  assert.match((await ask('GET', opened, { services: borovia, viewer: analyst })).html, /41 objects/)
  assert.equal(
    redirectOf((await ask('GET', action?.href ?? '', { services: borovia, viewer: analyst })).answer),
    opened,
  )
  const real = await ask('POST', '/incidents', {
    services: borovia,
    viewer: analyst,
    input: { ...opening, id: newId(), drill: 'no' },
  })
  assert.match(real.html, /a drill stays a drill/)
  assert.equal(
    (await readAttached(borovia, analyst, asked, part)).bundle.objects.some((one) => one.tlp === 'RED'),
    false,
  )

  await send(borovia, there, 'incidents.preservation-confirmed', {
    request: asked,
    keptUntil: '2027-01-23',
    subject: 'Kept',
    text: 'They are kept.',
  })
  const contest = await send(borovia, there, 'incidents.facts-contested', {
    about: asked,
    ground: 'own-hosts-victims',
    subject: 'Our hosts were victims',
    text: 'Two were broken into.',
  })
  await network.settled()
  assert.equal((await listPreservations(aurelia.db, [asked])).get(asked)?.kept_until, '2027-01-23')
  assert.ok((await clocksAbout(aurelia.db, [asked])).get(asked)?.[0]?.metAt)

  assert.deepEqual(
    (await incidents.needs?.(aurelia, analyst))?.map((one) => one.verb),
    ['incidents.action.take-up'],
  )
  const takeUp = `/incidents/contests/${contest}/take-up`
  assert.match((await ask('GET', takeUp, { services: aurelia, viewer: analyst })).html, /Two were broken into/)
  const input = { id: newId(), incident: id, words: 'Whether the hosts acted or were used' }
  assert.equal(
    redirectOf((await ask('POST', takeUp, { services: aurelia, viewer: analyst, input })).answer),
    `/incidents/${id}#contested`,
  )
  await ask('POST', takeUp, { services: aurelia, viewer: analyst, input })
  assert.deepEqual(await incidents.needs?.(aurelia, analyst), [])

  const home = (await ask('GET', `/incidents/${id}`, { services: aurelia, viewer: analyst })).html
  const shared = (await ask('GET', `/incidents/${id}/shared/${space.id}`, { services: aurelia, viewer: analyst })).html
  assert.match(home, /Show BOROVIA’s view/)
  assert.match(home, /Whether the hosts acted or were used/)
  assert.match(shared, /Shared with BOROVIA/)
  assert.match(shared, /41 of 44/)
  assert.match(shared, /Two were broken into/)
  assert.doesNotMatch(shared, /Whether the hosts acted|Night operator/)

  const face = incidents.faces?.find((one) => one.type === 'incidents.preservation-requested')
  const shown = {
    act,
    space: there,
    content: { body: { deletionDate: '2026-11-24', keepUntil: '2027-01-23', source: 'requested' }, attachments: [] },
  }
  const facts = (await face?.load?.(borovia, [shown], analyst))?.get(asked)
  for (const language of ['en', 'fr', 'ar']) {
    const margin = await face?.margin?.({
      shown,
      services: borovia,
      viewer: analyst,
      t: createTranslator(language),
      language,
      facts,
    })
    assert.doesNotMatch(render(margin as never), /incidents\./)
  }
})

test('acts that may change nothing say why', async (t) => {
  const { network, aurelia, borovia } = await twoParties(t)
  const space = await openCase(aurelia)
  await network.settled()
  const put = async (services: Services, type: string, body: Json) => {
    const done = await services.outbox.send({
      space: space.id,
      type,
      id: newId(),
      office: 'cyber-desk',
      body,
      text: { subject: 's', paragraphs: ['p'] },
      marking: { tlp: 'AMBER' },
    })
    await network.settled()
    return { hash: done.hash, why: (await aurelia.ledger.findAct(done.hash))?.withoutEffect }
  }
  const asked = { deletionDate: '2026-11-24', keepUntil: '2027-01-23', source: 'requested' }
  const request = await put(aurelia, 'incidents.preservation-requested', asked)
  assert.equal(request.why, undefined)
  assert.equal(
    (await put(aurelia, 'incidents.preservation-requested', { ...asked, source: 'agreed' })).why,
    'deadline-not-agreed',
  )
  assert.equal(
    (await put(aurelia, 'incidents.preservation-requested', { ...asked, keepUntil: '2026-11-23' })).why,
    'kept-too-short',
  )
  assert.equal(
    (await put(aurelia, 'incidents.preservation-requested', { ...asked, addressee: 'calenia.example' })).why,
    'addressee-not-here',
  )
  const confirm = { request: request.hash, keptUntil: '2027-01-23' }
  assert.equal((await put(aurelia, 'incidents.preservation-confirmed', confirm)).why, 'not-the-addressee')
  assert.equal((await put(borovia, 'incidents.preservation-confirmed', confirm)).why, undefined)
  assert.equal((await put(borovia, 'incidents.preservation-confirmed', confirm)).why, 'already-confirmed')
  assert.equal(
    (await put(aurelia, 'incidents.facts-contested', { about: request.hash, ground: 'other' })).why,
    'own-act',
  )
  assert.equal(
    (await put(borovia, 'incidents.facts-contested', { about: 'A'.repeat(43), ground: 'other' })).why,
    'no-such-act',
  )
  const reasons = [
    'deadline-not-agreed',
    'kept-too-short',
    'addressee-not-here',
    'not-the-addressee',
    'already-confirmed',
    'own-act',
    'no-such-act',
  ]
  for (const reason of reasons) assert.ok(createTranslator('ar')(`incidents.without-effect.${reason}`))
})
