import { parties } from './parties.ts'
import { type Person, until } from './person.ts'
import { actsOf, awaitAct, press, release, type Stage, write } from './stage.ts'

const { party: aurelia } = parties.aurelia
const { party: borovia } = parties.borovia
const step = 'secretariat'
const minuteMs = 60_000
/** Scenario ms per real ms while the Secretariat is away: one of the rates that the form offers. */
const rate = 60

/** An act that members keep while the host of its space is silent, as a node's own API gives it. */
interface Tendered {
  hash: string
  type: string
  author: string
  keptBy: { party: string; at: string }[]
  /** Signed by each keeper. */
  receipts: unknown[]
}

interface ApiClock {
  state: string
  dueAt: string
  metAt?: string
}

/** What the two parties said to each other while nobody ordered their hotline. */
export interface PlayedOutage {
  /** Act hashes in the order they were said. */
  said: string[]
  /** Receipts by which the other party says that it keeps each of them, as they stood during the outage. */
  receipts: Record<string, unknown[]>
  /** The check that was called before the outage and answered during it. */
  check: string
}

/**
 * Kills the node that orders the hotline. The parties answer a check, send a note and acknowledge it; the Secretariat
 * returns after the deadline of the check, and all of it goes on the record.
 */
export async function playSecretariatDown(
  stage: Pick<Stage, 'people' | 'tell'>,
  {
    hotline: space,
    secretariat,
  }: { hotline: string; secretariat: { kill(): Promise<void>; restart(): Promise<void> } },
): Promise<PlayedOutage> {
  const { releaser, dutyOfficer } = stage.people
  const tell = (line: string) => stage.tell({ step, line })
  const check = await callCheck(stage.people, space)
  tell('Aurelia called a communication check, to be answered within an hour; half an hour passes in the exercise.')
  await secretariat.kill()
  tell('The Secretariat’s process was killed. The hotline that it orders has nobody who orders it.')

  await press(dutyOfficer, space, `/checks/${check.hash}/answer`)
  const answer = await awaitTendered(releaser, space, { type: 'channels.check-answered', author: borovia })
  tell(`Borovia’s duty officer answered. ${keptLine('Aurelia', answer, aurelia, check)}`)

  const note = await sendNote(stage, space)
  tell(`Aurelia sent a note on the hotline. ${keptLine('Borovia', note, borovia, check)}`)
  const acknowledged = await acknowledge(stage.people, { space, note: note.hash })
  tell('Borovia’s duty officer read it and acknowledged: neither act is on the record yet, both parties have both.')

  await until(
    'the hour of the check to run out',
    async () => (await clockOf(releaser, check.hash))?.state === 'overdue',
  )
  tell('The hour for the answer ran out on the clock of the exercise; the Secretariat is still down.')
  await secretariat.restart()
  tell('The Secretariat’s process was started again.')

  const said = [answer, note, acknowledged]
  const places = await awaitPlaces(releaser, space, said)
  const [answered, noted, taken] = places
  tell(
    `All three acts went on the record, each after what it answers: the answer is entry ${answered}, the note ${noted}, its acknowledgement ${taken}.`,
  )
  const late = await minutesFrom(releaser, { space, check: check.hash, answer: answer.hash })
  tell(
    `By its entry the answer came ${late.recorded} minutes after the check. Aurelia stated on the record that it had it after ${late.met}: the deadline of an hour is met.`,
  )
  return {
    said: said.map((act) => act.hash),
    receipts: Object.fromEntries(said.map((act) => [act.hash, act.receipts])),
    check: check.hash,
  }
}

async function callCheck({ releaser, dutyOfficer }: Stage['people'], space: string) {
  const before = (await actsOf(releaser, space)).filter((act) => act.type === 'channels.check-called').length
  await releaser.open(`/spaces/${space}`)
  await releaser.send(`/spaces/${space}/checks`)
  const called = { type: 'channels.check-called', author: aurelia, count: before + 1 }
  const check = await awaitAct(dutyOfficer, space, called)
  for (const [passed, runs] of ['0', '0', String(rate)].entries()) {
    await releaser.open(`/spaces/${space}/clock`)
    await releaser.send(`/spaces/${space}/clock`, { advance: 'PT10M', rate: runs })
    await awaitAct(dutyOfficer, space, { type: 'drill.clock-set', count: passed + 2 })
  }
  const calledAt = Date.parse(check.scenarioTime ?? '')
  // Half an hour had passed when the clock began to run.
  return { hash: check.hash, minutesAt: await minutesSince(releaser, space, calledAt) }
}

/** How many minutes of the exercise after `calledAt` a real instant is, by the clock as it runs now. */
async function minutesSince(person: Person, space: string, calledAt: number): Promise<(at: number) => number> {
  const setting = (await actsOf(person, space)).findLast((act) => act.type === 'drill.clock-set')
  const setAt = Date.parse(setting?.time ?? '')
  const shown = Date.parse(setting?.scenarioTime ?? '')
  return (at) => Math.round((shown + rate * Math.max(0, at - setAt) - calledAt) / minuteMs)
}

/** The act as another party keeps it; its own node shows it with the receipt that it signed. */
async function awaitTendered(
  keeper: Person,
  space: string,
  wanted: { type: string; author: string },
): Promise<Tendered> {
  return until(`${keeper.name} to see ${wanted.type} tendered`, async () => {
    const { acts } = await keeper.read<{ acts: Tendered[] }>(`/api/v1/spaces/${space}/tendered`)
    return acts.find((act) => act.type === wanted.type && act.author === wanted.author && act.receipts.length > 0)
  })
}

function keptLine(
  keeper: string,
  act: Tendered,
  party: string,
  { minutesAt }: { minutesAt(at: number): number },
): string {
  const since = Date.parse(act.keptBy.find((one) => one.party === party)?.at ?? '')
  return `Tendered, not yet on the record: ${keeper} keeps it since minute ${minutesAt(since)} and signed a receipt.`
}

async function sendNote({ people }: Pick<Stage, 'people'>, space: string): Promise<Tendered> {
  const { drafter, releaser, dutyOfficer } = people
  await release(
    { drafter, releaser },
    await write(drafter, space, 'channels.note-sent', {
      form: 'letter',
      purpose: 'inform',
      addressee: borovia,
      language: 'en',
      subject: 'The hotline without its Secretariat',
      text: 'Aurelia has this line open and asks Borovia to say that it reads this.',
      tlp: 'AMBER',
    }),
  )
  return awaitTendered(dutyOfficer, space, { type: 'channels.note-sent', author: aurelia })
}

async function acknowledge(
  { dutyOfficer, releaser }: Stage['people'],
  { space, note }: { space: string; note: string },
): Promise<Tendered> {
  await press(dutyOfficer, space, `/notes/${note}/acknowledge`)
  return awaitTendered(releaser, space, { type: 'channels.note-acknowledged', author: borovia })
}

async function clockOf(person: Person, about: string): Promise<ApiClock | undefined> {
  return (await person.read<{ clocks: ApiClock[] }>(`/api/v1/clocks?about=${about}`)).clocks[0]
}

async function awaitPlaces(person: Person, space: string, said: readonly Tendered[]): Promise<number[]> {
  return until('everything to be on the record', async () => {
    const acts = await actsOf(person, space)
    const places = said.flatMap(({ hash }) => acts.find((act) => act.hash === hash)?.index ?? [])
    return places.length === said.length && places
  })
}

/** By how many minutes of the exercise the answer is late on its entry, and after how many it counts as given. */
async function minutesFrom(
  person: Person,
  { space, check, answer }: { space: string; check: string; answer: string },
): Promise<{ recorded: number; met: number }> {
  const clock = await until('the tender of the answer to count', async () => {
    const found = await clockOf(person, check)
    return found?.state === 'met' && found
  })
  const acts = await actsOf(person, space)
  const shownAt = (hash: string) => Date.parse(acts.find((act) => act.hash === hash)?.scenarioTime ?? '')
  const minutes = (at: number) => Math.round((at - shownAt(check)) / minuteMs)
  return { recorded: minutes(shownAt(answer)), met: minutes(Date.parse(clock.metAt ?? '')) }
}
