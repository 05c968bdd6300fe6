import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { render } from 'preact-render-to-string'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, modules, openCase, personOf, redirectOf, servicesOf } from '../../../test/support/space-pages.ts'
import { parseInput } from '../../core/http/index.ts'
import { mark, reveal, tlpRank } from '../../core/markings/index.ts'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { type Tlp, tlpLabels } from '../../protocol/types.ts'
import { createTranslator } from '../../text/index.ts'
import { agreements } from '../agreements/index.ts'
import { assistance } from '../assistance/index.ts'
import { linkSpace, openIncident } from '../incidents/index.ts'
import { preparedness } from '../preparedness/index.ts'
import { recovery } from './index.ts'
import { answerLesson } from './lessons/answer-lesson.ts'
import { lessonNotes, whatBecame } from './lessons/became.ts'
import { beginDraft } from './lessons/begin-draft.ts'
import { getLesson } from './lessons/read-lessons.ts'
import { writeLesson } from './lessons/write-lesson.ts'
import { planOf } from './plan/read-plans.ts'
import { tell } from './plan/tell.ts'
import { writeService } from './plan/write-service.ts'
import { joinPictures } from './share/joined-picture.ts'
import { checkPictureLeaving } from './share/check-leaving.ts'
import { loadSharing } from './share/load-sharing.ts'
import { forgetShared } from './share/shared-rows.ts'
import { tellPicture } from './share/tell-picture.ts'
import type { ReportContent, ServiceContent } from './tables.ts'
import { states } from './vocabulary.ts'

const rooms = [...modules, agreements, assistance, preparedness, recovery]
const officer = personOf('officer', 'RED')
type House = 'aurelia' | 'borovia'

/** Two houses with a space, each with an incident and a plan of its own linked to it. */
async function twoHouses(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: rooms })
  const { aurelia, borovia } = network.nodes
  const house = { aurelia: servicesOf(aurelia, rooms), borovia: servicesOf(borovia, rooms) }
  for (const services of Object.values(house))
    services.people.offices = async () => [{ id: 'cyber-desk', name: { en: 'Cyber desk' } }] as never
  const id = await openCase(network, house.aurelia)
  const space = (await house.aurelia.ledger.find(id)) as SpaceFacts
  let size = space.size
  const arrive = async () => {
    size += 1
    await arrives(id, size, aurelia, borovia)
  }
  const open = async (who: House) => {
    const source = { kind: 'form' as const }
    const opened = { title: 'Outage', summary: '', category: 'availability', drill: space.drill !== undefined, source }
    const incident = await openIncident(house[who], officer, {
      id: newId(),
      ...opened,
      ceiling: 'RED',
      marking: 'GREEN',
    })
    await linkSpace(house[who], officer, incident, id)
    return incident
  }
  const incidents = { aurelia: await open('aurelia'), borovia: await open('borovia') }
  const service = async (who: House, name: string, tlp: Tlp, needs: string[] = []) => {
    const service = newId()
    await writeService(house[who], officer, incidents[who], { ...planned, id: service, name, tlp, needs, why: '' })
    return service
  }
  const say = (who: House, named: string, content: object, tlp: Tlp) =>
    tell(house[who], officer, incidents[who], {
      ...{ id: newId(), service: named, tlp },
      content: { ...source, ...content } as never,
    })
  const ago = (hours: number) => new Date(aurelia.clock.now() - hours * 3_600_000).toISOString().slice(0, 16)
  const down = (who: House, named: string, tlp: Tlp, state = 'down', hours = 5) =>
    say(
      who,
      named,
      { kind: 'state', state, dataAsOf: null, when: { precision: 'minute', local: ago(hours), zone: 'UTC' } },
      tlp,
    )
  const expect = (who: House, named: string, hours: number, tlp: Tlp) =>
    say(who, named, { kind: 'forecast', expected: { local: ago(-hours), zone: 'UTC' } }, tlp)
  const write = async (who: House, type: string, input: object, tlp: Tlp = 'GREEN', viewer: Viewer = officer) =>
    compose(house[who], { space, type, input, tlp, viewer })
  const send = async (who: House, type: string, input: object, tlp: Tlp = 'GREEN') => {
    const { id: draft, composed } = await write(who, type, input, tlp)
    const { fill: _, stays: __, ...act } = composed
    const sent = await house[who].outbox.send({
      ...act,
      space: id,
      type,
      id: draft,
      office: 'cyber-desk',
      marking: { tlp },
    })
    await arrive()
    return sent.hash
  }
  const joined = async (who: House, viewer = officer) => joinPictures(house[who], viewer, space)
  return { house, space, incidents, service, down, expect, write, send, joined, arrive, network }
}

const planned = {
  owner: 'office:cyber-desk',
  operator: 'Grid of the capital',
  sector: '',
  priority: 'high' as const,
  enough: 'restored' as const,
  rto: 240,
  rpo: null,
  mtpd: null,
  by: null,
}
const source = { saidBy: 'A source in the control room', basis: 'operator', note: 'by telephone' }

async function compose(
  services: Services,
  { space, type, input, tlp, viewer }: { space: SpaceFacts; type: string; input: object; tlp: Tlp; viewer: Viewer },
) {
  const composer = recovery.composers?.find((one) => one.type === type) ?? assert.fail(type)
  const id = newId()
  const parsed = parseInput(composer.input, input as Record<string, unknown>)
  const composed = await composer.compose(services, viewer, space, parsed, { id, marking: { tlp } })
  await composed.fill?.()
  return { id, composed }
}

test('parties tell each other how services stand, keep it up to date, and both read one picture by party', async (t) => {
  const { house, space, incidents, service, down, expect, send, joined, arrive } = await twoHouses(t)
  const power = await service('aurelia', 'Power', 'GREEN')
  const pumps = await service('aurelia', 'Pumps', 'GREEN', [power])
  const gate = await service('borovia', 'Payment gateway', 'GREEN')
  for (const one of [power, pumps]) await down('aurelia', one, 'GREEN')
  await down('borovia', gate, 'GREEN', 'degraded', 2)
  await expect('aurelia', pumps, 3, 'GREEN')
  const ours = await send('aurelia', 'recovery.picture-shared', {
    incident: incidents.aurelia,
    services: [power, pumps],
  })
  await send('borovia', 'recovery.picture-shared', { incident: incidents.borovia, services: [gate] })
  const lines = async (who: House) =>
    (await joined(who)).services.map((one) => [one.author, one.name, one.state, one.expected !== undefined])
  assert.deepEqual(await lines('aurelia'), [
    ['aurelia.example', 'Power', 'down', false],
    ['aurelia.example', 'Pumps', 'down', false],
    ['borovia.example', 'Payment gateway', 'degraded', false],
  ])
  assert.deepEqual(await lines('borovia'), await lines('aurelia'), 'both sides read the same')
  const told = (await joined('borovia')).services
  assert.equal(told[1]?.needs[0], told[0]?.key, 'what needs what goes along')

  await expect('aurelia', power, 6, 'GREEN')
  assert.equal((await loadSharing(house.aurelia, officer, incidents.aurelia)).pictures[0]?.differs, true)
  const again = { picture: ours, incident: incidents.aurelia, services: [power, pumps] }
  await send('aurelia', 'recovery.picture-updated', again)
  assert.equal((await loadSharing(house.aurelia, officer, incidents.aurelia)).pictures[0]?.differs, false)
  const [, later] = (await joined('borovia')).services
  assert.equal(later?.expected, later?.notBefore)
  assert.deepEqual(await lines('borovia'), await lines('aurelia'))

  const borrowed = {
    space: space.id,
    type: 'recovery.picture-ended',
    office: 'cyber-desk',
    marking: { tlp: 'GREEN' as const },
  }
  const foreign = await house.borovia.outbox.send({
    ...borrowed,
    id: newId(),
    body: { picture: ours },
    text: { paragraphs: [] },
  })
  await arrive()
  assert.equal((await house.aurelia.ledger.findAct(foreign.hash))?.withoutEffect, 'not-its-party')
  assert.equal((await joined('aurelia')).pictures.length, 2, 'nobody ends the picture of another')
})

test('what leaves is shown first as they will read it, and holds no owner, operator, target or source', async (t) => {
  const { house, space, incidents, service, down, expect, write, send } = await twoHouses(t)
  const relay = await service('aurelia', 'Secret relay', 'RED')
  const power = await service('aurelia', 'Power', 'AMBER', [relay])
  for (const [one, tlp] of [
    [relay, 'RED'],
    [power, 'AMBER'],
  ] as const)
    await down('aurelia', one, tlp)
  await expect('aurelia', relay, 40, 'RED')
  await expect('aurelia', power, 2, 'AMBER')
  const chosen = { incident: incidents.aurelia, services: [power] }
  const { composed, id } = await write('aurelia', 'recovery.picture-shared', chosen, 'AMBER')
  const leaves = JSON.stringify([composed.body, composed.text])
  assert.doesNotMatch(leaves, /relay|Grid|cyber-desk|source|telephone|240/)
  assert.ok(!leaves.includes(power) && !leaves.includes(relay), 'not even the id it has at home')
  const {
    services: [told],
  } = composed.body as { services: { expected: number; needs: string[] }[] }
  assert.deepEqual(told?.needs, [])
  assert.ok((told?.expected ?? 0) < house.aurelia.clock.now() + 3 * 3_600_000, 'reckoned without what stays')
  assert.ok(composed.stays?.some(({ count }) => count > 0))
  const wrong = { ...chosen, services: [power, relay] }
  await assert.rejects(write('aurelia', 'recovery.picture-shared', wrong, 'AMBER'), /invalid/)
  await assert.rejects(write('aurelia', 'recovery.picture-shared', chosen, 'GREEN'), /invalid/)
  await assert.rejects(write('aurelia', 'recovery.picture-shared', { ...chosen, services: [] }, 'AMBER'), /invalid/)
  const narrow = personOf('narrow', 'GREEN')
  await assert.rejects(write('aurelia', 'recovery.picture-shared', chosen, 'AMBER', narrow), /invalid/)

  const face = recovery.faces?.find(({ type }) => type === 'recovery.picture-shared') ?? assert.fail()
  const act = { statement: { author: 'aurelia.example' }, hash: 'x' } as never
  const shown = { act, space, content: { body: composed.body, text: composed.text, attachments: [] } }
  for (const language of ['en', 'fr', 'ar']) {
    const reading = { shown, services: house.aurelia, viewer: officer, t: createTranslator(language), language }
    assert.match(render(face.Document(reading) ?? assert.fail()), /Power/)
  }

  const draft = { id, type: 'recovery.picture-shared', marking: { tlp: 'AMBER' } }
  const leaving = () => checkPictureLeaving(house.aurelia, { draft } as never)
  await leaving()
  const { at } = await house.aurelia.db
    .selectFrom('home.recovery_service')
    .selectAll()
    .where('id', '=', power)
    .executeTakeFirstOrThrow()
  const narrower = {
    ...planned,
    id: newId(),
    changes: power,
    seen: at,
    why: 'Learnt',
    name: 'Power',
    tlp: 'RED' as const,
  }
  await writeService(house.aurelia, officer, incidents.aurelia, { ...narrower, needs: [relay] })
  await assert.rejects(leaving, /stays-now/, 'marked narrower while the draft waited')
  await house.aurelia.db.transaction().execute((tx) => forgetShared(tx, id))
  await leaving()
  await send('aurelia', 'recovery.picture-shared', chosen, 'RED')
})

test('a picture of others that cannot be stays on the record without effect, the same on both sides', async (t) => {
  const { house, space, joined, arrive } = await twoHouses(t)
  const key = (n: number) => String(n).repeat(32)
  const say = async (type: string, body: object) => {
    const text = type.endsWith('ended') ? { paragraphs: [] } : { names: {}, paragraphs: [] }
    const { hash } = await house.borovia.outbox.send({
      ...{ space: space.id, type, id: newId(), office: 'cyber-desk', marking: { tlp: 'GREEN' } },
      ...{ body: body as never, text: text as never },
    })
    await arrive()
    const found = await Promise.all([house.aurelia, house.borovia].map(({ ledger }) => ledger.findAct(hash)))
    assert.equal(found[0]?.withoutEffect, found[1]?.withoutEffect)
    return found[0]?.withoutEffect ?? hash
  }
  const asOf = house.borovia.clock.now()
  const one = (n: number, needs: number[] = []) => ({ key: key(n), state: 'down', needs: needs.map(key) })
  const shared = (services: object[], at = asOf) => say('recovery.picture-shared', { asOf: at, services })
  assert.equal(await shared([one(1), one(1)]), 'told-twice')
  assert.equal(await shared([one(1, [2])]), 'needs-outside')
  assert.equal(await shared([one(1, [2]), one(2, [3]), one(3, [1]), one(4)]), 'circular')
  assert.equal(await shared([one(1)], asOf + 86_400_000), 'from-the-future')
  assert.equal(await say('recovery.picture-ended', { picture: 'A'.repeat(43) }), 'no-such-picture')
  const picture = await shared([one(1), one(2, [1])])
  assert.deepEqual(
    (await joined('aurelia')).services.map(({ name, needs }) => [name, needs]),
    [
      [undefined, []],
      [undefined, [key(1)]],
    ],
  )
  await say('recovery.picture-ended', { picture })
  assert.equal(await say('recovery.picture-updated', { picture, asOf, services: [one(1)] }), 'ended-before')
  assert.deepEqual((await joined('aurelia')).services, [])
})

test('the picture of all parties and the form to share one read in three languages', async (t) => {
  const { house, space, incidents, service, down, expect, send } = await twoHouses(t)
  const power = await service('aurelia', 'Power', 'GREEN')
  const pumps = await service('aurelia', 'Pumps', 'GREEN', [power])
  const gate = await service('borovia', 'Payment gateway', 'GREEN')
  await down('aurelia', power, 'GREEN')
  await down('aurelia', pumps, 'GREEN')
  await expect('aurelia', pumps, 3, 'GREEN')
  await send('aurelia', 'recovery.picture-shared', { incident: incidents.aurelia, services: [power, pumps] })
  await send('borovia', 'recovery.picture-shared', { incident: incidents.borovia, services: [gate] })
  const show = async (address: string, language: string) => {
    const { html } = await ask('GET', address, { services: house.aurelia, viewer: officer, language })
    const text = html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
    assert.doesNotMatch(text, /\b(recovery|particulars|incidents|spaces|markings)\.[a-z]/, `${address} ${language}`)
    return { html, text }
  }
  const words: Record<string, [RegExp, RegExp]> = {
    en: [/Recovery, told by all parties/, /Services to tell of/],
    fr: [/Le rétablissement, dit par toutes les parties/, /Services dont parler/],
    ar: [/التعافي كما تقوله جميع الأطراف/, /الخدمات التي يُتحدث عنها/],
  }
  for (const [language, [joined, form]] of Object.entries(words)) {
    const page = await show(`/recovery/pictures/${space.id}`, language)
    assert.match(page.text, joined)
    for (const said of ['Power', 'Pumps', 'Payment gateway', 'AURELIA', 'BOROVIA']) assert.ok(page.text.includes(said))
    const sharing = await show(
      `/spaces/${space.id}/write/recovery.picture-shared?incident=${incidents.aurelia}`,
      language,
    )
    assert.match(sharing.text, form)
    assert.ok(sharing.html.includes(`value="${power}"`) && sharing.html.includes(`value="${pumps}"`))
    assert.ok(!sharing.html.includes(gate), 'each party tells of its own')
  }
})

test('a lesson becomes a text or a request that begins with what should change, and the record leads back to it', async (t) => {
  const { house, space, incidents, service, arrive } = await twoHouses(t)
  const { aurelia } = house
  const power = await service('aurelia', 'Power', 'GREEN')
  const lesson = async (change: string, answer: 'commitment' | 'capacity' | 'done') => {
    const id = newId()
    const told = { happened: 'The spare relay was a secret of ours', owner: 'office:cyber-desk', due: '2099-12-01' }
    await writeLesson(aurelia, officer, incidents.aurelia, {
      ...{ id, tlp: 'RED', change, services: [power] },
      ...told,
    })
    const of = { incident: incidents.aurelia, lesson: id }
    const begin = (draft: string, into?: string) =>
      beginDraft(aurelia, officer, of, { id: draft, ...(into !== undefined && { space: into }) })
    await assert.rejects(begin(newId(), space.id), /lesson-no-draft/, 'nothing begins before it is decided')
    await answerLesson(aurelia, officer, of, { id: newId(), answer, words: 'Agreed' })
    const became = async () => whatBecame(aurelia, officer, await getLesson(aurelia, officer, incidents.aurelia, id))
    return { id, begin, became }
  }
  const show = async (address: string, viewer = officer) =>
    (await ask('GET', address, { services: aurelia, viewer, language: 'en' })).html

  const text = await lesson('Warn each other before lines are cut', 'commitment')
  await assert.rejects(text.begin(newId(), newId()), /invalid/, 'no such space')
  const draft = newId()
  const address = await text.begin(draft, space.id)
  assert.equal(await text.begin(draft, space.id), address, 'pressed twice')
  const form = await show(address)
  assert.match(form, /name="p1_en"[^>]*>Warn each other before lines are cut/)
  assert.match(form, /name="p1_due"[^>]*value="2099-12-01"|value="2099-12-01"[^>]*name="p1_due"/)
  assert.match(form, /<option[^>]*(value="RED"[^>]*selected|selected[^>]*value="RED")/)
  assert.doesNotMatch(form, /spare relay/, 'what happened stays')
  const [, further = ''] = /<a href="(\?[^"]*count=\d+[^"]*)">one paragraph more/.exec(form) ?? []
  const longer = await show(address.replace(/\?.*/, further.replaceAll('&amp;', '&')))
  assert.match(
    longer,
    /name="p1_en"[^>]*>Warn each other before lines are cut/,
    'a further paragraph keeps what it began with',
  )
  assert.equal(longer.split('name="p').length > form.split('name="p').length, true)
  assert.doesNotMatch(await show(address, personOf('narrow', 'GREEN')), /Warn each other/)
  const query = new URLSearchParams({ lesson: text.id })
  const begins = (into: SpaceFacts, type = 'agreements.text-proposed', viewer = officer) =>
    recovery.wordsForDraft?.(aurelia, viewer, { space: into, type, query })
  assert.equal((await begins(space))?.p1_en, 'Warn each other before lines are cut')
  assert.equal(await begins({ ...space, drill: { name: 'Spring' } as never }), undefined, 'no word of it in a drill')
  assert.equal(await begins(space, 'channels.note-sent'), undefined, 'it was to become a text')
  assert.deepEqual((await text.became()).drafts, [], 'nothing was saved')

  const words = ['title', 'p1', 'disclaimer'].flatMap((name) =>
    ['en', 'fr'].map((one) => [`${name}_${one}`, 'Warn each other'] as const),
  )
  const typed = {
    ...{ languages: 'en,fr', count: '1', p1_norm: 'h', p1_owner: aurelia.party, p1_due: '2099-12-01' },
    ...Object.fromEntries(words),
  }
  const saved = newId()
  const input = { ...typed, id: saved, tlp: 'RED', languages: 'en,fr', office: 'cyber-desk' }
  await ask('POST', await text.begin(saved, space.id), { services: aurelia, viewer: officer, input })
  assert.deepEqual((await text.became()).drafts, [{ href: `/drafts/${saved}`, isSent: false }])
  const composer = agreements.composers?.find(({ type }) => type === 'agreements.text-proposed') ?? assert.fail()
  const parsed = parseInput(composer.input, typed)
  const act = await composer.compose(aurelia, officer, space, parsed, { id: draft, marking: { tlp: 'AMBER' } })
  const { hash } = await aurelia.outbox.send({
    ...{ space: space.id, type: composer.type, id: draft, office: 'cyber-desk', marking: { tlp: 'AMBER' } },
    ...{ body: act.body as never, text: act.text as never },
  })
  await arrive()
  const [became] = (await text.became()).drafts.filter(({ isSent }) => isSent)
  assert.ok(became?.href.includes(space.id) && became.href.includes(hash))
  const sent = (await aurelia.ledger.findAct(hash)) ?? assert.fail()
  const notes = async (viewer: Viewer) =>
    lessonNotes({ services: aurelia, viewer, t: createTranslator('en'), language: 'en' }, [{ act: sent, space }])
  assert.deepEqual(
    (await notes(officer)).get(hash)?.map(({ href }) => href),
    [`/incidents/${incidents.aurelia}/recovery/lessons/${text.id}`],
  )
  assert.equal((await notes(personOf('narrow', 'GREEN'))).size, 0, 'no way back for whoever may not read it')

  const help = await lesson('Learn to run the relay by hand', 'capacity')
  const request = newId()
  const asked = await help.begin(request)
  const choosing = await show(asked)
  for (const kept of [request, help.id]) assert.ok(choosing.includes(`value="${kept}"`))
  const chosen = { id: request, kind: 'technical-assistance', space: space.id, party: 'borovia.example' }
  const { answer } = await ask('POST', '/assistance/ask', {
    services: aurelia,
    viewer: officer,
    input: { ...chosen, incident: incidents.aurelia, lesson: help.id },
  })
  const written = await show(redirectOf(answer))
  assert.match(written, /name="stated-help"[^>]*>Learn to run the relay by hand/)
  assert.doesNotMatch(written, /spare relay/)
  const home = await lesson('Label the breakers', 'done')
  await assert.rejects(home.begin(newId()), /lesson-no-draft/)
})

const tlp = fc.constantFrom(...tlpLabels)
const hour = fc.nat(48)
const local = (hours: number) => new Date(Date.UTC(2026, 10, 8) + hours * 3_600_000).toISOString().slice(0, 16)
const plans = fc.record({
  services: fc.array(fc.record({ tlp, needs: fc.array(fc.nat(5)) }), { minLength: 1, maxLength: 6 }),
  reports: fc.array(
    fc.record({
      service: fc.nat(5),
      tlp,
      state: fc.constantFrom(...states, 'forecast' as const),
      hour,
      words: fc.string(),
    }),
    { maxLength: 20 },
  ),
})

test('nothing narrower than its marking leaves with a picture: however narrower words change, it stays the same to the byte', () => {
  const now = Date.UTC(2026, 10, 9)
  const told = (
    { services, reports }: typeof plans extends fc.Arbitrary<infer P> ? P : never,
    most: Tlp,
    secret: string,
  ) => {
    const isNarrow = (label: Tlp) => tlpRank(label) > tlpRank(most)
    const entries = services.map((one, at) => {
      const needs = one.needs.filter((need) => need < at).map(String)
      const content = { ...planned, name: `Service ${at}`, needs, isOff: false } as unknown as ServiceContent
      const hidden = { ...content, name: secret, needs: [], enough: 'degraded' as const }
      return {
        ordinal: at,
        id: String(at),
        service: String(at),
        tlp: one.tlp,
        content: isNarrow(one.tlp) && secret !== '' ? hidden : content,
      }
    })
    const rows = reports.flatMap((one, at) => {
      if (one.service >= services.length || (isNarrow(one.tlp) && secret !== '')) return []
      const when = { precision: 'minute' as const, local: local(one.hour / 2), zone: 'UTC' }
      const content: ReportContent =
        one.state === 'forecast'
          ? { kind: 'forecast', expected: { local: local(one.hour + 24), zone: 'UTC' }, ...source, basis: 'operator' }
          : { kind: 'state', state: one.state, when, dataAsOf: null, ...source, basis: 'operator', note: one.words }
      return [{ ordinal: at, id: `r${at}`, service: String(one.service), tlp: one.tlp, content, told_at: now }]
    })
    const reader = { party: 'aurelia.example', ceiling: most, member: true }
    const shown = (row: { tlp: Tlp }) => reveal(mark(row, { tlp: row.tlp }), reader, 'federation').shown
    const plan = planOf({ entries: entries as never, told: rows as never, now, shown })
    return JSON.stringify(tellPicture({ ...plan, now }, { space: 's', chosen: services.map((_, at) => String(at)) }))
  }
  fc.assert(
    fc.property(plans, tlp, (plan, most) => {
      assert.equal(told(plan, most, 'Hidden by name'), told(plan, most, ''))
    }),
  )
})
