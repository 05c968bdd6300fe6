import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, modules, openCase, personOf, redirectOf, servicesOf } from '../../../test/support/space-pages.ts'
import { clocksAbout, clockState } from '../../core/clocks/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import { newId } from '../../protocol/index.ts'
import { calls } from '../calls/index.ts'
import { getIncident, openIncident } from '../incidents/index.ts'
import { readAttached } from '../incidents/open/open-from-act.ts'
import { originator } from '../originator/index.ts'
import { filesOf } from '../originator/load-origin.ts'
import { after, canTake, sideOf, type Standing, type Step } from './course.ts'
import { findRequest, stepsOf } from './find-request.ts'
import { assistance } from './index.ts'
import { regimesEdition } from './regimes.ts'
import { listSpoken } from './spoken.ts'

const day = 86_400_000
const rooms = [...modules, calls, originator, assistance]

/** Two houses with a case, and acts by one of them that both have projected when it resolves. */
async function twoHouses(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: rooms })
  const { aurelia, borovia } = network.nodes
  const house = { aurelia: servicesOf(aurelia, rooms), borovia: servicesOf(borovia, rooms) }
  const space = await openCase(network, house.aurelia)
  let size = 1
  async function say(
    who: 'aurelia' | 'borovia',
    type: string,
    body: object,
    also: { refs?: string[]; id?: string } = {},
  ) {
    const sent = await network.nodes[who].outbox.send({
      ...{ space, type, id: also.id ?? newId(), office: 'cyber-desk', marking: { tlp: 'AMBER' } },
      body: body as never,
      ...(/terms-taken|disposed|acknowledged|call-confirmed/.test(type) ? {} : { text: wordsFor(type) as never }),
      ...(also.refs && { refs: also.refs.map((act) => ({ act })) }),
    })
    size += 1
    await arrives(space, size, aurelia, borovia)
    return sent.hash
  }
  const ask = (kind: string, over: { who?: 'aurelia' | 'borovia'; refs?: string[]; deadline?: object } = {}) =>
    say(
      over.who ?? 'aurelia',
      'channels.note-sent',
      {
        form: 'request',
        number: 'AUR 2026/7',
        purpose: 'ask-help',
        language: 'en',
        addressee: over.who === 'borovia' ? 'aurelia.example' : 'borovia.example',
        impliesNoAttribution: true,
        ...(over.deadline && { deadline: over.deadline }),
        request: {
          kind,
          edition: '2026-11-23',
          from: { kind: senderOf[kind], contact: newId() },
          to: { kind: senderOf[kind], contact: newId() },
        },
      },
      { ...(over.refs && { refs: over.refs }) },
    )
  const effectOf = async (hash: string) => (await borovia.ledger.findAct(hash))?.withoutEffect
  /** What both houses compute; it has to be the same. */
  const standing = async (request: string) => {
    const [here, there] = await Promise.all(
      [aurelia, borovia].map(async ({ db }) => {
        const found = await findRequest(db, request)
        const steps = await stepsOf(db, [request])
        const clocks = (await clocksAbout(db, [request])).get(request) ?? []
        return { ...found?.standing, steps: steps.map(({ step, author }) => `${author}: ${step}`), clocks }
      }),
    )
    assert.deepEqual(there, here, 'both sides compute the same')
    return here!
  }
  const clockOf = async (request: string, regime: string) => {
    const clock = (await standing(request)).clocks.findLast((one) => one.regime === regime)
    assert.ok(clock, regime)
    return { ...clock, state: clockState(clock, await aurelia.ledger.scenarioNow(space)) }
  }
  return { network, house, space, say, ask, effectOf, standing, clockOf, dayAhead: dayAheadOf(aurelia.clock) }
}

const senderOf: Record<string, string> = {
  preservation: 'police-24-7',
  'traffic-data': 'police-24-7',
  'mutual-legal-assistance': 'judicial',
  'technical-assistance': 'technical',
}

const dayAheadOf = (clock: { now(): number }) => (days: number) =>
  new Date(clock.now() + days * day).toISOString().slice(0, 10)

function wordsFor(type: string): object {
  if (type === 'channels.note-sent') return { subject: 'Accounts at a provider', paragraphs: ['Please help us.'] }
  return type.startsWith('calls.') ? { words: '' } : { paragraphs: ['In words.'] }
}

test('help is asked for, received, accepted in part, handed over under terms, taken, and closed: both sides read the same', async (t) => {
  const { say, ask, effectOf, standing, clockOf, dayAhead, network } = await twoHouses(t)
  const request = await ask('technical-assistance', { deadline: { what: 'reply', source: 'requested', within: 'P3D' } })
  const edition = regimesEdition
  assert.equal((await standing(request)).state, 'sent')
  const early = await say('borovia', 'assistance.request-accepted', { request, scope: 'whole' })
  assert.equal(await effectOf(early), 'not-received', 'an answer follows the acknowledgement')
  await say('borovia', 'channels.note-acknowledged', { note: request })
  assert.equal((await standing(request)).state, 'received')
  const own = await say('aurelia', 'assistance.request-accepted', { request, scope: 'whole' })
  assert.equal(await effectOf(own), 'not-its-side', 'nobody accepts its own request')

  await say('borovia', 'assistance.request-postponed', { request, ground: 'capacity', until: dayAhead(4) })
  assert.equal((await clockOf(request, 'reply')).state, 'met', 'who says when it will answer has answered')
  assert.deepEqual(await clockOf(request, 'assist-resume').then(({ state, duty }) => [state, duty]), [
    'running',
    'borovia.example',
  ])
  await say('aurelia', 'assistance.request-supplemented', { request })
  network.nodes.aurelia.clock.advance(6 * day)
  network.nodes.borovia.clock.advance(6 * day)
  assert.equal((await clockOf(request, 'assist-resume')).state, 'overdue', 'a day one named oneself can pass')
  await say('borovia', 'assistance.request-accepted', { request, scope: 'part', deliverBy: dayAhead(2) })
  assert.equal((await standing(request)).state, 'partly')
  assert.equal((await clockOf(request, 'assist-resume')).state, 'met-late')

  const terms = {
    purpose: 'network-defence',
    confidential: true,
    onward: 'consent',
    deleteBy: dayAhead(30),
    takenFirst: true,
  }
  const handed = await say('borovia', 'assistance.request-executed', { request, edition, complete: false, terms })
  assert.equal((await standing(request)).state, 'partly', 'more follows')
  const notTheirs = await say('borovia', 'assistance.terms-taken', { execution: handed })
  assert.equal(await effectOf(notTheirs), 'not-its-side')
  await say('aurelia', 'assistance.terms-taken', { execution: handed })
  const twice = await say('aurelia', 'assistance.terms-taken', { execution: handed })
  assert.equal(await effectOf(twice), 'taken-before')
  const disposal = (await clocksAbout(network.nodes.borovia.db, [handed])).get(handed)?.[0]
  assert.deepEqual([disposal?.source, disposal?.duty], ['agreed', 'aurelia.example'], 'taken terms bind')
  await say('borovia', 'assistance.request-executed', { request, edition, complete: true })
  assert.equal((await clockOf(request, 'assist-deliver')).state, 'met')
  const late = await say('borovia', 'assistance.request-refused', { request, edition, grounds: ['no-capacity'] })
  assert.equal(await effectOf(late), 'not-in-this-state', 'what was done is not refused')
  await say('aurelia', 'assistance.material-disposed', { execution: handed, how: 'deleted' })
  await say('aurelia', 'assistance.request-closed', { request, outcome: 'met' })
  const { state, steps } = await standing(request)
  assert.equal(state, 'closed')
  assert.deepEqual(
    steps.map((one) => one.replace('.example', '')),
    [
      'borovia: postponed',
      'aurelia: supplemented',
      'borovia: partly',
      'borovia: handed-over',
      'borovia: executed',
      'aurelia: closed',
    ],
  )
})

test('data is preserved for sixty days at least, kept longer when that is granted, and followed by a request for mutual assistance', async (t) => {
  const { say, ask, effectOf, standing, clockOf, dayAhead, network } = await twoHouses(t)
  const request = await ask('preservation')
  const edition = regimesEdition
  await say('borovia', 'channels.note-acknowledged', { note: request })
  const wrong = await say('borovia', 'assistance.request-refused', { request, edition, grounds: ['no-capacity'] })
  assert.equal(await effectOf(wrong), 'no-ground-of-its-kind', 'a preservation is refused on few grounds')
  await say('borovia', 'assistance.request-accepted', { request, scope: 'whole' })
  const keep = (keptUntil?: string) =>
    say('borovia', 'assistance.request-executed', { request, edition, complete: true, ...(keptUntil && { keptUntil }) })
  assert.equal(await effectOf(await keep(dayAhead(59))), 'kept-too-short')
  assert.equal(await effectOf(await keep()), 'kept-too-short')
  await keep(dayAhead(60))
  const first = await clockOf(request, 'follow-up')
  assert.deepEqual([first.source, first.duty, first.state], ['law', 'aurelia.example', 'running'])

  const until = dayAhead(120)
  const short = await say('aurelia', 'assistance.extension-requested', { request, until: dayAhead(40) })
  assert.equal(await effectOf(short), 'no-longer-than-kept')
  const extension = await say('aurelia', 'assistance.extension-requested', { request, until })
  const again = await say('aurelia', 'assistance.extension-requested', { request, until })
  assert.equal(await effectOf(again), 'not-in-this-state', 'one extension waits at a time')
  await say('borovia', 'assistance.extension-answered', { extension, edition, keptUntil: until })
  assert.deepEqual((await standing(request)).keptUntil, until)
  const second = await clockOf(request, 'follow-up')
  assert.notEqual(second.id, first.id)
  assert.equal(new Date(second.dueAt).toISOString().slice(0, 10) >= until, true)

  await ask('technical-assistance', { refs: [request] })
  assert.equal((await clockOf(request, 'follow-up')).state, 'running', 'another kind of request does not follow it up')
  for (const node of Object.values(network.nodes)) node.clock.advance(90 * day)
  const mutual = await ask('mutual-legal-assistance', { refs: [request] })
  assert.deepEqual(await clockOf(request, 'follow-up').then(({ state, metBy }) => [state, metBy]), ['met', mutual])

  await say('borovia', 'channels.note-acknowledged', { note: mutual })
  await say('borovia', 'assistance.request-refused', { request: mutual, edition, grounds: ['essential-interests'] })
  assert.equal((await standing(mutual)).state, 'refused')
  await say('aurelia', 'assistance.request-closed', { request: mutual, outcome: 'not-met' })
  const withdrawn = await ask('traffic-data')
  await say('borovia', 'channels.note-acknowledged', { note: withdrawn })
  await say('borovia', 'assistance.request-accepted', { request: withdrawn, scope: 'whole', deliverBy: dayAhead(1) })
  await say('aurelia', 'channels.note-withdrawn', { note: withdrawn, language: 'en' })
  assert.equal((await standing(withdrawn)).state, 'withdrawn')
  assert.equal((await clockOf(withdrawn, 'assist-deliver')).state, 'cancelled', 'nothing is owed about it any more')
})

test('what is asked by voice is owed in writing within ten days, its call is confirmed, and both sides see it late', async (t) => {
  const { say, ask, effectOf, network } = await twoHouses(t)
  const { aurelia, borovia } = network.nodes
  const spoken = {
    kind: 'mutual-legal-assistance',
    edition: regimesEdition,
    addressee: 'borovia.example',
    at: aurelia.clock.now() - 60_000,
  }
  const oral = await say('aurelia', 'assistance.request-spoken', spoken)
  const ahead = await say('aurelia', 'assistance.request-spoken', { ...spoken, at: aurelia.clock.now() + day })
  assert.equal(await effectOf(ahead), 'from-the-future')
  const call = await say('aurelia', 'calls.call-logged', {
    ...{ about: oral, caller: 'aurelia.example', called: 'borovia.example', at: aurelia.clock.now() },
    ...{ code: 'agreed', ended: 'finished' },
  })
  const read = async () =>
    Promise.all(
      [aurelia, borovia].map(async (node) => {
        const [one] = await listSpoken(servicesOf(node, rooms))
        return [one?.call?.answer, one?.clock && clockState(one.clock, node.clock.now())]
      }),
    )
  assert.deepEqual(await read(), [
    [null, 'running'],
    [null, 'running'],
  ])
  await say('borovia', 'calls.call-confirmed', { call })
  for (const node of [aurelia, borovia]) node.clock.advance(11 * day)
  assert.deepEqual(await read(), [
    ['confirmed', 'overdue'],
    ['confirmed', 'overdue'],
  ])
  const request = await ask('mutual-legal-assistance', { refs: [oral] })
  assert.deepEqual(await read(), [
    ['confirmed', 'met-late'],
    ['confirmed', 'met-late'],
  ])
  assert.deepEqual(
    (await listSpoken(servicesOf(borovia, rooms), request)).map(({ hash }) => hash),
    [oral],
    'the request shows what it puts in writing',
  )
})

test('people answer, refuse and hand over by forms that name each mistake, and read the whole story on both sides', async (t) => {
  const { house, space, say, ask: request, standing, dayAhead } = await twoHouses(t)
  const drafter = personOf('drafter')
  const at = (who: 'aurelia' | 'borovia', language = 'en') => ({ services: house[who], viewer: drafter, language })
  const page = async (who: 'aurelia' | 'borovia', address: string, language?: string) =>
    (await ask('GET', address, at(who, language))).html
  const write = (who: 'aurelia' | 'borovia', name: string, input: Record<string, unknown>) =>
    ask('POST', `/spaces/${space}/write/assistance.${name}`, { ...at(who), input: { id: newId(), ...input } })
  const sendDraft = async (who: 'aurelia' | 'borovia', answer: unknown, alone = false) => {
    const { drafts } = house[who]
    const id = redirectOf(answer).split('/')[2] ?? ''
    const { approval = '' } = (await drafts.find(id)) ?? {}
    const submitted = await drafts.submit(drafter, id, approval)
    return alone ? submitted : drafts.release(personOf('releaser'), id, approval)
  }
  const first = await request('preservation')
  assert.match(await page('borovia', `/assistance/${first}`), /Acknowledge/)
  assert.match(
    await page('borovia', '/assistance'),
    /Preservation of stored data[\s\S]*AURELIA[\s\S]*BOROVIA[\s\S]*sent/,
  )
  await assert.rejects(write('borovia', 'request-accepted', { request: first }), { code: 'assistance-not-received' })
  await say('borovia', 'channels.note-acknowledged', { note: first })
  const form = await page('borovia', `/spaces/${space}/write/assistance.request-refused?request=${first}`)
  assert.match(form, /Sovereignty, security, public order/)
  assert.doesNotMatch(form, /There is no capacity for it/, 'only the grounds of its kind are offered')
  const wrong = [
    ['request-accepted', { scope: 'part', granted: 'Logs' }, 'withheld', /Say which parts/],
    ['request-accepted', { scope: 'whole', deliverBy: '1999-01-01' }, 'deliverBy', /over everywhere/],
    ['request-refused', { grounds: ['no-capacity'], words: 'No.' }, 'grounds', /Choose/],
    ['request-refused', { grounds: ['not-held'] }, 'words', /Put it in words/],
    ['request-postponed', { ground: 'capacity', until: '1999-01-01' }, 'until', /over everywhere/],
  ] as const
  for (const [name, input, field, words] of wrong) {
    const { html } = await write('borovia', name, { request: first, ...input })
    assert.match(html, words, `${name}: ${field}`)
    assert.match(html, new RegExp(`id="field-${field}-error"`))
  }
  const accepted = await write('borovia', 'request-accepted', {
    request: first,
    scope: 'whole',
    deliverBy: dayAhead(3),
  })
  const sent = await sendDraft('borovia', accepted.answer)
  assert.equal(sent.state, 'sent')
  assert.equal((await house.borovia.ledger.findAct(sent.actHash ?? ''))?.withoutEffect, undefined)
  const handing = { request: first, complete: 'yes', words: 'The provider keeps it.' }
  const short = await write('borovia', 'request-executed', { ...handing, keptUntil: dayAhead(10) })
  assert.match(short.html, /at least 60 days/)
  const unbound = await write('borovia', 'request-executed', {
    ...handing,
    ...{ keptUntil: dayAhead(70), takenFirst: 'yes' },
  })
  assert.match(unbound.html, /Terms begin with what it may be used for/)
  const executed = await write('borovia', 'request-executed', {
    ...handing,
    ...{ keptUntil: dayAhead(70), purpose: 'as-requested', onward: 'consent', takenFirst: 'yes', tlp: 'AMBER' },
    files: [{ name: 'receipt.txt', media: 'text/plain', content: Buffer.from('kept: 12 accounts') }],
  })
  const act = (await sendDraft('borovia', executed.answer)).actHash ?? ''
  const logged = await house.borovia.ledger.findAct(act)
  assert.deepEqual(logged?.statement.marking.caveats, ['ORCON'], 'what may not be handed on is held by its originator')
  await arrives(space, 5, ...Object.values(house).map((one) => one as never))
  assert.equal((await standing(first)).state, 'executed')

  const shut = await page('aurelia', `/assistance/${first}`)
  assert.match(shut, /only the purpose stated in the request/, 'the terms stand where the material is')
  assert.match(shut, /The files open once the terms are taken/)
  const part = logged?.statement.parts.find(({ role }) => role === 'attachment')?.hash ?? ''
  const fetchPart = (who: 'aurelia' | 'borovia') => ask('GET', `/spaces/${space}/acts/${act}/parts/${part}`, at(who))
  await assert.rejects(fetchPart('aurelia'), { code: 'assistance-terms-first' })
  await assert.rejects(ask('GET', `/spaces/${space}/acts/${act}/parts/${part}/about`, at('aurelia')), {
    code: 'assistance-terms-first',
  })
  const held = await house.aurelia.ledger.findAct(act)
  const content = (await revealedContents(house.aurelia, drafter, [act])).get(act)
  assert.ok(held && content)
  const origin = { act: held, content } as Parameters<typeof filesOf>[2]
  await assert.rejects(filesOf(house.aurelia, drafter, origin), { code: 'assistance-terms-first' }, 'nor handed on')
  await assert.rejects(readAttached(house.aurelia, drafter, act, part), { code: 'assistance-terms-first' })
  assert.ok((await fetchPart('borovia')).answer instanceof Response, 'whoever gave it reads it')
  assert.match(await page('aurelia', `/assistance/executions/${act}/terms`), /We take these terms/)
  await ask('POST', `/assistance/executions/${act}/terms`, at('aurelia'))
  await ask('POST', `/assistance/executions/${act}/terms`, at('aurelia'))
  assert.ok((await fetchPart('aurelia')).answer instanceof Response, 'the terms are taken, once')

  const work = (input: Record<string, string>) =>
    ask('POST', `/assistance/${first}/work`, { ...at('borovia'), input: { id: newId(), words: '', ...input } })
  await assert.rejects(work({ kind: 'note' }), { code: 'assistance-words-missing' })
  await work({ kind: 'refused-internally', words: 'The service would not give names.' })
  assert.match(await page('borovia', `/assistance/${first}`), /The service would not give names/)
  assert.doesNotMatch(
    await page('aurelia', `/assistance/${first}`),
    /would not give names/,
    'what is thought at home stays',
  )
  const sheet = (await ask('GET', `/assistance/${first}/sheet.pdf`, at('aurelia'))).answer
  assert.ok(sheet instanceof Response)
  assert.equal(
    Buffer.from(await sheet.arrayBuffer())
      .subarray(0, 5)
      .toString(),
    '%PDF-',
  )
  for (const language of ['fr', 'ar'])
    for (const address of ['/assistance', `/assistance/${first}`, '/assistance/ask'])
      assert.doesNotMatch(
        (await page('aurelia', address, language)).replaceAll(/<[^>]*>/g, ''),
        /assistance\.[a-z]/,
        `${address} in ${language}`,
      )
  assert.match(await page('aurelia', '/assistance?state=executed&side=ours'), /Kept until/i)
  assert.match(await page('aurelia', '/assistance?side=theirs'), /No request fits/)
  assert.match(await page('aurelia', '/assistance'), /Medians of our own record[\s\S]*BOROVIA[\s\S]*1 of 1/)
  assert.match(await page('aurelia', `/spaces/${space}/write/assistance.request-spoken`), /within 10 days/)
})

test('any sequence of steps leads both sides to the same state, and no state comes without its side’s right', async (t) => {
  const { say, ask: request, effectOf, standing, dayAhead, network } = await twoHouses(t)
  const edition = regimesEdition
  const random = seeded(86)
  const until = dayAhead(30)
  const keptUntil = dayAhead(61)
  for (let run = 0; run < 2; run++) {
    const hash = await request('technical-assistance')
    const about = { request: hash }
    const moves: [type: string, body: object, step: Step][] = [
      ['request-accepted', { ...about, scope: 'whole' }, 'accepted'],
      ['request-accepted', { ...about, scope: 'part' }, 'partly'],
      ['request-refused', { ...about, edition, grounds: ['no-capacity'] }, 'refused'],
      ['request-postponed', { ...about, ground: 'capacity', until }, 'postponed'],
      ['request-executed', { ...about, edition, complete: true }, 'executed'],
      ['request-executed', { ...about, edition, complete: false }, 'handed-over'],
      ['request-supplemented', about, 'supplemented'],
      ['request-closed', { ...about, outcome: 'met' }, 'closed'],
    ]
    let expected: Standing = { state: 'sent', keptUntil: null, extension: null }
    for (let move = 0; move < 9; move++) {
      if (expected.state === 'sent' && move === 1) {
        await say('borovia', 'channels.note-acknowledged', { note: hash })
        expected = { ...expected, state: 'received' }
      }
      const who = random() < 0.5 ? 'aurelia' : 'borovia'
      const [type, body, step] = moves[Math.floor(random() * moves.length)]!
      const act = await say(who, `assistance.${type}`, body)
      const isItsSide = (sideOf[step] === 'asking') === (who === 'aurelia')
      const has = isItsSide && canTake(step, expected)
      if (has) expected = after(step, expected, { act })
      assert.equal((await effectOf(act)) === undefined, has, `seed 86, run ${run}: ${who} ${step} at ${expected.state}`)
    }
    assert.equal((await standing(hash)).state, expected.state)
  }
  const kept = await request('preservation')
  await say('borovia', 'channels.note-acknowledged', { note: kept })
  await say('borovia', 'assistance.request-accepted', { request: kept, scope: 'whole' })
  await say('borovia', 'assistance.request-executed', { request: kept, edition, complete: true, keptUntil })
  const before = await standing(kept)
  await network.nodes.borovia.ledger.rebuildViews()
  assert.deepEqual(await standing(kept), before, 'a rebuild comes to the same')
})

test('of the incident a request belongs to, only who may know of it reads, and nobody outside', async (t) => {
  const { house, ask: request, space } = await twoHouses(t)
  const [lead, stranger] = [personOf('lead'), personOf('stranger')]
  const id = await openIncident(house.aurelia, lead, {
    ...{ id: newId(), title: 'Quiet matter', summary: '', category: 'availability', drill: false },
    ...{ ceiling: 'AMBER', marking: 'AMBER', source: { kind: 'form' } },
  })
  await house.aurelia.db.updateTable('home.incidents_incident').set({ restricted: true }).execute()
  const incident = await getIncident(house.aurelia, lead, id)
  const hash = await request('technical-assistance')
  const at = (viewer: typeof lead) => ({ services: house.aurelia, viewer })
  const link = (viewer: typeof lead) =>
    ask('POST', `/assistance/${hash}/incident`, { ...at(viewer), input: { incident: incident.id } })
  await assert.rejects(link(stranger), { code: 'incidents.not-found' })
  await link(lead)
  const chosen = newId()
  const begun = await ask('POST', '/assistance/ask', {
    ...at(lead),
    input: { id: chosen, kind: 'technical-assistance', party: 'borovia.example', space, incident: incident.id },
  })
  assert.match(redirectOf(begun.answer), /write\/channels\.note-sent\?form=request&request=technical-assistance/)
  const read = async (viewer: typeof lead, address: string) => (await ask('GET', address, at(viewer))).html
  assert.match(
    await read(lead, redirectOf(begun.answer)),
    new RegExp(`name="id" value="${chosen}"`),
    'the form writes the act that was noted as belonging to the incident',
  )
  assert.match(await read(lead, `/assistance/${hash}`), new RegExp(incident.codeName))
  assert.doesNotMatch(await read(stranger, `/assistance/${hash}`), new RegExp(incident.codeName))
  assert.match(await read(lead, `/assistance?incident=${incident.id}`), /Technical assistance[\s\S]*sent/)
  await assert.rejects(read(stranger, `/assistance?incident=${incident.id}`), { code: 'incidents.not-found' })
  const told = await house.borovia.db.selectFrom('home.assistance_incident').selectAll().execute()
  assert.deepEqual(told, [], 'nothing of it crosses')
})

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
