import type { Exit, Services, Viewer } from '../../core/module/types.ts'
import { getIncident, incidentsNamed, type NamedIncident } from '../incidents/index.ts'
import { type Audience, lineKinds, maySayBefore, reaches } from './kinds.ts'
import { type Line, readLines, type Wording } from './read-lines.ts'
import { standingIn, wordingIn } from './standing.ts'

export interface Sayable {
  incident: NamedIncident & { id: string }
  lines: { line: Line; said: Wording }[]
  /** Lines that stand but may not be said so now, by why. */
  kept: Record<string, number>
}

export interface SayQuestion {
  language: string
  audience: Audience
  /** One incident; all open ones otherwise. */
  incident?: string
}

/** What may be said now in a language before an audience: cleared, valid, not flagged, and marked for it. */
export async function listSayable(
  services: Services,
  viewer: Viewer,
  { language, audience, incident }: SayQuestion,
  exit: Exit = 'page',
): Promise<{ sayable: Sayable[]; languages: string[]; codeName?: string }> {
  const lines = await readLines(services, viewer, { ...(incident !== undefined && { incident }), exit })
  const one = incident === undefined ? undefined : await getIncident(services, viewer, incident)
  const now = services.clock.now()
  const standing = lines.filter(({ withdrawn }) => !withdrawn)
  const of = Map.groupBy(standing, (line) => line.incident)
  const named = await incidentsNamed(services, viewer, [...of.keys()])
  const sayable = [...of].flatMap(([id, mine]): Sayable[] => {
    const about = named.get(id)
    if (!about || (incident === undefined && about.state === 'closed')) return []
    const found: Sayable = { incident: { id, ...about }, lines: [], kept: {} }
    for (const line of mine.toSorted((a, b) => lineKinds.indexOf(a.kind) - lineKinds.indexOf(b.kind))) {
      const { audience: meant, marking } = line.wording
      const isFor = reaches(meant, audience) && maySayBefore(audience, marking)
      const state = isFor ? standingIn(line, language, { now }) : 'not-for-them'
      const said = wordingIn(line, language)
      if (state === 'may-be-said' && said) found.lines.push({ line, said })
      else found.kept[state] = (found.kept[state] ?? 0) + 1
    }
    return [found]
  })
  const languages = standing
    .flatMap(({ wording, translations }) => [wording, ...translations])
    .map((one) => one.language)
  return {
    sayable,
    languages: [...new Set(languages)].toSorted(),
    ...(one && { codeName: one.codeName }),
  }
}
