import type { Person, SeenPage, Typed } from '../person.ts'
import type { Stage } from '../stage.ts'
import { dayAhead } from './deferral.ts'

const assembly = 'National Assembly of Aurelia'

/** What the house owes at home: a question answered, a request for documents answered in part, a brief for the minister. */
export async function answerAtHome(stage: Stage, incident: string): Promise<void> {
  await answerQuestion(stage, incident)
  await answerRequest(stage, incident)
  await briefMinister(stage, incident)
}

/** Told from a line that was cleared, and cleared by three who wrote nothing in it. */
async function answerQuestion({ people, tell }: Stage, incident: string): Promise<void> {
  const { drafter, releaser, aureliaLegal, cabinet } = people
  const task = await begin(drafter, incident, 'question', {
    title: 'Attack on the banks',
    chamber: assembly,
    number: '26/311',
    member: 'Ms Orla Venn',
    asked:
      'Which state does the Government hold responsible for the attack on the banks, and what has it done about it?',
    term: { option: 'House of Commons, ordinary written question' },
    marking: 'CLEAR',
  })
  await draw(drafter, task, /were hit by ransomware|Whether and when we attribute/)
  await write(drafter, task, [
    'Banks in Aurelia were hit by ransomware on 15 November. Payments run again.',
    'The Government names nobody. Whether and when it attributes is decided on evidence, not on headlines.',
  ])
  for (const person of [releaser, aureliaLegal, cabinet]) await clear(person, task)
  const { text } = await answered(drafter, task, assembly)
  if (!/[0-9a-f]{64}/.test(text)) throw new Error(`the answer was not frozen: ${text.slice(0, 900)}`)
  tell({
    step: 'home',
    line: 'A member of parliament asked, and a clock of seven working days began. The answer was drawn from lines that may be said, cleared by desk, legal adviser and cabinet, and frozen as it went.',
  })
}

/** Part by part: one goes, one does not, on a ground of the law. */
async function answerRequest({ people, tell }: Stage, incident: string): Promise<void> {
  const { drafter, releaser, aureliaLegal } = people
  const task = await begin(drafter, incident, 'access', {
    title: 'Papers on the attack on the banks',
    applicant: 'Mr Idris Quill',
    contact: 'quill@example.org',
    basis: 'Law on access to documents',
    asked: 'All statements to the press, and all correspondence with Borovia on the matter.',
    term: { option: 'No 1049/2001, initial application' },
    marking: 'CLEAR',
  })
  const decide = async (typed: Typed) => {
    await drafter.open(`${task}/form/parts`)
    await drafter.send('/parts', typed)
  }
  await decide({
    partTitle: 'Statements to the press',
    decision: 'released',
    partWords: 'The statement of 16 November is enclosed as it was given out.',
  })
  await decide({
    partTitle: 'Correspondence with Borovia',
    decision: 'withheld',
    ground: { option: 'international relations' },
    why: 'It is confidential between both parties while the matter is being cleared up.',
  })
  await write(drafter, task, [
    'One part of what you asked for is enclosed; the other is withheld, on the ground named.',
  ])
  for (const person of [releaser, aureliaLegal]) await clear(person, task)
  await answered(drafter, task, 'Mr Idris Quill')
  tell({
    step: 'home',
    line: 'A request for documents was answered part by part: one released, one withheld with its ground, cleared by desk and legal adviser.',
  })
}

/** Waits for the cabinet: what stands open is there to be tried. */
async function briefMinister({ people, tell }: Stage, incident: string): Promise<void> {
  const { drafter, releaser } = people
  const task = await begin(drafter, incident, 'brief', {
    title: 'The attack on the banks',
    occasion: 'Council of ministers',
    minister: 'Minister of Foreign Affairs',
    asked: 'Where we stand, what to say, and what not to.',
    dueOn: dayAhead(2),
    dueHour: '09:00',
    marking: 'AMBER',
  })
  await draw(drafter, task, /Whether data of customers was taken|were hit by ransomware/)
  await write(drafter, task, [
    'Borovia answered within hours and keeps the data. Who used the hosts is not known; nobody should be named.',
    'Not to be said: anything on single banks.',
  ])
  await clear(releaser, task)
  tell({
    step: 'home',
    line: 'The brief for the minister is drawn from the record at its own marking; the desk cleared it, and it waits for the cabinet.',
  })
}

async function begin(person: Person, incident: string, kind: string, typed: Typed): Promise<string> {
  await person.open(`/home-tasks/open?kind=${kind}&incident=${incident}`)
  const task = addressOf(await person.send('/home-tasks', typed))
  await person.open(`${task}/form/assign`)
  await person.send('/assign')
  return task
}

/** Ticks what is offered: nothing marked narrower than the task ever is. */
async function draw(person: Person, task: string, wanted: RegExp): Promise<void> {
  const { forms, text } = await person.open(`${task}/form/draw`)
  const offered = forms.flatMap(({ options }) => options.items ?? [])
  const items = offered.flatMap(({ value, label }) => (wanted.test(label) ? [value] : []))
  if (items.length < 2) throw new Error(`${task} offers too little to draw from: ${text.slice(0, 900)}`)
  await person.send('/draw', { items })
}

async function write(person: Person, task: string, paragraphs: string[]): Promise<void> {
  await person.open(`${task}/form/text`)
  await person.send('/text', { language: 'en', words: paragraphs.join('\n\n') })
}

async function clear(person: Person, task: string): Promise<void> {
  await person.open(task)
  await person.send('/clear')
}

async function answered(person: Person, task: string, to: string): Promise<SeenPage> {
  await person.open(`${task}/form/answer`)
  return person.send('/answer', { to })
}

const addressOf = ({ path }: SeenPage): string => path.split(/[?#]/)[0] ?? path
