import type { Module } from '../../core/module/types.ts'
import { admissionActs } from './admission-acts.ts'
import { spacesActs } from './acts.ts'
import { disclosureComposer } from './composers/disclosure-composer.tsx'
import { disclosureConsentedFace, disclosureRefusedFace, disclosureRequestedFace } from './faces/disclosure-faces.tsx'
import { spaceFaces } from './faces/space-faces.tsx'
import { handOverComposer } from './ordering/hand-over-composer.tsx'
import { hostChangedAct } from './ordering/host-changed-act.ts'
import { spacesTables } from './migrations/0001-spaces.ts'
import { admissionTables } from './migrations/0002-admissions.ts'
import { askedAdmissions } from './migrations/0003-asked-admissions.ts'
import { draftRecords } from './home-drafts.ts'
import { spacesNeeds } from './needs.ts'
import { confirmErasures } from './confirm-erasures.ts'
import { spacesRoutes } from './routes.ts'

export { agreedEscalation } from './agreed-escalation.ts'
export { clockStateText, dutyText, owedText } from './clock-words.ts'
export { keepsAct } from './keep-on-device.ts'
export { listReadMarks } from './read-marks.ts'
export { listSpaces, type ListedSpace } from './list-spaces.ts'
export { allActs, buildDossier } from './build-dossier.ts'
export { consentFor, type Disclosure, listDisclosures } from './disclosures.ts'
export { exportDossier } from './export-dossier.ts'
export { hasProse } from './plan-dossier.ts'
export { dossierInput } from './pages/dossier-page.tsx'
export { changesBetween } from './draft-changes.ts'
export { getDraft } from './get-draft.ts'
export { reviewDraft } from './pages/review-page.tsx'
export { Moment } from './pages/act-entry.tsx'
export { FootingNote } from './pages/footing-note.tsx'
export { loadOfficeNames } from './office-names.ts'
export { findDefinition, findFace, isTechnical, loadFacts, readerOf, showActs } from './show-acts.ts'
export { draftHandOver } from './ordering/hand-over-composer.tsx'
export { loadOrdering } from './ordering/standing.ts'
export { changeMembers } from './membership/change.ts'
export { loadMembership } from './membership/standing.ts'
export { partiesText, stateSentence, titleOf, withoutEffectText } from './space-words.ts'

/** Pages that spaces of every kind share: timeline, proof, writing and release, members, dossier. */
export const spaces: Module = {
  name: 'spaces',
  acts: [...spacesActs, ...admissionActs, hostChangedAct],
  faces: [disclosureRequestedFace, disclosureConsentedFace, disclosureRefusedFace, ...spaceFaces],
  composers: [disclosureComposer, handOverComposer],
  migrations: [spacesTables, admissionTables, askedAdmissions],
  views: [
    'view.spaces_disclosure',
    'view.spaces_disclosure_act',
    'view.spaces_disclosure_answer',
    'view.spaces_admission',
  ],
  routes: spacesRoutes,
  needsOnDevices: true,
  needs: spacesNeeds,
  homeRecords: draftRecords,
  tick: confirmErasures,
  navigation: [
    { href: '/spaces', label: 'spaces.navigation', permission: 'signed-in', order: 20, group: 'correspondence' },
  ],
}
