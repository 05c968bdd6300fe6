import { parseTlp, tlpRank } from '../../core/markings/index.ts'
import type { Tlp } from '../../protocol/types.ts'
import type { StixObject } from './check-object.ts'
import { standardTlp, standardValue, tlp2Extension } from './tlp-definitions.ts'

/** Why an object carries its label. */
export type MarkedBy = 'object' | 'granular' | 'unmarked' | 'unknown-marking'

/** Label of one object and where it comes from. */
export interface ObjectMarking {
  tlp: Tlp
  by: MarkedBy
}

/** What a marking definition says: a label, something that is no limit on sharing, or something we cannot read. */
type Meaning = Tlp | 'no-label' | 'unknown'

/**
 * The label of a whole object: the narrowest of everything on it. STIX defines no precedence between markings and
 * forbids edits in place, so a part that is marked narrower narrows the whole object.
 *
 * A marking whose meaning is not known may forbid anything and counts as RED until somebody maps it.
 *
 * @param definitions - Marking definitions that came along, by id.
 * @param unmarked - Label of an object that carries none.
 */
export function markingOf(
  object: StixObject,
  definitions: ReadonlyMap<string, StixObject>,
  unmarked: Tlp,
): ObjectMarking {
  const onObject = refsOf(object.object_marking_refs).map((id) => meaningOf(id, definitions))
  const onParts = granularRefs(object).map((id) => meaningOf(id, definitions))
  if ([...onObject, ...onParts].includes('unknown')) return { tlp: 'RED', by: 'unknown-marking' }
  const whole = narrowestOf([...onObject, ...labelTags(object)])
  const parts = narrowestOf(onParts)
  if (parts !== undefined && tlpRank(parts) > tlpRank(whole ?? unmarked)) return { tlp: parts, by: 'granular' }
  if (whole !== undefined) return { tlp: whole, by: 'object' }
  // A definition says how others may travel; it goes wherever they go unless it is marked itself.
  return { tlp: object.type === 'marking-definition' ? 'CLEAR' : unmarked, by: 'unmarked' }
}

/** True if a definition with a standard id says something else than the standard does. */
export function contradictsStandard(definition: StixObject): boolean {
  const value = standardValue(definition.id)
  if (value === undefined) return false
  const said = labelIn(definition)
  return said !== undefined && said.toLowerCase() !== value
}

const refsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [])

function granularRefs(object: StixObject): string[] {
  const list = Array.isArray(object.granular_markings) ? object.granular_markings : []
  return list.flatMap((one) => (typeof one?.marking_ref === 'string' ? [one.marking_ref as string] : []))
}

function meaningOf(id: string, definitions: ReadonlyMap<string, StixObject>): Meaning {
  const standard = standardTlp(id)
  if (standard) return standard
  const definition = definitions.get(id)
  if (!definition) return 'unknown'
  const label = labelIn(definition)
  if (label !== undefined) return parseTlp(label) ?? 'unknown'
  return definition.definition_type === 'statement' && !definition.extensions ? 'no-label' : 'unknown'
}

/** The label as written in a definition: TLP 1, the TLP 2.0 extension, or OpenCTI's statement with its own property. */
function labelIn(definition: StixObject): string | undefined {
  const extension = (definition.extensions as Record<string, { tlp_2_0?: unknown }> | undefined)?.[tlp2Extension]
  if (typeof extension?.tlp_2_0 === 'string') return extension.tlp_2_0
  const content = definition.definition as { tlp?: unknown } | undefined
  if (definition.definition_type === 'tlp' && typeof content?.tlp === 'string') return content.tlp
  const { x_opencti_definition_type: kind, x_opencti_definition: written } = definition
  return kind === 'TLP' && typeof written === 'string' ? written : undefined
}

/** Tags such as `tlp:amber` that MISP leaves among an object's labels. */
function labelTags(object: StixObject): Meaning[] {
  const tags = refsOf(object.labels).filter((label) => /^(misp-tag:)?tlp:/i.test(label))
  return tags.flatMap((tag) => parseTlp(tag.replace(/^misp-tag:/i, '')) ?? [])
}

function narrowestOf(meanings: Meaning[]): Tlp | undefined {
  const labels = meanings.filter((meaning): meaning is Tlp => meaning !== 'no-label' && meaning !== 'unknown')
  return labels.reduce<Tlp | undefined>((a, b) => (a === undefined || tlpRank(b) > tlpRank(a) ? b : a), undefined)
}
