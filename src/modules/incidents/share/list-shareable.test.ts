import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { tlpRank } from '../../../core/markings/index.ts'
import { type Tlp, tlpLabels } from '../../../protocol/types.ts'
import { readBundle, tlp2Id, uuidOf } from '../../exchange/index.ts'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents, openIncident } from '../index.ts'
import { listShareable, split } from './list-shareable.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const at = '2026-11-17T02:14:00.000Z'

interface Plan {
  tlp: Tlp
  granular: boolean
  kind: 'tool' | 'report' | 'relationship'
  refs: [number, number]
  hidden: boolean
}

/** Bundles whose objects refer to one another in every way an identifier can hide. */
const plans = fc.array(
  fc.record<Plan>({
    tlp: fc.constantFrom(...tlpLabels),
    granular: fc.boolean(),
    kind: fc.constantFrom('tool', 'report', 'relationship'),
    refs: fc.tuple(fc.nat(19), fc.nat(19)),
    hidden: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
)

function build(list: Plan[]) {
  const idOf = (n: number) => `${list[n % list.length]?.kind}--${uuid(n % list.length)}`
  const objects = list.map((plan, n) => {
    const [a, b] = plan.refs.map(idOf) as [string, string]
    const marked = plan.granular
      ? {
          granular_markings: [{ marking_ref: tlp2Id(plan.tlp), selectors: ['created'] }],
          object_marking_refs: [tlp2Id('CLEAR')],
        }
      : { object_marking_refs: [tlp2Id(plan.tlp)] }
    const common = { type: plan.kind, spec_version: '2.1', id: idOf(n), created: at, modified: at, ...marked }
    if (plan.kind === 'report') return { ...common, name: 'r', published: at, object_refs: [a, b] }
    if (plan.kind === 'relationship')
      return { ...common, relationship_type: 'related-to', source_ref: a, target_ref: b }
    return {
      ...common,
      name: 't',
      ...(plan.hidden && { x_see: { [`of ${a}`]: [`text with ${b.toUpperCase()} inside`] } }),
    }
  })
  return readBundle(new TextEncoder().encode(JSON.stringify({ type: 'bundle', id: `bundle--${uuid(999)}`, objects })))
}

test('no object marked narrower than the exit, and no identifier of one, is ever in what leaves', () => {
  fc.assert(
    fc.property(plans, fc.constantFrom(...tlpLabels), (list, exit) => {
      const { objects } = build(list)
      const allowed = (tlp: Tlp) => tlpRank(tlp) <= tlpRank(exit)
      const result = split(
        objects.map((object) => ({ object, passes: allowed(object.tlp) })),
        new Set(),
      )
      const text = new TextDecoder().decode(result.bundle).toLowerCase()
      for (const one of objects.filter((other) => !allowed(other.tlp))) assert.ok(!text.includes(uuidOf(one.id)))
      const left = new Set(result.leaves.map((one) => one.id))
      for (const one of objects.filter((other) => left.has(other.id))) {
        assert.ok(
          one.ends.every((end) => left.has(end)),
          'a relationship leaves only with both its ends',
        )
      }
      assert.equal(result.leaves.length + result.stays.reduce((sum, one) => sum + one.count, 0), result.all)
      if (result.leaves.length > 0) {
        const read = readBundle(result.bundle).objects
        assert.deepEqual(
          read.filter((one) => one.type !== 'marking-definition').map((one) => one.id),
          result.leaves.map((one) => one.id),
        )
        const texts = new Map(objects.map((one) => [one.id, one.text]))
        for (const one of read)
          if (texts.has(one.id)) assert.equal(one.text, texts.get(one.id), 'unchanged, byte for byte')
      }
    }),
    { numRuns: 300 },
  )
})

test('what leaves carries the definitions of its own labels and no others', () => {
  const { objects } = build([
    { tlp: 'CLEAR', granular: false, kind: 'tool', refs: [0, 0], hidden: false },
    { tlp: 'RED', granular: false, kind: 'tool', refs: [1, 1], hidden: false },
  ])
  const { bundle } = split(
    objects.map((object) => ({ object, passes: object.tlp !== 'RED' })),
    new Set(),
  )
  assert.deepEqual(
    readBundle(bundle).objects.map((one) => one.id),
    [tlp2Id('CLEAR'), `tool--${uuid(0)}`],
  )
})

test('an object that names something marked narrower elsewhere at home stays', () => {
  const { objects } = build([{ tlp: 'AMBER', granular: false, kind: 'tool', refs: [0, 0], hidden: true }])
  const elsewhere = new Set([uuidOf(`tool--${uuid(0)}`)])
  assert.deepEqual(
    split(
      objects.map((object) => ({ object, passes: true })),
      elsewhere,
    ).stays,
    [{ tlp: 'AMBER', count: 1, why: 'refers' }],
  )
})

test('the demonstration: 44 invented objects, of which the three marked RED stay', () => {
  const file = readFileSync(new URL('../../../cli/demo/aurelia-banks.stix.json', import.meta.url))
  const { objects } = readBundle(file)
  const result = split(
    objects.map((object) => ({ object, passes: object.tlp !== 'RED' })),
    new Set(),
  )
  assert.deepEqual(
    [result.leaves.length, result.all, result.stays],
    [41, 44, [{ tlp: 'RED', count: 3, why: 'marking' }]],
  )
  assert.equal(objects.filter((one) => one.type !== 'marking-definition' && one.tlp === 'CLEAR').length, 2)
  const addresses = new TextDecoder().decode(file).match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? []
  assert.ok(
    addresses.every((one) => /^(192\.0\.2|198\.51\.100|203\.0\.113)\./.test(one)),
    'documentation addresses only',
  )
})

test('an object that names what only a hidden incident holds as narrower stays, and nothing says why', async (t) => {
  const { services, incident, analyst } = await incidentHouse(t, [incidents])
  const quiet = await openIncident(services, personOf('minister'), {
    ...{ id: newId(), title: 'Quiet', summary: '', category: 'fraud', drill: false },
    ...{ ceiling: 'RED', marking: 'RED', source: { kind: 'form' }, isRestricted: true },
  })
  const put = (of: string, id: string, tlp: Tlp, mentions: string[]) =>
    services.db
      .insertInto('home.incidents_object')
      .values({
        ...{ incident: of, ordinal: 1, stix_id: id, version: '1', type: 'tool', name: 'A tool', tlp, marked_by: 'x' },
        ...{ mentions, ends: [], text: JSON.stringify({ type: 'tool', id }) },
      })
      .execute()
  await put(incident, `tool--${uuid(0)}`, 'GREEN', [uuid(1)])
  const before = await listShareable(services, analyst, incident, { tlp: 'GREEN' })
  assert.deepEqual(before.leaves.length, 1)
  await put(quiet, `tool--${uuid(1)}`, 'RED', [])
  const { leaves, stays, bundle } = await listShareable(services, analyst, incident, { tlp: 'GREEN' })
  assert.deepEqual([leaves, stays], [[], [{ tlp: 'GREEN', count: 1, why: 'refers' }]])
  assert.ok(!new TextDecoder().decode(bundle).includes(uuid(1)))
  const { leaves: atRed } = await listShareable(services, analyst, incident, { tlp: 'RED' })
  assert.equal(atRed.length, 1, 'under a marking as narrow it may be named')
})
