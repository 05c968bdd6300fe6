import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { listDocuments } from '../register/list-documents.ts'
import { listCopies } from './access-copy.ts'

/** Copies for access requests that wait for a second person, before whoever may be it and may read the document. */
export async function accessNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('register.access:release')) return []
  const waiting = (await listCopies(services.db, { state: 'proposed' })).filter(
    ({ proposedBy }) => proposedBy.id !== viewer.person.id,
  )
  const readable = await Promise.all(
    waiting.map(async ({ act }) => (await listDocuments(services, viewer, { id: act, limit: 1 })).length > 0),
  )
  return waiting
    .filter((_, index) => readable[index])
    .map(({ id, reference }) => ({
      key: `access-copy:${id}`,
      verb: 'channels.access.need',
      form: 'channels.access.form',
      headline: reference,
      href: `/register/copies/${id}`,
      waitsFor: 'me',
    }))
}
