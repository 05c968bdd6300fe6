import { newId } from '../../protocol/index.ts'
import type { Module } from '../../core/module/types.ts'
import { minutesComposer, offerComposer } from './composers/prose-composers.tsx'
import { noteComposer } from './composers/note-composer.tsx'
import { acknowledgementFace } from './faces/acknowledgement-face.tsx'
import { isAmongParties } from './agreed.ts'
import { checkAnsweredFace, checkFace } from './faces/check-faces.tsx'
import { noteFace } from './faces/note-face.tsx'
import { minutesConfirmedFace, minutesFace, offerAcceptedFace, offerFace } from './faces/prose-faces.tsx'
import { channelsTables } from './migrations/0001-channels.ts'
import { noteStates } from './migrations/0002-note-states.ts'
import { registerTables } from './migrations/0003-register.ts'
import { circularTable } from './migrations/0004-circular.ts'
import { noteOpened } from './migrations/0007-note-opened.ts'
import { incomingTables } from './migrations/0008-incoming.ts'
import { registerDocuments } from './migrations/0009-register-documents.ts'
import { registerRound } from './migrations/0010-register-round.ts'
import { transferTables } from './migrations/0011-transfers.ts'
import { accessCopyTable } from './migrations/0012-access-copies.ts'
import { requestKindOfNotes } from './migrations/0013-request-kind.ts'
import { accessNeeds } from './access-copies/access-needs.ts'
import { accessRoutes } from './access-copies/access-routes.tsx'
import { forgetWorkings } from './register/forget-workings.ts'
import { findNumbered } from './register/incoming.ts'
import { takeInDocuments } from './register/take-in.ts'
import { circularRoutes } from './circular/circular-routes.tsx'
import { channelNeeds } from './needs.ts'
import { correctComposer, returnComposer, withdrawComposer } from './notes/state-composers.tsx'
import { correctedFace, returnedFace, withdrawnFace } from './notes/state-faces.tsx'
import { keptSince } from './kept-since.ts'
import { escalationNeeds, pageSecretariat } from './delivery/escalation.ts'
import { openedFace } from './delivery/opened-face.tsx'
import { reportOpening } from './delivery/report-opening.ts'
import { channelActs } from './projection.ts'
import { registered } from './register/registered.ts'
import { registerRoutes } from './register/register-routes.tsx'
import { makePackage } from './transfers/make-package.ts'
import { makingTask } from './transfers/transfer.ts'
import { transferNeeds } from './transfers/transfer-needs.ts'
import { transferRoutes } from './transfers/transfer-routes.tsx'
import { requireSignature } from './signature/signature.ts'
import { signatureBeside } from './signature/signature-field.tsx'
import { channelRoutes } from './routes.tsx'

export { addresseeName, correspondentOf, correspondentTerm } from './agreed.ts'
export type { NoteBody, NoteText } from './acts.ts'
export { type Correction, listCorrections } from './notes/note-states.ts'
export { signatureLine, translatedSignatureLine } from './signature/signature.ts'
export { findNote, type NoteRow } from './queries.ts'
export { isAmongParties, talkKinds } from './agreed.ts'
export { type GroundsFile, readGrounds as readAccessGrounds } from './access-copies/grounds.ts'
export { addressOf } from './requests/address-request.ts'
export { requestContacts } from './requests/request-contacts.ts'
export { requestClocks, type RequestKindName, requestKindNames } from './requests/request-kinds.ts'

/** Notes and their acknowledgement, minutes, communication checks, offers. */
export const channels: Module = {
  name: 'channels',
  acts: channelActs,
  faces: [
    noteFace,
    acknowledgementFace,
    returnedFace,
    correctedFace,
    withdrawnFace,
    openedFace,
    minutesFace,
    minutesConfirmedFace,
    checkFace,
    checkAnsweredFace,
    offerFace,
    offerAcceptedFace,
  ],
  composers: [noteComposer, returnComposer, correctComposer, withdrawComposer, minutesComposer, offerComposer],
  migrations: [
    channelsTables,
    noteStates,
    registerTables,
    circularTable,
    noteOpened,
    incomingTables,
    registerDocuments,
    registerRound,
    transferTables,
    accessCopyTable,
    requestKindOfNotes,
  ],
  views: [
    'view.channels_note',
    'view.channels_correction',
    'view.channels_minutes',
    'view.channels_minutes_confirmation',
    'view.channels_check',
    'view.channels_offer',
  ],
  keptSince,
  checkLeaving: requireSignature,
  besideDraft: signatureBeside,
  wereShown: reportOpening,
  registered,
  findNumbered,
  routes: (services) => [
    ...channelRoutes(services),
    ...registerRoutes(services),
    ...transferRoutes(services),
    ...accessRoutes(services),
    ...circularRoutes(services),
  ],
  tasks: { [makingTask]: makePackage },
  navigation: [
    {
      href: '/register',
      label: 'channels.register.navigation',
      permission: 'register:read',
      order: 27,
      group: 'correspondence',
    },
  ],
  async spaceActions(_services, viewer, space) {
    if (space.kind !== 'channel' || !isAmongParties(space)) return []
    if (!viewer.may('channels.check-called:send')) return []
    const within = space.terms.checkWithin ?? 'PT1H'
    return [
      {
        label: 'channels.check.call',
        method: 'POST',
        href: `/spaces/${space.id}/checks`,
        fields: { id: newId(), within },
      },
    ]
  },
  needsOnDevices: true,
  needs: async (services, viewer) =>
    (
      await Promise.all([
        channelNeeds(services, viewer),
        escalationNeeds(services, viewer),
        transferNeeds(services, viewer),
        accessNeeds(services, viewer),
      ])
    ).flat(),
  async tick(services) {
    await takeInDocuments(services)
    await forgetWorkings(services)
    await pageSecretariat(services)
  },
}
