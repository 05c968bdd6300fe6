import { awaitAct, letTimePass, openSpace, press, release, setClock, type Stage, write } from './stage.ts'
import { type Person, until } from './person.ts'
import { parties } from './parties.ts'

const step = 'checks'
const asked = ['aurelia', 'borovia', 'calenia'] as const
type Asked = (typeof asked)[number]
const challenge = 'checks.challenge-sent'

/**
 * The Secretariat asks the points of contact of its members whether they answer: a night, a morning, and the result,
 * of which each party sees its own and all others an aggregate.
 */
export async function playCampaign(stage: Stage, network: string): Promise<void> {
  const { people } = stage
  const { secretary, dutyOfficer, delegate, releaser } = people
  const tell = (line: string) => stage.tell({ step, line })
  await listOthers(stage, network)
  const channels = {} as Record<Asked, string>
  for (const key of asked) channels[key] = await openChannel(secretary, key)
  const setClocks = async (scenario: string, spaces: readonly string[]) => {
    for (const space of spaces) await setClock(secretary, space, scenario)
  }
  // A Tuesday at three in Vienna, where Calenia's office is closed.
  await setClocks('2026-11-24T02:00', [network, ...Object.values(channels)])
  const round = await begin(secretary, network)
  tell('The Secretariat began a campaign of communication checks among the members of the directory, unannounced.')

  await answer(dutyOfficer, channels.borovia, 1)
  await awaitAct(releaser, channels.aurelia, { type: challenge })
  await seeRound(secretary, round, /Waits for the hours/)
  tell('At 02:00 two points of contact were asked. Borovia’s duty officer answered; Calenia’s, in office hours, slept.')

  await setClocks('2026-11-24T08:30', [channels.aurelia, channels.calenia])
  await answer(delegate, channels.calenia, 1)
  await awaitAct(releaser, channels.aurelia, { type: challenge, count: 2 })
  tell('In the morning Calenia was asked and answered. Aurelia’s point of contact was asked again, and stayed silent.')

  await setClocks('2026-11-25T02:00', [network])
  await seeRound(secretary, round, /No answer/)
  await secretary.send(`${round}/publish`)
  await seeOwn(dutyOfficer, /answered in time/)
  await seeOwn(releaser, /no answer yet/)
  tell(
    'The round was over. Borovia reads that it answered in time, Aurelia that it did not; all others read only that a round was held: of fewer than seven parties no figure is told, for it would show single ones.',
  )
}

/** Aurelia, round the clock, and Calenia, in office hours, beside Borovia's duty desk. */
async function listOthers({ people }: Stage, network: string): Promise<void> {
  const { drafter, releaser, delegate, secretary } = people
  const posts = [
    [drafter, releaser, 'Cyber desk of the Ministry of Foreign Affairs', 'always', 'Europe/Vienna'],
    [delegate, delegate, 'Mission to the MOSC', 'office', 'Africa/Tunis'],
  ] as const
  for (const [person, second, post, hours, zone] of posts)
    await release(
      { drafter: person, releaser: second },
      await write(person, network, 'directory.contact-nominated', {
        kind: 'technical',
        post,
        hours,
        zone,
        tlp: 'AMBER',
      }),
      { alone: second === person },
    )
  await letTimePass(secretary, network)
  await awaitAct(secretary, network, { type: 'directory.contact-nominated', count: 1 + posts.length })
}

function openChannel(secretary: Person, key: Asked): Promise<string> {
  const { party, names } = parties[key]
  return openSpace(secretary, {
    kind: 'channel',
    'title-en': `Secretariat and ${names.en}`,
    purpose: 'Between the duty desks of the Secretariat and of one member.',
    members: [party],
  })
}

/** From the form over the review to the page of the round; returns its address. */
async function begin(secretary: Person, network: string): Promise<string> {
  await secretary.open('/checks/new')
  await secretary.send('/checks/new/review', { network, announced: 'no', within: 'PT1H', lasts: 'P1D' })
  return (await secretary.send('/checks')).path
}

async function answer(person: Person, channel: string, count: number): Promise<void> {
  const { hash } = await awaitAct(person, channel, { type: challenge, author: parties.mosc.party, count })
  await press(person, channel, `/challenges/${hash}/answer`)
}

async function seeRound(secretary: Person, round: string, words: RegExp): Promise<void> {
  await until(`the Secretariat to read ${words}`, async () => words.test((await secretary.open(round)).text))
}

/** What a house reads of itself, beside what all others are told. */
async function seeOwn(person: Person, words: RegExp): Promise<void> {
  await until(`${person.name} to read the result`, async () => {
    const { text } = await person.open('/checks')
    return words.test(text) && /So few parties were asked/.test(text)
  })
}
