import type { Route } from '../../core/module/types.ts'
import { apiRoutes } from './api.ts'
import { downloadAttachment } from './pages/attachment-download.ts'
import { formFilesBytes } from '../files/index.ts'
import { draftFilesRoutes } from './files/draft-files-routes.ts'
import { membershipRoutes } from './membership-routes.ts'
import { clockForm, clockInput, setClock } from './pages/clock-page.tsx'
import { consent, consentInput, refuse, refuseForm, refuseInput } from './pages/disclosure-pages.tsx'
import { dossierInput, dossierPage, makeDossier } from './pages/dossier-page.tsx'
import { listDrafts } from './pages/drafts-page.tsx'
import { showMembers } from './pages/members-page.tsx'
import { eraseInput, eraseParts } from './pages/erase-part.tsx'
import { keepsAct, keepsTimeline } from './keep-on-device.ts'
import { lapseForm, recordLapsed } from './pages/lapse-page.tsx'
import { grantHistory, historyForm, historyInput } from './pages/history-page.tsx'
import { openForm, openInput, openSpace } from './pages/open-page.tsx'
import { downloadEntry, downloadReceipt, downloadSealedEvidence, showProof } from './pages/proof-page.tsx'
import {
  approvalInput,
  giveBack,
  giveBackInput,
  groundDraft,
  takeDraftStep,
  emergencyInput,
  releaseInEmergency,
} from './pages/draft-steps.ts'
import { reviewDraft } from './pages/review-page.tsx'
import { showSpace } from './pages/space-page.tsx'
import { showSpaces } from './pages/spaces-page.tsx'
import { sayAgain, sayAgainInput } from './pages/left-section.tsx'
import { showOrdering } from './pages/ordering-page.tsx'
import { downloadIgnored, downloadTender } from './pages/tender-files.ts'
import { setPolicy, showWitnessing, witnessingInput } from './pages/witnessing-page.tsx'
import { chooseWish, composedInput, editDraft, saveAct, writeAct } from './pages/write-page.tsx'

const page = (path: string, summary: string, handle: Route['handle'], keep?: Route['keep']): Route => ({
  method: 'GET',
  path,
  permission: 'signed-in',
  summary,
  handle,
  ...(keep && { keep }),
})

/** Reading: open to everybody signed in; the gate and the state of drafts say what each may see. */
const reading: Route[] = [
  page('/spaces', 'Spaces by kind, each with its state in one sentence', showSpaces),
  page('/spaces/:space', 'Timeline of a space', showSpace, keepsTimeline),
  page('/spaces/:space/members', 'Members of a space and who compared their keys', showMembers),
  page('/spaces/:space/witnessing', 'Whose word makes an act witnessed, and how far each has come', (visit) =>
    showWitnessing(visit),
  ),
  page('/spaces/:space/acts/:hash', 'One act and what is proved about it', showProof, keepsAct),
  page('/spaces/:space/acts/:hash/receipt', 'Receipt of an act (.tlog-proof)', downloadReceipt),
  page('/spaces/:space/acts/:hash/entry', 'Bytes of the entry an act stands in', downloadEntry),
  page('/spaces/:space/acts/:hash/parts/:part', 'One attachment', downloadAttachment),
  page('/spaces/:space/dossier', 'What a dossier of a space would hold', dossierPage),
]

const sealed: Route[] = [
  {
    method: 'GET',
    path: '/spaces/:space/history/:party',
    permission: 'spaces.history:release',
    summary: 'What a member that came later would be able to read',
    handle: historyForm,
  },
  {
    method: 'POST',
    path: '/spaces/:space/history/:party',
    permission: 'spaces.history:release',
    input: historyInput,
    summary: 'Open earlier entries of a sealed space to a member that came later',
    handle: grantHistory,
  },
  page(
    '/spaces/:space/acts/:hash/evidence',
    'Evidence that an author sealed something else than it signed',
    downloadSealedEvidence,
  ),
]

const opening: Route[] = [
  {
    method: 'GET',
    path: '/spaces/open',
    permission: 'spaces.open:manage',
    summary: 'Form of a new space',
    handle: (visit) => openForm(visit),
  },
  {
    method: 'POST',
    path: '/spaces/open',
    permission: 'spaces.open:manage',
    input: openInput,
    summary: 'Open a space with pinned peers',
    handle: openSpace,
    onInvalid: openForm,
  },
]

/** Writing: powers are asked per act type by its composer and by the drafts themselves. */
const writing: Route[] = [
  page('/spaces/:space/write', 'What this person may write here', chooseWish),
  page('/spaces/:space/write/:type', 'Form of one act', writeAct),
  {
    method: 'POST',
    path: '/spaces/:space/write/:type',
    permission: 'signed-in',
    input: composedInput,
    fileBytes: formFilesBytes,
    summary: 'Save a draft of an act; nothing leaves before its review',
    handle: saveAct,
  },
  page('/drafts', 'Drafts this person may see', listDrafts),
  page('/drafts/:id', 'Form of a draft', editDraft),
  {
    method: 'POST',
    path: '/drafts/:id',
    permission: 'signed-in',
    input: composedInput,
    fileBytes: formFilesBytes,
    summary: 'Save a draft again',
    handle: saveAct,
  },
  page('/drafts/:id/review', 'A draft as the others will see it, what leaves and what stays', (visit) =>
    reviewDraft(visit),
  ),
  {
    method: 'POST',
    path: '/drafts/:id/submit',
    permission: 'signed-in',
    input: approvalInput,
    summary: 'Hand a draft on for release, or send it where one person is enough',
    handle: takeDraftStep('submit'),
  },
  {
    method: 'POST',
    path: '/drafts/:id/release',
    permission: 'signed-in',
    input: approvalInput,
    summary: 'Release a draft somebody else wrote; starts the hold',
    handle: takeDraftStep('release'),
  },
  {
    method: 'POST',
    path: '/drafts/:id/ground',
    permission: 'signed-in',
    summary: 'Wait until what a draft rests on is witnessed',
    handle: groundDraft,
  },
  {
    method: 'POST',
    path: '/drafts/:id/stop',
    permission: 'signed-in',
    summary: 'Stop a released draft during its hold',
    handle: takeDraftStep('stop'),
  },
  {
    method: 'POST',
    path: '/drafts/:id/discard',
    permission: 'signed-in',
    summary: 'Throw a draft away',
    handle: takeDraftStep('discard'),
  },
  {
    method: 'POST',
    path: '/drafts/:id/emergency',
    permission: 'signed-in',
    input: emergencyInput,
    summary: 'Release a draft by one person alone, with a reason, where the house allows it',
    handle: releaseInEmergency,
    onInvalid: (visit, errors) => reviewDraft(visit, errors),
  },
  {
    method: 'POST',
    path: '/drafts/:id/give-back',
    permission: 'signed-in',
    input: giveBackInput,
    summary: 'Give a draft back to its author, with a reason',
    handle: giveBack,
    onInvalid: (visit, errors) => reviewDraft(visit, errors),
  },
]

const ordering: Route[] = [
  page('/spaces/:space/acts/:hash/tender', 'Signed receipts of members that keep an act', downloadTender),
  page('/spaces/:space/acts/:hash/ignored', 'Evidence that a host went on without an act', downloadIgnored),
  page('/spaces/:space/host', 'Who orders this space, who did, and who is to', showOrdering),
  {
    method: 'POST',
    path: '/spaces/:space/left/:hash',
    permission: 'spaces.left:release',
    input: sayAgainInput,
    summary: 'Say again what stood on a record that was left',
    handle: sayAgain,
  },
]

const witnessing: Route[] = [
  {
    method: 'POST',
    path: '/spaces/:space/witnessing',
    permission: 'spaces.policy-set:send',
    input: witnessingInput,
    summary: 'See what a witness policy would do, or set it',
    handle: setPolicy,
  },
]

const drill: Route[] = [
  {
    method: 'GET',
    path: '/spaces/:space/clock',
    permission: 'spaces.drill:manage',
    summary: 'Clock of an exercise',
    handle: (visit) => clockForm(visit),
  },
  {
    method: 'POST',
    path: '/spaces/:space/clock',
    permission: 'spaces.drill:manage',
    input: clockInput,
    summary: 'Set the clock of an exercise or move it on',
    handle: setClock,
    onInvalid: clockForm,
  },
]

const lapsing: Route[] = [
  {
    method: 'GET',
    path: '/spaces/:space/clocks/:clock/lapsed',
    permission: 'clock.lapsed:send',
    summary: 'What would stand on the record about a deadline that passed',
    handle: lapseForm,
  },
  {
    method: 'POST',
    path: '/spaces/:space/clocks/:clock/lapsed',
    permission: 'clock.lapsed:send',
    summary: 'Put on record that a deadline passed unmet',
    handle: recordLapsed,
  },
]

const disclosing: Route[] = [
  {
    method: 'POST',
    path: '/spaces/:space/acts/:hash/erase',
    permission: 'spaces.erasure:release',
    input: eraseInput,
    summary: 'Erase words or files of an act of ours; the proof of it remains',
    handle: eraseParts,
  },
  {
    method: 'POST',
    path: '/spaces/:space/disclosures/:request/consent',
    permission: 'spaces.disclosure-consented:send',
    input: consentInput,
    summary: 'Consent that our acts named in a request are shown outside',
    handle: consent,
  },
  {
    method: 'GET',
    path: '/spaces/:space/disclosures/:request/refuse',
    permission: 'spaces.disclosure-refused:send',
    summary: 'Form of a refusal to disclose',
    handle: (visit) => refuseForm(visit),
  },
  {
    method: 'POST',
    path: '/spaces/:space/disclosures/:request/refuse',
    permission: 'spaces.disclosure-refused:send',
    input: refuseInput,
    summary: 'Refuse that our acts named in a request are shown outside',
    handle: refuse,
    onInvalid: refuseForm,
  },
  {
    method: 'POST',
    path: '/spaces/:space/dossier',
    permission: 'spaces.dossier:release',
    input: dossierInput,
    summary: 'Make a dossier anybody can verify offline',
    handle: makeDossier,
  },
]

export const spacesRoutes = (): Route[] => [
  ...reading,
  ...sealed,
  ...opening,
  ...membershipRoutes,
  ...writing,
  ...draftFilesRoutes,
  ...ordering,
  ...witnessing,
  ...drill,
  ...lapsing,
  ...disclosing,
  ...apiRoutes,
]
