import type { House } from '../app/open-house.ts'
import { viewerFor } from '../core/auth/index.ts'
import type { Viewer } from '../core/module/types.ts'
import { Misuse } from './command.ts'

/** The person of this house in whose name a command acts. @throws Misuse with the names there are */
export async function personNamed({ node: { services } }: House, name: unknown): Promise<Viewer> {
  const people = await services.people.list()
  const found = people.find((one) => one.name === name || one.id === name)
  const viewer = found && (await viewerFor(services, { person: found.id, sessionId: '' }))
  if (!viewer) throw new Misuse(`Name who does it with --by; there is: ${people.map((one) => one.name).join(', ')}`)
  return viewer
}
