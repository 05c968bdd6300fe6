import { playCampaign } from './campaign.ts'
import { accredit } from './case/before.ts'
import { communication } from './case/communication.ts'
import { cooperation } from './case/cooperation.ts'
import { dossierOf, leaveOneOpen } from './case/dossier.ts'
import { debate } from './case/forum.ts'
import { norms } from './case/norms.ts'
import type { CaseOptions, IncidentPlayed, PlayedCase } from './case/played.ts'
import { talks } from './case/talks.ts'
import { askForAssistance } from './desk/assistance.ts'
import { deferAttribution } from './desk/deferral.ts'
import { answerAtHome } from './desk/home-tasks.ts'
import { attributeTogether } from './desk/joint-attribution.ts'
import { learn } from './desk/lessons.ts'
import { takeLines } from './desk/lines-to-take.ts'
import { decideOptions } from './desk/options.ts'
import { recover } from './desk/recovery.ts'
import { preparePlan } from './desk/response-plan.ts'
import type { Stage } from './stage.ts'

/** Plays the case of Aurelia and Borovia by the forms its people have. */
export async function playCase(stage: Stage, options: CaseOptions): Promise<PlayedCase> {
  const directory = await accredit(stage, options)
  const plan = options.withDesk ? await preparePlan(stage) : undefined
  const incident = await communication(stage, options, plan)
  await talks(stage, incident)
  if (options.withDesk) await decideAtHome(stage, incident.id)
  const forum = await debate(stage)
  const statement = await norms(stage, incident, forum)
  const hotline = await cooperation(stage, incident, statement)
  if (plan !== undefined) await finishTheCase(stage, incident, plan)
  if (options.withCampaign) await playCampaign(stage, directory)
  const dossier = await dossierOf(stage, incident, [forum.space, hotline])
  const openNote = await leaveOneOpen(stage, incident)
  return {
    incident: incident.id,
    caseSpace: incident.space,
    forumSpace: forum.space,
    hotlineSpace: hotline,
    dossier,
    openNote,
  }
}

/**
 * What the desk makes of it, none of which leaves: who did it is left open, what to do is decided, what to say
 * is cleared, and who asks the house is answered.
 */
async function decideAtHome(stage: Stage, incident: string): Promise<void> {
  await deferAttribution(stage, incident)
  await decideOptions(stage, incident)
  await takeLines(stage, incident)
  await answerAtHome(stage, incident)
}

/** Help of the other side, what both say together of who did it, services brought back, and what was learnt. */
async function finishTheCase(stage: Stage, incident: IncidentPlayed, plan: string): Promise<void> {
  await askForAssistance(stage, incident)
  await attributeTogether(stage, incident.id)
  await recover(stage, incident)
  await learn(stage, incident, plan)
}
