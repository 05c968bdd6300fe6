/** One thing wrong with one object: `rule` names it (message key `incidents.stix.<rule>`), `property` says where. */
export interface ObjectFault {
  rule: string
  property?: string
}

/** One STIX object as parsed. */
export type StixObject = { type: string; id: string; [property: string]: unknown }

const uuid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'
const idPattern = new RegExp(`^[a-z0-9]+(?:-[a-z0-9]+)*--${uuid}$`)
const uuidPattern = new RegExp(uuid, 'g')
const typePattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** True for `<type>--<UUID>`, whatever the UUID's version (STIX 2.1 §2.9). */
export const isStixId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 300 && idPattern.test(value)

/** The UUIDs of all identifiers that stand anywhere in an object, its own among them; lower case. */
export function uuidsIn(value: unknown): Set<string> {
  const found = new Set<string>()
  collect(value, found)
  return found
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length >= 36) for (const match of value.match(uuidPattern) ?? []) found.add(match.toLowerCase())
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, found)
  } else if (value !== null && typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) {
      collect(name, found)
      collect(item, found)
    }
  }
}

/** The part of an identifier after the two hyphens, lower case. */
export const uuidOf = (id: string): string => id.slice(-36).toLowerCase()

/** Properties without which an object of the type means nothing (STIX 2.1 §§4–7). Types not listed are kept as they are. */
const required: Record<string, string[]> = {
  'attack-pattern': ['name'],
  campaign: ['name'],
  'course-of-action': ['name'],
  identity: ['name'],
  incident: ['name'],
  infrastructure: ['name'],
  'intrusion-set': ['name'],
  'threat-actor': ['name'],
  tool: ['name'],
  vulnerability: ['name'],
  grouping: ['context', 'object_refs'],
  indicator: ['pattern', 'pattern_type', 'valid_from'],
  malware: ['is_family'],
  'malware-analysis': ['product'],
  note: ['content', 'object_refs'],
  'observed-data': ['first_observed', 'last_observed', 'number_observed'],
  opinion: ['opinion', 'object_refs'],
  report: ['name', 'published', 'object_refs'],
  relationship: ['relationship_type', 'source_ref', 'target_ref'],
  sighting: ['sighting_of_ref'],
  'language-content': ['object_ref', 'contents'],
  'autonomous-system': ['number'],
  directory: ['path'],
  'domain-name': ['value'],
  'email-addr': ['value'],
  'ipv4-addr': ['value'],
  'ipv6-addr': ['value'],
  'mac-addr': ['value'],
  url: ['value'],
  mutex: ['name'],
  software: ['name'],
  'network-traffic': ['protocols'],
  'email-message': ['is_multipart'],
  'extension-definition': ['name', 'schema', 'version', 'extension_types', 'created_by_ref'],
}

const observables = new Set([
  'artifact',
  'autonomous-system',
  'directory',
  'domain-name',
  'email-addr',
  'email-message',
  'file',
  'ipv4-addr',
  'ipv6-addr',
  'mac-addr',
  'mutex',
  'network-traffic',
  'process',
  'software',
  'url',
  'user-account',
  'windows-registry-key',
  'x509-certificate',
])
const versioned = (type: string) => Object.hasOwn(required, type) && !observables.has(type)

const timestamp = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?Z$/

/** True for `YYYY-MM-DDTHH:mm:ss[.s+]Z` on a day that exists (§2.16). */
export function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 60 || !timestamp.test(value)) return false
  const day = new Date(`${value.slice(0, 10)}T00:00:00Z`)
  return day.toISOString().slice(0, 10) === value.slice(0, 10)
}

const timeProperties = [
  'created',
  'modified',
  'first_seen',
  'last_seen',
  'first_observed',
  'last_observed',
  'valid_from',
  'valid_until',
  'published',
  'start_time',
  'stop_time',
]
const referenceProperties = ['created_by_ref', 'source_ref', 'target_ref', 'sighting_of_ref', 'object_ref']
const referenceLists = ['object_refs', 'observed_data_refs', 'where_sighted_refs', 'object_marking_refs']

/** Everything wrong with one element of a bundle, in reading order; empty if it can be kept. */
export function faultsOf(value: unknown): ObjectFault[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [{ rule: 'not-an-object' }]
  const object = value as StixObject
  const identity = identityFaults(object)
  return identity.length > 0 ? identity : [...propertyFaults(object), ...markingFaults(object)]
}

function identityFaults({ type, id }: StixObject): ObjectFault[] {
  if (typeof type !== 'string' || type.length > 250 || !typePattern.test(type))
    return [{ rule: 'no-type', property: 'type' }]
  if (!isStixId(id)) return [{ rule: 'bad-id', property: 'id' }]
  return id.slice(0, -38) === type ? [] : [{ rule: 'id-not-of-type', property: 'id' }]
}

function propertyFaults(object: StixObject): ObjectFault[] {
  const missing = [...(versioned(object.type) ? ['created', 'modified'] : []), ...(required[object.type] ?? [])]
    .filter((property) => !Object.hasOwn(object, property))
    .filter((property) => !(property === 'modified' && object.type === 'extension-definition'))
  const wrongTimes = timeProperties.filter((name) => typeof object[name] === 'string' && !isTimestamp(object[name]))
  const wrongRefs = [
    ...referenceProperties.filter((name) => Object.hasOwn(object, name) && !isStixId(object[name])),
    ...referenceLists.filter((name) => Object.hasOwn(object, name) && !isReferenceList(object[name])),
  ]
  return [
    ...missing.map((property) => ({ rule: 'missing-property', property })),
    ...wrongTimes.map((property) => ({ rule: 'bad-time', property })),
    ...wrongRefs.map((property) => ({ rule: 'bad-reference', property })),
    ...orderFaults(object),
  ]
}

const isReferenceList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isStixId)

const ordered = [
  ['created', 'modified'],
  ['first_seen', 'last_seen'],
  ['first_observed', 'last_observed'],
  ['valid_from', 'valid_until'],
] as const

function orderFaults(object: StixObject): ObjectFault[] {
  return ordered
    .filter(([from, to]) => isTimestamp(object[from]) && isTimestamp(object[to]))
    .filter(([from, to]) => Date.parse(object[to] as string) < Date.parse(object[from] as string))
    .map(([, property]) => ({ rule: 'ends-before-start', property }))
}

function markingFaults(object: StixObject): ObjectFault[] {
  const { object_marking_refs: refs, granular_markings: granular } = object
  const faults: ObjectFault[] = []
  if (Array.isArray(refs) && !refs.every(isMarkingId))
    faults.push({ rule: 'bad-marking', property: 'object_marking_refs' })
  if (granular === undefined) return faults
  const wellFormed = Array.isArray(granular) && granular.length > 0 && granular.every((one) => isGranular(one, object))
  return wellFormed ? faults : [...faults, { rule: 'bad-marking', property: 'granular_markings' }]
}

const isMarkingId = (value: unknown) => isStixId(value) && value.startsWith('marking-definition--')

function isGranular(value: unknown, object: StixObject): boolean {
  if (value === null || typeof value !== 'object') return false
  const { marking_ref: marking, lang, selectors } = value as Record<string, unknown>
  if ((marking === undefined) === (lang === undefined)) return false
  if (marking !== undefined && !isMarkingId(marking)) return false
  return Array.isArray(selectors) && selectors.length > 0 && selectors.every((one) => isSelected(one, object))
}

/** True if a selector such as `external_references.[0].url` points to something that is there (§7.2.3). */
function isSelected(selector: unknown, object: StixObject): boolean {
  if (typeof selector !== 'string' || selector.length === 0 || selector.length > 1000) return false
  let here: unknown = object
  for (const step of selector.split('.')) {
    const index = /^\[(\d{1,9})\]$/.exec(step)
    if (index && Array.isArray(here)) here = here[Number(index[1])]
    else if (!index && here !== null && typeof here === 'object' && Object.hasOwn(here, step)) {
      here = (here as Record<string, unknown>)[step]
    } else return false
  }
  return here !== undefined
}
