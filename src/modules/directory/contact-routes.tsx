import { z } from 'zod'
import { Refusal } from '../../core/http/refusal.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { Route, Services, Visit } from '../../core/module/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { type Contact, listContacts } from './contacts.ts'
import { RemoveContactPage } from './pages/remove-contact-page.tsx'

/** A contact of ours that stands: nobody removes another's. */
async function ownContact({ services, viewer, params }: Visit): Promise<Contact> {
  const own = await listContacts(services, viewer, services.party)
  const found = own.find(({ space, contact }) => space === params.space && contact === params.contact)
  if (!found) throw new Refusal('not-found')
  return found
}

/** Taking a point of contact out of a directory. */
export function contactRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/contacts/:contact/remove',
      permission: 'directory.contact-removed:send',
      summary: 'The page on which a point of contact of ours is removed',
      async handle(visit) {
        const [contact, space] = await Promise.all([ownContact(visit), services.ledger.find(visit.params.space ?? '')])
        if (!space) throw new Refusal('not-found')
        return { page: <RemoveContactPage visit={visit} contact={contact} space={space} /> }
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/contacts/:contact/remove',
      permission: 'directory.contact-removed:send',
      input: z.object({ nomination: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
      summary: 'Remove a point of contact of ours; its entries stay on the record',
      async handle(visit: Visit<{ nomination: string }>) {
        const { nomination } = visit.input
        const act = await services.ledger.findAct(nomination)
        const { space = '', contact = '' } = visit.params
        // The entry that was on the page: one nominated again meanwhile is another.
        if (act?.space !== space || act.statement.author !== services.party) throw new Refusal('not-found')
        const submission = await takeStep(services, visit.viewer, {
          space,
          type: 'directory.contact-removed',
          about: nomination,
          body: { contact },
          marking: act.statement.marking,
        })
        return { redirect: actHref(space, submission.hash), data: submission }
      },
    },
  ]
}
