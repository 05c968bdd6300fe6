import { readFile } from 'node:fs/promises'
import type { Person, SeenPage, Typed } from '../person.ts'
import type { Stage } from '../stage.ts'

const title = 'Ransomware in the banking sector'

/** Steps of the plan in their order, with their terms. */
const steps: readonly Typed[] = [
  {
    title: 'Secure traces at the victims',
    words: 'Images of memory first; nothing is switched off before.',
    role: { option: 'Lead' },
    within: '60',
    unit: 'minutes',
  },
  {
    title: 'Establish who was hit and how far it reaches',
    role: { option: 'Lead' },
    within: '4',
    unit: 'hours',
  },
  {
    title: 'Call the duty desk of any party whose hosts appear',
    words: 'By the number of the directory. A call implies no attribution.',
    role: { option: 'Word to partners' },
    within: '2',
    unit: 'hours',
    after: { option: 'Establish who was hit' },
  },
  {
    title: 'Early warning to the supervisory authority',
    role: { option: 'Lead' },
    within: '24',
    unit: 'hours',
  },
  {
    title: 'Look back with all who took part',
    role: { option: 'Lead' },
    within: '336',
    unit: 'hours',
  },
]

/** A response plan is written before anything happens: its text cleared by the legal adviser, all of it approved by another. */
export async function preparePlan({ people, tell }: Stage): Promise<string> {
  const { analyst, aureliaLegal, releaser } = people
  await analyst.open('/plans/write')
  const begun = await analyst.send('/plans', {
    name: 'Ransomware in a critical sector',
    purpose: 'For whoever has the duty when several firms of one sector report encrypted systems.',
    trigger: { option: 'serious' },
    marking: { option: 'AMBER' },
  })
  const plan = /\/plans\/[0-9a-f]{32}/.exec(begun.path)?.[0]
  if (!plan) throw new Error(`the plan landed on ${begun.path}: ${begun.text.slice(0, 900)}`)
  const write = async (part: string, typed: Typed) => {
    await analyst.open(`${plan}/write/${part}`)
    await analyst.send(`${plan}/write/${part}`, typed)
  }
  await write('roles', { title: 'Lead of the incident', who: { option: 'CERT Aurelia' } })
  await write('roles', { title: 'Word to partners', who: { option: 'Cyber desk' } })
  for (const step of steps) await write('steps', step)
  await write('texts', {
    title: 'Holding line',
    language: 'en',
    words:
      'We are aware of disruptions in the sector. The response team is working with those affected. It is too early to say who is responsible.',
    validUntil: '2027-12-31',
  })
  await aureliaLegal.open(`${plan}?version=next`)
  await aureliaLegal.send(`${plan}/clear-legal`)
  await releaser.open(`${plan}?version=next`)
  await releaser.send(`${plan}/approve`)
  tell({
    step: 'before',
    line: 'Aurelia keeps a response plan for its critical sectors: five steps, a text the legal adviser cleared, approved by a second person.',
  })
  return plan
}

/** An incident as its plan began it. */
export interface Begun {
  incident: string
  /** Address of the checklist. */
  run: string
}

/** The first alarm: the plan opens the incident and its checklist at once; the objects of the banks come in after. */
export async function beginFromPlan({ people, tell }: Stage, plan: string, bundle: URL | string): Promise<Begun> {
  const { analyst } = people
  await analyst.open(`${plan}/open`)
  const opened = await analyst.send(`${plan}/open`, { title, category: 'malicious-code', drill: 'yes' })
  const [run = '', incident = ''] = /\/incidents\/([0-9a-f]{32})\/plans\/[0-9a-f]{32}/.exec(opened.path) ?? []
  if (incident === '') throw new Error(`opening from the plan landed on ${opened.path}: ${opened.text.slice(0, 900)}`)
  await analyst.open(`/incidents/${incident}/record`)
  await analyst.send('/objects', {
    file: { name: 'aurelia-banks.stix.json', media: 'application/json', content: await readFile(bundle) },
  })
  tell({
    step: 'communication',
    line: 'Aurelia’s analyst opened an incident from the response plan, with the objects its banks reported.',
  })
  return { incident, run }
}

/** What was done is ticked; instead of the call a note will go, and the checklist says why. */
export async function workThePlan({ people, tell }: Stage, { run }: Begun): Promise<void> {
  const { analyst } = people
  let page = await analyst.open(run)
  const answer = async (at: number, button: string, words = '') => {
    page = await markStep(analyst, page, { at, button, words })
  }
  await answer(0, 'Done', 'Images of memory taken at three banks.')
  await answer(1, 'Done')
  await answer(
    2,
    'otherwise',
    'It is night in Borovia and there are objects to annex: a note verbale goes to its duty desk instead of a call.',
  )
  await answer(3, 'Done', 'Sent by the operator; CERT Aurelia has it.')
  tell({
    step: 'communication',
    line: 'Three steps of the plan were done; of the call the desk departed, and wrote down why: a note instead of a call.',
  })
}

/** Answers the step of a checklist that stands at a place; each has a form of its own. */
export function markStep(
  person: Person,
  page: SeenPage,
  { at, button, words }: { at: number; button: string; words: string },
): Promise<SeenPage> {
  const form = page.forms.filter(({ action }) => action.endsWith('/steps'))[at]
  const field = Object.keys(form?.fields ?? {}).find((name) => name.startsWith('words-'))
  if (!field) throw new Error(`${page.path} has no step ${at + 1}: ${page.text.slice(0, 600)}`)
  return person.send('/steps', { [field]: words }, button)
}
