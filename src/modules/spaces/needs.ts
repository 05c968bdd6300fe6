import { actHref } from '../../core/module/act-href.ts'
import { mayLeave } from '../../core/markings/index.ts'
import { type Clock, openClocks } from '../../core/clocks/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { listDisclosures, unanswered } from './disclosures.ts'
import { freezeNeeds } from './freezes.ts'
import { listAuthors } from './list-authors.ts'
import { membershipNeeds } from './membership/needs.ts'
import { orderingNeeds } from './ordering/needs.ts'
import { readerOf } from './show-acts.ts'
import { titleOf } from './space-words.ts'

/** Duties whose own modules put them on Today, with a better verb than ours: what we owe, and what we wait for. */
const claimedOurs = /^(?:acknowledge|reply|confirm-minutes|check|challenge|deputy-challenge|preserve|commitment-.*)$/
const claimedTheirs = /^(?:acknowledge|challenge|deputy-challenge|preserve)$/

/** Drafts to release or to take up again, consents to give, and duties that no other module shows. */
export async function spacesNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const [drafts, disclosures, clocks, members, frozen, ordering] = await Promise.all([
    draftNeeds(services, viewer),
    disclosureNeeds(services, viewer),
    clockNeeds(services, viewer),
    membershipNeeds(services, viewer),
    freezeNeeds(services, viewer),
    orderingNeeds(services, viewer),
  ])
  return [...frozen, ...ordering, ...drafts, ...disclosures, ...members, ...clocks]
}

async function draftNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  // What has not been said yet stays at home.
  if (viewer.keeping) return []
  const reader = readerOf(services, viewer)
  const drafts = (await services.drafts.listFor(viewer)).filter(
    (draft) => mayLeave(draft.marking, { exit: 'page', reader }).allowed,
  )
  return drafts.flatMap((draft): Need[] => {
    const isOurHand = (draft.hands ?? [draft.drafter]).includes(viewer.person.id)
    const toRelease = draft.state === 'awaiting-release' && !isOurHand && viewer.may(`${draft.type}:release`)
    const cameBack = draft.state === 'drafting' && isOurHand && draft.returnedWhy !== undefined
    if (!toRelease && !cameBack) return []
    const subject = (draft.text as { subject?: unknown } | undefined)?.subject
    return [
      {
        key: `draft:${draft.id}`,
        verb: toRelease ? 'spaces.need.release' : 'spaces.need.take-up',
        form: 'spaces.need.draft',
        headline: typeof subject === 'string' ? subject : '',
        href: `/drafts/${draft.id}/review`,
        space: draft.space,
        waitsFor: 'me',
      },
    ]
  })
}

async function disclosureNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('spaces.disclosure-consented:send') && !viewer.may('spaces.disclosure-refused:send')) return []
  const spaces = await services.ledger.list({ member: services.party })
  const disclosures = await listDisclosures(
    services.db,
    spaces.map((space) => space.id),
  )
  const authors = await listAuthors(
    services,
    disclosures.flatMap((one) => one.acts),
  )
  return unanswered(disclosures, services.party, authors).map((one) => ({
    key: `disclosure:${one.request}`,
    verb: 'spaces.need.answer-disclosure',
    form: 'spaces.disclosure.form',
    from: one.author,
    headline: '',
    href: actHref(one.space, one.request),
    space: one.space,
    waitsFor: 'me',
  }))
}

async function clockNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const isClaimed = ({ duty, regime }: Clock) => (duty === services.party ? claimedOurs : claimedTheirs).test(regime)
  const open = (await openClocks(services.db)).filter((clock) => !isClaimed(clock))
  if (open.length === 0) return []
  const spaces = await services.ledger.list({ among: [...new Set(open.map((clock) => clock.space))] })
  const titles = new Map(spaces.map((space) => [space.id, titleOf(space, viewer.person.language)]))
  return open.map((clock) => ({
    key: `clock:${clock.id}`,
    verb: 'spaces.need.see',
    form: 'spaces.need.duty',
    from: clock.duty,
    headline: titles.get(clock.space) ?? '',
    subjectOf: clock.about,
    href: actHref(clock.space, clock.about),
    dueAt: clock.dueAt,
    clock,
    space: clock.space,
    waitsFor: clock.duty === services.party ? 'me' : 'them',
  }))
}
