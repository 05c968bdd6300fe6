import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { personOf } from '../../../../test/support/incident-house.ts'
import { colleague, preparedHouse, refused } from '../../../../test/support/prepared-house.ts'
import type { Viewer } from '../../../core/auth/types.ts'
import type { Services } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { preparedness } from '../index.ts'

const bearer = personOf('bearer', /^(incidents|preparedness\.emergency:release)/)
const withoutOffice = (viewer: Viewer): Viewer => ({ ...viewer, offices: [] })

/** Lines on Today: what, of which step or role, and whom it waits for. */
const linesOf = (services: Services) => async (viewer: Viewer) =>
  ((await preparedness.needs?.(services, viewer)) ?? [])
    .map(({ verb, headline, waitsFor }) => `${verb.slice(18)}: ${headline.split(':')[0]}: ${waitsFor}`)
    .toSorted()

test('steps that are due soon come to who holds their role, what is overdue and a role nobody took to the lead too', async (t) => {
  const house = await preparedHouse(t)
  const { approve, start, at, write, first, role, post, services, incident, analyst } = house
  await write('steps', { title: 'Report to parliament', role, within: '40', unit: 'hours' })
  await approve()
  const run = await start()
  const lines = linesOf(services)
  const desk = personOf('desk', /^incidents/)
  const deputy = withoutOffice(colleague)
  const lead = withoutOffice(analyst)
  const soon = ['verb: Call the other side: me', 'verb: Tell the minister: me']
  assert.deepEqual(await lines(desk), ['take: Duty officer: me', ...soon], 'what is due in two days waits')
  assert.deepEqual(await lines(deputy), ['take: Duty officer: me', ...soon])
  assert.deepEqual(await lines(withoutOffice(personOf('stranger'))), [])
  assert.deepEqual(await lines(lead), [
    'take: Duty officer: me',
    'verb: Call the other side: them',
    'verb: Tell the minister: them',
  ])
  await post(analyst, `${run}/roles`, { role, who: 'person:head' })
  assert.deepEqual(await lines(desk), [], 'it is somebody else’s now')
  assert.deepEqual(await lines(withoutOffice(personOf('head', /^nothing$/))), soon, 'also where they may not draft')
  assert.deepEqual(await lines(deputy), soon)
  at('2026-11-10T08:45:00Z')
  assert.deepEqual(await lines(lead), ['chase: Call the other side: me', 'verb: Tell the minister: them'])
  at('2026-11-11T08:00:00Z')
  assert.ok((await lines(deputy)).includes('verb: Report to parliament: me'))
  await house.mark(run, first, 'done')
  assert.ok(!(await lines(deputy)).includes('verb: Call the other side: me'))
  await post(analyst, `/incidents/${incident}/readers/restrict`)
  assert.deepEqual(await lines(deputy), [], 'who need not know of the incident is told nothing')
  assert.equal((await lines(lead)).length, 2)
  services.people.list = async () => [{ id: 'analyst', name: 'Name of analyst' }] as never
  assert.ok((await lines(lead)).includes('take: Duty officer: me'), 'whoever took it left the house')
})

test('Today asks as many queries for many running plans as for one', async (t) => {
  const { approve, services, analyst, plan, post } = await preparedHouse(t)
  await approve()
  const open = (title: string) =>
    post(analyst, `/plans/${plan}/open`, {
      ...{ id: newId(), run: newId(), version: 1, title, category: 'fraud', drill: 'no', marking: 'AMBER' },
    })
  const counted = async () => {
    let queries = 0
    const db = services.db.withPlugin({
      transformQuery: ({ node }) => {
        queries += 1
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const lines = await preparedness.needs?.({ ...services, db } as Services, analyst)
    return { queries, lines: lines?.length ?? 0 }
  }
  await open('One')
  const one = await counted()
  for (const title of ['Two', 'Three', 'Four']) await open(title)
  const four = await counted()
  assert.deepEqual([one.lines, four.lines], [3, 12])
  assert.equal(four.queries, one.queries)
})

test('a step counted from when another was done has no clock until then, and one in working days leaves days off out', async (t) => {
  const { approve, start, mark, write, show, at, role, first, services, analyst } = await preparedHouse(t)
  const dataDir = mkdtempSync(join(tmpdir(), 'plans-'))
  mkdirSync(join(dataDir, 'rules/home-tasks'), { recursive: true })
  const terms = JSON.parse(readFileSync(new URL('../../home-tasks/reference/terms.json', import.meta.url), 'utf8'))
  writeFileSync(
    join(dataDir, 'rules/home-tasks/terms.json'),
    JSON.stringify({ ...terms, weekend: [5, 6], holidays: ['2026-11-15'] }),
  )
  Object.assign(services.settings, { dataDir })
  const [afterwards, report] = [newId(), newId()]
  await write('steps', {
    id: afterwards,
    title: 'Confirm in writing',
    role,
    within: '20',
    after: first,
    counts: 'done',
  })
  const far = await write('steps', { title: 'Never', role, within: '400', unit: 'working-days' })
  assert.match(far.text, /At most 366 working days/)
  await write('steps', { id: report, title: 'Report', role, within: '3', unit: 'working-days' })
  const form = await show(`/plans/${await planOf(services)}/write/steps?item=${report}`)
  assert.match(form, /working days/)
  await approve()
  assert.match(
    await show(`/plans/${await planOf(services)}`),
    /within 20 minutes of when this is done: Call the other side.*within 3 working days of the start/,
  )
  const run = await start()
  const due = async () =>
    ((await preparedness.incidentClocks?.(services, analyst, run.split('/')[2] as string)) ?? []).flatMap(
      ({ title, clock }) => (/Confirm|Report/.test(title) ? [new Date(clock.dueAt).toISOString()] : []),
    )
  // Tuesday: Wednesday and Thursday, then Friday, Saturday and a day off, then Monday; in the zone of Paris.
  const reported = '2026-11-16T22:59:59.999Z'
  assert.deepEqual(await due(), [reported])
  assert.match(await show(run), /Confirm in writing .*its term has not begun yet/)
  at('2026-11-10T09:10:00Z')
  await mark(run, first, 'done')
  assert.deepEqual((await due()).toSorted(), ['2026-11-10T09:30:00.000Z', reported])
  await mark(run, first, 'open', 'It was the wrong number')
  assert.deepEqual(await due(), [reported], 'taken back: its clock is gone')
  at('2026-11-10T10:00:00Z')
  await mark(run, first, 'otherwise', 'They called us')
  assert.deepEqual((await due()).toSorted(), ['2026-11-10T10:20:00.000Z', reported], 'a departure answers it too')
})

const planOf = async ({ db }: Services): Promise<string> =>
  (await db.selectFrom('home.preparedness_writing').select('plan').executeTakeFirstOrThrow()).plan

test('in an emergency a plan that nobody approved starts with a reason, says so wherever it shows, and is approved later', async (t) => {
  const house = await preparedHouse(t)
  const { seen, post, plan, path, incident, analyst, show, ask, approve, services, write, role } = house
  const emergency = async (input: Record<string, unknown>, viewer = analyst) =>
    post(viewer, `${path}/emergency`, { plan, seen: await seen(), ...input })
  assert.doesNotMatch(await show(path), /nobody approved yet/, 'only who holds the right is offered it')
  assert.match(await show(path, bearer), /In an emergency: a plan that nobody approved yet/)
  const route = preparedness.routes?.(services).find((one) => one.path.endsWith('/plans/emergency'))
  assert.equal(route?.permission, 'preparedness.emergency:release')
  assert.match((await emergency({}, bearer)).html, /aria-invalid="true"/, 'it needs a reason')
  const reason = { [`reason-${plan}`]: 'The head cannot be reached' }
  assert.match((await emergency({ ...reason, seen: newId() }, bearer)).text, /A colleague wrote in the plan meanwhile/)
  const { answer } = await emergency(reason, bearer)
  const run = 'redirect' in answer ? answer.redirect : assert.fail('not started')
  const again = await emergency(reason, bearer)
  assert.equal('redirect' in again.answer && again.answer.redirect, run, 'it runs once in an incident')
  for (const page of [run, path, `${run}/review`, `/plans/${plan}`, `/incidents/${incident}`])
    assert.match(await show(page), /[Nn]ot approved|nobody (had )?approved/, page)
  assert.match(
    await show(`${run}/review`),
    /Departures \(1\).*nobody had approved it : The head cannot be reached|Departures \(1\).*nobody had approved it: The head cannot be reached/,
  )
  assert.match(await show(`/incidents/${incident}`), /Departure: response plan “Bank raid” started though nobody/)
  for (const [language, words] of [
    ['fr', 'Non approuvé'],
    ['ar', 'غير معتمدة'],
  ] as const)
    assert.match(await show(run, analyst, language), new RegExp(words))
  const forms = (await preparedness.needs?.(services, analyst))?.map(({ form }) => form)
  assert.deepEqual([...new Set(forms)], ['preparedness.need.form-unapproved'])
  assert.match((await preparedness.incidentClocks?.(services, analyst, incident))?.[0]?.title ?? '', /Not approved/)
  await approve()
  assert.match(await show(run), /Approved since, as version 1/)
  assert.match(await show(`${run}/review`), /Departures \(1\)/, 'that it was not approved then stays')
  assert.match((await emergency(reason, bearer)).text, /A version is in force now/)
  await write('steps', { title: 'One more', role })
  await approve()
  assert.match(await show(run), /Version 2 is in force since/)
  await ask('POST', `${run}/move`, { viewer: analyst, input: { id: newId(), version: 2, reason: 'Complete now' } })
  assert.match(await show(run), /Moved over to version 2: Complete now/)
  await assert.rejects(
    ask('POST', `${path}/emergency`, {
      viewer: personOf('outsider', /./, 'CLEAR'),
      input: { id: newId(), plan, seen: newId(), reason: 'x' },
    }),
    refused('incidents.not-found'),
  )
})

test('a run that began unapproved moves over to the version that was approved in place of what it began with', async (t) => {
  const { seen, post, plan, path, show, approve, write, role, ask, analyst } = await preparedHouse(t)
  const { answer } = await post(bearer, `${path}/emergency`, { plan, seen: await seen(), reason: 'It burns' })
  const run = 'redirect' in answer ? answer.redirect : assert.fail('not started')
  await write('steps', { title: 'Call the minister', role })
  await approve()
  assert.match(await show(run), /Not approved.*Version 1 is in force since This run keeps what nobody approved/)
  assert.doesNotMatch(await show(run), /Call the minister/)
  await ask('POST', `${run}/move`, { viewer: analyst, input: { id: newId(), version: 1, reason: 'Approved now' } })
  const moved = await show(run)
  assert.match(moved, /Began unapproved; runs by version 1 now/)
  assert.match(moved, /Call the minister/)
})

test('a plan in force lies on the device of who holds a role in it, without its runs, and only at a marking that may', async (t) => {
  const { approve, start, write, plan, services, show, post, analyst } = await preparedHouse(t)
  const keeping = { at: 0, until: 1, sealed: false }
  const onDevice = (viewer: Viewer): Viewer => ({ ...viewer, ceiling: 'GREEN', classes: [], keeping })
  const route = preparedness.routes?.(services).find(({ path, method }) => path === '/plans/:plan' && method === 'GET')
  const mayLie = (viewer: Viewer, query = '') =>
    route?.keep?.({ services, viewer: onDevice(viewer), params: { plan }, query: new URLSearchParams(query) } as never)
  const deputy = withoutOffice(colleague)
  assert.equal(await mayLie(deputy), false, 'nothing is in force yet')
  await approve()
  const run = await start()
  await post(analyst, `${run}/lessons`, { words: 'A lesson of the incident' })
  assert.equal(await mayLie(deputy), true)
  assert.equal(await mayLie(deputy, 'version=1'), false)
  assert.equal(await mayLie(withoutOffice(personOf('stranger'))), false)
  const kept = await show(`/plans/${plan}`, onDevice(deputy))
  assert.match(kept, /Call the other side.*within 30 minutes.*Duty officer/)
  assert.doesNotMatch(kept, /A lesson of the incident|Runs and drills|Open an incident|Change/)
  assert.match(await show(`/plans/${plan}`, deputy), /A lesson of the incident/)
  await write('head', { name: 'Bank raid', marking: 'AMBER', trigger: 'chancery-1:serious' })
  assert.equal(await mayLie(deputy), false, 'what is written for the next version is marked above it')
})
