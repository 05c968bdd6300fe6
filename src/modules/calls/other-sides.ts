import type { LoggedAct, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { type Contact, listContacts, whoAnswers } from '../directory/index.ts'
import { callCode } from './call-code.ts'

/** Beyond this nobody telephones round. */
const mostSides = 12

/** One party with which a message can be spoken about by telephone. */
export interface OtherSide {
  party: string
  /** Both groups of the code, in the order in which they are read. */
  code?: [string, string]
  /** Its contact on duty by the directory, else the next to be. */
  contact?: Contact
  /** When that contact answers next (ms), where nobody does now. */
  from?: number
}

/** Author, or addressee of our own, or all others where nobody is named. */
export function partiesOfCall(
  { party: own }: Pick<Services, 'party'>,
  space: SpaceFacts,
  act: Pick<LoggedAct, 'statement'>,
  addressee?: unknown,
): string[] {
  const others = space.members.filter(({ party, until }) => party !== own && until === undefined)
  const isThere = (party: unknown) => others.some((one) => one.party === party)
  if (act.statement.author !== own) return isThere(act.statement.author) ? [act.statement.author] : []
  if (isThere(addressee)) return [String(addressee)]
  return others.map(({ party }) => party).slice(0, mostSides)
}

/** Each with its code and whoever answers there now, by its own directory. */
export async function otherSides(
  services: Services,
  viewer: Viewer,
  act: LoggedAct,
  parties: readonly string[],
): Promise<OtherSide[]> {
  const now = services.clock.now()
  return Promise.all(
    parties.map(async (party): Promise<OtherSide> => {
      const [code, contacts] = await Promise.all([
        callCode(services, act, [services.party, party]),
        listContacts(services, viewer, party),
      ])
      const reachable = contacts.filter(({ text }) => text?.telephone ?? text?.emergency)
      const answer = whoAnswers(reachable, now)
      return { party, code, contact: answer.now[0] ?? answer.next?.contact, from: answer.next?.at }
    }),
  )
}
