import { awaitAct, letTimePass, openSpace, press, release, seeSpace, setClock, write, type Stage } from '../stage.ts'
import type { Person } from '../person.ts'
import { borovia, aurelia, mosc, markedAmber } from './words.ts'
import type { IncidentPlayed } from './played.ts'

/** A sealed channel with Borovia that the Secretariat orders; its exercise's clock stands still. */
async function openHotline(releaser: Person, query = ''): Promise<string> {
  const space = await openSpace(
    releaser,
    {
      kind: 'channel',
      'title-en': 'Standing hotline of Aurelia and Borovia',
      'title-fr': 'Ligne permanente entre l’Aurélie et la Borovie',
      'title-ar': 'خط ساخن دائم بين أوريليا وبوروفيا',
      purpose: 'Standing hotline between the duty desks, opened under the joint statement.',
      members: [borovia],
      // A third party orders the hotline and reads nothing of it.
      host: mosc,
      sealed: 'yes',
      chair: 'yes',
      acknowledgeWithin: 'PT1H',
      checkWithin: 'PT1H',
    },
    query,
  )
  await setClock(releaser, space, '2026-11-22T10:00')
  return space
}

export async function cooperation(
  stage: Stage,
  { space: caseSpace }: IncidentPlayed,
  statement: string,
): Promise<string> {
  const { people, tell } = stage
  const { drafter, releaser, dutyOfficer, deskOfficer } = people
  const space = await openHotline(releaser, `?under=${caseSpace}:${statement}`)
  tell({
    step: 'cooperation',
    line: 'A standing hotline was opened under the statement: sealed, and ordered by the Secretariat, which cannot read it.',
  })

  await seeSpace(dutyOfficer, space)
  await releaser.open(`/spaces/${space}`)
  await releaser.send(`/spaces/${space}/checks`)
  const check = await awaitAct(dutyOfficer, space, { type: 'channels.check-called', author: aurelia })
  await press(dutyOfficer, space, `/checks/${check.hash}/answer`)
  await awaitAct(releaser, space, { type: 'channels.check-answered', author: borovia })
  tell({ step: 'cooperation', line: 'Its first communication check was answered by Borovia’s duty officer.' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'channels.offer-made', {
      kind: 'training',
      subject: 'Course on preserving evidence for response teams',
      text: 'Aurelia offers ten places in a course of CERT Aurelia on preserving evidence, in February 2027.',
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const offer = await awaitAct(deskOfficer, space, { type: 'channels.offer-made', author: aurelia })
  await press(deskOfficer, space, `/offers/${offer.hash}/accept`)
  await awaitAct(releaser, space, { type: 'channels.offer-accepted', author: borovia })
  tell({ step: 'cooperation', line: 'Aurelia offered training; Borovia accepted.' })
  return space
}
