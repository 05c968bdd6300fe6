import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed } from '../incidents/index.ts'
import { readLines } from './read-lines.ts'

const mostFound = 300

/** Lines to take of incidents this person may see, as a search finds them: all that stands, in every language. */
export async function lineRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const lines = (await readLines(services, viewer)).filter(({ withdrawn }) => !withdrawn)
  if (lines.length === 0) return []
  const newest = lines.toSorted((a, b) => b.wording.at - a.wording.at).slice(0, mostFound)
  const named = await incidentsNamed(
    services,
    viewer,
    newest.map(({ incident }) => incident),
  )
  return newest.flatMap(({ id, incident, wording, translations }) => {
    const title = named.get(incident)?.title
    if (title === undefined) return []
    const said = [wording, ...translations]
    return [
      {
        href: `/incidents/${incident}/lines/${id}`,
        form: 'lines.title',
        title,
        text: { title, said: said.map(({ question, words }) => `${question} ${words}`) },
        marking: { tlp: wording.marking },
        at: Math.max(...said.map(({ at }) => at)),
      },
    ]
  })
}
