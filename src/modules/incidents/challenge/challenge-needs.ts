import { sql } from 'kysely'
import { type Clock, endOfDay } from '../../../core/clocks/index.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { incidentsNamed } from '../read/incidents-named.ts'
import { type Affected, readAffected } from '../weigh/affected.ts'
import { lastStep, stateAfter } from './dissents.ts'
import '../tables.ts'

/**
 * Challenges this person was asked for or waits for too long, dissent that waits for their answer, and assessments of
 * theirs under which items changed.
 */
export async function challengeNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const [challenges, dissents, affected] = await Promise.all([
    openChallenges(services, viewer),
    openDissents(services, viewer),
    readAffected(services, viewer, { by: viewer.person.id }),
  ])
  const unseen = affected.filter(({ isUnseen }) => isUnseen)
  if (challenges.length + dissents.length + unseen.length === 0) return []
  const named = await incidentsNamed(
    services,
    viewer,
    [...challenges, ...dissents, ...unseen].map(({ incident }) => incident),
  )
  const lines = [
    ...challenges.flatMap((one) => challengeNeed(services, viewer, one)),
    ...dissents.map(dissentNeed),
    ...unseen.map(affectedNeed),
  ]
  return lines.flatMap(({ incident, ...line }) => {
    const { title, state } = named.get(incident) ?? {}
    return title === undefined || state === 'closed' ? [] : [{ ...line, headline: title }]
  })
}

type Line = Omit<Need, 'headline'> & { incident: string }
type OpenChallenge = Awaited<ReturnType<typeof openChallenges>>[number]
type OpenDissent = Awaited<ReturnType<typeof openDissents>>[number]

function challengeNeed(
  { party, clock }: Services,
  { person }: Viewer,
  { id, incident, assessment, method, asked, due_on: dueOn, at }: OpenChallenge,
): Line[] {
  const dueAt = endOfDay(dueOn, person.zone)
  const isMine = asked === person.id
  // Whoever asked, and whoever is asked about, hears of it once it is late.
  if (!isMine && dueAt >= clock.now()) return []
  const runs: Clock = {
    ...{ id, space: '', regime: 'weighing-challenge', source: 'house', duty: party, startedBy: '', about: '' },
    ...{ startsAt: at, dueAt },
  }
  return [
    {
      incident,
      key: `incidents.challenge:${id}`,
      verb: isMine ? 'weighing.needs.minute' : 'weighing.needs.awaited',
      form: `weighing.challenge.method-${method}`,
      href: `/incidents/${incident}/assessments/${assessment}#challenge-${id}`,
      ...{ dueAt, clock: runs },
      waitsFor: isMine ? 'me' : 'them',
    },
  ]
}

const dissentNeed = ({ id, incident, assessment, isMine }: OpenDissent): Line => ({
  incident,
  key: `incidents.dissent:${id}`,
  verb: isMine ? 'weighing.needs.uphold' : 'weighing.needs.answer',
  form: isMine ? 'weighing.needs.answered' : 'weighing.needs.dissent',
  href: `/incidents/${incident}/assessments/${assessment}#dissent-${id}`,
  waitsFor: 'me',
})

const affectedNeed = ({ incident, assessment }: Affected): Line => ({
  incident,
  key: `incidents.affected:${assessment}`,
  verb: 'weighing.needs.look',
  form: 'weighing.needs.affected',
  href: `/incidents/${incident}/assessments/${assessment}#rests-on`,
  waitsFor: 'me',
})

/** Challenges nobody minuted yet, that this person was asked for, asked for, or whose assessment is theirs. */
const openChallenges = (services: Services, viewer: Viewer) =>
  services.db
    .selectFrom('home.incidents_challenge as c')
    .innerJoin('home.incidents_assessment as a', 'a.id', 'c.assessment')
    .select(['c.id', 'c.incident', 'c.assessment', 'c.method', 'c.asked', 'c.due_on', 'c.at'])
    .where((eb) =>
      eb.or([
        eb('c.asked', '=', viewer.person.id),
        eb('c.by_person', '=', viewer.person.id),
        eb('a.by_person', '=', viewer.person.id),
      ]),
    )
    .where(sql<boolean>`not exists (select from home.incidents_challenge_end e where e.challenge = c.id)`)
    .where(inSight(services, viewer, 'c.incident'))
    .orderBy('c.ordinal')
    .execute()

/**
 * Dissent on the assessment that stands: nobody has answered it and the assessment is this person's, or it was answered
 * and is their own.
 */
async function openDissents(services: Services, viewer: Viewer) {
  const rows = await services.db
    .selectFrom('home.incidents_dissent as d')
    .innerJoin('home.incidents_assessment as a', 'a.id', 'd.assessment')
    .select(['d.id', 'd.incident', 'd.assessment', 'd.by_person as dissenter'])
    .select(lastStep.as('last'))
    .where((eb) => eb.or([eb('d.by_person', '=', viewer.person.id), eb('a.by_person', '=', viewer.person.id)]))
    .where(
      sql<boolean>`not exists (select from home.incidents_assessment later
        where later.incident = a.incident and later.number > a.number)`,
    )
    .where(inSight(services, viewer, 'd.incident'))
    .orderBy('d.ordinal')
    .execute()
  return rows.flatMap(({ dissenter, last, ...row }) => {
    const isMine = dissenter === viewer.person.id
    // One that is upheld against an answer stands, and nobody is asked to answer it again.
    const waits = isMine ? stateAfter(last ?? undefined) === 'answered' : last === null
    return waits ? [{ ...row, isMine }] : []
  })
}
