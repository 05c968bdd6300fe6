import type { Services, Viewer } from '../../../core/module/types.ts'
import { type Contact, type ContactKind, listContacts } from '../../directory/index.ts'
import { requestKind, sendersOf, takersOf } from './request-kinds.ts'

/** Contacts of a party, by our directory: those that take such a request from us, and the others. */
export async function requestContacts(
  services: Services,
  viewer: Viewer,
  { kind: name, party }: { kind: string; party: string },
): Promise<{ right: Contact[]; others: Contact[] }> {
  const kind = requestKind(name)
  const takers = kind ? sendersOf(kind).flatMap((from) => takersOf(kind, from)) : []
  const all = await listContacts(services, viewer, party)
  const isRight = (one: Contact) => takers.includes(one.kind as ContactKind)
  return { right: all.filter(isRight), others: all.filter((one) => !isRight(one)) }
}
