import { aurelia, borovia, markedAmber } from '../case/words.ts'
import type { IncidentPlayed } from '../case/played.ts'
import { until } from '../person.ts'
import {
  awaitAct,
  countActs,
  letTimePass,
  openSpace,
  release,
  seeSpace,
  setClock,
  type Stage,
  write,
} from '../stage.ts'

/** Days of the exercise. */
const scenario = '2026-11-22T09:00'
const followsBy = '2027-01-17'
const keptUntil = '2027-01-31'

/** Both name whom police of the other side reach round the clock: a request goes between these, and nowhere else. */
async function nameAuthorities({ people }: Stage): Promise<void> {
  const { drafter, releaser, boroviaDrafter, deskOfficer } = people
  const space = await openSpace(releaser, {
    kind: 'directory',
    'title-en': 'Authorities for requests between Aurelia and Borovia',
    'title-fr': 'Autorités pour les demandes entre l’Aurélie et la Borovie',
    'title-ar': 'السلطات المختصة بالطلبات بين أوريليا وبوروفيا',
    purpose: 'Points of contact for preservation and legal assistance, for both parties only.',
    members: [borovia],
  })
  await setClock(releaser, space, scenario)
  await seeSpace(boroviaDrafter, space)
  const entry = { kind: 'police-24-7', hours: 'always', ...markedAmber }
  const ours = { ...entry, post: 'Cybercrime unit of Aurelia', emergency: '+999 1 555 0112', zone: 'Europe/Vienna' }
  const theirs = { ...entry, post: 'Cybercrime unit of Borovia', emergency: '+999 2 555 0112', zone: 'Europe/Athens' }
  await release({ drafter, releaser }, await write(drafter, space, 'directory.contact-nominated', ours))
  const by = { drafter: boroviaDrafter, releaser: deskOfficer }
  await release(by, await write(boroviaDrafter, space, 'directory.contact-nominated', theirs))
  await letTimePass(releaser, space)
  await until('both authorities to stand in the directory', async () => {
    const { text } = await drafter.open('/directory')
    return [ours, theirs].every(({ post }) => text.includes(post))
  })
}

/** From the incident a request goes to Borovia, which grants it in part, keeps the data and says on what terms. */
export async function askForAssistance(stage: Stage, { id: incident, space }: IncidentPlayed): Promise<string> {
  const { people, tell } = stage
  const { drafter, releaser, deskOfficer, boroviaDrafter } = people
  await nameAuthorities(stage)
  const request = await ask(stage, incident, space)
  tell({
    step: 'cooperation',
    line: 'From its incident Aurelia asked Borovia for assistance: data at three hosting firms to be preserved, between the authorities both had named. What Aurelia thinks of it stayed at home.',
  })
  const receipt = { type: 'channels.note-acknowledged', author: borovia }
  const before = await countActs(boroviaDrafter, space, receipt)
  await deskOfficer.open(`/spaces/${space}/notes/${request}/acknowledge`)
  await deskOfficer.send(`/notes/${request}/acknowledge`)
  await awaitAct(boroviaDrafter, space, { ...receipt, count: before + 1 })
  const answer = async (type: string, typed: Parameters<typeof write>[3]) => {
    const by = { drafter: boroviaDrafter, releaser: deskOfficer }
    await release(by, await write(boroviaDrafter, space, type, { ...typed, ...markedAmber }, `?request=${request}`))
    await letTimePass(releaser, space)
    for (const person of [boroviaDrafter, drafter]) await awaitAct(person, space, { type, author: borovia })
  }
  await answer('assistance.request-accepted', {
    scope: 'part',
    granted: 'Records of connections and the images of the three hosts, from 10 to 17 November.',
    withheld: 'Data of other customers of the three firms: their law protects it, and it is not needed.',
    deliverBy: '2026-12-04',
    words: 'The three firms were told the same day.',
  })
  tell({ step: 'cooperation', line: 'Borovia accepted in part, and said which part it withholds and why.' })
  await answer('assistance.request-executed', {
    complete: 'yes',
    keptUntil,
    purpose: 'as-requested',
    onward: 'consent',
    conditions: 'To be used for this case. Its follow-up goes to the central authority of Borovia.',
    words: 'The data is preserved at the three firms under the reference BOR-PR-31.',
  })
  tell({
    step: 'cooperation',
    line: 'It was executed: the data is kept, under terms of use that stand with it, and a clock by law waits for the request for legal assistance.',
  })
  return request
}

async function ask({ people }: Stage, incident: string, space: string): Promise<string> {
  const { drafter, releaser, deskOfficer } = people
  await drafter.open(`/assistance/ask?incident=${incident}`)
  await drafter.send('/assistance/ask', { kind: 'preservation', party: borovia, space })
  const review = await drafter.send('/write/channels.note-sent', {
    subject: 'Preservation of data at three hosting firms',
    'stated-authority': 'Cybercrime unit of Aurelia, on an order of the examining magistrate of 20 November 2026.',
    'stated-offence': 'Interference with data and systems; extortion.',
    'stated-data': 'Records of connections, images of the three hosts and data of their customers, 10 to 17 November.',
    'stated-custodian': 'Three hosting firms located in Borovia, as annexed to the note of 17 November.',
    'stated-necessity': 'Records are deleted after fourteen days.',
    'stated-mutual-assistance': 'A request for mutual legal assistance will follow.',
    'stated-follows-by': followsBy,
    ...markedAmber,
  })
  const note = { type: 'channels.note-sent', author: aurelia }
  const before = await countActs(drafter, space, note)
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  const { hash } = await awaitAct(deskOfficer, space, { ...note, count: before + 1 })
  return hash
}
