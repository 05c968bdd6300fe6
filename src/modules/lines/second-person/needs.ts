import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { incidentsNamed } from '../../incidents/index.ts'
import { openRequests, type SecondRequest } from './requests.ts'

/** Lines for which a second person was asked for: of whoever is asked, and of whoever asked and waits. */
export async function secondPersonNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const open = await openRequests(services, viewer)
  if (open.length === 0) return []
  const incidents = await incidentsNamed(
    services,
    viewer,
    open.map(({ line }) => line.incident),
  )
  return open.flatMap(({ line, request }): Need[] => {
    const state = waitsFor(request, viewer.person.id)
    if (state === undefined) return []
    const [verb, of] = state
    return [
      {
        key: `lines-asked:${request.id}`,
        verb: `lines.need.${verb}`,
        form: 'lines.need.form',
        headline: incidents.get(line.incident)?.title ?? '',
        href: `/incidents/${line.incident}/lines/${line.id}#asked`,
        waitsFor: of,
      },
    ]
  })
}

function waitsFor({ by, people }: SecondRequest, me: string): [string, 'me' | 'them'] | undefined {
  const mine = people.find(({ person }) => person === me)
  if (mine && mine.answer?.answer !== 'cannot') return ['asked', 'me']
  if (by !== me) return undefined
  return people.every(({ answer }) => answer?.answer === 'cannot') ? ['ask-others', 'me'] : ['asked-wait', 'them']
}
