import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { incidentHouse, personOf, reasons } from '../../../../test/support/incident-house.ts'
import type { Viewer } from '../../../core/auth/types.ts'
import { migrations as attachmentMigrations } from '../../../core/attachments/index.ts'
import { migrations as clockMigrations } from '../../../core/clocks/index.ts'
import type { Module, Services } from '../../../core/module/types.ts'
import { blobMigrations } from '../../../core/storage/index.ts'
import { newId } from '../../../protocol/index.ts'
import type { BundleObject } from '../../exchange/index.ts'
import { disputeParticular, stateParticular } from '../facts/state-particular.ts'
import { incidents, openIncident } from '../index.ts'
import { openToHouse, restrictIncident } from '../need-to-know/readers.ts'
import { addObjects } from '../open/open-incident.ts'
import { loadIncident } from '../read/load-incident.ts'
import { writeFact, writeLogEntry } from '../record/keep-record.ts'
import { listShareable } from '../share/list-shareable.ts'
import { readAffected } from '../weigh/affected.ts'
import { addEvidence, regradeEvidence, withdrawEvidence } from '../weigh/keep-evidence.ts'
import { addHypothesis, moveHypothesis } from '../weigh/keep-hypotheses.ts'
import { consistencies, type Consistency, credibilities, reliabilities } from '../weigh/marks.ts'
import { rank } from '../weigh/ranking.ts'
import { inForce, readWeighing, standing } from '../weigh/weighing.ts'
import { listRegrades } from '../weigh/regrades.ts'
import { mergeIncident } from './merge-incidents.ts'
import { type ChosenRows, splitIncident } from './split-incident.ts'

const clocks: Module = { name: 'clocks', migrations: clockMigrations }
const files: Module = { name: 'files', migrations: [...blobMigrations, ...attachmentMigrations] }
const house = (t: TestContext) => incidentHouse(t, [clocks, files, incidents])
const nothing: ChosenRows = { facts: [], entries: [], particulars: [], evidence: [], objects: [] }
const fresh = {
  ...{ title: 'Pumps stopped', summary: '', category: 'availability', drill: false },
  ...{ ceiling: 'RED' as const, marking: 'AMBER' as const, source: { kind: 'form' as const } },
}

const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

function object(type: string, n: number, more: Partial<BundleObject> = {}): BundleObject {
  const id = `${type}--${uuid(n)}`
  const ends = more.ends ?? []
  const named = [id, ...ends, ...(more.mentions ?? [])].map((one) => one.slice(-36))
  const text = JSON.stringify({ type, id, named })
  return {
    id,
    type,
    version: '',
    name: `${type} ${n}`,
    tlp: 'AMBER',
    markedBy: 'object',
    text,
    ...more,
    ends,
    mentions: named,
  }
}

/** Everything that stands in an incident, its lines about how it was opened left out. */
async function contentsOf({ db }: Services, id: string): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`
    select 'fact ' || id as what from home.incidents_fact where incident = ${id}
    union all select 'line ' || id from home.incidents_entry where incident = ${id} and kind not like 'opened%'
    union all select 'particular ' || id from home.incidents_particular where incident = ${id}
    union all select 'dispute ' || id from home.incidents_dispute where incident = ${id}
    union all select 'object ' || stix_id from home.incidents_object where incident = ${id}
    union all select 'evidence ' || id || ' ' || number || ' ' || reliability || credibility || ' ' || coalesce(withdrawn_at, 0)
      from home.incidents_evidence where incident = ${id}`.execute(db)
  return rows.map(({ what }) => what).toSorted()
}

/** The ranking of an incident by the numbers of its hypotheses. */
async function rankingOf(services: Services, viewer: Viewer, id: string) {
  const { hypotheses, ranking } = await readWeighing(services, viewer, id)
  return byNumber(hypotheses, ranking)
}

function byNumber(hypotheses: readonly { id: string; number: number }[], ranking: ReturnType<typeof rank>) {
  const numbers = new Map(hypotheses.map((one) => [one.id, one.number]))
  return {
    ...ranking,
    ranked: ranking.ranked.map(({ hypothesis, ...one }) => ({ ...one, number: numbers.get(hypothesis) })),
    decisive: ranking.decisive.map(({ evidence, leading }) => [evidence, leading.map((one) => numbers.get(one))]),
  }
}

const plan = fc.record({
  hypotheses: fc.integer({ min: 1, max: 3 }),
  drop: fc.boolean(),
  items: fc.array(
    fc.record({
      goes: fc.boolean(),
      withdrawn: fc.boolean(),
      reliability: fc.constantFrom(...reliabilities),
      credibility: fc.constantFrom(...credibilities),
      marks: fc.array(fc.constantFrom(...consistencies), { minLength: 3, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  lines: fc.array(fc.record({ kind: fc.constantFrom('facts', 'entries', 'particulars'), goes: fc.boolean() }), {
    maxLength: 4,
  }),
  objects: fc.array(fc.boolean(), { maxLength: 5 }),
  links: fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 4 }),
})

test('what is split off stands in one of the two, and each side is ranked as a fresh count would', async (t) => {
  const { services, analyst } = await house(t)
  const write = {
    facts: async (at: string, id: string) => {
      const before = newId()
      await writeFact(services, analyst, at, { id: before, state: 'unknown', words: `Before ${id}` })
      await writeFact(services, analyst, at, { id, state: 'known', words: `Now ${id}`, replaces: before })
    },
    entries: (at: string, id: string) => writeLogEntry(services, analyst, at, { id, words: id }),
    particulars: async (at: string, id: string) => {
      const stated = { kind: 'victim' as const, value: { words: id }, knownBy: 'CERT', consent: 'not-needed' as const }
      const before = newId()
      await stateParticular(services, analyst, at, { ...stated, id: before })
      await stateParticular(services, analyst, at, { ...stated, id, corrects: before })
      await disputeParticular(services, analyst, at, { id: newId(), particular: id, by: 'The firm', why: 'No' })
    },
  }
  let moved = 0
  await fc.assert(
    fc.asyncProperty(plan, async ({ hypotheses, drop, items, lines, objects, links }) => {
      const from = await openIncident(services, analyst, { ...fresh, id: newId() })
      const ids = Array.from({ length: hypotheses }, () => newId())
      for (const id of ids) await addHypothesis(services, analyst, from, { id, words: id })
      const evidence = items.map((one) => ({ ...one, id: newId() }))
      for (const { id, marks, withdrawn, ...grade } of evidence) {
        const item = { id, words: id, source: 'x', tlp: 'AMBER' as const, reliability: grade.reliability }
        const given = Object.fromEntries(ids.map((one, at) => [one, marks[at] as Consistency]))
        await addEvidence(services, analyst, from, { ...item, credibility: grade.credibility, marks: given })
        if (withdrawn) await withdrawEvidence(services, analyst, from, id)
      }
      if (drop)
        await moveHypothesis(services, analyst, from, {
          id: newId(),
          hypothesis: ids[0] as string,
          kind: 'dropped',
          why: 'x',
        })
      const written = lines.map((one) => ({ ...one, id: newId() }))
      for (const { kind, id } of written) await write[kind](from, id)
      const held = objects.map((goes, n) => ({ goes, ...object('tool', n) }))
      const joins = links
        .filter(([a, b]) => held[a] && held[b])
        .map(([a, b], n) => ({
          goes: held[a]?.goes && held[b]?.goes,
          ...object('relationship', 100 + n, { ends: [held[a]?.id ?? '', held[b]?.id ?? ''] }),
        }))
      const bundle = { id: 'bundle', objects: [...held, ...joins].map(({ goes: _, ...one }) => one) }
      await addObjects(services, analyst, from, { id: newId(), from: 'x.json', bundle })

      const ofKind = (kind: string) => written.filter((one) => one.kind === kind && one.goes).map(({ id }) => id)
      const rows: ChosenRows = {
        ...{ facts: ofKind('facts'), entries: ofKind('entries'), particulars: ofKind('particulars') },
        evidence: evidence.filter(({ goes }) => goes).map(({ id }) => id),
        objects: held.filter(({ goes }) => goes).map(({ id }) => id),
      }
      if (Object.values(rows).every((one) => one.length === 0)) return
      moved += 1
      const before = await contentsOf(services, from)
      const weighed = await readWeighing(services, analyst, from)
      const into = await splitIncident(services, analyst, from, {
        id: newId(),
        title: 'A part',
        why: 'Two places',
        rows,
      })

      const [stayed, went] = [await contentsOf(services, from), await contentsOf(services, into)]
      assert.deepEqual([...stayed, ...went].toSorted(), before, 'each is in one of the two, none in neither')
      const wentOf = (kind: string) => went.filter((one) => one.startsWith(`${kind} `)).map((one) => one.split(' ')[1])
      assert.deepEqual(wentOf('evidence').toSorted(), rows.evidence.toSorted())
      assert.deepEqual(
        wentOf('object').toSorted(),
        [...held, ...joins]
          .filter(({ goes }) => goes)
          .map(({ id }) => id)
          .toSorted(),
      )
      for (const id of [...rows.facts, ...rows.entries, ...rows.particulars]) assert.ok(went.join().includes(id))
      const recounted = (goes: boolean) => {
        const here = weighed.evidence.filter(({ id }) => rows.evidence.includes(id) === goes)
        return byNumber(
          weighed.hypotheses,
          rank(
            standing(weighed.hypotheses).map(({ id }) => id),
            inForce(here),
          ),
        )
      }
      assert.deepEqual(await rankingOf(services, analyst, from), recounted(false))
      if (rows.evidence.length > 0) assert.deepEqual(await rankingOf(services, analyst, into), recounted(true))
    }),
    { numRuns: 8 },
  )
  assert.ok(moved > 4)
})

test('evidence split off keeps number, grades and source; what rested on it says so, and no number is given twice', async (t) => {
  const { services, incident: from, analyst, ask } = await house(t)
  const [first, second] = [newId(), newId()]
  for (const id of [first, second]) await addHypothesis(services, analyst, from, { id, words: `Hypothesis ${id}` })
  const items = [newId(), newId(), newId()] as const
  const common = { source: 'x', reliability: 'B', credibility: '2', tlp: 'AMBER' as const }
  const marks = { [first]: '-', [second]: '++' } as Record<string, Consistency>
  for (const [at, id] of items.entries())
    await addEvidence(services, analyst, from, {
      ...common,
      id,
      words: `Item ${at + 1}`,
      marks,
      sourceIdentity: { identity: `Source of ${at + 1}` },
    })
  await regradeEvidence(services, analyst, from, items[2], {
    reliability: 'A',
    credibility: '1',
    marks,
    why: 'Seen again',
  })
  const judged = { hypothesis: second, probability: 'icd-203:likely', confidence: 'low', ...reasons, why: 'All three.' }
  await ask('POST', `/incidents/${from}/assessments`, { viewer: analyst, input: { id: newId(), ...judged } })

  const form = newId()
  const { text: offered } = await ask('GET', `/incidents/${from}/merge`, { viewer: analyst })
  assert.match(offered, /Items of evidence.*1\. .*Item 1.*3\. .*Item 3/)
  const split = { id: form, title: 'The other town', splitWhy: 'Two towns', evidence: [items[0], items[2]] }
  for (const _ of [1, 2]) await ask('POST', `/incidents/${from}/split`, { viewer: analyst, input: split })
  for (const language of ['en', 'fr', 'ar'])
    for (const at of [from, form])
      assert.match(
        (await ask('GET', `/incidents/${at}`, { viewer: analyst, language })).text,
        /1.{1,8}3.*Two towns|Two towns.*1.{1,8}3/s,
      )
  const { weighing } = await loadIncident(services, analyst, form)
  assert.deepEqual(
    weighing.evidence.map(({ number, words }) => `${number} ${words}`),
    ['1 Item 1', '3 Item 3'],
  )
  assert.deepEqual(
    (await listRegrades(services, analyst, items[2])).map(({ why }) => why),
    ['Seen again'],
  )
  assert.match(
    (await ask('GET', `/incidents/${form}/evidence/${items[2]}/source`, { viewer: analyst })).text,
    /Source of 3/,
  )
  const said = async (id: string) => (await ask('GET', `/incidents/${id}`, { viewer: analyst })).text
  assert.match(await said(form), /Evidence 3 graded anew: A1/, 'what the log says of an item goes with it')
  assert.doesNotMatch(await said(from), /Evidence 3 graded/)

  const fates = async (viewer: Viewer) =>
    (await readAffected(services, viewer, { incidents: [from] })).flatMap(({ changed }) =>
      changed.map(({ number, fate }) => `${number} ${fate}`),
    )
  assert.deepEqual(await fates(analyst), ['1 moved', '3 moved'])
  await addEvidence(services, analyst, from, { ...common, id: newId(), words: 'A later one', marks })
  const { weighing: left } = await loadIncident(services, analyst, from)
  assert.deepEqual(
    left.evidence.map(({ number }) => number),
    [2, 4],
    'the number of what went is not given again',
  )

  await restrictIncident(services, analyst, form)
  const colleague = personOf('colleague')
  assert.deepEqual(await fates(colleague), ['1 gone', '3 gone'], 'who may not know of the other is not told of it')
  assert.doesNotMatch(
    (await ask('GET', `/incidents/${from}`, { viewer: colleague })).text,
    /Two towns|evidence [13]\b/i,
  )
  await openToHouse(services, analyst, form)
  await mergeIncident(services, analyst, form, { id: newId(), into: from, why: 'One after all' })
  assert.match((await ask('GET', `/incidents/${from}`, { viewer: analyst })).text, /2 hypotheses, 2 items of evidence/)
  await assert.rejects(
    splitIncident(services, analyst, from, {
      id: newId(),
      title: 'x',
      why: 'x',
      rows: { ...nothing, evidence: [items[0]] },
    }),
    { code: 'incidents.split-rows' },
  )
})

test('objects go with what joins them and what defines their marking; what cannot go says why', async (t) => {
  const { services, incident: from, analyst, ask } = await house(t)
  const rule = object('marking-definition', 1)
  const [relay, panel, bank] = [
    object('tool', 2, { name: 'Relay', mentions: [rule.id] }),
    object('tool', 3, { name: 'Panel' }),
    object('identity', 4, { name: 'Bank', tlp: 'RED' }),
  ]
  const inside = object('relationship', 5, { ends: [relay.id, panel.id] })
  const across = object('relationship', 6, { ends: [relay.id, bank.id] })
  const older = { ...relay, version: '2026-01-01T00:00:00Z' }
  const bundle = { id: 'bundle', objects: [rule, older, relay, panel, bank, inside, across] }
  await addObjects(services, analyst, from, { id: newId(), from: 'x.json', bundle })
  await addHypothesis(services, analyst, from, { id: newId(), words: 'Somebody else' })
  const common = { source: 'x', reliability: 'B', credibility: '2', tlp: 'AMBER' as const, marks: {} }
  const item = newId()
  await addEvidence(services, analyst, from, { ...common, id: item, words: 'The panel answers', stixId: panel.id })
  const split = (input: object, viewer = analyst) =>
    ask('POST', `/incidents/${from}/split`, {
      viewer,
      input: { id: newId(), title: 'Relay', splitWhy: 'Another case', ...input },
    })
  const cases: [object, RegExp, Viewer?][] = [
    [{}, /Choose at least one/],
    [{ objectsNamed: 'Relay\r\nNo such thing' }, /no object called “.?No such thing/],
    [{ objects: [panel.id] }, /Evidence 1, which stays, rests on .?Panel/],
    [{ objects: [across.id, relay.id] }, /joins something that stays/],
    [{ objectsNamed: 'bank' }, /no object called “.?bank/, personOf('colleague', /./, 'AMBER')],
  ]
  for (const [input, said, viewer] of cases) assert.match((await split(input, viewer)).text, said)
  assert.equal(
    (await loadIncident(services, analyst, from)).counts.reduce((sum, { count }) => sum + count, 0),
    6,
  )

  const form = newId()
  const { answer } = await split({ id: form, objectsNamed: ' relay \n', evidence: [item] })
  assert.ok('redirect' in answer)
  const there = await listShareable(services, analyst, form, { tlp: 'AMBER' })
  assert.deepEqual(
    there.leaves.map(({ id }) => id).toSorted(),
    [inside.id, panel.id, relay.id, relay.id].toSorted(),
    'the panel went with its item',
  )
  assert.match(new TextDecoder().decode(there.bundle), new RegExp(rule.id))
  const here = await listShareable(services, analyst, from, { tlp: 'RED' })
  assert.deepEqual(
    here.leaves.map(({ id }) => id),
    [bank.id],
    'what joins both sides stays and leaves no more',
  )
  for (const language of ['en', 'fr', 'ar'])
    assert.match((await ask('GET', `/incidents/${from}/merge`, { viewer: analyst, language })).html, /name="objects"/)
  assert.match(
    (await ask('GET', `/incidents/${from}`, { viewer: analyst })).text,
    /3 objects went\..*One relationship joins objects of both sides/s,
  )
})
