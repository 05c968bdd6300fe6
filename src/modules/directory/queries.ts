import type { Selectable } from 'kysely'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { ContactText } from './acts.ts'
import './tables.ts'

export type ContactRow = Selectable<Tables['view.directory_contact']>

export interface Contact extends ContactRow {
  /** Undefined where the reader may not see it or it was erased. */
  text?: ContactText
}

/** Contacts that stand in the directories we are a member of, one query each for rows and texts. */
export async function listContacts(services: Services, viewer: Viewer, party?: string): Promise<Contact[]> {
  let query = services.db.selectFrom('view.directory_contact').selectAll().where('removed_by', 'is', null)
  if (party !== undefined) query = query.where('party', '=', party)
  const rows = await query.orderBy('party').orderBy('kind').limit(2_000).execute()
  const contents = await revealedContents<unknown, ContactText>(
    services,
    viewer,
    rows.map((row) => row.hash),
  )
  return rows.map((row) => ({ ...row, text: contents.get(row.hash)?.text }))
}

/** Whether an office with hours is open at `at` in its zone: weekdays 09:00–17:00. */
export function isOpenAt(contact: Pick<ContactRow, 'hours' | 'zone'>, at: number): boolean {
  if (contact.hours === 'always') return true
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(contact.zone)
  return local.dayOfWeek <= 5 && local.hour >= 9 && local.hour < 17
}

/** Who answers for a party now: open contacts, round-the-clock ones first. */
export function answersNow(contacts: Contact[], at: number): Contact[] {
  return contacts
    .filter((contact) => isOpenAt(contact, at))
    .toSorted((a, b) => Number(b.hours === 'always') - Number(a.hours === 'always'))
}
