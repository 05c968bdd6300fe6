import { readFile } from 'node:fs/promises'
import { awaitAct, letTimePass, openSpace, release, setClock, write, type Stage } from '../stage.ts'
import { beginFromPlan, workThePlan } from '../desk/response-plan.ts'
import { takeStock } from '../desk/stock-taking.ts'
import { weigh } from '../desk/weighing.ts'
import { until, type SeenPage } from '../person.ts'
import { borovia, aurelia, markedAmber } from './words.ts'
import type { CaseOptions, IncidentPlayed } from './played.ts'
import { openNightPage } from '../night-page.ts'

export async function communication(
  stage: Stage,
  { bundle, telephones }: CaseOptions,
  plan: string | undefined,
): Promise<IncidentPlayed> {
  const { people, tell } = stage
  const { analyst, drafter, releaser, deskOfficer, dutyOfficer } = people
  const { id, run } = await begin(stage, plan, bundle)

  await weigh(analyst, id)
  tell({
    step: 'communication',
    line: 'Four hypotheses stand, the evidence is graded; the first is likely, analytic confidence moderate.',
  })

  const space = await openSpace(releaser, {
    kind: 'case',
    'title-en': 'Ransomware in the banking sector',
    'title-fr': 'Rançongiciel dans le secteur bancaire',
    'title-ar': 'برمجيات الفدية في القطاع المصرفي',
    purpose: 'To clear up together the intrusions into banks of Aurelia in which hosts located in Borovia appear.',
    members: [borovia],
    acknowledgeWithin: 'PT4H',
    replyWithin: 'PT72H',
    confirmWithin: 'PT24H',
  })
  await setClock(releaser, space, '2026-11-17T22:50')
  await analyst.open(`/incidents/${id}/record`)
  await analyst.send(`/incidents/${id}/spaces`, { space })
  tell({
    step: 'communication',
    line: 'Aurelia opened a case space with Borovia: notes there are acknowledged within four hours.',
  })

  if (run) await workThePlan(stage, { incident: id, run })

  const review = await write(
    drafter,
    space,
    'channels.note-sent',
    {
      form: 'note-verbale',
      purpose: 'ask-help',
      addressee: borovia,
      language: 'en',
      subject: 'Intrusions into the financial sector of Aurelia',
      text: [
        'The Ministry draws the attention of the Ministry of Foreign Affairs of Borovia to a series of intrusions into the financial sector of Aurelia since 15 November, in which infrastructure located in Borovia appears to have been used.',
        'The Ministry would be grateful for assistance in establishing the facts and for an acknowledgement of receipt. The objects that can be shared are annexed.',
      ].join('\n\n'),
      deadlineWhat: 'reply',
      deadlineSource: 'agreed',
      deadlineWithin: 'PT72H',
      incident: id,
      ...markedAmber,
    },
    `?incident=${id}`,
  )
  const leaving = countLeaving(review)
  await release({ drafter, releaser }, review)
  await letTimePass(releaser, space)
  const note = await awaitAct(deskOfficer, space, { type: 'channels.note-sent', author: aurelia })
  tell({
    step: 'communication',
    line: `A note verbale left for Borovia, drafted by one person and released by another: one note, ${leaving}.`,
  })

  await setClock(releaser, space, '2026-11-18T01:00')
  await until('the deputy to be paged', async () => {
    const page = await deskOfficer.open('/')
    return page.text.includes('An acknowledgement to Aurelia is due')
  })
  tell({
    step: 'communication',
    line: 'Borovia, 03:00: the duty officer had been silent for two hours, and the deputy was paged.',
  })

  if (telephones) await openNightPage(stage, telephones)
  else await deskOfficer.open(`/spaces/${space}/notes/${note.hash}/acknowledge`)
  await setClock(releaser, space, '2026-11-18T02:10')
  await deskOfficer.send(`/notes/${note.hash}/acknowledge`)
  const here = await awaitAct(deskOfficer, space, { type: 'channels.note-acknowledged' })
  const there = await awaitAct(releaser, space, { type: 'channels.note-acknowledged' })
  if (here.scenarioTime !== there.scenarioTime) throw new Error('the two sides show different times')
  await dutyOfficer.open(`/spaces/${space}`)
  tell({
    step: 'communication',
    line: `The deputy acknowledged${telephones ? ' with the second tap' : ''}, 3 h 10 after the note: received and in hand, no fact and no claim accepted. Both sides show ${here.scenarioTime?.slice(11, 16)}.`,
  })
  return { id, space, note: note.hash }
}

/** The alarm: an incident from the response plan and what is known of it, or from the objects alone where no plan was made. */
async function begin(
  stage: Stage,
  plan: string | undefined,
  bundle: CaseOptions['bundle'],
): Promise<{ id: string; run?: string }> {
  if (plan === undefined) return { id: await openFromObjects(stage, bundle) }
  const { incident, run } = await beginFromPlan(stage, plan, bundle)
  await takeStock(stage, incident)
  return { id: incident, run }
}

async function openFromObjects({ people: { analyst }, tell }: Stage, bundle: CaseOptions['bundle']): Promise<string> {
  await analyst.open('/incidents/open')
  const opened = await analyst.send('/incidents', {
    title: 'Ransomware in the banking sector',
    category: 'malicious-code',
    summary: 'Invented for the drill MERIDIAN DAWN. Several banks of Aurelia report encrypted systems.',
    drill: 'yes',
    file: { name: 'aurelia-banks.stix.json', media: 'application/json', content: await readFile(bundle) },
  })
  const id = /\/incidents\/([0-9a-f]{32})/.exec(opened.path)?.[1]
  if (!id) throw new Error(`opening the incident landed on ${opened.path}: ${opened.text.slice(0, 900)}`)
  tell({ step: 'communication', line: 'Aurelia’s analyst opened an incident from the objects its banks reported.' })
  return id
}

/** What the review page said would leave: objects by marking, of how many there are at home. */
function countLeaving({ text }: SeenPage): string {
  const [leaves = '', stays = ''] = text.split('Stays home')
  const counted = (part: string) =>
    [...part.matchAll(/(\d+) of \d+ objects/g)].reduce((sum, one) => sum + Number(one[1]), 0)
  const [gone, kept] = [counted(leaves), counted(stays)]
  return gone + kept === 0 ? 'with the objects its marking allows' : `${gone} of ${gone + kept} objects`
}
