import { setImmediate as nextTurn } from 'node:timers/promises'
import { Refusal } from '../../core/http/refusal.ts'
import type { Tlp } from '../../protocol/types.ts'
import { faultsOf, isStixId, type ObjectFault, type StixObject, uuidsIn } from './check-object.ts'
import { contradictsStandard, markingOf, type MarkedBy } from './marking-of.ts'
import { placeOf, ScanError, sliceObjects } from './scan-json.ts'

/** One object of a bundle, with the exact text it came in. */
export interface BundleObject {
  id: string
  type: string
  /** `modified`, else `created`, else empty: what tells versions of one id apart. */
  version: string
  /** What people call it: its name, value, pattern or path; empty if it has none. */
  name: string
  tlp: Tlp
  markedBy: MarkedBy
  /** UUIDs of all identifiers in it, lower case. */
  mentions: string[]
  /** What a relationship or sighting joins. */
  ends: string[]
  text: string
}

export interface ReadBundle {
  id: string
  objects: BundleObject[]
}

/** A fault of one object; `object` counts from 1. */
export interface BundleFault extends ObjectFault {
  object: number
  id?: string
}

/** A file that is not a bundle we can take. `faults` locates what is wrong, at most {@link maxFaults} of them. */
export class BundleRefusal extends Refusal {
  readonly faults: BundleFault[]

  constructor(code: string, facts: Record<string, string | number> = {}, faults: BundleFault[] = []) {
    super(`incidents.${code}`, facts)
    this.faults = faults
  }
}

export interface BundleLimits {
  maxBytes: number
  maxObjects: number
  maxDepth: number
}

const usual: BundleLimits = { maxBytes: 100 * 1024 * 1024, maxObjects: 100_000, maxDepth: 64 }
/** How many faults one refusal names; the rest is only counted. */
export const maxFaults = 20

/**
 * Reads a STIX 2.1 bundle whole or refuses it whole. Unknown types and properties are kept.
 *
 * @param unmarked - Label of objects that carry none, AMBER if not said.
 * @throws {@link BundleRefusal} that says in which object what is wrong.
 */
export function readBundle(file: Uint8Array, unmarked: Tlp = 'AMBER', limits: Partial<BundleLimits> = {}): ReadBundle {
  const reading = readInSteps(file, unmarked, limits)
  for (;;) {
    const step = reading.next()
    if (step.done) return step.value
  }
}

/** The same, while others are served in between: a bundle of tens of thousands of objects takes its time. */
export async function readBundleInTurns(
  file: Uint8Array,
  unmarked: Tlp = 'AMBER',
  limits: Partial<BundleLimits> = {},
): Promise<ReadBundle> {
  const reading = readInSteps(file, unmarked, limits)
  for (;;) {
    const step = reading.next()
    if (step.done) return step.value
    await nextTurn()
  }
}

/** Objects between two turns. */
const perStep = 1_000

function* readInSteps(
  file: Uint8Array,
  unmarked: Tlp,
  limits: Partial<BundleLimits>,
): Generator<undefined, ReadBundle, undefined> {
  const { maxBytes, maxObjects, maxDepth } = { ...usual, ...limits }
  if (file.byteLength > maxBytes) throw new BundleRefusal('bundle-too-large', { limitBytes: maxBytes })
  const text = decode(file)
  yield
  const bundle = parse(text)
  const { objects } = requireBundle(bundle)
  if (objects.length > maxObjects)
    throw new BundleRefusal('too-many-objects', { limit: maxObjects, count: objects.length })
  yield
  const slices = slice(text, maxDepth)
  yield
  yield* requireSound(objects)
  const definitions = new Map(objects.filter((one) => one.type === 'marking-definition').map((one) => [one.id, one]))
  const described: BundleObject[] = []
  for (const [at, object] of objects.entries()) {
    const { start, end } = slices[at] as { start: number; end: number }
    described.push(describe(object, text.slice(start, end), definitions, unmarked))
    if (at % perStep === perStep - 1) yield
  }
  return { id: bundle.id as string, objects: described }
}

function decode(file: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    throw new BundleRefusal('not-utf8')
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new BundleRefusal('too-deep', { line: 1, column: 1 })
    const position = /position (\d+)/.exec(error.message)
    throw new BundleRefusal('not-json', placeOf(text, position ? Number(position[1]) : text.length))
  }
}

function requireBundle(value: unknown): { objects: StixObject[] } {
  const bundle = value as Record<string, unknown> | null
  if (bundle === null || typeof bundle !== 'object' || bundle.type !== 'bundle') throw new BundleRefusal('not-a-bundle')
  if (!isStixId(bundle.id) || !(bundle.id as string).startsWith('bundle--'))
    throw new BundleRefusal('bundle-without-id')
  if (!Array.isArray(bundle.objects) || bundle.objects.length === 0) throw new BundleRefusal('bundle-empty')
  return { objects: bundle.objects }
}

function slice(text: string, maxDepth: number): { start: number; end: number }[] {
  try {
    return sliceObjects(text, maxDepth)
  } catch (error) {
    if (!(error instanceof ScanError)) throw error
    const facts = { ...placeOf(text, error.offset), ...(error.doubled && { name: error.doubled.slice(0, 100) }) }
    throw new BundleRefusal(error.code, facts)
  }
}

function* requireSound(objects: StixObject[]): Generator<undefined, void, undefined> {
  const faults: BundleFault[] = []
  let count = 0
  const add = (at: number, fault: ObjectFault) => {
    count += 1
    const id = objects[at]?.id
    if (faults.length < maxFaults) faults.push({ object: at + 1, ...(isStixId(id) && { id }), ...fault })
  }
  const seen = new Set<string>()
  for (const [at, object] of objects.entries()) {
    if (at % perStep === perStep - 1) yield
    const own = faultsOf(object)
    for (const fault of own) add(at, fault)
    if (own.length > 0) continue
    const key = `${object.id} ${versionOf(object)}`
    if (seen.has(key)) add(at, { rule: 'doubled', property: 'id' })
    seen.add(key)
    if (object.type === 'marking-definition' && contradictsStandard(object))
      add(at, { rule: 'false-tlp', property: 'id' })
  }
  const [first] = faults
  if (first) throw new BundleRefusal('bad-objects', { count, object: first.object }, faults)
}

function versionOf({ modified, created }: StixObject): string {
  const said = typeof modified === 'string' ? modified : typeof created === 'string' ? created : ''
  return plain(said).slice(0, 60)
}

function describe(
  object: StixObject,
  text: string,
  definitions: ReadonlyMap<string, StixObject>,
  unmarked: Tlp,
): BundleObject {
  const { tlp, by } = markingOf(object, definitions, unmarked)
  return {
    id: object.id,
    type: object.type,
    version: versionOf(object),
    name: nameOf(object),
    tlp,
    markedBy: by,
    mentions: [...uuidsIn(object)],
    ends: endsOf(object),
    text,
  }
}

function endsOf({ source_ref: source, target_ref: target, sighting_of_ref: sighted }: StixObject): string[] {
  return [source, target, sighted].filter(isStixId)
}

function nameOf(object: StixObject): string {
  const said = [object.name, object.value, object.relationship_type, object.pattern, object.path, object.key].find(
    (one) => typeof one === 'string' && one.trim() !== '',
  )
  return typeof said === 'string' ? plain(said).slice(0, 300).toWellFormed() : ''
}

/** Without control characters and half characters: what a database and a page can show. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .trim()
