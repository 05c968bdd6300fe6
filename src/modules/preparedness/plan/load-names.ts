import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import { type Contact, listContacts } from '../../directory/index.ts'
import type { ContactReference } from './content.ts'

/** What people and offices of our house, and contacts of the directory, are called on a page. */
export interface Names {
  /** Of `person:<id>` or `office:<id>`; undefined where they are with the house no longer. */
  holder(who: string): string | undefined
  person(id: string): string
  holders: { value: string; label: string }[]
  contacts: Contact[]
  /** As it stands in the directory today; undefined where it is gone. */
  contact(reference: Pick<ContactReference, 'space' | 'party' | 'contact'>): Contact | undefined
}

/** Everything that a plan names by reference, as it is today. */
export async function loadNames({
  services,
  viewer,
  language,
}: Pick<Visit, 'services' | 'viewer' | 'language'>): Promise<Names> {
  const [people, offices, contacts] = await Promise.all([
    services.people.list(),
    services.people.offices(),
    listContactsFor(services, viewer),
  ])
  const holders = [
    ...offices.map(({ id, name }) => ({ value: `office:${id}`, label: name[language] ?? name.en ?? id })),
    ...people.map(({ id, name }) => ({ value: `person:${id}`, label: name })),
  ]
  const labels = new Map(holders.map(({ value, label }) => [value, label]))
  const known = new Map(contacts.map((one) => [keyOf(one), one]))
  return {
    holder: (who) => labels.get(who),
    person: (id) => labels.get(`person:${id}`) ?? id,
    holders,
    contacts,
    contact: (reference) => known.get(keyOf(reference)),
  }
}

const listContactsFor = (services: Services, viewer: Viewer): Promise<Contact[]> =>
  viewer.may('directory:read') ? listContacts(services, viewer) : Promise.resolve([])

export const keyOf = ({ space, party, contact }: Pick<ContactReference, 'space' | 'party' | 'contact'>): string =>
  `${space} ${party} ${contact}`
