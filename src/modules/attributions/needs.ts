import { type Clock, endOfDay } from '../../core/clocks/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed, inSight } from '../incidents/index.ts'
import { betweenNeeds } from './between/needs.ts'
import { type Decision, toDecision } from './decide/decisions.ts'
import { readStandings } from './decide/looks.ts'
import { jointNeeds } from './joint/needs.ts'
import './tables.ts'

/** A deferral stands on Today from a week before its day. */
const ahead = 7 * 86_400_000

/** Deferrals to look at again, evidence that changed under a decision, and words that wait for a second person. */
export async function attributionNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const mayDecide = viewer.may('incidents.attribution:release')
  const [stated, joint, decisions, proposals] = await Promise.all([
    betweenNeeds(services, viewer),
    jointNeeds(services, viewer),
    standingDecisions(services, viewer),
    mayDecide ? openProposals(services, viewer) : [],
  ])
  const between = [...stated, ...joint]
  if (decisions.length === 0 && proposals.length === 0) return between
  const named = await incidentsNamed(
    services,
    viewer,
    [...decisions, ...proposals].map(({ incident }) => incident),
  )
  const standings = await readStandings(services, viewer, decisions)
  const headline = (incident: string) => named.get(incident)?.title ?? ''
  return [
    ...between,
    ...standings
      .filter(({ isUnseen, decision }) => isUnseen && (mayDecide || decision.by === viewer.person.id))
      .map(
        ({ decision: { id, incident } }): Need => ({
          key: `attributions.evidence:${id}`,
          verb: 'attributions.needs.look',
          form: 'attributions.needs.evidence',
          headline: headline(incident),
          href: `/incidents/${incident}/attributions/decisions/${id}#evidence`,
          waitsFor: 'me',
        }),
      ),
    ...(mayDecide ? decisions : []).flatMap((decision) => deferral(services, viewer, decision, headline)),
    ...proposals
      .filter((one) => one.proposed_by !== viewer.person.id)
      .map(
        ({ id, incident, level }): Need => ({
          key: `attributions.release:${id}`,
          verb: 'attributions.needs.release',
          form: `attributions.level.${level}`,
          headline: headline(incident),
          href: `/incidents/${incident}/attributions/statements/${id}`,
          waitsFor: 'me',
        }),
      ),
  ]
}

function deferral(
  { clock, party }: Services,
  { person }: Viewer,
  { id, incident, reviewOn, at }: Decision,
  headline: (incident: string) => string,
): Need[] {
  if (reviewOn === undefined) return []
  const dueAt = endOfDay(reviewOn, person.zone)
  if (dueAt > clock.now() + ahead) return []
  const runs: Clock = {
    ...{ id, space: '', regime: 'attribution-review', source: 'house', duty: party, startedBy: '', about: '' },
    startsAt: at,
    dueAt,
  }
  return [
    {
      key: `attributions.review:${id}`,
      verb: 'attributions.needs.decide',
      form: 'attributions.needs.deferred',
      headline: headline(incident),
      href: `/incidents/${incident}/attributions/decisions/${id}`,
      dueAt,
      clock: runs,
      waitsFor: 'me',
    },
  ]
}

/** The decision that stands on each incident this person may know of. */
async function standingDecisions(services: Services, viewer: Viewer): Promise<Decision[]> {
  const rows = await services.db
    .selectFrom('home.attributions_decision')
    .selectAll()
    .distinctOn('incident')
    .where(inSight(services, viewer))
    .orderBy('incident')
    .orderBy('number', 'desc')
    .execute()
  return rows.map(toDecision)
}

const openProposals = ({ db, clock }: Services, viewer: Viewer) =>
  db
    .selectFrom('home.attributions_statement')
    .select(['id', 'incident', 'level', 'proposed_by'])
    .where(inSight({ clock }, viewer))
    .where('released_by', 'is', null)
    .where('returned_by', 'is', null)
    .orderBy('proposed_at')
    .execute()
