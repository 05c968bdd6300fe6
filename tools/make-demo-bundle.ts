/**
 * Writes src/cli/demo/aurelia-banks.stix.json: the invented objects of the demonstration's incident.
 * The same bytes every time. Run it after a change here: `node tools/make-demo-bundle.ts`.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { standardDefinition, tlp2Id } from '../src/modules/exchange/index.ts'
import type { Tlp } from '../src/protocol/types.ts'

type Properties = Record<string, unknown>
interface Made extends Properties {
  type: string
  id: string
}

const invented = 'Invented for a drill: no such bank, host, programme or person exists.'
const observables = '00abedb4-aa42-466c-9c01-fed23315a9b7'
/** Namespace of everything else in this file. */
const ours = '5b8f3a52-6d0c-5d0e-9a63-2f8f6f0b7d11'

const objects: Made[] = []

function uuid(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

function put(object: Made, tlp: Tlp): string {
  objects.push({ ...object, object_marking_refs: [tlp2Id(tlp)] })
  return object.id
}

function add(type: string, at: string, properties: Properties, tlp: Tlp = 'AMBER'): string {
  const name = JSON.stringify([type, properties.name ?? properties.pattern ?? properties])
  const id = `${type}--${uuid(ours, name)}`
  const by = type === 'identity' ? {} : { created_by_ref: cert }
  return put({ type, spec_version: '2.1', id, ...by, created: at, modified: at, ...properties }, tlp)
}

/** An observable: its id is computed from what it is (STIX 2.1 §2.9), `named` holds the properties that count. */
function observe(type: string, named: Properties, more: Properties = {}): string {
  return put(
    { type, spec_version: '2.1', id: `${type}--${uuid(observables, JSON.stringify(named))}`, ...named, ...more },
    'AMBER',
  )
}

function indicator(name: string, pattern: string, from: string, description: string): string {
  return add('indicator', '2026-11-18T09:30:00.000Z', {
    name,
    description,
    indicator_types: ['malicious-activity'],
    pattern,
    pattern_type: 'stix',
    valid_from: from,
  })
}

function observed(first: string, last: string, count: number, refs: string[], tlp: Tlp = 'AMBER'): string {
  return add(
    'observed-data',
    '2026-11-18T10:00:00.000Z',
    {
      first_observed: first,
      last_observed: last,
      number_observed: count,
      object_refs: refs,
    },
    tlp,
  )
}

function relate(source: string, kind: string, target: string): string {
  return add('relationship', '2026-11-18T11:00:00.000Z', {
    relationship_type: kind,
    source_ref: source,
    target_ref: target,
  })
}

const opening = '2026-11-17T21:40:00.000Z'
const cert = `identity--${uuid(ours, JSON.stringify(['identity', 'Response team of Aurelia']))}`
add('identity', opening, {
  name: 'Response team of Aurelia',
  identity_class: 'organization',
  sectors: ['government'],
  description: invented,
  contact_information: 'desk@cert.aurelia.example',
})
const verrin = add('identity', opening, {
  name: 'Bank of Verrin',
  identity_class: 'organization',
  sectors: ['financial-services'],
  description: invented,
  contact_information: 'security@bank-verrin.example',
})
const harbour = add('identity', opening, {
  name: 'Harbour Savings',
  identity_class: 'organization',
  sectors: ['financial-services'],
  description: invented,
  contact_information: 'security@harbour-savings.example',
})
const clearing = add('identity', opening, {
  name: 'Union Clearing House',
  identity_class: 'organization',
  sectors: ['financial-services'],
  description: invented,
  contact_information: 'operations@union-clearing.example',
})
const racks = add('identity', opening, {
  name: 'Lumen Racks',
  identity_class: 'organization',
  sectors: ['technology'],
  description: `${invented} Lets servers to customers of every kind.`,
  contact_information: 'abuse@lumen-racks.example',
})

const ransomware = add('malware', '2026-11-17T22:10:00.000Z', {
  name: 'Greyfold',
  is_family: true,
  malware_types: ['ransomware'],
  description: `${invented} Encrypts shared folders and leaves a note asking for payment.`,
})
const loader = add('malware', '2026-11-17T22:12:00.000Z', {
  name: 'Lockstep',
  is_family: true,
  malware_types: ['dropper'],
  description: `${invented} Comes as a false update and fetches the next stage.`,
})
const tool = add('tool', '2026-11-17T22:20:00.000Z', {
  name: 'Plainview remote desk',
  tool_types: ['remote-access'],
  description: `${invented} Lawful software, misused.`,
})
const relays = add('infrastructure', '2026-11-17T23:05:00.000Z', {
  name: 'Relay servers',
  infrastructure_types: ['command-and-control'],
  description: `${invented} Three rented servers; two of them show signs of having been broken into themselves.`,
})
const payment = add('infrastructure', '2026-11-17T23:15:00.000Z', {
  name: 'Payment page',
  infrastructure_types: ['hosting-malware'],
  description: invented,
})
const lure = add('attack-pattern', '2026-11-17T23:20:00.000Z', {
  name: 'False update of a ledger programme',
  description: invented,
})
const flaw = add(
  'vulnerability',
  '2026-11-17T23:30:00.000Z',
  {
    name: 'Open maintenance port of a branch router',
    description: `${invented} The maker has published a remedy.`,
  },
  'CLEAR',
)
add(
  'course-of-action',
  '2026-11-17T23:35:00.000Z',
  {
    name: 'Close the maintenance port and renew keys',
    description: invented,
  },
  'CLEAR',
)

const relayOne = observe('ipv4-addr', { value: '192.0.2.44' })
const relayTwo = observe('ipv4-addr', { value: '198.51.100.17' })
const relayThree = observe('ipv4-addr', { value: '203.0.113.90' })
const relaySix = observe('ipv6-addr', { value: '2001:db8:44::7' })
const domain = observe('domain-name', { value: 'updates.ledger-sync.example' })
const address = observe('url', { value: 'https://updates.ledger-sync.example/patch.bin' })
const digest = createHash('sha256').update('Chancery drill: false update').digest('hex')
const file = observe('file', { hashes: { 'SHA-256': digest }, name: 'ledger-patch.bin' }, { size: 482_304 })

const first = '2026-11-17T02:14:00.000Z'
const indicators = [
  indicator(
    'Relay 1',
    "[ipv4-addr:value = '192.0.2.44']",
    first,
    'Contacted by all three banks before encryption began.',
  ),
  indicator('Relay 2', "[ipv4-addr:value = '198.51.100.17']", first, 'Contacted by two banks.'),
  indicator('Relay 3', "[ipv4-addr:value = '203.0.113.90']", first, 'Contacted by one bank after encryption.'),
  indicator('Relay 3, IPv6', "[ipv6-addr:value = '2001:db8:44::7']", first, 'Same server as relay 3.'),
  indicator('False update, name', "[domain-name:value = 'updates.ledger-sync.example']", first, 'Served the loader.'),
  indicator(
    'False update, address',
    "[url:value = 'https://updates.ledger-sync.example/patch.bin']",
    first,
    'The loader.',
  ),
  indicator('Loader, file', `[file:hashes.'SHA-256' = '${digest}']`, first, 'The loader as found at two banks.'),
]
const atVerrin = observed('2026-11-17T02:14:00.000Z', '2026-11-17T05:52:00.000Z', 212, [relayOne, relayTwo, domain])
const atHarbour = observed('2026-11-17T03:01:00.000Z', '2026-11-17T06:20:00.000Z', 97, [relayOne, address, file])
const atClearing = observed('2026-11-17T04:40:00.000Z', '2026-11-17T07:05:00.000Z', 31, [
  relayOne,
  relayTwo,
  relayThree,
  relaySix,
])

const relationships = [
  relate(indicators[0] as string, 'indicates', relays),
  relate(indicators[4] as string, 'indicates', loader),
  relate(indicators[6] as string, 'indicates', loader),
  relate(loader, 'drops', ransomware),
  relate(ransomware, 'beacons-to', relays),
  relate(loader, 'exploits', flaw),
  relate(relays, 'consists-of', relayOne),
  relate(lure, 'delivers', loader),
]
const sightings = [
  add('sighting', '2026-11-18T12:00:00.000Z', {
    first_seen: '2026-11-17T02:14:00.000Z',
    last_seen: '2026-11-17T05:52:00.000Z',
    count: 212,
    sighting_of_ref: indicators[0],
    observed_data_refs: [atVerrin],
    where_sighted_refs: [verrin],
  }),
  add('sighting', '2026-11-18T12:05:00.000Z', {
    first_seen: '2026-11-17T03:01:00.000Z',
    last_seen: '2026-11-17T06:20:00.000Z',
    count: 97,
    sighting_of_ref: indicators[6],
    observed_data_refs: [atHarbour],
    where_sighted_refs: [harbour],
  }),
]
add('report', '2026-11-18T13:00:00.000Z', {
  name: 'Ransomware at three banks',
  report_types: ['campaign'],
  published: '2026-11-18T13:00:00.000Z',
  description: `${invented} Written for the demonstration of Chancery; addresses are those reserved for documentation.`,
  object_refs: [
    ransomware,
    loader,
    tool,
    relays,
    payment,
    lure,
    flaw,
    verrin,
    harbour,
    clearing,
    racks,
    ...indicators,
    atVerrin,
    atHarbour,
    atClearing,
    ...relationships,
    ...sightings,
  ],
})

const helper = add(
  'identity',
  '2026-11-18T08:15:00.000Z',
  {
    name: 'Night operator at Harbour Savings',
    identity_class: 'individual',
    description: `${invented} Spoke on the promise that the name goes no further.`,
  },
  'RED',
)
add(
  'note',
  '2026-11-18T08:20:00.000Z',
  {
    abstract: 'Account of the night operator',
    content: `${invented} The operator opened the false update at 02:14.`,
    object_refs: [helper, harbour],
  },
  'RED',
)
observed('2026-11-16T22:00:00.000Z', '2026-11-17T01:30:00.000Z', 4, [relayThree, relaySix], 'RED')

const definitions = (['CLEAR', 'AMBER', 'RED'] as const).map((tlp) => standardDefinition(tlp2Id(tlp)))
const bundle = { type: 'bundle', id: `bundle--${uuid(ours, 'aurelia-banks')}`, objects: [...definitions, ...objects] }
const target = fileURLToPath(new URL('../src/cli/demo/aurelia-banks.stix.json', import.meta.url))
writeFileSync(target, `${JSON.stringify(bundle, null, 2)}\n`)
