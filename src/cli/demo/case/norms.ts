import { awaitAct, awaitWitnessed, letTimePass, release, write, type Stage } from '../stage.ts'
import { until } from '../person.ts'
import { borovia, aurelia, markedAmber } from './words.ts'
import type { IncidentPlayed } from './played.ts'
import type { ForumPlayed } from './forum.ts'

export async function norms(stage: Stage, { space }: IncidentPlayed, forum: ForumPlayed): Promise<string> {
  const { people, tell } = stage
  const { drafter, releaser, deskOfficer, legal } = people
  await release(
    { drafter, releaser },
    await write(
      drafter,
      space,
      'agreements.text-proposed',
      {
        title_en: 'Joint statement of Aurelia and Borovia on the incidents of November 2026',
        title_fr: 'Déclaration conjointe de l’Aurélie et de la Borovie sur les incidents de novembre 2026',
        p1_en:
          'Borovia, through whose territory the traffic transited without its knowledge, keeps the logs and hands them over on a request for legal assistance.',
        p1_fr:
          'La Borovie, par le territoire de laquelle le trafic a transité à son insu, conserve les journaux et les remet sur demande d’entraide judiciaire.',
        p1_norm: 'c',
        p1_owner: borovia,
        p1_due: '2027-01-17',
        p2_en: 'Aurelia shares the indicators with the response teams of all members of the Meridian Organisation.',
        p2_fr:
          'L’Aurélie communique les indicateurs aux équipes de réponse de tous les membres de l’Organisation méridienne.',
        p2_norm: 'd',
        p2_owner: aurelia,
        p2_due: '2026-12-15',
        p3_en: 'Aurelia notifies the makers of the affected software of the weakness that was used.',
        p3_fr: 'L’Aurélie signale aux éditeurs des logiciels concernés la faille qui a été exploitée.',
        p3_norm: 'j',
        p3_owner: aurelia,
        p3_due: '2026-12-31',
        ...markedAmber,
      },
      `?languages=en,fr&count=3&resolvedSpace=${forum.space}&resolvedAct=${forum.decision}`,
    ),
  )
  await letTimePass(releaser, space)
  const text = await awaitAct(legal, space, { type: 'agreements.text-proposed', author: aurelia })
  tell({
    step: 'norms',
    line: 'A joint statement of three paragraphs lies on the table in two languages; it creates no rights or obligations under international law.',
  })

  for (const person of [releaser, deskOfficer]) await awaitWitnessed(person, space, text)
  const agree = { proposal: text.hash, ...markedAmber }
  await release(
    { drafter, releaser },
    await write(drafter, space, 'agreements.text-agreed', agree, `?proposal=${text.hash}`),
  )
  await release(
    { drafter: legal, releaser: deskOfficer },
    await write(legal, space, 'agreements.text-agreed', agree, `?proposal=${text.hash}`),
  )
  await letTimePass(releaser, space)
  for (const person of [releaser, deskOfficer])
    await until(`${person.name} to see three commitments`, async () => {
      const commitments = await person.read<unknown[]>('/api/v1/commitments')
      return commitments.length === 3
    })
  tell({
    step: 'norms',
    line: 'Two persons on each side agreed to one hash: three commitments, each with its norm, owner and date.',
  })
  return text.hash
}
