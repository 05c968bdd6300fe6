import { createFormPerson } from '../../../src/cli/demo/form-person.ts'
import { type PartyKey, type RoleKey, roles } from '../../../src/cli/demo/parties.ts'
import type { Stage } from '../../../src/cli/demo/stage.ts'

/** Where the people of one party find their node, and the links they were given. */
export interface Desk {
  publicUrl: string
  connectUrl: string
  links: readonly { name: string; url: string }[]
}

/** Everybody of the case at their desks, signed in with their single-use links. */
export async function signInPeople(
  desks: Record<PartyKey, Desk>,
  fetchOf: (party: PartyKey) => (request: Request) => Promise<Response>,
): Promise<Stage['people']> {
  const entries = (Object.keys(roles) as RoleKey[]).map(async (key) => {
    const { party, name } = roles[key]
    const { publicUrl: baseUrl, connectUrl, links } = desks[party]
    const person = createFormPerson({ name, baseUrl, connectUrl, fetch: fetchOf(party) })
    const path = new URL(links.find((link) => link.name === name)?.url ?? '').pathname
    await person.open(path)
    await person.send(path)
    return [key, person] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as Stage['people']
}
