import type { Module } from '../core/module/types.ts'
import { administration } from '../modules/administration/index.ts'
import { agreements } from '../modules/agreements/index.ts'
import { assistance } from '../modules/assistance/index.ts'
import { attributions } from '../modules/attributions/index.ts'
import { brief } from '../modules/brief/index.ts'
import { calls } from '../modules/calls/index.ts'
import { channels } from '../modules/channels/index.ts'
import { demarches } from '../modules/demarches/index.ts'
import { confidence } from '../modules/confidence/index.ts'
import { checks } from '../modules/checks/index.ts'
import { deEscalation } from '../modules/de-escalation/index.ts'
import { directory } from '../modules/directory/index.ts'
import { embargo } from '../modules/embargo/index.ts'
import { type BackupDoor, createEntrance } from '../modules/entrance/index.ts'
import { forums } from '../modules/forums/index.ts'
import { frame } from '../modules/frame/index.ts'
import { goodOffices } from '../modules/good-offices/index.ts'
import { homeTasks } from '../modules/home-tasks/index.ts'
import { incidents } from '../modules/incidents/index.ts'
import { legalClocks } from '../modules/legal-clocks/index.ts'
import { letters } from '../modules/letters/index.ts'
import { mailIn } from '../modules/mail-in/index.ts'
import { lines } from '../modules/lines/index.ts'
import { recovery } from '../modules/recovery/index.ts'
import { response } from '../modules/response/index.ts'
import { preparedness } from '../modules/preparedness/index.ts'
import { publishedIncidents } from '../modules/published-incidents/index.ts'
import { search } from '../modules/search/index.ts'
import { paging } from '../modules/paging/index.ts'
import { offline } from '../modules/offline/index.ts'
import { offRecord } from '../modules/off-record/index.ts'
import { spaces } from '../modules/spaces/index.ts'
import { clearance } from '../modules/clearance/index.ts'
import { originator } from '../modules/originator/index.ts'
import { talks } from '../modules/talks/index.ts'
import { today } from './today/index.ts'

/** Every module of the house. A new one costs one line here. */
export const modules = (doors: { backups?: BackupDoor } = {}): readonly Module[] => [
  frame,
  createEntrance(doors),
  today,
  search,
  spaces,
  channels,
  calls,
  assistance,
  letters,
  offRecord,
  goodOffices,
  originator,
  clearance,
  embargo,
  talks,
  demarches,
  incidents,
  publishedIncidents,
  mailIn,
  preparedness,
  brief,
  lines,
  homeTasks,
  response,
  legalClocks,
  recovery,
  attributions,
  agreements,
  forums,
  directory,
  checks,
  confidence,
  paging,
  offline,
  deEscalation,
  administration,
]
