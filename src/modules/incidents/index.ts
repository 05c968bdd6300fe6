import type { Module } from '../../core/module/types.ts'
import { contestComposer, preservationComposer, preservationConfirmComposer } from './composers/act-composers.tsx'
import { factsContestedFace, preservationConfirmedFace, preservationRequestedFace } from './faces/act-faces.tsx'
import { bundleTask } from './bundles/begin-bundle.ts'
import { takeInBundle } from './bundles/take-in-bundle.ts'
import { filesBesideDraft } from './evidence-files/files-beside-draft.tsx'
import { ownRooms } from './read/own-rooms.ts'
import { incidentRecords } from './read/home-records.ts'
import { incidentsTables } from './migrations/0001-incidents.ts'
import { incidentsNeedToKnow } from './migrations/0002-need-to-know.ts'
import { evidenceFiles } from './migrations/0003-evidence-files.ts'
import { incidentsParticulars } from './migrations/0003-particulars.ts'
import { incidentsMerges } from './migrations/0004-merges.ts'
import { incidentsSeverity } from './migrations/0004-severity.ts'
import { incidentsList } from './migrations/0005-list.ts'
import { incidentsNamedObjects } from './migrations/0006-named-objects.ts'
import { incidentsSeverityTold } from './migrations/0007-severity-told.ts'
import { incidentsCarried } from './migrations/0007-carried.ts'
import { incidentsAlike } from './migrations/0007-alike.ts'
import { hypothesisSteps } from './migrations/0007-hypothesis-steps.ts'
import { incidentsBundles } from './migrations/0008-bundles.ts'
import { incidentsChallenge } from './migrations/0008-challenge.ts'
import { incidentsRested } from './migrations/0009-rested.ts'
import { incidentsMoves } from './migrations/0009-moves.ts'
import { incidentsJudgement } from './migrations/0010-judgement.ts'
import { incidentsLenses } from './migrations/0011-lenses.ts'
import { incidentsDiamond } from './migrations/0012-diamond.ts'
import { incidentsPictures } from './migrations/0013-pictures.ts'
import { incidentNeeds } from './needs.ts'
import { incidentActs } from './projection.ts'
import { registered } from './registered.ts'
import { forgetCarried } from './share/carried.ts'
import { incidentRoutes } from './routes.tsx'

export {
  getIncident,
  getOpenIncident,
  type Incident,
  listIncidentChoices,
  listIncidents,
} from './incident.ts'
export { EvidenceFilesField } from './evidence-files/evidence-files-field.tsx'
export { chooseFiles, evidenceInput } from './evidence-files/offered-files.ts'
export { InsideBundle, type LookedInto, lookIntoBundle } from './bundles/look-into-bundle.tsx'
export { takeObjects } from './bundles/take-objects.ts'
export { takeEvidence } from './evidence-files/take-evidence.ts'
export { firstEventAt } from './facts/first-event.ts'
export { sectors } from './facts/particular.ts'
export { toldTime } from './facts/particular-words.ts'
export { faultOf, precisions, type Stretch, stretchOf, type When } from './facts/when.ts'
export { formRoute, idOf } from './form-route.ts'
export { IncidentFrame } from './pages/incident-frame.tsx'
export { tlpOptions } from './pages/parts.tsx'
export { RecordFrame } from './pages/record-frame.tsx'
export { noteReport } from './record/note-report.ts'
export { factStates } from './record/keep-record.ts'
export { listAllPreservations } from './queries.ts'
export { drillSpacesOf, linkSpace, listLinkedSpaces, othersIn, spacesOf } from './share/link-space.ts'
export { type Ground, type GroundKind, groundKinds, type GroundRef, type Grounds, readGrounds } from './read/grounds.ts'
export { type LoadedIncident, loadIncident } from './read/load-incident.ts'
export { type ListedObject, listShareable, type Shareable } from './share/list-shareable.ts'
export { attachmentActions } from './open/open-from-act.ts'
export { isOpened, type NewIncident, openIncident, readUpload } from './open/open-incident.ts'
export { OpenPage } from './open/open-page.tsx'

export { listSeverityLevels, type SeverityLevel } from './severity/assess.ts'
export { readSchemes, type SeveritySchemes } from './severity/read-schemes.ts'
export { isAtLeast, type SeverityScheme } from './severity/scheme.ts'
export { inOpenSight, inSight, isLedBy } from './need-to-know/in-sight.ts'
export { incidentsNamed, type NamedIncident } from './read/incidents-named.ts'
export { categoryCodes } from './open/open-input.ts'
export { lockIncident } from './need-to-know/series.ts'
export { type EvidenceState, readEvidenceStates } from './weigh/evidence-states.ts'
export { ChangedItems } from './weigh/changed-items.tsx'
export { type Changed, changedSince, fingerprintOf, isLost } from './weigh/rests-on.ts'
export { sharedBasis } from './weigh/shared-basis.ts'
export { AssessmentDissents } from './challenge/dissent-list.tsx'
export { assessmentWords } from './weigh/assessment-words.ts'
export { type NewEntry, publishChange, writeEntry } from './write-entry.ts'

/** Incidents kept at home, weighed evidence, and the acts about contested facts and preserved data. */
export const incidents: Module = {
  name: 'incidents',
  acts: incidentActs,
  faces: [factsContestedFace, preservationRequestedFace, preservationConfirmedFace],
  composers: [contestComposer, preservationComposer, preservationConfirmComposer],
  migrations: [
    incidentsTables,
    incidentsNeedToKnow,
    evidenceFiles,
    incidentsParticulars,
    incidentsMerges,
    incidentsSeverity,
    incidentsList,
    incidentsNamedObjects,
    incidentsSeverityTold,
    incidentsCarried,
    incidentsAlike,
    hypothesisSteps,
    incidentsBundles,
    incidentsChallenge,
    incidentsRested,
    incidentsMoves,
    incidentsJudgement,
    incidentsLenses,
    incidentsDiamond,
    incidentsPictures,
  ],
  tasks: {
    [bundleTask]: (services, payload) => takeInBundle(services, (payload as { bundle: string }).bundle),
  },
  views: ['view.incidents_contest', 'view.incidents_preservation'],
  registered,
  routes: incidentRoutes,
  needs: incidentNeeds,
  homeRecords: incidentRecords,
  incidentRooms: ownRooms,
  besideDraft: filesBesideDraft,
  draftDiscarded: forgetCarried,
  navigation: [{ href: '/incidents', label: 'incidents.navigation', permission: 'incidents:read', order: 30 }],
}
