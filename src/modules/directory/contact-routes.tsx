import { z } from 'zod'
import { Refusal } from '../../core/http/refusal.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { Answer, Route, Services, SpaceFacts, Visit } from '../../core/module/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { type Contact, listContacts } from './contacts.ts'
import { ConfirmContactPage } from './pages/confirm-contact-page.tsx'
import { RemoveContactPage } from './pages/remove-contact-page.tsx'

interface Own {
  contact: Contact
  space: SpaceFacts
}

/** A contact of ours that stands: nobody confirms or removes another's. */
async function ownContact({ services, viewer, params }: Visit): Promise<Own> {
  const [own, space] = await Promise.all([
    listContacts(services, viewer, services.party),
    services.ledger.find(params.space ?? ''),
  ])
  const contact = own.find((one) => one.space === params.space && one.contact === params.contact)
  if (!contact || !space) throw new Refusal('not-found')
  return { contact, space }
}

const nominated = z.object({ nomination: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
type Nominated = z.infer<typeof nominated>
/** The confirmation that stood on the page: each is a step of its own, and the next year another. */
const confirmed = nominated.extend({ after: z.string().regex(/^(?:first|[A-Za-z0-9_-]{43})$/) })
type Confirmed = z.infer<typeof confirmed>

/** Takes a step about the entry that was on the page: one nominated again meanwhile is another. */
async function stepAbout(
  { services, viewer, params, input: { nomination } }: Visit<Nominated>,
  step: { type: string; body: Record<string, string>; item?: string },
): Promise<Answer> {
  const act = await services.ledger.findAct(nomination)
  const { space = '' } = params
  if (act?.space !== space || act.statement.author !== services.party) throw new Refusal('not-found')
  const { marking } = act.statement
  const submission = await takeStep(services, viewer, { ...step, space, about: nomination, marking })
  return { redirect: actHref(space, submission.hash), data: submission }
}

/** Confirming a point of contact, and taking one out of a directory. */
export function contactRoutes(_services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/contacts/:contact/confirm',
      permission: 'directory.contact-confirmed:send',
      summary: 'The page on which a point of contact of ours is confirmed',
      handle: async (visit) => ({ page: <ConfirmContactPage visit={visit} {...(await ownContact(visit))} /> }),
    },
    {
      method: 'POST',
      path: '/spaces/:space/contacts/:contact/confirm',
      permission: 'directory.contact-confirmed:send',
      input: confirmed,
      summary: 'Say on the record that a point of contact of ours is still right',
      handle: (visit: Visit<Confirmed>) => {
        const { nomination, after } = visit.input
        const body = { contact: visit.params.contact ?? '', nomination }
        return stepAbout(visit, { type: 'directory.contact-confirmed', body, item: after })
      },
    },
    {
      method: 'GET',
      path: '/spaces/:space/contacts/:contact/remove',
      permission: 'directory.contact-removed:send',
      summary: 'The page on which a point of contact of ours is removed',
      handle: async (visit) => ({ page: <RemoveContactPage visit={visit} {...(await ownContact(visit))} /> }),
    },
    {
      method: 'POST',
      path: '/spaces/:space/contacts/:contact/remove',
      permission: 'directory.contact-removed:send',
      input: nominated,
      summary: 'Remove a point of contact of ours; its entries stay on the record',
      handle: (visit: Visit<Nominated>) =>
        stepAbout(visit, { type: 'directory.contact-removed', body: { contact: visit.params.contact ?? '' } }),
    },
  ]
}
