import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { tlpRank } from '../../core/markings/index.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { type BundleRefusal, readBundle, standardDefinition, standardIds, standardTlp, tlp2Id } from './index.ts'

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const bundleOf = (...objects: unknown[]) =>
  bytes({ type: 'bundle', id: 'bundle--11111111-1111-4111-8111-111111111111', objects })
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const indicator = (n: number, more: Record<string, unknown> = {}) => ({
  type: 'indicator',
  spec_version: '2.1',
  id: `indicator--${uuid(n)}`,
  created: '2026-11-17T02:14:00.000Z',
  modified: '2026-11-17T02:14:00.000Z',
  pattern: "[ipv4-addr:value = '192.0.2.44']",
  pattern_type: 'stix',
  valid_from: '2026-11-17T02:14:00Z',
  ...more,
})

function refusal(file: Uint8Array, limits = {}): BundleRefusal {
  try {
    readBundle(file, 'AMBER', limits)
  } catch (error) {
    return error as BundleRefusal
  }
  return assert.fail('it was taken')
}

test('garbage is refused with its place, never with a crash', () => {
  assert.deepEqual({ ...refusal(bytes('{"type":\n "bundle",,')) }.facts, { line: 2, column: 11 })
  assert.equal(refusal(new Uint8Array([0xff, 0xfe, 0x00])).code, 'incidents.not-utf8')
  assert.equal(refusal(bytes('[]')).code, 'incidents.not-a-bundle')
  assert.equal(refusal(bytes('null')).code, 'incidents.not-a-bundle')
  assert.equal(refusal(bytes({ type: 'bundle', id: 'bundle--x', objects: [] })).code, 'incidents.bundle-without-id')
  assert.equal(refusal(bundleOf()).code, 'incidents.bundle-empty')
  assert.equal(refusal(bundleOf(indicator(1)), { maxBytes: 10 }).code, 'incidents.bundle-too-large')
  assert.equal(refusal(bundleOf(indicator(1), indicator(2)), { maxObjects: 1 }).code, 'incidents.too-many-objects')
  assert.equal(refusal(bytes('['.repeat(200_000))).code, 'incidents.not-json')
  const deep = `{"type":"bundle","id":"bundle--${uuid(1)}","objects":[${'{"a":'.repeat(90)}1${'}'.repeat(90)}]}`
  assert.equal(refusal(bytes(deep)).code, 'incidents.too-deep')
})

test('any bytes are taken whole or refused with a code', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map(bytes)), (file) => {
      try {
        readBundle(file)
      } catch (error) {
        assert.match((error as BundleRefusal).code, /^incidents\.[a-z0-9-]+$/)
      }
    }),
  )
})

test('a name that stands twice in one object is refused: two readers would see two markings', () => {
  const doubled = `{"type":"identity","id":"identity--${uuid(1)}","object_marking_refs":["${tlp2Id('RED')}"],"object\\u005fmarking_refs":["${tlp2Id('CLEAR')}"]}`
  const found = refusal(bytes(`{"type":"bundle","id":"bundle--${uuid(2)}","objects":[${doubled}]}`))
  assert.equal(found.code, 'incidents.doubled-name')
  assert.equal(found.facts.name, 'object_marking_refs')
})

test('faults are located: which object, which property, what', () => {
  const found = refusal(
    bundleOf(
      indicator(1),
      { ...indicator(2), pattern: undefined },
      'text',
      indicator(1),
      indicator(3, { modified: '2026-02-31T00:00:00Z' }),
      { type: 'indicator', id: 'tool--00000000-0000-4000-8000-000000000009' },
      indicator(4, { valid_until: '2026-11-16T00:00:00Z' }),
      indicator(5, { object_marking_refs: ['TLP:RED'] }),
      indicator(6, { granular_markings: [{ marking_ref: tlp2Id('RED'), selectors: ['absent'] }] }),
    ),
  )
  assert.equal(found.code, 'incidents.bad-objects')
  assert.deepEqual(
    found.faults.map(({ object, rule, property }) => [object, rule, property]),
    [
      [2, 'missing-property', 'pattern'],
      [3, 'not-an-object', undefined],
      [4, 'doubled', 'id'],
      [5, 'bad-time', 'modified'],
      [6, 'id-not-of-type', 'id'],
      [7, 'ends-before-start', 'valid_until'],
      [8, 'bad-reference', 'object_marking_refs'],
      [8, 'bad-marking', 'object_marking_refs'],
      [9, 'bad-marking', 'granular_markings'],
    ],
  )
})

test('unknown types, properties and number forms are kept as they were written', () => {
  const written = `{ "type":"x-weather", "id":"x-weather--${uuid(1)}", "level": 1.50, "big":12345678901234567890, "x_note":"é" }`
  const { objects } = readBundle(bytes(`{"objects":[ ${written} ],"id":"bundle--${uuid(2)}","type":"bundle"}`))
  assert.equal(objects[0]?.text, written)
  assert.equal(objects[0]?.tlp, 'AMBER')
  assert.equal(objects[0]?.markedBy, 'unmarked')
})

test('a part that is marked narrower narrows the whole object', () => {
  fc.assert(
    fc.property(fc.constantFrom(...tlpLabels), fc.constantFrom(...tlpLabels), (whole, part) => {
      const [object] = readBundle(
        bundleOf(
          indicator(1, {
            object_marking_refs: [tlp2Id(whole)],
            granular_markings: [{ marking_ref: tlp2Id(part), selectors: ['pattern'] }],
          }),
        ),
      ).objects
      assert.equal(object?.tlp, tlpRank(part) > tlpRank(whole) ? part : whole)
    }),
  )
})

test('standard markings of TLP 1.0 and 2.0 are known without their definitions, others not', () => {
  for (const id of standardIds) {
    const [object] = readBundle(bundleOf(indicator(1, { object_marking_refs: [id] }))).objects
    assert.equal(object?.tlp, standardTlp(id))
    assert.equal(readBundle(bundleOf(standardDefinition(id))).objects[0]?.type, 'marking-definition')
  }
  const unknown = readBundle(bundleOf(indicator(1, { object_marking_refs: [`marking-definition--${uuid(9)}`] })))
    .objects[0]
  assert.deepEqual([unknown?.tlp, unknown?.markedBy], ['RED', 'unknown-marking'])
})

test('a standard identifier with another meaning is refused', () => {
  const red = standardDefinition(tlp2Id('RED')) as Record<string, unknown>
  const found = refusal(
    bundleOf({
      ...red,
      extensions: {
        'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': {
          extension_type: 'property-extension',
          tlp_2_0: 'clear',
        },
      },
    }),
  )
  assert.deepEqual(
    found.faults.map((one) => one.rule),
    ['false-tlp'],
  )
})

const samples = fileURLToPath(new URL('../../../../shared/data/stix/', import.meta.url))

test('published bundles of others are read whole', {
  skip: existsSync(samples) ? false : 'no published bundles here',
}, () => {
  for (const name of readdirSync(samples).filter((one) => one.endsWith('.json'))) {
    const text = readFileSync(new URL(name, `file://${samples}`), 'utf8')
    const { objects } = readBundle(bytes(text))
    const parsed = JSON.parse(text).objects as { id: string }[]
    assert.deepEqual(
      objects.map((one) => JSON.parse(one.text)),
      parsed,
      name,
    )
  }
})
