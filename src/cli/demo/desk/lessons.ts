import type { IncidentPlayed } from '../case/played.ts'
import { aurelia, borovia } from '../case/words.ts'
import type { Person, Typed } from '../person.ts'
import { until } from '../person.ts'
import { awaitAct, awaitWitnessed, countActs, letTimePass, release, type Stage, write } from '../stage.ts'
import { dayAhead } from './deferral.ts'

const closeAccounts = 'Close suppliers’ accounts for remote maintenance'
const exercise = 'Aurelia prepares an exercise of the first hour for hosting firms of both countries.'

/** What it taught: one lesson changes the response plan, the other becomes a commitment that both sides agree to. */
export async function learn(stage: Stage, incident: IncidentPlayed, plan: string): Promise<void> {
  await changeThePlan(stage, incident, plan)
  await commitTogether(stage, incident)
}

async function changeThePlan({ people, tell }: Stage, { id }: IncidentPlayed, plan: string): Promise<void> {
  const { analyst, aureliaLegal, releaser } = people
  await writeLesson(analyst, id, {
    happened: 'First entry was by an account of a supplier that nobody had closed.',
    change: `${closeAccounts} within the first hour`,
    due: dayAhead(14),
  })
  await analyst.send('/answer', { answer: 'plan' })
  await analyst.open(`${plan}/write/steps`)
  await analyst.send(`${plan}/write/steps`, {
    title: closeAccounts,
    role: { option: 'Lead' },
    within: '60',
    unit: 'minutes',
  })
  await analyst.open(`${plan}?version=next`)
  await analyst.send(`${plan}/lessons`, { answer: 'take-up', words: 'It is a step of its own now.' })
  await releaser.open(`${plan}?version=next`)
  await releaser.send(`${plan}/approve`)
  const { text } = await aureliaLegal.open(plan)
  if (!text.includes('Taken up by version 2')) throw new Error(`the plan took nothing up: ${text.slice(0, 1_500)}`)
  tell({
    step: 'recovery',
    line: 'A lesson of the recovery became a step of the response plan, whose second version a second person approved.',
  })
}

async function commitTogether(stage: Stage, { id, space }: IncidentPlayed): Promise<void> {
  const { people, tell } = stage
  const { analyst, drafter, releaser, deskOfficer } = people
  const lesson = await writeLesson(analyst, id, {
    happened: 'The three firms did not know whom to call; two hours went by.',
    change: exercise,
    due: dayAhead(120),
  })
  await analyst.send('/answer', { answer: 'commitment' })
  await drafter.open(lesson)
  await drafter.send('/draft', { space })
  const proposed = { type: 'agreements.text-proposed', author: aurelia }
  const before = await countActs(drafter, space, proposed)
  const review = await drafter.send(`/write/${proposed.type}`, {
    title_en: 'Exercise of the first hour',
    title_fr: 'Exercice de la première heure',
    p1_fr: 'L’Aurélie prépare un exercice de la première heure pour les hébergeurs des deux pays.',
    p1_norm: 'h',
  })
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  const text = await awaitAct(deskOfficer, space, { ...proposed, count: before + 1 })
  await agree(stage, space, text)
  tell({
    step: 'recovery',
    line: 'Another lesson became a text that both agreed to, and its paragraph a commitment of Aurelia: what happened at home did not go along.',
  })
}

async function agree({ people }: Stage, space: string, text: Awaited<ReturnType<typeof awaitAct>>): Promise<void> {
  const { drafter, releaser, legal, deskOfficer } = people
  const type = 'agreements.text-agreed'
  const by = [
    { drafter, releaser, author: aurelia },
    { drafter: legal, releaser: deskOfficer, author: borovia },
  ]
  for (const { drafter: writer, releaser: second } of by) {
    await awaitWitnessed(second, space, text)
    const typed = { proposal: text.hash }
    await release(
      { drafter: writer, releaser: second },
      await write(writer, space, type, typed, `?proposal=${text.hash}`),
    )
  }
  const known = await commitmentsOf(releaser)
  await letTimePass(releaser, space)
  for (const person of [releaser, deskOfficer])
    await until(`${person.name} to see one commitment more`, async () => (await commitmentsOf(person)) > known)
}

const commitmentsOf = async (person: Person) => (await person.read<unknown[]>('/api/v1/commitments')).length

/** Lands on its page; gives the address. */
async function writeLesson(analyst: Person, incident: string, typed: Typed): Promise<string> {
  const at = `/incidents/${incident}/recovery/lessons`
  await analyst.open(at)
  const { path } = await analyst.send('/recovery/lessons', { owner: { option: 'CERT Aurelia' }, ...typed })
  return path.split(/[?#]/)[0] ?? path
}
