import { isControlled } from '../../core/markings/index.ts'
import { actHref } from '../../core/module/act-href.ts'
import type {
  ActAction,
  ActNote,
  Leaving,
  Module,
  NoteReading,
  Services,
  ShownAct,
  Viewer,
} from '../../core/module/types.ts'
import { formatDateTime } from '../../text/index.ts'
import {
  consentGivenComposer,
  consentRefusedComposer,
  consentRequestComposer,
  consentWithdrawnComposer,
} from './composers/consent-composers.tsx'
import { forwardComposer, requireForwardable } from './composers/forward-composer.tsx'
import { requestsAbout } from './consents.ts'
import { answerFaces, consentRequestedFace, forwardedFace } from './faces/originator-faces.tsx'
import { requireNoQuote } from './find-quoted.ts'
import type { Sight } from './load-origin.ts'
import { originatorTables } from './migrations/0001-originator.ts'
import { originatorNeeds } from './needs.ts'
import { forwardPage } from './pages/forward-page.tsx'
import { originatorActs } from './projection.ts'

export { requireNoQuoteAtHome } from './find-quoted.ts'
export { type Sight, wordsIn } from './load-origin.ts'

/** Whose words they are: forwarding under the author's name, and the author's consent to it. */
export const originator: Module = {
  name: 'originator',
  acts: originatorActs,
  faces: [consentRequestedFace, ...answerFaces, forwardedFace],
  composers: [
    forwardComposer,
    consentRequestComposer,
    consentGivenComposer,
    consentRefusedComposer,
    consentWithdrawnComposer,
  ],
  migrations: [originatorTables],
  views: ['view.originator_request', 'view.originator_forward'],
  needs: originatorNeeds,
  actActions: (shown, reading) => (isPassable(shown) ? actionsOf(shown, reading) : []),
  actNotes: notesOf,
  checkDraft: (services, viewer, draft) =>
    draft.type === forwardComposer.type
      ? requireForwardable(services, viewer, draft.body)
      : requireNoQuote(services, viewer, draft),
  checkLeaving: askAgain,
  routes: () => [
    {
      method: 'GET',
      path: '/spaces/:space/acts/:hash/forward',
      permission: 'originator.material-forwarded:draft',
      summary: 'Hand an act on to another party, or ask its originator first',
      handle: forwardPage,
    },
  ],
}

/** Consent can be withdrawn, or run out, while a released draft is held: it is asked again when it is signed. */
async function askAgain(services: Services, { draft, space, stage, by }: Leaving): Promise<undefined> {
  if (stage !== 'signing') return
  // Whoever released it may have left the house since; then all of it is compared.
  const reader: Sight = by ?? { ceiling: 'RED' }
  if (draft.type === forwardComposer.type) await requireForwardable(services, reader, draft.body)
  else await requireNoQuote(services, reader, { space, ...(draft.text !== undefined && { text: draft.text }) })
}

/** Something said in words, and not itself about consent. */
const isPassable = ({ act, space }: ShownAct): boolean =>
  space.members.length > 1 &&
  !act.statement.type.startsWith('originator.consent-') &&
  act.statement.parts.some(({ role }) => role === 'text')

function actionsOf({ act }: ShownAct, { party, viewer }: { party: string; viewer: Viewer }): ActAction[] {
  const forward: ActAction = {
    label: 'originator.action.forward',
    method: 'GET',
    href: `/spaces/${act.space}/acts/${act.hash}/forward`,
  }
  const ask: ActAction = {
    label: 'originator.action.ask',
    method: 'GET',
    href: `/spaces/${act.space}/write/originator.consent-requested?act=${act.hash}&use=quote`,
  }
  // Who wrote it needs nobody's consent.
  const isTheirs = act.statement.author !== party
  const mayAsk = isTheirs && isControlled(act.statement.marking) && viewer.may('originator.consent-requested:draft')
  return [...(viewer.may('originator.material-forwarded:draft') ? [forward] : []), ...(mayAsk ? [ask] : [])]
}

/** On the item itself: to whom its originator consented, and where this house used it. */
async function notesOf({ services, viewer, t, language }: NoteReading, acts: readonly ShownAct[]) {
  const hashes = acts.filter(isPassable).map(({ act }) => act.hash)
  if (hashes.length === 0) return new Map<string, ActNote[]>()
  const [requests, forwards] = await Promise.all([
    requestsAbout(services.db, hashes),
    services.db
      .selectFrom('view.originator_forward')
      .selectAll()
      .where('origin', 'in', hashes)
      .where('author', '=', services.party)
      .orderBy('at')
      .execute(),
  ])
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const notes = new Map<string, ActNote[]>()
  const add = (hash: string, note: ActNote) => notes.set(hash, [...(notes.get(hash) ?? []), note])
  for (const one of [...requests.values()].flat()) {
    if (one.answer !== 'consented') continue
    add(one.act, {
      text: t(one.withdrawn_at === null ? 'originator.note.consented' : 'originator.note.withdrawn', {
        party: services.nameOf(one.originator, language),
        by: services.nameOf(one.author, language),
        use: t(`originator.use.${one.use}`),
        to: one.to_parties.map((party) => services.nameOf(party, language)).join(', '),
        time: when(one.withdrawn_at ?? one.answered_at ?? one.requested_at),
      }),
      href: actHref(one.space, one.withdrawn_by ?? one.answered_by ?? one.request),
    })
  }
  for (const one of forwards)
    add(one.origin, {
      text: t('originator.note.forwarded', { time: when(one.at) }),
      href: actHref(one.space, one.hash),
    })
  return notes
}
