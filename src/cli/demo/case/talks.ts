import { awaitAct, letTimePass, press, release, write, type Stage } from '../stage.ts'
import { borovia, aurelia, markedAmber } from './words.ts'
import { weighAgain } from '../desk/weighing.ts'
import type { IncidentPlayed } from './played.ts'

export async function talks(stage: Stage, { id, space, note }: IncidentPlayed): Promise<void> {
  const { people, tell } = stage
  const { analyst, drafter, releaser, dutyOfficer, deskOfficer } = people

  await release(
    { drafter: dutyOfficer, releaser: deskOfficer },
    await write(dutyOfficer, space, 'incidents.facts-contested', {
      about: note,
      ground: 'own-hosts-victims',
      subject: 'The hosts named are themselves victims',
      text: 'The three firms report that the hosts were taken over from outside on 14 November. Borovia contests that the infrastructure was used by anybody in Borovia.',
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const contested = await awaitAct(releaser, space, { type: 'incidents.facts-contested', author: borovia })
  tell({ step: 'talks', line: 'Borovia contested: its hosts were themselves victims.' })

  await weighAgain(analyst, id)
  tell({ step: 'talks', line: 'The second hypothesis overtook the first; Aurelia’s analyst recorded why.' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'incidents.preservation-requested', {
      addressee: borovia,
      deletionDate: '2026-11-24',
      keepUntil: '2027-01-17',
      source: 'requested',
      subject: 'Preservation of connection logs at three hosting firms',
      text: 'The logs of 10 to 17 November would be deleted on 24 November. Aurelia asks that they be kept until a request for legal assistance is made.',
      tlp: 'AMBER+STRICT',
    }),
  )
  await letTimePass(releaser, space)
  const request = await awaitAct(deskOfficer, space, { type: 'incidents.preservation-requested', author: aurelia })
  await deskOfficer.open(`/spaces/${space}/write/incidents.preservation-confirmed?request=${request.hash}`)
  await release(
    { drafter: deskOfficer, releaser: deskOfficer },
    await deskOfficer.send('/write/incidents.preservation-confirmed', {
      request: request.hash,
      keptUntil: '2027-01-17',
      subject: 'Connection logs are kept',
      text: 'The three firms keep the logs of 10 to 17 November until 17 January 2027.',
      tlp: 'AMBER+STRICT',
    }),
    { alone: true },
  )
  await letTimePass(releaser, space)
  await awaitAct(releaser, space, { type: 'incidents.preservation-confirmed', author: borovia })
  tell({ step: 'talks', line: 'The logs were preserved six days before their deletion date.' })

  await release(
    { drafter, releaser },
    await write(drafter, space, 'channels.minutes-proposed', {
      on: '2026-11-19',
      zone: 'Etc/UTC',
      subject: 'Talks of 19 November',
      text: [
        'Both sides agree that the banks were attacked through hosts of three firms, and that the hosts had been taken over.',
        'Both sides will publish one statement. They do not agree on one word: whether infrastructure in Borovia “harboured” or “transited” the traffic. They will take the question to the forum of the Meridian Organisation.',
      ].join('\n\n'),
      ...markedAmber,
    }),
  )
  await letTimePass(releaser, space)
  const minutes = await awaitAct(deskOfficer, space, { type: 'channels.minutes-proposed', author: aurelia })
  await press(deskOfficer, space, `/minutes/${minutes.hash}/confirm`)
  await awaitAct(releaser, space, { type: 'channels.minutes-confirmed', author: borovia })
  tell({ step: 'talks', line: 'Both confirmed the minutes; they stalled on one word, “harboured” or “transited”.' })
  if (contested.author !== borovia) throw new Error('the contest is not Borovia’s')
}
