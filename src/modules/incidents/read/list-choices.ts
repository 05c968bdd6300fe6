import type { Services, SpaceFacts } from '../../../core/module/types.ts'
import { othersIn } from '../share/link-space.ts'
import { spacesOf } from './list-query.ts'

/** What the list of incidents can be narrowed to beside fixed words: nothing of it is taken from incidents. */
export interface ListChoices {
  spaces: SpaceFacts[]
  parties: string[]
  people: { id: string; name: string }[]
}

export async function listChoices(services: Services): Promise<ListChoices> {
  const [spaces, people] = await Promise.all([spacesOf(services), services.people.list()])
  return {
    spaces,
    parties: [...new Set(spaces.flatMap((space) => othersIn(services, space)))],
    people: people.map(({ id, name }) => ({ id, name })),
  }
}
