import { addStatuses } from '../http/refusal.ts'
import type { Migration } from '../storage/types.ts'
import { peopleAndSessions } from './migrations/0001-people-and-sessions.ts'
import { clearance } from './migrations/0002-clearance.ts'
import { legalPower } from './migrations/0003-legal-power.ts'
import { delegations } from './migrations/0004-delegations.ts'
import './tables.ts'

export type { AuthContext, Office, Power, PowerLine, RoleId, Verb, Viewer } from './types.ts'
export { audit, listAudit, type AuditEntry } from './audit.ts'
export { readClassification, readHouse, writeHouse, type House, type OfflineRule } from './house.ts'
export {
  actsOnlyFor,
  type Delegation,
  findDelegation,
  grantDelegation,
  listDelegations,
  revokeDelegation,
} from './delegations.ts'
export {
  addPerson,
  appoint,
  changePerson,
  endAppointment,
  endPerson,
  listAppointments,
  type Appointment,
  type NewPerson,
} from './manage-people.ts'
export { givePower, listPowers, openOffice, takePower } from './offices.ts'
export {
  beginOneTimeCode,
  confirmOneTimeCode,
  hasOneTimeCode,
  removeOneTimeCode,
  signInWithCode,
  type BegunCode,
} from './one-time-code.ts'
export {
  beginPasskeyEnrolment,
  beginPasskeySignIn,
  finishPasskeyEnrolment,
  listPasskeys,
  removePasskey,
  signInWithPasskey,
} from './passkey.ts'
export { createPeople } from './people.ts'
export { asksSecondPerson, covers, gives } from './powers.ts'
export { approveRecovery, askRecovery, listRecoveries, refuseRecovery, type Recovery } from './recovery.ts'
export { presetPowers, roleIds, rolePresets } from './roles.ts'
export {
  chooseOffice,
  closeSession,
  cookieName,
  openSession,
  readCookie,
  sealedCookie,
  sessionEndsAt,
  sessionIdleMs,
  sessionLifeMs,
} from './session.ts'
export { issueSignInLink, linkLifeMs, reissueFirstLink, useSignInLink, type IssuedLink } from './sign-in-link.ts'
export { countAttempt } from './sign-in-limit.ts'
export { newToken, tokenHash } from './token.ts'
export { listViewers, needsSecondPerson, viewerFor, viewerOf } from './viewer.ts'

addStatuses({
  'sign-in-failed': 401,
  'sign-in-slow': 429,
  'link-spent': 410,
  'code-wrong': 422,
  'passkey-refused': 422,
})

export const migrations: readonly Migration[] = [peopleAndSessions, clearance, legalPower, delegations]
