import type { ActAction, Module, ShownAct, Viewer } from '../../core/module/types.ts'
import { correspondentOf } from '../channels/index.ts'
import { checkLetterDraft } from './annexes.ts'
import { correspondenceRoutes } from './correspondence-routes.tsx'
import { sendLetterTask } from './dispatch/dispatches.ts'
import { sendLetter } from './dispatch/send-letter.ts'
import { guestRoutes } from './guests/guest-routes.tsx'
import { letterRoutes } from './letter-routes.tsx'
import { letterheadTable } from './migrations/0001-letterhead.ts'
import { partiesWithoutNode } from './migrations/0002-parties.ts'
import { letterNeeds } from './needs.ts'
import { namesOfParties } from './parties/party.ts'
import { partyRecords } from './parties/party-records.ts'

function letterActions({ act, space }: ShownAct, { viewer }: { viewer: Viewer }): ActAction[] {
  if (!viewer.may('letters:read')) return []
  if (act.statement.type !== 'channels.note-sent' || act.withoutEffect) return []
  const letter: ActAction = {
    label: 'letters.action.letter',
    method: 'GET',
    href: `/spaces/${space.id}/notes/${act.hash}/letter`,
  }
  if (correspondentOf(space) === undefined) return [letter]
  return [{ label: 'letters.action.send', method: 'GET', href: `/letters/${act.hash}`, primary: true }, letter]
}

/** Letters on paper: in the own letterhead, as PDF, by e-mail or hand to a party without a node. */
export const letters: Module = {
  name: 'letters',
  migrations: [letterheadTable, partiesWithoutNode],
  routes: (services) => [...letterRoutes(services), ...correspondenceRoutes(services), ...guestRoutes(services)],
  tasks: {
    [sendLetterTask]: (services, payload) => sendLetter(services, (payload as { dispatch: string }).dispatch),
  },
  needsOnDevices: true,
  checkDraft: (services, _viewer, draft) => checkLetterDraft(services, draft),
  needs: letterNeeds,
  actActions: letterActions,
  namesOfParties,
  ofParty: partyRecords,
  navigation: [
    { href: '/letters', label: 'letters.navigation', permission: 'letters:read', order: 26, group: 'correspondence' },
  ],
}
