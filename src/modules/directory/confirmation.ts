import type { Clock } from '../../core/clocks/types.ts'
import { openClocks } from '../../core/clocks/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { type Contact, listContacts } from './contacts.ts'

const dayMs = 24 * 60 * 60 * 1_000
/** Entries are to be confirmed each year, ms. */
export const yearMs = 366 * dayMs
/** How long before that the party is asked, ms. */
const askedBeforeMs = 30 * dayMs

/** Whether nobody said for more than a year that the entry is right. */
export function isUnconfirmed(contact: Pick<Contact, 'confirmed'>, now: number): boolean {
  return now - contact.confirmed > yearMs
}

/** For who may confirm: contacts of ours whose year ends within thirty days, or has ended. */
export async function confirmationNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('directory.contact-confirmed:send')) return []
  const [contacts, clocks] = await Promise.all([
    listContacts(services, viewer, services.party),
    openClocks(services.db, { duty: services.party, regime: 'contact-refresh' }),
  ])
  const now = services.clock.now()
  return contacts.flatMap((contact): Need[] => {
    const clock = clockOf(contact, clocks)
    const dueAt = clock?.dueAt ?? contact.confirmed + yearMs
    if (dueAt - askedBeforeMs > now || contact.announced?.removal) return []
    return [
      {
        key: `confirm-contact:${contact.space}:${contact.contact}`,
        verb: 'directory.confirm.do',
        form: `directory.kind.${contact.kind}`,
        headline: contact.text?.post ?? '',
        href: `/spaces/${contact.space}/contacts/${contact.contact}/confirm`,
        dueAt,
        ...(clock && { clock }),
        space: contact.space,
        waitsFor: 'me',
      },
    ]
  })
}

function clockOf(contact: Contact, clocks: readonly Clock[]): Clock | undefined {
  return clocks.find((clock) => clock.space === contact.space && clock.item === contact.contact)
}
