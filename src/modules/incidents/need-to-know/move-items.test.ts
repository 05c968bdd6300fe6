import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import type { Viewer } from '../../../core/auth/types.ts'
import { migrations as authMigrations } from '../../../core/auth/index.ts'
import { migrations as clockMigrations } from '../../../core/clocks/index.ts'
import type { Module } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { lines } from '../../lines/index.ts'
import { incidents, listIncidents } from '../index.ts'

const people: Module = { name: 'people', migrations: authMigrations }
const clocks: Module = { name: 'clocks', migrations: clockMigrations }
const lead = personOf('analyst')
const press = { id: 'press', name: { en: 'Press' } }
const outsider: Viewer = { ...personOf('outsider'), office: press, offices: [press] }
const everybody = ['analyst', 'colleague', 'outsider']

async function house(t: TestContext) {
  const made = await incidentHouse(t, [people, incidents, lines, clocks])
  const { services, ask } = made
  const here = new Set(everybody)
  const known = (id: string) => ({ id, name: `Name of ${id}`, roles: [], offices: [] })
  const sent: { person: string; message: string }[] = []
  Object.assign(services.people, {
    find: async (id: string) => (here.has(id) ? known(id) : undefined),
    list: async () => [...here].map(known),
    holding: async () => [...here],
  })
  Object.assign(services.ledger, { content: async () => new Map() })
  Object.assign(services, { notices: { send: async (_: unknown, notice: never) => void sent.push(notice) } })
  const post = (viewer: Viewer, path: string, input: Record<string, unknown> = {}) =>
    ask('POST', path, { viewer, json: true, input: { id: newId(), ...input } })
  const page = async (viewer: Viewer, path: string, language?: string) =>
    ask('GET', path, { viewer, ...(language && { language }) })
  const at = `/incidents/${made.incident}`
  return { ...made, moment: made.at, at, post, page, here, sent }
}
type House = Awaited<ReturnType<typeof house>>

/** Stands in the incident before anything secret is written. */
const hypothesis = newId()
const pages = [
  ...['', '/record', '/weighing', '/objects', '/readers', '/particulars', '/lines', '/alike', '/readers/move'],
  `/weighing/diamond/${hypothesis}`,
]

/** All that this person sees of the house's incidents, without ids that forms draw anew. */
async function everythingSeen({ services, at, page }: House, viewer: Viewer): Promise<string> {
  const seen = await Promise.all(
    ['/incidents', ...pages.filter((one) => one !== '/readers/move').map((one) => `${at}${one}`)].map(async (one) =>
      (await page(viewer, one)).html.replaceAll(/value="[0-9a-f]{32}"/g, ''),
    ),
  )
  return JSON.stringify([
    seen,
    await listIncidents(services, viewer),
    await incidents.homeRecords?.(services, viewer),
    await incidents.needs?.(services, viewer),
    await lines.homeRecords?.(services, viewer),
  ])
}

type Kind = 'fact' | 'replaced-fact' | 'particular' | 'disputed' | 'entry' | 'evidence' | 'placed'

/** Writes an item for all readers and names it. */
async function write({ at, post, ask }: House, kind: Kind): Promise<{ kind: string; id: string }> {
  const id = newId()
  const fact = (words: string, more = {}) => post(lead, `${at}/facts`, { id, kind: 'known', words, ...more })
  switch (kind) {
    case 'fact':
      await fact('Secret words')
      return { kind: 'fact', id }
    case 'replaced-fact': {
      const before = newId()
      await fact('Secret words before', { id: before })
      await fact('Secret words', { replaces: before })
      return { kind: 'fact', id }
    }
    case 'particular':
    case 'disputed':
      await post(lead, `${at}/particulars`, { id, kind: 'victim', words: 'Secret victim', knownBy: 'Secret name' })
      if (kind === 'disputed')
        await post(lead, `${at}/particulars/${id}/contest`, { by: 'Secret contester', why: 'Secret reason' })
      return { kind: 'particular', id }
    case 'entry':
      await post(lead, `${at}/log`, { id, entry: 'Secret entry' })
      return { kind: 'entry', id }
    case 'placed': {
      const placing = newId()
      const diamond = `${at}/weighing/diamond/${hypothesis}/placings`
      await fact('Secret words')
      await post(lead, diamond, {
        ...{ id: placing, item: `fact:${id}`, place: 'victim', confidence: 'low', why: 'Secret reason' },
      })
      await post(lead, `${diamond}/${placing}/steps`, {
        kind: 'moved',
        into: 'capability',
        why: 'Secret second thought',
      })
      return { kind: 'fact', id }
    }
    case 'evidence':
      await post(lead, `${at}/evidence`, {
        id,
        words: 'Secret item',
        source: 'Secret source',
        reliability: 'A',
        credibility: '1',
        'mark-1': '--',
      })
      await ask('POST', `${at}/evidence/${id}/grade`, {
        viewer: lead,
        input: { reliability: 'B', credibility: '2', 'mark-1': '+' },
      })
      return { kind: 'evidence', id }
  }
}

test('an item moved into a compartment leaves no trace for anybody else, as if it had never been written', async (t) => {
  const made = await house(t)
  const { at, post, page } = made
  // Lines of one moment stand in no certain order.
  made.moment('2026-11-10T08:01:00Z')
  await post(lead, `${at}/hypotheses`, { id: hypothesis, statement: 'Somebody else' })
  made.moment('2026-11-10T08:02:00Z')
  await post(lead, `${at}/facts`, { kind: 'known', words: 'Known words' })
  made.moment('2026-11-10T08:03:00Z')
  await post(lead, `${at}/particulars`, { kind: 'victim', words: 'Known victim', knownBy: 'CERT' })
  const watchers = [outsider, { ...outsider, ceiling: 'AMBER' as const }]
  const watch = () => Promise.all(watchers.map((one) => everythingSeen(made, one)))
  const kinds = fc.constantFrom<Kind>('fact', 'replaced-fact', 'particular', 'disputed', 'entry', 'evidence', 'placed')
  const reader = fc.constantFrom('colleague', undefined)
  const everyKind: Kind[] = ['fact', 'replaced-fact', 'particular', 'disputed', 'entry', 'evidence', 'placed']
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 3 }), reader, async (written, who) => {
      const before = await watch()
      const compartment = newId()
      await post(lead, `${at}/readers/compartments`, { id: compartment, name: 'Secret set' })
      if (who) await post(lead, `${at}/readers`, { who: `person:${who}`, compartment })
      const items: Record<string, string[]> = {}
      for (const kind of written) {
        const item = await write(made, kind)
        items[item.kind] = [...(items[item.kind] ?? []), item.id]
      }
      assert.match(JSON.stringify(await watch()), /Secret/, 'it could be seen until then')
      const move = { id: newId(), into: compartment, why: 'Secret source at risk', ...items }
      for (const _ of [1, 2]) await post(lead, `${at}/readers/move`, move)
      assert.deepEqual(await watch(), before)
      if (who) assert.match(await everythingSeen(made, personOf(who)), /Secret (words|victim|entry|item)/)
    }),
    { numRuns: 5, examples: [[everyKind, 'colleague']] },
  )
  for (const language of ['en', 'fr', 'ar']) {
    assert.match((await page(lead, `${at}/readers/move`, language)).html, /name="fact"/)
    assert.match((await page(lead, `${at}/readers`, language)).html, /Secret source at risk/)
  }
})

test('who could see a moved item until then stands with the reason; what was told elsewhere does not move', async (t) => {
  const { at, post, page } = await house(t)
  const compartment = newId()
  const [moved, rested] = [newId(), newId()]
  await post(lead, `${at}/readers/compartments`, { id: compartment, name: 'Source desk' })
  for (const id of [moved, rested]) await post(lead, `${at}/facts`, { id, kind: 'known', words: `Words of ${id}` })
  const move = { into: compartment, why: 'It names the source' }
  await assert.rejects(post(personOf('colleague'), `${at}/readers/move`, { ...move, fact: moved }), {
    code: 'incidents.compartment-not-found',
  })
  await post(lead, `${at}/readers/move`, { ...move, fact: moved })
  const { text } = await page(lead, `${at}/readers`)
  assert.match(text, new RegExp(`Fact: Words of ${moved} .*Source desk.*It names the source.*Everybody of this house`))
  assert.doesNotMatch((await page(outsider, `${at}/readers`)).text, /It names the source/)
  await post(lead, `${at}/readers/move`, { into: 'whole', why: 'No longer at risk', fact: moved })
  assert.match((await page(outsider, at)).text, new RegExp(`Words of ${moved}`))
  await post(lead, `${at}/lines`, {
    kind: 'holding',
    words: 'We are aware.',
    language: 'en',
    audience: 'public',
    marking: 'GREEN',
    restsOn: [`fact:${rested}`],
  })
  await assert.rejects(post(lead, `${at}/readers/move`, { ...move, fact: rested }), {
    code: 'incidents.move-rested-on',
  })
})

test('a source is handed over with its reason, seen by its new handler only, and never lost with whoever leaves', async (t) => {
  const { services, at, post, page, here } = await house(t)
  const evidence = newId()
  await post(lead, `${at}/hypotheses`, { statement: 'Somebody else' })
  const item = { words: 'A report', source: 'A person', reliability: 'A', credibility: '1', 'mark-1': '--' }
  await post(personOf('colleague'), `${at}/evidence`, { id: evidence, ...item, identity: 'Secret name' })
  const source = `${at}/evidence/${evidence}/source`
  const notFound = { code: 'incidents.evidence-not-found' }
  await assert.rejects(page(lead, source), notFound, 'not even the lead')
  await assert.rejects(post(lead, `${source}/handler`, { handler: 'outsider', handlerWhy: 'x' }), notFound)
  for (const language of ['en', 'fr', 'ar'])
    assert.match((await page(personOf('colleague'), source, language)).html, /Secret name/)
  await post(personOf('colleague'), `${source}/deputy`, { deputy: 'analyst', deputyWhy: 'On leave' })
  assert.match((await page(lead, source)).text, /Secret name.*On leave/)
  await assert.rejects(post(lead, `${source}/handler`, { handler: 'outsider', handlerWhy: 'x' }), {
    code: 'incidents.not-the-handler',
  })
  const step = { id: newId(), handler: 'outsider', handlerWhy: 'New desk' }
  await post(personOf('colleague'), `${source}/handler`, step)
  await assert.rejects(page(personOf('colleague'), source), notFound, 'whoever handed it over knows it no more')
  await post(outsider, `${source}/deputy`, { deputy: '', deputyWhy: 'Nobody else' })
  here.delete('outsider')
  assert.deepEqual(
    (await incidents.needs?.(services, lead))?.map(({ verb }) => verb),
    ['need-to-know.source.name-handler'],
  )
  const orphan = await page(lead, source)
  assert.match(orphan.text, /nobody in it knows the source/)
  assert.doesNotMatch(orphan.html, /Secret name/)
  await post(lead, `${source}/handler`, { handler: 'colleague', handlerWhy: 'The handler left' })
  assert.match((await page(personOf('colleague'), source)).text, /Secret name.*The handler left/)
  await assert.rejects(page(lead, source), notFound)
  assert.match((await page(lead, at)).text, /source of evidence 1 has another handler/)
  assert.doesNotMatch((await page(lead, `${at}/weighing`)).html, /Secret name/)
})

test('an incident whose lead left the house gets another from whoever reads it, minuted, and nobody is locked out', async (t) => {
  const { services, incident, at, post, page, here, sent } = await house(t)
  await post(lead, `${at}/readers`, { who: 'person:colleague' })
  await post(lead, `${at}/readers/restrict`)
  const colleague = personOf('colleague')
  const named = { newLead: 'colleague', why: 'Left in autumn' }
  await assert.rejects(post(colleague, `${at}/readers/new-lead`, named), { code: 'incidents.lead-is-here' })
  here.delete('analyst')
  await assert.rejects(post(outsider, `${at}/readers/new-lead`, named), { code: 'incidents.not-found' })
  assert.deepEqual(await incidents.needs?.(services, outsider), [])
  assert.deepEqual(
    (await incidents.needs?.(services, colleague))?.map(({ href }) => href),
    [`${at}/readers#new-lead`],
  )
  for (const language of ['en', 'fr', 'ar'])
    assert.match((await page(colleague, `${at}/readers`, language)).html, /name="newLead"/)
  await assert.rejects(post(colleague, `${at}/readers/new-lead`, { ...named, newLead: 'analyst' }), {
    code: 'incidents.nobody-such',
  })
  for (const _ of [1, 2]) await post(colleague, `${at}/readers/new-lead`, named)
  assert.match((await page(colleague, at)).text, /Name of colleague leads now.*Left in autumn/)
  assert.deepEqual(
    sent.map(({ person }) => person),
    ['colleague'],
  )
  await post(colleague, `${at}/readers/open`)
  assert.equal(
    (await listIncidents(services, outsider)).some(({ id }) => id === incident),
    true,
  )
})

test('a hidden incident that lost its lead and all who read it reaches two persons by its reference, and nobody else by anything', async (t) => {
  const { services, incident, at, post, page, ask, here, sent, moment } = await house(t)
  await post(lead, `${at}/readers`, { who: 'person:colleague' })
  await post(lead, `${at}/readers/restrict`)
  for (const id of ['second', 'clerk']) here.add(id)
  const [first, second] = [personOf('outsider'), personOf('second')]
  const clerk = personOf('clerk', /^incidents/)
  const low = personOf('low', /./, 'GREEN')
  const told = async (viewer: Viewer) =>
    (await incidents.needs?.(services, viewer))?.map(({ form, headline }) => [form, headline])
  here.delete('analyst')
  assert.deepEqual(await told(first), [], 'whoever still reads it names the lead')
  here.delete('colleague')
  const reference = 'INC 2026/1'
  for (const one of [first, second]) assert.deepEqual(await told(one), [['need-to-know.unreachable.form', reference]])
  for (const one of [clerk, low]) assert.deepEqual(await told(one), [])
  const glass = '/incidents/break-glass'
  for (const language of ['en', 'fr', 'ar']) {
    const { html } = await page(first, `${glass}?for=${encodeURIComponent(reference)}`, language)
    assert.match(html, /value="INC 2026\/1"/)
    assert.doesNotMatch(html, new RegExp(`${incident}|water works|need-to-know\\.`))
  }
  assert.doesNotMatch((await page(low, glass)).html, /INC 2026/)

  await post(first, glass, { askedFor: reference, why: 'It has no lead' })
  assert.deepEqual(await told(first), [], 'it waits for a second person')
  assert.deepEqual(await told(second), [['need-to-know.glass.title', reference]])
  const request = await services.db.selectFrom('home.incidents_break_glass').select('id').executeTakeFirstOrThrow()
  await post(second, `${glass}/${request.id}/agree`)
  assert.deepEqual(sent, [], 'a lead who left is told of nothing')
  assert.deepEqual(await told(second), [])
  assert.deepEqual(await told(first), [['need-to-know.lead-left', 'Disruption of a water works']])
  // Lines of one moment stand in no certain order.
  moment('2026-11-10T09:00:00Z')
  await post(first, `${at}/readers/new-lead`, { newLead: 'clerk', why: 'Runs the desk now' })
  const { text } = await ask('GET', at, { viewer: clerk })
  assert.match(text, /The glass was broken.*It has no lead.*Name of clerk leads now.*Runs the desk now/s)
  for (const one of [first, second]) assert.deepEqual(await told(one), [])
})
