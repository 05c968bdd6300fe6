import type { Draft, DraftVersion, Json, SpaceFacts, Visit } from '../../core/module/types.ts'
import { formatTime } from '../../text/index.ts'
import { listContacts, whoAnswers } from '../directory/index.ts'
import { type Footing, footingOf } from '../../core/release/index.ts'
import { loadOfficeNames } from './office-names.ts'
import { getSpace } from './find-space.ts'

/** What a draft is to the person in front of it. */
export interface Review {
  visit: Visit
  draft: Draft
  space: SpaceFacts
  drafterName: string
  officeName: string
  /** What was submitted before this; undefined the first time. */
  previous?: DraftVersion
  now: number
  /** Who is paged at the addressee's, as far as the directory says. */
  pages?: string
  /** What an outward act rests on, while it can still be changed. */
  footing?: Footing
  errors: Record<string, string>
  /** Why the step somebody just tried came too late. */
  tooLate?: string
}

export async function loadReview(
  visit: Visit,
  draft: Draft,
  said: { errors?: Record<string, string>; tooLate?: string } = {},
): Promise<Review> {
  const { services } = visit
  const space = await getSpace(services, draft.space)
  const isOpen = draft.state === 'drafting' || draft.state === 'awaiting-release'
  const [drafter, versions, now, officeName, footing] = await Promise.all([
    services.people.find(draft.drafter),
    services.drafts.versions?.(draft.id) ?? [],
    services.ledger.scenarioNow(space),
    loadOfficeNames(services),
    isOpen ? footingOf(services, draft) : undefined,
  ])
  return {
    visit,
    draft,
    space,
    now,
    ...(footing && { footing }),
    errors: said.errors ?? {},
    ...(said.tooLate !== undefined && { tooLate: said.tooLate }),
    pages: await pagedText(visit, draft, now),
    officeName: officeName(services.party, draft.office, visit.language),
    drafterName: drafter?.name ?? draft.drafter,
    previous: versions.filter((version) => version.approval !== draft.approval).at(-1),
  }
}

/** "The duty desk of Borovia, where it is 03:12": the contact that answers there now. */
async function pagedText(
  { services, viewer, t, language }: Visit,
  draft: Draft,
  now: number,
): Promise<string | undefined> {
  const { addressee } = (draft.body ?? {}) as { addressee?: Json }
  if (typeof addressee !== 'string') return undefined
  const [contact] = whoAnswers(await listContacts(services, viewer, addressee), now).now
  if (!contact) return undefined
  return t('spaces.review.pages-whom', {
    post: contact.text?.post ?? t('spaces.review.duty-desk'),
    party: services.nameOf(addressee, language),
    time: formatTime(now, contact.zone, language, { zoneLabel: true }),
  })
}
