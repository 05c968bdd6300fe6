import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ask, openCase, personOf, redirectOf, sentNotices, twoParties } from '../../../../test/support/incident-room.ts'
import type { Viewer } from '../../../core/auth/types.ts'
import type { Refusal } from '../../../core/http/index.ts'
import type { Services } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { newId } from '../../../protocol/index.ts'
import { brief } from '../../brief/index.ts'
import { lines } from '../../lines/index.ts'
import { incidents, linkSpace, listIncidentChoices, listIncidents } from '../index.ts'

const lead = personOf('analyst')
const colleague = personOf('colleague')
const press = { id: 'press', name: { en: 'Press' } }
const outsider: Viewer = { ...personOf('outsider'), office: press, offices: [press] }
const notFound = (error: Refusal) => error.code === 'incidents.not-found'
const refused = (code: string) => (error: Refusal) => error.code === code

async function post(services: Services, viewer: Viewer, path: string, input: Record<string, unknown> = {}) {
  return (await ask('POST', path, { services, viewer, json: true, input: { id: newId(), ...input } })).answer
}

async function open(services: Services, viewer: Viewer, input: Record<string, unknown> = {}): Promise<string> {
  const given = { title: 'An incident', category: 'fraud', ...input }
  return redirectOf(await post(services, viewer, '/incidents', given))
}

/** Everything this person can see of incidents, without the ids that forms draw anew. */
async function everythingSeen(services: Services, viewer: Viewer, spaces: readonly string[]): Promise<string> {
  const known = await listIncidents(services, viewer)
  const pages = ['/incidents', ...known.flatMap(({ id }) => pagesOf(id))]
  const seen = await Promise.all(
    pages.map(async (page) =>
      (await ask('GET', page, { services, viewer })).html.replaceAll(/value="[0-9a-f]{32}"/g, ''),
    ),
  )
  return JSON.stringify([
    known,
    seen,
    await incidents.homeRecords?.(services, viewer),
    await incidents.needs?.(services, viewer),
    await lines.homeRecords?.(services, viewer),
    await brief.needs?.(services, viewer),
    await lines.needs?.(services, viewer),
    await Promise.all(spaces.map((space) => listIncidentChoices(services, viewer, space))),
  ])
}

const pagesOf = (id: string) =>
  ['', '/record', '/weighing', '/objects', '/readers', '/particulars', '/brief', '/lines', '/lines/say'].map(
    (page) => `/incidents/${id}${page}`,
  )

interface Hidden {
  marking: Tlp
  drill: boolean
  reader: 'colleague' | 'desk' | 'nobody'
  said: ('facts' | 'log' | 'evidence' | 'bottom-line' | 'severity' | 'link' | 'lines' | 'particulars')[]
  compartment: boolean
}

const hidden = fc.record<Hidden>({
  marking: fc.constantFrom<Tlp>('CLEAR', 'GREEN', 'AMBER', 'RED'),
  drill: fc.boolean(),
  reader: fc.constantFrom('colleague', 'desk', 'nobody'),
  said: fc.uniqueArray(
    fc.constantFrom('facts', 'log', 'evidence', 'bottom-line', 'severity', 'link', 'lines', 'particulars'),
  ),
  compartment: fc.boolean(),
})

/** All that can be said in one, beside what chance gives. */
const everything = (compartment: boolean): Hidden => ({
  marking: 'AMBER',
  drill: false,
  reader: 'colleague',
  said: ['facts', 'log', 'evidence', 'bottom-line', 'severity', 'link', 'lines', 'particulars'],
  compartment,
})

async function write(services: Services, at: string, plan: Hidden, more: { space: string; compartment?: string }) {
  const { compartment } = more
  const in_ = compartment === undefined ? {} : { compartment }
  const forms: Record<Hidden['said'][number], () => Promise<unknown>> = {
    facts: () => post(services, lead, `${at}/facts`, { kind: 'known', words: 'Hidden words', ...in_ }),
    particulars: () =>
      post(services, lead, `${at}/particulars`, { kind: 'category', code: 'crime', knownBy: 'Hidden name', ...in_ }),
    log: () => post(services, lead, `${at}/log`, { entry: 'Hidden entry', ...in_ }),
    evidence: () =>
      post(services, lead, `${at}/evidence`, {
        words: 'Hidden item',
        source: 'A person',
        identity: 'Hidden name',
        reliability: 'A',
        credibility: '1',
        'mark-1': '--',
        ...in_,
      }),
    'bottom-line': async () =>
      compartment ?? post(services, lead, `${at}/bottom-line`, { first: 'a', second: 'b', third: 'c' }),
    severity: async () =>
      compartment ?? post(services, lead, `${at}/severity/chancery-1`, { service: '1', data: '1', why: 'First look' }),
    link: async () => compartment ?? linkSpace(services, lead, at.split('/').at(-1) as string, more.space),
    lines: async () => compartment ?? post(services, lead, `${at}/brief/lines`, { lines: 'Hidden line' }),
  }
  for (const form of plan.said) await forms[form]()
}

test('whether a hidden incident or compartment exists changes nothing that an outsider sees, on any page or in any count', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const spaces = { true: (await openCase(services, true)).id, false: (await openCase(services, false)).id }
  const visible = await open(services, lead, { title: 'Known to all' })
  await post(services, lead, `${visible}/hypotheses`, { statement: 'Somebody else' })
  await post(services, lead, `${visible}/facts`, { kind: 'known', words: 'Known words' })
  await post(services, lead, `${visible}/particulars`, { kind: 'category', code: 'espionage', knownBy: 'CERT' })
  const watchers = [outsider, { ...outsider, ceiling: 'AMBER' as const }]
  const watch = () => Promise.all(watchers.map((one) => everythingSeen(services, one, Object.values(spaces))))
  let opened = 0
  await fc.assert(
    fc.asyncProperty(hidden, async (plan) => {
      const before = await watch()
      opened += 1
      const space = spaces[`${plan.compartment ? false : plan.drill}`]
      if (plan.compartment) {
        const compartment = newId()
        await post(services, lead, `${visible}/readers/compartments`, { id: compartment, name: 'Hidden set' })
        if (plan.reader === 'colleague')
          await post(services, lead, `${visible}/readers`, { who: 'person:colleague', compartment })
        await write(services, visible, plan, { space, compartment })
      } else {
        const { marking, drill } = plan
        const id = await open(services, lead, {
          title: 'Hidden title',
          codeName: `Hidden Name ${opened}`,
          readers: 'named',
          marking,
          drill: drill ? 'yes' : 'no',
        })
        await post(services, lead, `${id}/hypotheses`, { statement: 'Hidden hypothesis' })
        if (plan.reader === 'colleague') await post(services, lead, `${id}/readers`, { who: 'person:colleague' })
        if (plan.reader === 'desk') await post(services, lead, `${id}/readers`, { who: 'office:cyber-desk' })
        await write(services, id, plan, { space })
        for (const page of [id, ...pagesOf(id.split('/').at(-1) as string)])
          await assert.rejects(ask('GET', page, { services, viewer: outsider }), notFound)
        const seen = (await ask('GET', '/incidents', { services, viewer: colleague })).html
        assert.equal(seen.includes(id), plan.reader !== 'nobody', 'a named reader finds it in the list')
        await post(services, lead, `${id}/state`, { state: 'closed' })
      }
      assert.deepEqual(await watch(), before)
    }),
    { numRuns: 8, examples: [[everything(false)], [everything(true)]] },
  )
  const next = await open(services, outsider, { title: 'The next one', codeName: `hidden name ${opened}` })
  const { html } = await ask('GET', next, { services, viewer: outsider })
  assert.match(html, /INC 2026\/2/, 'no number is missing, and a name that is taken where they may not look is free')
})

test('a compartment is read by its readers, counted for nobody else, and its items weigh only for them', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const at = await open(services, lead)
  await post(services, lead, `${at}/hypotheses`, { statement: 'One' })
  const compartment = newId()
  await post(services, lead, `${at}/readers/compartments`, { id: compartment, name: 'Source Delta' })
  await post(services, lead, `${at}/readers`, { who: 'person:colleague', compartment })
  const item = { words: 'From Delta', source: 'A person', identity: 'J. Doe', reliability: 'A', credibility: '2' }
  await post(services, lead, `${at}/evidence`, { ...item, compartment, deputy: 'deputy', 'mark-1': '--' })
  await post(services, lead, `${at}/evidence`, { ...item, words: 'From the register', identity: '' })
  const weighing = async (viewer: Viewer) => (await ask('GET', `${at}/weighing`, { services, viewer })).html
  const [ours, theirs] = await Promise.all([weighing(colleague), weighing(outsider)])
  assert.match(ours, /From Delta.*Source Delta/s)
  assert.match(ours, /A2/, 'the grade is for all readers')
  assert.doesNotMatch(ours, /J\. Doe/, 'the identity is for the handler and the deputy')
  assert.match(await weighing(lead), /J\. Doe/)
  await post(services, lead, `${at}/readers`, { who: 'person:deputy', compartment })
  assert.match(await weighing(personOf('deputy')), /J\. Doe/)
  assert.doesNotMatch(theirs, /Delta|J\. Doe/)
  assert.match(theirs, />1\. .*From the register/s, 'items are numbered as if there were no others')
  await assert.rejects(
    post(services, outsider, `${at}/facts`, { kind: 'known', words: 'x', compartment }),
    refused('incidents.compartment-not-found'),
  )
  const fact = newId()
  await post(services, lead, `${at}/facts`, { id: fact, kind: 'known', words: 'Open fact' })
  await assert.rejects(
    post(services, lead, `${at}/facts`, { kind: 'known', words: 'Hidden one', compartment, replaces: fact }),
    refused('incidents.fact-changed'),
  )
})

test('only the lead decides on readers; whoever is no longer named finds no such incident', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const at = await open(services, lead)
  await assert.rejects(post(services, colleague, `${at}/readers/restrict`), refused('incidents.not-the-lead'))
  await post(services, lead, `${at}/readers/restrict`)
  await assert.rejects(ask('GET', at, { services, viewer: colleague }), notFound)
  await post(services, lead, `${at}/readers`, { who: 'person:colleague' })
  const reader = await services.db.selectFrom('home.incidents_reader').select('id').executeTakeFirstOrThrow()
  for (const language of ['en', 'fr', 'ar'])
    assert.doesNotMatch(
      (await ask('GET', `${at}/readers`, { services, viewer: lead, language })).html,
      /need-to-know\./,
    )
  assert.match(
    (await ask('GET', `${at}/readers`, { services, viewer: colleague })).html,
    /Only the lead and the readers/,
  )
  await post(services, lead, `${at}/readers/${reader.id}/end`)
  await assert.rejects(ask('GET', at, { services, viewer: colleague }), notFound)
  await post(services, lead, `${at}/readers/lead`, { lead: 'colleague' })
  await assert.rejects(ask('GET', at, { services, viewer: lead }), notFound)
  await post(services, colleague, `${at}/readers/open`)
  assert.match((await ask('GET', at, { services, viewer: outsider })).html, /INC 2026\/1/)
})

test('two persons break the glass: asking tells nothing, the second one opens it for a day, and its lead is told', async (t) => {
  const { aurelia: services } = await twoParties(t)
  const at = await open(services, lead, { readers: 'named', codeName: 'Quiet Bridge' })
  const second = personOf('second')
  const glass = '/incidents/break-glass'
  const answers = await Promise.all(
    ['quiet bridge', 'No Such Name'].map((askedFor) =>
      post(services, outsider, glass, { askedFor, why: 'The lead is away' }),
    ),
  )
  assert.deepEqual(answers[0], answers[1], 'the answer is the same whether or not there is one')
  await assert.rejects(ask('GET', at, { services, viewer: outsider }), notFound)
  const requests = await services.db.selectFrom('home.incidents_break_glass').selectAll().execute()
  const [real, none] = ['quiet bridge', 'No Such Name'].map(
    (name) => requests.find((one) => one.asked_for === name)?.id,
  )
  await assert.rejects(post(services, outsider, `${glass}/${real}/agree`), refused('incidents.own-glass'))
  assert.equal((await incidents.needs?.(services, second))?.length, 2)
  for (const language of ['en', 'fr', 'ar'])
    assert.doesNotMatch((await ask('GET', glass, { services, viewer: second, language })).html, /need-to-know\./)
  await post(services, second, `${glass}/${none}/agree`)
  assert.equal(sentNotices.length, 0)
  await post(services, second, `${glass}/${real}/agree`)
  assert.match((await ask('GET', at, { services, viewer: outsider })).html, /The glass was broken.*Name of outsider/s)
  await assert.rejects(ask('GET', at, { services, viewer: second }), notFound, 'the second person reads nothing')
  assert.match(JSON.stringify(sentNotices), /"person":"analyst".*"urgency":"page"/)
  assert.deepEqual(
    (await incidents.needs?.(services, lead))?.map(({ verb }) => verb),
    ['need-to-know.take-note'],
  )
  await post(services, lead, `${at}/readers/glass-seen`)
  assert.deepEqual(await incidents.needs?.(services, lead), [])
  const tomorrow = { ...services, clock: { now: () => services.clock.now() + 25 * 3_600_000 } }
  await assert.rejects(ask('GET', at, { services: tomorrow, viewer: outsider }), notFound)
})
