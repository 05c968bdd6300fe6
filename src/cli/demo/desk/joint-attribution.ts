import { aurelia, borovia } from '../case/words.ts'
import type { Person } from '../person.ts'
import {
  awaitAct,
  awaitWitnessed,
  letTimePass,
  openSpace,
  release,
  seeSpace,
  setClock,
  type Stage,
  write,
} from '../stage.ts'
import { affirmAttribution } from './deferral.ts'
import { weighTogether } from './weighing.ts'

const service = 'Grey Tide'
const words = {
  title_en: 'On the attack on banks of Aurelia in November 2026',
  title_fr: 'Sur l’attaque contre des banques de l’Aurélie en novembre 2026',
  text_en: `Aurelia and Borovia attribute the attack to those who run the criminal service ${service}. Its hosts in Borovia had been taken over from outside.\n\nNeither has found that a state took part.`,
  text_fr: `L’Aurélie et la Borovie attribuent l’attaque à ceux qui exploitent le service criminel ${service}. Ses hôtes en Borovie avaient été pris de l’extérieur.\n\nAucune des deux n’a constaté la participation d’un État.`,
}

/** Weeks later what both found fits: at home it is affirmed, and both say it together, not before the hour they agreed on. */
export async function attributeTogether(stage: Stage, incident: string): Promise<void> {
  const { people, tell } = stage
  await weighTogether(people.analyst, incident)
  await affirmAttribution(stage, incident, service)
  const space = await openForIt(stage)
  const proposal = await propose(stage, space)
  const file = `/spaces/${space}/joint-attributions/${proposal.hash}/file.txt`
  await sign(stage, space, proposal)
  const early = await people.drafter.open(file)
  if (early.status < 400) throw new Error('the joint attribution left under its embargo')
  tell({
    step: 'cooperation',
    line: 'Aurelia and Borovia attributed the attack together to a criminal service: one text in two languages, each signed by two persons over one hash. Under its embargo no file of it is made.',
  })
  await letTimePass(people.releaser, space, 'PT10H')
  const { status, text } = await people.drafter.open(file)
  if (status !== 200 || !text.includes(service)) throw new Error(`no file after the embargo: ${status} ${text}`)
  const by = { drafter: people.drafter, releaser: people.releaser }
  const type = 'attributions.text-published'
  await release(by, await write(people.drafter, space, type, { tlp: 'CLEAR' }, `?proposal=${proposal.hash}`))
  await letTimePass(people.releaser, space)
  await awaitAct(people.deskOfficer, space, { type, author: aurelia })
  await people.analyst.open(`/incidents/${incident}/record`)
  await people.analyst.send('/bottom-line', {
    first: 'Three banks of Aurelia were encrypted on 15 November; payments in one region stood still for a day.',
    second: `Aurelia and Borovia attribute it together to those who run the criminal service ${service}, not to a state.`,
    third: 'The joint text is public since the embargo was over; the hosts in Borovia had been taken over.',
  })
  tell({
    step: 'cooperation',
    line: 'When the embargo was over Aurelia published it; both sides see that it did, and the bottom line at home says so.',
  })
}

/** A space for it alone: of every other entry a public dossier would show that it exists. */
async function openForIt({ people: { releaser, boroviaDrafter } }: Stage): Promise<string> {
  const space = await openSpace(releaser, {
    kind: 'case',
    'title-en': 'Joint attribution',
    'title-fr': 'Attribution conjointe',
    'title-ar': 'إسناد مشترك',
    purpose: 'One text on who is responsible, and when it is published.',
    members: [borovia],
  })
  await setClock(releaser, space, '2026-12-14T08:00')
  await seeSpace(boroviaDrafter, space)
  return space
}

async function propose({ people: { drafter, releaser, boroviaDrafter } }: Stage, space: string) {
  const type = 'attributions.text-proposed'
  const review = await write(drafter, space, type, {
    ...words,
    authentic: 'en',
    embargoDate: '2026-12-14',
    embargoTime: '18:00',
    tlp: 'CLEAR',
  })
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  return awaitAct(boroviaDrafter, space, { type, author: aurelia })
}

async function sign(stage: Stage, space: string, proposal: Awaited<ReturnType<typeof awaitAct>>): Promise<void> {
  const { drafter, releaser, boroviaDrafter, deskOfficer } = stage.people
  const type = 'attributions.text-signed'
  const signAs = async (by: { drafter: Person; releaser: Person }) => {
    await awaitWitnessed(by.releaser, space, proposal)
    await release(by, await write(by.drafter, space, type, { tlp: 'CLEAR' }, `?proposal=${proposal.hash}`))
  }
  await signAs({ drafter, releaser })
  await signAs({ drafter: boroviaDrafter, releaser: deskOfficer })
  await letTimePass(releaser, space)
  for (const person of [drafter, deskOfficer])
    for (const author of [aurelia, borovia]) await awaitAct(person, space, { type, author })
}
