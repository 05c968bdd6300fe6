import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { contactKinds, type ContactText } from '../acts.ts'
import { isUnconfirmed } from '../confirmation.ts'
import { listContacts } from '../contacts.ts'
import { writeContactsCsv } from './contacts-csv.ts'
import { writeContactsJson } from './contacts-json.ts'
import { writeCsv } from '../../../core/csv/index.ts'
import { type Listed, listedOf } from './listed-contact.ts'
import { writeVcards } from './vcard.ts'

export const exportFormats = {
  csv: { media: 'text/csv; charset=utf-8', ending: 'csv', write: writeContactsCsv },
  vcard: { media: 'text/vcard; charset=utf-8', ending: 'vcf', write: writeVcards },
  json: { media: 'application/json', ending: 'json', write: writeContactsJson },
} as const
export type ExportFormat = keyof typeof exportFormats

/** Contacts that this person may take out of the house, and how many are kept back by their marking. */
export async function listExportable(
  services: Services,
  viewer: Viewer,
  only: { space?: string; party?: string } = {},
): Promise<{ contacts: Listed[]; keptBack: number }> {
  const standing = (await listContacts(services, viewer, only.party)).filter(
    (contact) => only.space === undefined || contact.space === only.space,
  )
  const hashes = standing.map((contact) => contact.hash)
  const texts = await revealedContents<unknown, ContactText>(services, viewer, hashes, 'print')
  const contacts = standing.flatMap((contact) => {
    const content = texts.get(contact.hash)
    return content ? [listedOf(contact, content.text)] : []
  })
  return { contacts, keptBack: standing.length - contacts.length }
}

/** Counts and nothing else: no party, no name, no number. What may be shown to the public. */
export async function aggregateCsv(services: Services, viewer: Viewer): Promise<string> {
  const contacts = await listContacts(services, viewer)
  const now = services.clock.now()
  return writeCsv([
    ['kind', 'parties', 'contacts', 'round the clock', 'unconfirmed'],
    ...contactKinds.map((kind) => {
      const ofKind = contacts.filter((contact) => contact.kind === kind)
      const counts = [
        new Set(ofKind.map((contact) => contact.party)).size,
        ofKind.length,
        ofKind.filter((contact) => contact.hours === 'always').length,
        ofKind.filter((contact) => isUnconfirmed(contact, now)).length,
      ]
      return [kind, ...counts.map(String)]
    }),
  ])
}
