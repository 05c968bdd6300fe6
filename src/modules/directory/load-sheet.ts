import { atHome, narrowest, reveal } from '../../core/markings/index.ts'
import type { ActContent, Marking, Services, Viewer } from '../../core/module/types.ts'
import type { ContactText } from './acts.ts'
import { type Contact, listContacts } from './contacts.ts'

/** What is printed: contacts whose words this reader may take out, and the marking that covers them all. */
export interface Sheet {
  contacts: Contact[]
  /** Left out, because of their marking. */
  keptBack: number
  marking: Marking
}

/** All contacts in force for a sheet of paper, read at one moment. */
export async function loadSheet(services: Services, viewer: Viewer): Promise<Sheet> {
  const standing = await listContacts(services, viewer)
  const contents = await services.ledger.content(standing.map((contact) => contact.hash))
  const reader = atHome(services, viewer)
  const markings: Marking[] = []
  const contacts = standing.flatMap((contact): Contact[] => {
    const marked = contents.get(contact.hash)
    const revealed = marked && reveal(marked, reader, 'print')
    if (!revealed?.shown) return []
    markings.push(revealed.marking)
    const text = (revealed.value as ActContent<unknown, ContactText>).text
    return [{ ...contact, ...(text && { text }) }]
  })
  return {
    contacts,
    keptBack: standing.length - contacts.length,
    marking: markings.length > 0 ? narrowest(markings) : { tlp: 'CLEAR' },
  }
}
