import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personOf } from '../../../test/support/incident-house.ts'
import { colleague, head, preparedHouse, refused } from '../../../test/support/prepared-house.ts'
import { readPdf } from '../../../test/support/read-pdf.ts'
import { newId } from '../../protocol/index.ts'
import { openIncident } from '../incidents/index.ts'
import { preparedness } from './index.ts'
import { writePlan } from './plan/write-plan.ts'
import { median } from './run/figures.ts'

const reader = personOf('reader', /^nothing$/)

const assess = (house: Awaited<ReturnType<typeof preparedHouse>>, level: '0' | '3') =>
  house.services.db
    .insertInto('home.incidents_severity')
    .values({
      id: newId(),
      incident: house.incident,
      scheme: 'chancery-1',
      answers: '{}',
      why: '',
      figure: level === '3' ? 12 : 0,
      level: level === '3' ? 'critical' : 'negligible',
      result: null as never,
      rules_dated: null,
      rules_print: null,
      by_person: 'analyst',
      at: 0,
    })
    .execute()

test('a plan comes into force when somebody else approves exactly what was written, and earlier versions stay readable', async (t) => {
  const { approve, show, plan, write, first, role, analyst, seen, post, ask } = await preparedHouse(t)
  const own = personOf('analyst')
  assert.match((await approve(own)).text, /You wrote in this version: somebody else has to approve it/)
  const before = await seen()
  await write('head', { name: 'Bank raid', marking: 'GREEN' }, colleague)
  assert.match(
    (await ask('POST', `/plans/${plan}/approve`, { viewer: head, input: { seen: before } })).text,
    /A colleague wrote in the plan meanwhile/,
  )
  assert.match((await approve(personOf('colleague'))).text, /You wrote in this version/)
  await approve()
  assert.match(await show(`/plans/${plan}`), /Version 1, in force/)
  await write('steps', { item: first, title: 'Call the other side twice', role, within: '20' })
  assert.doesNotMatch(await show(`/plans/${plan}`), /Call the other side twice/, 'what is in force stays so')
  const next = await show(`/plans/${plan}?version=next`)
  assert.match(next, /This would be version 2/)
  assert.match(next, /Step “Call the other side twice”: written anew \(Title and Term\)/)
  await approve()
  assert.match(await show(`/plans/${plan}`), /Version 2, in force.*Call the other side twice/)
  assert.match(await show(`/plans/${plan}?version=1`), /Version 1, replaced since/)
  const late = await post(analyst, `/plans/${plan}/write/head`, { seen: before, name: 'Other', marking: 'GREEN' })
  assert.match(late.text, /A colleague wrote in the plan meanwhile/)
  assert.match(late.html, /value="Other"/)
  for (const [language, words] of [
    ['fr', 'Plan de réponse'],
    ['ar', 'خطة استجابة'],
  ] as const)
    assert.match(await show(`/plans/${plan}`, analyst, language), new RegExp(words))
})

test('a plan is suggested by severity and starts once, however many press, in exactly the version they read', async (t) => {
  const house = await preparedHouse(t)
  const { approve, show, start, path, plan, services, analyst, write, incident } = house
  await approve()
  assert.match(await show(path), /The severity has not been answered: nothing is suggested yet/)
  await assess(house, '0')
  assert.match(await show(path), /No plan in force is triggered by this severity/)
  await assess(house, '3')
  assert.match(await show(`/incidents/${incident}`), /Suggested by its severity: Bank raid/)
  const [one, other] = await Promise.all([start(), start(colleague)])
  assert.equal(one, other)
  assert.equal(await start(), one)
  const { answer } = await house.ask('POST', path, { viewer: analyst, input: { id: newId(), plan, version: 2 } })
  assert.ok('status' in answer && answer.status === 422)
  await write('head', { name: 'Bank raid II', marking: 'GREEN', trigger: 'chancery-1:serious' })
  await approve()
  assert.match(await show(one), /Version 2 is in force since This run keeps version 1/)
  await house.ask('POST', `${one}/move`, { viewer: analyst, input: { id: newId(), version: 2, reason: 'New numbers' } })
  assert.match(await show(one), /Moved over to version 2: New numbers/)
  const runs = await services.db.selectFrom('home.preparedness_run').select('id').execute()
  assert.equal(runs.length, 1)
})

test('steps run on clocks of the plan: done, departed from with a reason, taken back, and never answered twice', async (t) => {
  const { approve, start, mark, show, at, first, second, services, analyst, incident } = await preparedHouse(t)
  await approve()
  const run = await start()
  const waiting = async () =>
    ((await preparedness.needs?.(services, analyst)) ?? [])
      .filter(({ verb }) => verb === 'preparedness.need.verb')
      .map(({ headline, dueAt, waitsFor }) => `${headline} ${new Date(dueAt ?? 0).toISOString()} ${waitsFor}`)
  assert.deepEqual(await waiting(), [
    'Call the other side: Disruption of a water works 2026-11-10T08:30:00.000Z me',
    'Tell the minister: Disruption of a water works 2026-11-10T09:30:00.000Z me',
  ])
  at('2026-11-10T08:45:00Z')
  assert.match(await show(run), /2 of 2 steps open, 1 overdue/)
  assert.equal((await preparedness.incidentClocks?.(services, analyst, incident))?.length, 2)
  const both = await Promise.all([mark(run, first, 'done'), mark(run, first, 'done', '', colleague)])
  assert.equal(both.filter(({ answer }) => 'redirect' in answer).length, 1)
  assert.equal(both.filter(({ text }) => /was quicker: the step is answered already/.test(text)).length, 1)
  const bare = await mark(run, second, 'otherwise')
  assert.match(bare.text, /Say why/)
  await mark(run, second, 'otherwise', 'The minister was in the room')
  assert.deepEqual(await waiting(), [])
  assert.match(await show(run), /Departure : The minister was in the room|Departure: The minister was in the room/)
  await mark(run, second, 'open', 'It was another minister')
  assert.equal((await waiting()).length, 1)
  assert.match(await show(run), /The minister was in the room.*Taken back: open again/)
  const log = await show(`/incidents/${incident}`)
  assert.match(log, /Response plan “Bank raid” started, version 1/)
  assert.match(log, /Departure from the plan: Tell the minister/)
})

test('a lesson of a run changes the next version or is set aside with a reason, and both are answered once', async (t) => {
  const { approve, start, mark, show, at, first, post, plan, analyst, write, role, services } = await preparedHouse(t)
  await approve()
  const run = await start()
  at('2026-11-10T09:00:00Z')
  await mark(run, first, 'done')
  const review = await show(`${run}/review`)
  assert.match(review, /Late or overdue \(1\)/)
  assert.match(review, /Call the other side 30 minutes done late/)
  const [lesson, other] = [newId(), newId()]
  await post(analyst, `${run}/lessons`, { id: lesson, step: first, words: 'The number was wrong' })
  await post(analyst, `${run}/lessons`, { id: lesson, step: first, words: 'The number was wrong' })
  await post(analyst, `${run}/lessons`, { id: other, words: 'Coffee was cold' })
  const answer = (input: Record<string, unknown>) => post(analyst, `/plans/${plan}/lessons`, input)
  assert.match((await answer({ lesson, answer: 'take-up' })).text, /Nothing is written for a next version yet/)
  assert.match((await answer({ lesson: other, answer: 'set-aside' })).text, /Say why/)
  await answer({ lesson: other, answer: 'set-aside', words: 'No matter of the plan' })
  await write('steps', {
    item: first,
    title: 'Call the other side',
    words: 'By the number of the directory',
    role,
    within: '30',
  })
  await answer({ lesson, answer: 'take-up', words: 'The step names the directory.' })
  assert.match((await answer({ lesson, answer: 'take-up' })).text, /The lesson was answered already/)
  assert.match(await show(`/plans/${plan}`), /Taken up in what is written for version 2/)
  await approve()
  assert.match(
    await show(`/plans/${plan}`),
    /The number was wrong.*Taken up by version 2\. The step names the directory\./,
  )
  assert.match(await show(`/plans/${plan}`), /Set aside: No matter of the plan/)
  assert.equal((await services.db.selectFrom('home.preparedness_lesson').select('id').execute()).length, 2)
})

test('a drill runs the same plan, Today calls it an exercise, and its figures stand beside those of real runs', async (t) => {
  const { approve, start, mark, show, at, first, second, plan, analyst, services, post } = await preparedHouse(t)
  await approve()
  const real = await start()
  at('2026-11-10T08:40:00Z')
  await mark(real, first, 'done')
  const [incident, run] = [newId(), newId()]
  const { answer } = await post(analyst, `/plans/${plan}/open`, {
    id: incident,
    run,
    version: 1,
    title: 'Exercise Copper Tide',
    category: 'fraud',
    drill: 'yes',
    marking: 'AMBER',
  })
  const drill = `/incidents/${incident}/plans/${run}`
  assert.equal('redirect' in answer && answer.redirect, drill)
  const needs = (await preparedness.needs?.(services, analyst)) ?? []
  assert.deepEqual(
    needs.filter(({ verb }) => verb === 'preparedness.need.verb-exercise').map(({ headline }) => headline),
    ['Call the other side: Exercise Copper Tide', 'Tell the minister: Exercise Copper Tide'],
  )
  assert.match(await show(drill), /Exercise: the clocks of this run are those of a drill/)
  at('2026-11-10T08:50:00Z')
  await mark(drill, first, 'done')
  await mark(drill, second, 'done')
  const page = await show(`/plans/${plan}`)
  assert.match(page, /Call the other side 30 minutes 10 minutes \(once\) 40 minutes \(once\)/)
  assert.equal(median([5, 1, 3]), 3)
  assert.equal(median([1, 2]), 1.5)
  assert.equal(median([]), undefined)
})

test('a plan at a drill space runs on the clock of the drill', async (t) => {
  const { approve, services, analyst, plan, first, show, post } = await preparedHouse(t)
  await approve()
  const space = { id: newId(), kind: 'case', drill: 'Copper Tide', members: [], title: { en: 'Case' } }
  const scenario = { now: Date.parse('2027-03-01T06:00:00Z') }
  Object.assign(services.ledger, {
    find: async (id: string) => (id === space.id ? space : undefined),
    scenarioNow: async () => scenario.now,
  })
  const incident = await openIncident(services, analyst, {
    id: newId(),
    title: 'Drill',
    summary: '',
    category: 'fraud',
    drill: true,
    ceiling: 'RED',
    marking: 'AMBER',
    source: { kind: 'form' },
  })
  await services.db
    .insertInto('home.incidents_link')
    .values({ incident, space: space.id, by_person: 'analyst', at: 0 })
    .execute()
  const { answer } = await post(analyst, `/incidents/${incident}/plans`, { plan, version: 1 })
  const run = 'redirect' in answer ? answer.redirect : assert.fail('not started')
  const need = (await preparedness.needs?.(services, analyst))?.find(({ verb }) => verb.endsWith('.verb-exercise'))
  assert.equal(need?.space, space.id)
  assert.equal(need?.dueAt, scenario.now + 30 * 60_000)
  scenario.now += 40 * 60_000
  assert.match(await show(run), /1 overdue/)
  await post(analyst, `${run}/steps`, { step: first, state: 'done' })
  assert.match(await show(run), /0 overdue/)
})

test('texts of a plan are cleared by another person, by a legal adviser where the house has one, and offered while valid', async (t) => {
  const { approve, services, plan, text, ask, write, start, at, analyst } = await preparedHouse(t)
  const { fingerprintOf, getPlan } = await import('./plan/read-plans.ts')
  const print = async () => {
    const found = (await getPlan(services, analyst, plan)).latest.content.texts[0]
    return found ? fingerprintOf(found) : ''
  }
  const clear = async (viewer: typeof head, path = 'clear') =>
    ask('POST', `/plans/${plan}/${path}`, { viewer, input: { text, seen: await print() } })
  assert.match((await clear(personOf('analyst'))).text, /You wrote this text/)
  services.people.holding = async () => ['adviser']
  assert.match((await clear(head)).text, /The house has legal advisers/)
  await clear(personOf('adviser', /^clearance\.legal:release$/), 'clear-legal')
  await approve()
  const run = (await start()).split('/').at(-1) as string
  const query = new URLSearchParams({ planRun: run, planText: text })
  const offered = () =>
    preparedness.wordsForDraft?.(services, analyst, { space: {} as never, type: 'channels.note-sent', query })
  assert.deepEqual(await offered(), { subject: 'Holding line', text: 'We look into it.', language: 'en' })
  assert.equal(
    await preparedness.wordsForDraft?.(services, reader, { space: {} as never, type: 'other', query }),
    undefined,
  )
  at('2027-01-01T00:00:00Z')
  assert.equal(await offered(), undefined, 'no longer valid')
  at('2026-11-11T00:00:00Z')
  await write('texts', {
    item: text,
    title: 'Holding line',
    language: 'en',
    words: 'We know it all.',
    validUntil: '2026-12-31',
  })
  const shown = await ask('GET', `/plans/${plan}?version=next`, { viewer: analyst })
  assert.match(shown.text, /Not cleared as it stands/)
})

test('who need not know of an incident finds no trace of its runs, lessons and figures', async (t) => {
  const { approve, start, mark, first, post, plan, services, show, incident, analyst, ask } = await preparedHouse(t)
  await approve()
  const run = await start()
  await mark(run, first, 'done')
  await post(analyst, `${run}/lessons`, { words: 'A hidden lesson' })
  const trace = async (viewer: typeof reader) =>
    JSON.stringify([
      await show(`/plans/${plan}`, viewer),
      await preparedness.needs?.(services, viewer),
      await preparedness.homeRecords?.(services, viewer),
    ])
  const open = await trace(colleague)
  assert.match(open, /A hidden lesson/)
  await post(analyst, `/incidents/${incident}/readers/restrict`)
  const hidden = await trace(colleague)
  assert.doesNotMatch(hidden, /A hidden lesson|once\)|water works/)
  assert.match(hidden, /The plan has not run in an incident you may know of/)
  for (const at of [run, `${run}/review`, `/incidents/${incident}/plans`])
    await assert.rejects(ask('GET', at, { viewer: colleague }), refused('incidents.not-found'))
  await assert.rejects(mark(run, first, 'open', 'x', colleague), refused('incidents.not-found'))
  assert.match(await trace(analyst), /A hidden lesson/)
})

test('a plan marked above a reader is not there for them, and runs in no incident marked less narrowly', async (t) => {
  const { approve, plan, write, ask, path, post, analyst, services } = await preparedHouse(t)
  await write('head', { name: 'Bank raid', marking: 'RED' })
  await approve()
  const outsider = personOf('outsider', /^incidents/, 'GREEN')
  for (const at of [`/plans/${plan}`, `/plans/${plan}/pdf`])
    await assert.rejects(ask('GET', at, { viewer: outsider }), refused('preparedness.plan-not-found'))
  assert.doesNotMatch((await ask('GET', '/plans', { viewer: outsider })).text, /Bank raid/)
  assert.deepEqual(await preparedness.homeRecords?.(services, outsider), [])
  assert.match((await post(analyst, path, { plan, version: 1 })).text, /marked narrower than the incident/)
  assert.match(
    (
      await post(analyst, `/plans/${plan}/open`, {
        run: newId(),
        version: 1,
        title: 'X',
        category: 'fraud',
        drill: 'no',
        marking: 'AMBER',
      })
    ).text,
    /marked narrower than the incident/,
  )
  const above = await post(outsider, '/plans', { name: 'Above', marking: 'RED' })
  assert.match(above.text, /Nobody marks a plan above what they may read themselves/)
})

test('steps that name nothing, count from what comes later or have impossible terms are refused, and what was typed comes back', async (t) => {
  const { write, role, first, second, plan, post, seen, analyst, show } = await preparedHouse(t)
  const step = { title: 'Odd step', role }
  const bad = [
    [{ ...step, role: newId() }, /needs a role that is there/],
    [{ ...step, within: '-5' }, /Odd step/],
    [{ ...step, within: '1e9' }, /Odd step/],
    [{ ...step, after: newId(), within: '5' }, /comes later, or is not there/],
    [{ ...step, item: first, after: second, within: '5' }, /comes later, or is not there/],
    [{ ...step, annex: newId() }, /hold for this annex/],
  ] as const
  for (const [input, words] of bad) {
    const { answer, text, html } = await write('steps', input)
    assert.ok('status' in answer && answer.status === 422, JSON.stringify(input))
    assert.match(`${text}${html}`, words)
    assert.match(html, /value="Odd step"/)
  }
  const gone = await post(analyst, `/plans/${plan}/remove/roles`, { seen: await seen(), item: role })
  assert.match(gone.text, /needs a role that is there/)
  assert.match((await write('roles', { title: 'Nobody', who: 'person:stranger' })).text, /This is not there/)
  assert.match((await write('contacts', { contact: 'space party contact' })).text, /This is not there/)
  assert.match(
    (await write('annexes', { party: 'borovia.example', agreed: 'x', space: newId() })).text,
    /This is not there/,
  )
  await write('annexes', { id: newId(), party: 'borovia.example', agreed: 'Call within the hour' })
  assert.match(await show(`/plans/${plan}?version=next`), /borovia\.example Call within the hour/)
  assert.doesNotMatch(await show(`/plans/${plan}?version=next`), /Odd step/)
})

test('a plan prints as a sheet with steps, people and texts, marked on each page', async (t) => {
  const { approve, plan, ask, analyst } = await preparedHouse(t)
  await approve()
  for (const language of ['en', 'ar']) {
    const { answer } = await ask('GET', `/plans/${plan}/pdf`, { viewer: analyst, language })
    assert.ok(answer instanceof Response)
    assert.equal(answer.headers.get('content-type'), 'application/pdf')
    const drawn = readPdf(new Uint8Array(await answer.arrayBuffer()))
    const pages = new Set(drawn.map(({ page }) => page))
    assert.equal(pages.size, 2, 'texts stand on a page of their own')
    for (const page of pages) assert.ok(drawn.some((one) => one.page === page && one.text.includes('TLP:GREEN')))
    const said = drawn.map(({ text }) => text).join(' ')
    for (const words of ['Call the other side', 'Duty officer', 'We look into it.'])
      assert.ok(said.includes(words), said)
  }
})

test('a point of contact is read from the directory each time, and one that is gone is shown as gone', async (t) => {
  const { plan, services, analyst, seen, show } = await preparedHouse(t)
  const reference = {
    id: newId(),
    space: newId(),
    party: 'borovia.example',
    contact: 'duty',
    why: 'At night',
    annex: '',
  }
  await writePlan(services, analyst, plan, {
    id: newId(),
    seen: await seen(),
    to: (content) => ({ ...content, contacts: [reference] }),
  })
  assert.match(await show(`/plans/${plan}`), /borovia\.example : gone from the directory · At night/)
})
