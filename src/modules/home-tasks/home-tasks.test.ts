import assert from 'node:assert/strict'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { incidentHouse, personOf } from '../../../test/support/incident-house.ts'
import { readPdf } from '../../../test/support/read-pdf.ts'
import { migrations as authMigrations } from '../../core/auth/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Refusal } from '../../core/http/refusal.ts'
import type { Module, Viewer } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { type Tlp, tlpLabels } from '../../protocol/types.ts'
import { brief } from '../brief/index.ts'
import { clearance } from '../clearance/index.ts'
import { incidents, openIncident } from '../incidents/index.ts'
import { lines } from '../lines/index.ts'
import { frozenHash } from './end-task.ts'
import { homeTasks } from './index.ts'
import { readItems } from './items.ts'
import { getTask, readTasks } from './read-tasks.ts'
import { termEnds } from './task-clock.ts'
import { readTerms } from './terms.ts'

type House = Awaited<ReturnType<typeof incidentHouse>>
const rooms = [incidents, brief, lines, clearance, homeTasks]
const people: Module = { name: 'people', migrations: authMigrations }
const drafter = personOf('drafter', /^incidents(\.tasks)?:draft$/)
const desk = personOf('desk', /^incidents\.tasks:(draft|release)$/)
const legal = personOf('legal', /^clearance\.legal:release$/)
const head = personOf('head', /^incidents\.tasks(-head)?:(draft|release)$/)
const refused = (code: string) => (error: Refusal) => error.code === code

function hand({ ask, services, incident }: House) {
  const post = (path: string, input: Record<string, unknown>, viewer: Viewer = drafter, json = true) =>
    ask('POST', `/home-tasks${path}`, { viewer, input: { id: newId(), ...input }, json })
  return {
    post,
    async open(kind: string, more: Record<string, unknown> = {}, viewer: Viewer = drafter) {
      const about = {
        question: { form: 'written', chamber: 'Lower house', member: 'Ms Orla Venn', number: '18/204' },
        access: { basis: 'Law on access', applicant: 'Mr Idris Quill', contact: 'quill@example.org' },
        brief: { occasion: 'Council', minister: 'Minister of foreign affairs' },
      }[kind]
      const id = newId()
      const when = { receivedOn: '2026-11-09', zone: 'Europe/Paris' }
      const words = { title: `A ${kind} about water`, asked: 'What happened at the works?', marking: 'AMBER' }
      await post('', { ...words, ...when, ...about, dueOn: '2026-11-20', ...more, kind, id, incident }, viewer)
      return id
    },
    task: (id: string, viewer: Viewer = drafter) => getTask(services, viewer, id),
    page: (id: string, viewer: Viewer = drafter, language = 'en') =>
      ask('GET', `/home-tasks/${id}`, { viewer, language }),
    async write(id: string, words: string, language = 'en', viewer: Viewer = drafter) {
      const { texts } = await getTask(services, viewer, id)
      const seen = texts.find((one) => one.language === language)?.id ?? ''
      await post(`/${id}/text`, { language, words, seen }, viewer)
    },
    async clear(id: string, stage: string, viewer: Viewer) {
      const { as } = await getTask(services, viewer, id)
      return post(`/${id}/clear`, { stage, seen: as }, viewer)
    },
    fact: (words: string, more: Record<string, unknown> = {}) =>
      ask('POST', `/incidents/${incident}/facts`, {
        viewer: personOf('analyst'),
        input: { id: newId(), kind: 'known', words, ...more },
      }),
    itemsOf: async (kind: 'question' | 'access' | 'brief' = 'brief') =>
      (await readItems(services, drafter, { incidents: [incident], kind })).all,
  }
}
const keyOf = (one: { incident: string; kind: string; id: string }) => `${one.incident} ${one.kind} ${one.id}`

test('an answer goes once each stage cleared it in order, every one another person, and is frozen with its hash', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { open, write, clear, task, page, post, fact, itemsOf } = hand(house)
  const id = await open('question')
  await post(`/${id}/assign`, { person: 'drafter' }, desk)
  await fact('Three sites were down for a night.')
  const [item] = await itemsOf()
  await post(`/${id}/draw`, { items: item && keyOf(item) })
  await write(id, 'Three sites were down for a night. They run again.')
  await assert.rejects(clear(id, 'legal', legal), refused('home-tasks.not-your-turn'))
  await assert.rejects(clear(id, 'desk', { ...drafter, may: () => true }), refused('home-tasks.bar.own-words'))
  await clear(id, 'desk', desk)
  await assert.rejects(clear(id, 'legal', { ...desk, may: () => true }), refused('home-tasks.bar.twice'))
  await clear(id, 'legal', legal)
  assert.equal((await task(id)).nextStage, 'head')
  await write(id, 'Trois sites sont restés arrêtés une nuit.', 'fr')
  assert.deepEqual((await task(id)).cleared, [], 'a text in another language is an edit')
  assert.match((await page(id)).text, /every clearance fell/)
  await clear(id, 'desk', desk)
  const { as } = await task(id)
  await post(`/${id}/send-back`, { seen: as, reason: 'Shorter.' }, legal)
  assert.deepEqual((await task(id)).cleared, [], 'sent back, it begins anew')
  await clear(id, 'desk', desk)
  const seen = (await task(id)).as
  const answer = { seen, on: '2026-11-10', to: 'Lower house' }
  await assert.rejects(post(`/${id}/answer`, answer), refused('home-tasks.not-cleared'))
  await clear(id, 'legal', legal)
  await clear(id, 'head', head)
  await assert.rejects(
    post(`/${id}/answer`, { ...answer, seen: 'x'.repeat(43) }),
    refused('home-tasks.changed-meanwhile'),
  )
  await post(`/${id}/answer`, { ...answer, seen: (await task(id)).as })
  const { state, steps, clockState, texts } = await task(id)
  assert.deepEqual([state, clockState], ['answered', 'met'])
  const { facts } = steps.at(-1) ?? assert.fail()
  assert.equal(facts.hash, frozenHash(texts))
  for (const [path, input] of [
    ['text', { language: 'en', words: 'Other words.', seen: texts[0]?.id }],
    ['withdraw', { on: '2026-11-10', closeReason: 'x' }],
    ['assign', { person: 'desk' }],
  ] as const)
    await assert.rejects(post(`/${id}/${path}`, input), refused('home-tasks.over'), path)
  for (const language of ['en', 'fr', 'ar']) {
    const { html } = await page(id, drafter, language)
    assert.ok(html.includes(String(facts.hash)) && html.includes('Three sites were down'), language)
    const { answer: sheet } = await house.ask('GET', `/home-tasks/${id}/pdf`, { viewer: drafter, language })
    assert.ok(sheet instanceof Response)
    const said = readPdf(new Uint8Array(await sheet.arrayBuffer()))
    assert.match(said.map((one) => one.text).join(' '), /They run again\./)
  }
})

test('a legal adviser clears a brief where the house or its drafter asks for it, writes none of it, and clears it anew when it changes', async (t) => {
  const house = await incidentHouse(t, [...rooms, people])
  const { open, write, clear, task, page, post } = hand(house)
  const id = await open('brief')
  await write(id, 'All is calm.')
  await assert.rejects(post(`/${id}/legal`, { legalReason: 'It names a law.' }), refused('home-tasks.no-adviser'))
  house.services.people.holding = async () => ['legal']
  const ask = () => post(`/${id}/legal`, { legalReason: 'It names a law.' })
  await ask()
  assert.deepEqual((await task(id)).stages, ['desk', 'legal', 'head'])
  await assert.rejects(ask(), refused('home-tasks.legal-already'))
  assert.match((await page(id)).text, /drafter asked for a legal clearance.*It names a law/)
  await clear(id, 'desk', desk)
  await assert.rejects(clear(id, 'head', head), refused('home-tasks.not-your-turn'))
  const writing = { ...drafter, may: () => true }
  await assert.rejects(clear(id, 'legal', writing), refused('home-tasks.bar.own-words'))
  await clear(id, 'legal', legal)
  await write(id, 'All is calm again.')
  assert.deepEqual((await task(id)).cleared, [])
  for (const [stage, who] of [
    ['desk', desk],
    ['legal', legal],
    ['head', head],
  ] as const)
    await clear(id, stage, who)
  await post(`/${id}/answer`, { seen: (await task(id)).as, on: '2026-11-10', to: 'Minister' })

  const other = await open('brief')
  assert.deepEqual((await task(other)).stages, ['desk', 'head'])
  const manager = personOf('manager', /^powers:manage$/)
  const rule = { id: newId(), kind: 'home-tasks.brief', from: '2026-11-10' }
  await house.ask('POST', '/legal-clearance', { viewer: manager, input: rule })
  const rules = (await house.ask('GET', '/legal-clearance', { viewer: manager })).text
  assert.match(rules, /Brief for a minister 10 November 2026 until ended/)
  assert.deepEqual((await task(other)).stages, ['desk', 'legal', 'head'])
  for (const language of ['en', 'fr', 'ar']) {
    const { text } = await page(other, drafter, language)
    assert.match(text, /2026|٢٠٢٦/)
    assert.doesNotMatch(text, /\bhome-tasks\.[a-z]/)
  }
  await house.ask('POST', `/legal-clearance/${rule.id}/end`, { viewer: manager })
  assert.deepEqual((await task(other)).stages, ['desk', 'head'])
  assert.deepEqual((await task(id)).stages, ['desk', 'legal', 'head'], 'what went out keeps who cleared it')
})

test('a text is flagged once what it was drawn from changes, and goes nowhere until somebody says why it stands', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { open, write, clear, task, post, fact, itemsOf, page } = hand(house)
  const id = await open('brief')
  await post(`/${id}/assign`, { person: 'drafter' }, desk)
  await fact('Three sites were down.')
  const [before] = await itemsOf()
  await post(`/${id}/draw`, { items: before && keyOf(before) })
  await write(id, 'Three sites were down.')
  await clear(id, 'desk', desk)
  await fact('Four sites were down.', { replaces: before?.id })
  const [flagged] = (await task(id)).drawn
  assert.ok(flagged?.isFlagged)
  assert.equal(flagged.now?.words, 'Four sites were down.')
  assert.deepEqual((await task(id)).cleared, [], 'nobody cleared it resting on that')
  const needs = async () => (await homeTasks.needs?.(house.services, drafter))?.map(({ verb }) => verb)
  assert.deepEqual(await needs(), ['home-tasks.need.flagged'])
  await assert.rejects(clear(id, 'desk', desk), refused('home-tasks.bar.flagged'))
  assert.match((await page(id)).html, /<del dir="auto">Three sites were down\.<\/del>.*<ins dir="auto">Four sites/s)
  await post(`/${id}/confirm`, { row: flagged.row, seen: flagged.now?.stamp, why: 'The fourth is a pump.' })
  assert.equal((await task(id)).drawn[0]?.isFlagged, false)
  await clear(id, 'desk', desk)
  const [item] = await itemsOf()
  await house.ask('POST', `/incidents/${house.incident}/facts`, {
    viewer: personOf('analyst'),
    input: { id: newId(), kind: 'contested', words: 'Five sites were down.', replaces: item?.id },
  })
  assert.ok((await task(id)).drawn[0]?.isFlagged)
  await post(`/${id}/drop`, { row: (await task(id)).drawn[0]?.row })
  assert.deepEqual((await task(id)).drawn, [])
})

async function keepHidden({ db, clock }: House['services'], incident: string) {
  const [id, compartment] = [newId(), newId()]
  const by = { by_person: 'analyst', at: clock.now() }
  await db
    .insertInto('home.incidents_compartment')
    .values({ id: compartment, incident, name: 'Other', ...by })
    .execute()
  await db
    .insertInto('home.incidents_fact')
    .values({
      ...{ id, incident, state: 'known', words: 'Read by few', by_person: 'analyst', since: by.at, compartment },
      ...{ ended_at: null, replaces: null, act: null },
    })
    .execute()
}

test('the gate draws exactly what is permitted at the marking, names where narrower things stand, and counts none that are hidden', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { services, analyst } = house
  const { open, post, page, task } = hand(house)
  const words = (label: string, at: number) => `Report number ${at} about ${label.toLowerCase()} pumps and valves`
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ marking: fc.constantFrom(...tlpLabels), hidden: fc.boolean() }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom<Tlp>('CLEAR', 'GREEN', 'AMBER', 'RED'),
      async (made, marking) => {
        const id = await open('brief', { marking })
        const seen: { words: string; marking: Tlp; hidden: boolean; fact: string; incident: string }[] = []
        for (const [at, one] of made.entries()) {
          const incident = await openIncident(services, analyst, {
            ...{ id: newId(), title: 'Pumps', summary: '', category: 'availability', drill: false },
            ...{ ceiling: 'RED', marking: one.marking, source: { kind: 'form' } },
          })
          await post(`/${id}/link`, { incident, linked: 'yes' })
          const compartment = newId()
          const fact = newId()
          const by = { by_person: 'analyst', at: services.clock.now() }
          if (one.hidden)
            await services.db
              .insertInto('home.incidents_compartment')
              .values({ id: compartment, incident, name: 'Cell', ...by })
              .execute()
          await services.db
            .insertInto('home.incidents_fact')
            .values({
              ...{ id: fact, incident, state: 'known', words: words(one.marking, at), by_person: 'analyst' },
              ...{
                since: by.at,
                ended_at: null,
                replaces: null,
                act: null,
                compartment: one.hidden ? compartment : null,
              },
            })
            .execute()
          seen.push({ ...one, words: words(one.marking, at), fact, incident })
        }
        const form = await house.ask('GET', `/home-tasks/${id}/form/draw`, { viewer: drafter })
        for (const one of seen) {
          const isOpen = !one.hidden && tlpRank(one.marking) <= tlpRank(marking)
          assert.equal(form.html.includes(one.words), isOpen, `${one.marking} into ${marking}`)
          const drawing = () => post(`/${id}/draw`, { items: keyOf({ ...one, kind: 'fact', id: one.fact }) })
          const quoting = () => post(`/${id}/text`, { language: 'en', words: `As told.\n\n${one.words}.`, seen: '' })
          if (isOpen) {
            await drawing()
            await quoting().catch((error: Refusal) => assert.equal(error.code, 'home-tasks.changed-meanwhile'))
          } else if (one.hidden) {
            await assert.rejects(drawing(), refused('home-tasks.item-not-found'))
            await quoting().catch((error: Refusal) => assert.equal(error.code, 'home-tasks.changed-meanwhile'))
          } else {
            const names = (code: string) => (error: Refusal) =>
              error.code === code && /· Fact$/.test(String(error.facts.place)) && error.facts.marking === one.marking
            await assert.rejects(drawing(), names('home-tasks.too-narrow'))
            const inParagraph = (error: Refusal) =>
              names('home-tasks.quotes-narrower')(error) && error.facts.paragraph === 2
            await assert.rejects(quoting(), inParagraph)
          }
        }
        assert.deepEqual(
          (await task(id)).drawn.map(({ words: drawn }) => drawn),
          seen.filter((one) => !one.hidden && tlpRank(one.marking) <= tlpRank(marking)).map((one) => one.words),
        )
        const shown = async () => [
          (await page(id)).text,
          (await house.ask('GET', `/home-tasks/${id}/form/draw`, { viewer: drafter })).text,
        ]
        const before = await shown()
        const [first] = seen
        if (first) await keepHidden(services, first.incident)
        assert.deepEqual(await shown(), before, 'one more in a compartment changes no word')
      },
    ),
    { numRuns: 6 },
  )
})

test('a task that came in as rubbish comes back as its form, with every field called what the form calls it', async (t) => {
  const { ask } = await incidentHouse(t, rooms)
  const fields = ['id', 'title', 'asked', 'marking', 'receivedOn', 'zone', 'term', 'dueOn', 'dueTime', 'incident']
  for (const kind of ['question', 'access', 'brief', 'rubbish']) {
    const input = { ...Object.fromEntries(fields.map((name) => [name, 'x'.repeat(20_000)])), kind }
    const { html, answer } = await ask('POST', '/home-tasks', { viewer: drafter, input })
    assert.ok('page' in answer && answer.status === 422, kind)
    assert.match(html, /id="errors"/)
    assert.doesNotMatch(html, /data-unnamed|home-tasks\.field/)
  }
})

test('who need not know of an incident sees neither the tie nor its name, and nothing of a text drawn from it', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { open, post, page, task, itemsOf, fact, write } = hand(house)
  const { services } = house
  const id = await open('brief', { marking: 'RED' })
  await fact('The works run on old controllers.')
  await services.db
    .updateTable('home.incidents_incident')
    .set({ restricted: true, lead: 'drafter', title: 'A title for few' })
    .execute()
  assert.equal((await task(id)).links.length, 1)
  const { html, text } = await page(id, desk)
  assert.ok(!html.includes('A title for few') && !html.includes(house.incident))
  assert.match(text, /tied to no incident you know of/)
  assert.deepEqual((await readTasks(services, desk, { incident: house.incident })).length, 0)
  await assert.rejects(
    post(`/${id}/link`, { incident: house.incident, linked: 'no' }, desk),
    refused('incidents.not-found'),
  )
  const [item] = await itemsOf()
  const ref = { items: item && keyOf(item) }
  await assert.rejects(post(`/${id}/draw`, ref, desk), refused('home-tasks.item-not-found'))
  await post(`/${id}/draw`, ref)
  await write(id, 'The works run on old controllers.')
  await assert.rejects(page(id, desk), refused('home-tasks.not-found'))
  assert.deepEqual(await homeTasks.needs?.(services, desk), [])
  assert.deepEqual(await homeTasks.homeRecords?.(services, desk), [])
  assert.equal((await homeTasks.homeRecords?.(services, drafter))?.length, 1)
  await post(`/${id}/drop`, { row: (await task(id)).drawn[0]?.row })
  await assert.rejects(page(id, desk), refused('home-tasks.not-found'), 'words that were drawn stay')
  const low = await open('brief', { marking: 'RED' })
  await assert.rejects(page(low, personOf('guest', /./, 'AMBER')), refused('home-tasks.not-found'))
})

test('an access request is decided part by part on a ground, and few read who asked', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { open, post, page, task, write, clear } = hand(house)
  const id = await open('access', { marking: 'CLEAR', term: 'eu-1049-2001', dueOn: '' })
  assert.match((await page(id)).html, /Idris Quill/)
  await write(id, 'We answer your request below.')
  for (const viewer of [desk, legal]) assert.doesNotMatch((await page(id, viewer)).html, /Quill/)
  const found = await homeTasks.homeRecords?.(house.services, drafter)
  assert.doesNotMatch(JSON.stringify(found), /Quill/)
  const part = { partTitle: 'Report of 3 March', decision: 'partly', ground: '', partWords: 'Page 1.' }
  const wrong = await post(`/${id}/parts`, part, drafter, false)
  assert.match(wrong.html, /Name the ground/)
  assert.match(wrong.html, /value="Report of 3 March"/, 'what was typed stands')
  await post(`/${id}/parts`, { ...part, ground: 'international-relations' })
  await post(`/${id}/parts`, { partTitle: 'Annex', decision: 'withheld', ground: 'security' })
  const all = { partTitle: 'Annex', decision: 'withheld', ground: 'security', partWords: 'Page 2' }
  await assert.rejects(post(`/${id}/parts`, all))
  assert.match((await page(id, legal)).text, /Goes in part · international relations.*Withheld · security/s)
  await clear(id, 'desk', desk)
  await clear(id, 'legal', legal)
  const due = (await task(id)).clock?.dueAt
  assert.equal(due, Date.parse('2026-11-30T22:59:59.999Z'), 'fifteen working days after 9 November, in Paris')
  await post(`/${id}/extend`, { extendReason: 'Many documents' })
  assert.equal((await task(id)).clock?.dueAt, Date.parse('2026-12-21T22:59:59.999Z'))
  await assert.rejects(post(`/${id}/extend`, { extendReason: 'More' }), refused('home-tasks.extended-already'))
  assert.deepEqual((await task(id)).cleared.length, 2, 'a moved day leaves the words as they are')
  const { as } = await task(id)
  await post(`/${id}/answer`, { seen: as, on: '2026-11-10', to: 'Mr Idris Quill' })
  const { steps, parts, texts } = await task(id)
  assert.equal(steps.at(-1)?.facts.hash, frozenHash(texts, parts))
})

test('a task past its day is told of once to whoever drafts and opened it, stands on Today of the head, and moves no more', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { open, post, task } = hand(house)
  const told: string[] = []
  house.services.notices = {
    send: async (_: unknown, { person, urgency }: { person: string; urgency: string }) =>
      void told.push(`${person} ${urgency}`),
  } as never
  const id = await open('brief', { dueOn: '2026-11-13', dueHour: '09:00' }, desk)
  await post(`/${id}/assign`, { person: 'drafter' }, desk)
  const tick = () => homeTasks.tick?.(house.services)
  await tick()
  assert.deepEqual(told, [])
  house.at('2026-11-12T08:00:00Z')
  await tick()
  await tick()
  assert.deepEqual(told, ['drafter normal'])
  house.at('2026-11-13T08:00:00.001Z')
  await tick()
  await tick()
  assert.deepEqual(told.slice(1).toSorted(), ['desk page', 'drafter page'])
  const needs = await homeTasks.needs?.(house.services, head)
  assert.deepEqual(
    needs?.map(({ verb }) => verb),
    ['home-tasks.need.overdue'],
  )
  const later = { extendReason: 'x', dueOn: '2026-11-20' }
  await assert.rejects(post(`/${id}/extend`, later), refused('home-tasks.too-late'))
  await assert.rejects(post(`/${id}/transfer`, { on: '2026-12-01', to: 'x', closeReason: 'x' }))
  await post(`/${id}/transfer`, { on: '2026-11-13', to: 'Ministry of the interior', closeReason: 'Theirs.' })
  assert.deepEqual([(await task(id)).state, (await task(id)).clockState], ['transferred', 'cancelled'])
  assert.deepEqual(await homeTasks.needs?.(house.services, head), [])
})

test('a term of working days leaves out weekends and days off, and its extension begins where it ends', () => {
  const { content } = readTerms({ settings: {} })
  const day = fc
    .integer({ min: 0, max: 4_000 })
    .map((n) => new Date(Date.UTC(2024, 0, 1) + n * 86_400_000).toISOString().slice(0, 10))
  const zone = fc.constantFrom('Etc/UTC', 'Europe/Paris', 'Asia/Tehran', 'America/New_York', 'Pacific/Apia')
  const terms = content.terms.filter(({ workingDays }) => workingDays !== undefined)
  fc.assert(
    fc.property(
      day,
      zone,
      fc.constantFrom(...terms),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
      (on, where, term, off) => {
        const holidays = [...new Set(off)].map((n) =>
          new Date(Date.parse(on) + n * 86_400_000).toISOString().slice(0, 10),
        )
        const calendar = { weekend: [6, 7], holidays }
        const { due, extended } = termEnds(on, term, { zone: where, calendar })
        const localDay = (ms: number) => new Intl.DateTimeFormat('sv', { timeZone: where }).format(ms)
        const isWorking = (one: string) =>
          ![0, 6].includes(new Date(`${one}T12:00Z`).getUTCDay()) && !holidays.includes(one)
        const count = (from: string, until: string) => {
          let working = 0
          for (let ms = Date.parse(from) + 86_400_000; ms <= Date.parse(until); ms += 86_400_000)
            if (isWorking(new Date(ms).toISOString().slice(0, 10))) working += 1
          return working
        }
        assert.ok(isWorking(localDay(due)))
        assert.equal(count(on, localDay(due)), term.workingDays)
        assert.notEqual(localDay(due + 1), localDay(due), 'the whole day counts')
        if (extended !== undefined) assert.equal(count(localDay(due), localDay(extended)), term.extension?.workingDays)
      },
    ),
    { numRuns: 60 },
  )
})

async function withRules(t: TestContext, house: House, change: (rules: Record<string, unknown>) => unknown) {
  const dataDir = await mkdtemp(join(tmpdir(), 'chancery-terms-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  await mkdir(join(dataDir, 'rules/home-tasks'), { recursive: true })
  const rules = structuredClone(readTerms({ settings: {} }).content) as unknown as Record<string, unknown>
  await writeFile(join(dataDir, 'rules/home-tasks/terms.json'), JSON.stringify(change(rules)))
  house.services.settings = { ...house.services.settings, dataDir }
}

test('a changed file of terms changes the day, who clears, and says where it is faulty', async (t) => {
  const house = await incidentHouse(t, rooms)
  const { open, task, page } = hand(house)
  const id = await open('question', { term: 'uk-lords-written', dueOn: '' })
  assert.equal((await task(id)).clock?.dueAt, Date.parse('2026-11-23T22:59:59.999Z'))
  assert.match((await page(id)).text, /not confirmed|unconfirmed|Nobody has compared/i)
  await withRules(t, house, (rules) => ({
    ...rules,
    holidays: ['2026-11-11', '2026-11-24'],
    clearances: { question: ['head'], access: ['desk'], brief: ['desk'] },
  }))
  const changed = await task(id)
  assert.equal(changed.clock?.dueAt, Date.parse('2026-11-25T22:59:59.999Z'), 'one day off, and the next one too')
  assert.deepEqual(changed.stages, ['head'])
  await withRules(t, house, (rules) => {
    const [first, ...rest] = rules.terms as Record<string, unknown>[]
    return { ...rules, terms: [{ ...first, within: 'P1M' }, ...rest] }
  })
  await assert.rejects(task(id), (error: Refusal) => /terms\[0\]: a term has one length/.test(error.message))
})
