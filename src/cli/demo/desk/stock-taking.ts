import type { Person, Typed } from '../person.ts'
import type { Stage } from '../stage.ts'

/** Answers to each scheme; what is not known yet stays open, and the page says what the level lies between. */
const severity: Record<string, Typed> = {
  'chancery-1': {
    service: '2',
    reach: '2',
    data: '1',
    recovery: '2',
    why: 'Payments of three banks, no other sector.',
  },
  nciss: {
    functional: 'significant',
    activity: 'effect',
    location: 'critical',
    actor: 'capable',
    information: 'suspected',
    recoverability: 'supplemented',
    dependency: 'some',
    potential: 'national',
    why: 'Asked for the largest of the three banks.',
  },
  'eu-impact': {
    disruption: 'large',
    health: 'none',
    damage: 'none',
    cost: 'large',
    threat: 'high',
    cause: 'malicious-actions',
    outlook: 'stable',
    why: 'Payments in one region stood still for a day.',
  },
  eurepoc: {
    disruption: 'long',
    hijacking: 'misused',
    spatial: 'none',
    temporal: 'none',
    importance: 'very-high',
    why: 'Whether data was taken is not known yet.',
  },
}

const particulars: readonly Typed[] = [
  {
    kind: 'event',
    words: 'First entry over the remote maintenance of a supplier',
    precision: 'day',
    when: '2026-11-14',
    zone: 'Europe/Vienna',
    knownBy: 'CERT Aurelia',
  },
  {
    kind: 'event',
    words: 'Systems of the first bank are encrypted',
    precision: 'minute',
    when: '2026-11-15T03:40',
    zone: 'Europe/Vienna',
    knownBy: 'Security desk of the bank',
  },
  {
    kind: 'event',
    words: 'Payments run again',
    precision: 'before',
    when: '2026-11-16T18:00',
    zone: 'Europe/Vienna',
    knownBy: 'Supervisory authority',
  },
  { kind: 'victim', words: 'Three banks of one payment network', consent: 'given', knownBy: 'CERT Aurelia' },
  { kind: 'sector', code: 'banking', knownBy: 'CERT Aurelia' },
  { kind: 'technique', words: 'Valid account of a supplier, then encryption of servers', knownBy: 'CERT Aurelia' },
  { kind: 'effect', words: 'Payments in one region stood still for a day', knownBy: 'Supervisory authority' },
  {
    kind: 'damage',
    from: '1800000',
    to: '2600000',
    currency: 'EUR',
    method: 'Reports of the three banks, without lost business',
    knownBy: 'Supervisory authority',
  },
]

/**
 * What is known by whom, how bad it is by several scales, and which law wants to be told by when.
 *
 * @param now - By the clock the incident runs on: that of a drill space once it is linked to one, else that of the house.
 */
export async function takeStock(
  { people, tell }: Stage,
  incident: string,
  now = Temporal.Now.instant(),
): Promise<void> {
  const { analyst } = people
  const at = `/incidents/${incident}`
  for (const [scheme, answers] of Object.entries(severity)) {
    await analyst.open(`${at}/severity/${scheme}`)
    await analyst.send(`/severity/${scheme}`, answers)
  }
  tell({
    step: 'communication',
    line: 'Its severity stands under four schemes side by side; by one of them a question is open, so its figure is a band.',
  })
  await stateFacts(analyst, at)
  tell({
    step: 'communication',
    line: 'Facts are known, not known and contested, each with who knows it; times keep their zone and precision.',
  })
  await startLegalClock(analyst, at, now)
  tell({
    step: 'communication',
    line: 'A legal clock began with the moment of awareness: the early warning was sent in time, the notification runs.',
  })
}

async function stateFacts(analyst: Person, at: string): Promise<void> {
  await analyst.open(`${at}/record`)
  const write = (form: string, typed: Typed) => analyst.send(form, typed)
  await write('/bottom-line', {
    first: 'Three banks of Aurelia were encrypted on 15 November; payments in one region stood still for a day.',
    second: 'Hosts located in Borovia were used. That says where traffic came from, not who sent it.',
    third: 'Borovia is asked to preserve data; nobody is named.',
  })
  await analyst.open(`${at}/record`)
  for (const [kind, words] of [
    ['known', 'Servers of three banks were encrypted on 15 November.'],
    ['known', 'Control servers answered from hosts of three hosting firms located in Borovia.'],
    ['unknown', 'Whether data of customers was taken.'],
    [
      'contested',
      'Whether anybody in Borovia ran the control servers: the hosting firms say that they were taken over.',
    ],
  ] as const) {
    await write('/facts', { kind, words })
    await analyst.open(`${at}/record`)
  }
  for (const typed of particulars) {
    const { kind, ...fields } = typed
    await analyst.open(`${at}/particulars?kind=${String(kind)}`)
    await write('/particulars', fields)
  }
}

const awareZone = 'Europe/Vienna'

/** Three hours ago by the wall: what a law counts from lies behind whoever writes it down, in an exercise too. */
async function startLegalClock(analyst: Person, at: string, now: Temporal.Instant): Promise<void> {
  const wall = (hoursAgo: number) =>
    now
      .toZonedDateTimeISO(awareZone)
      .subtract({ hours: hoursAgo })
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
  await analyst.open(`${at}/clocks`)
  const begun = await analyst.send('/clocks', {
    law: 'nis2:report',
    entity: 'Operator of the payment network',
    authority: 'CERT Aurelia, as national response team',
    awareAt: wall(3),
    precision: 'minute',
    zone: awareZone,
    who: 'Duty engineer of the operator',
    what: 'Servers encrypted, payments stand still',
  })
  const term = `${begun.path.split(/[?#]/)[0]}/early-warning`
  await analyst.open(term)
  await analyst.send('/early-warning/draft', {
    what: 'Servers of three banks are encrypted; payments in one region stand still.',
    malicious: 'Suspected: yes.',
    'cross-border': 'Possible: hosts abroad were used.',
    aware: 'By the duty engineer, from alarms of two banks.',
    contact: 'Duty desk of the operator, +999 1 555 0170',
  })
  await analyst.send('/early-warning/sent', {
    sentAt: wall(1),
    zone: awareZone,
    way: 'platform',
    sentTo: 'CERT Aurelia',
    sentBy: 'Duty engineer of the operator',
    theirReference: 'EW-114',
  })
}
