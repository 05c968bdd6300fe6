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
  const toPublish = (await unpublished(services, viewer)).filter(
    (one) => one.withdrawn || decisions.some(({ id }) => id === one.decision),
  )
  const named = await incidentsNamed(
    services,
    viewer,
    [...decisions, ...proposals, ...toPublish].map(({ incident }) => incident),
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
    ...toPublish.map(
      ({ id, incident, withdrawn }): Need => ({
        key: `attributions.publish:${id}`,
        verb: withdrawn ? 'attributions.needs.say-withdrawn' : 'attributions.needs.publish-own',
        form: 'attributions.level.public',
        headline: headline(incident),
        href: `/incidents/${incident}/attributions/statements/${id}#publish`,
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

/** Words released for everybody that no draft says yet, and those withdrawn at home that still stand on the record. */
async function unpublished({ db, clock }: Services, viewer: Viewer) {
  const [mayState, mayWithdraw] = (['stated', 'withdrawn'] as const).map((step) =>
    viewer.may(`attributions.attribution-${step}:draft`),
  )
  const rows = await db
    .selectFrom('home.attributions_statement as statement')
    .leftJoin('home.attributions_said as said', 'said.statement', 'statement.id')
    .leftJoin('view.attributions_stated as stated', 'stated.act_id', 'said.act_id')
    .select(['statement.id', 'statement.incident', 'statement.decision', 'statement.withdrawn_by'])
    .where(inSight({ clock }, viewer, 'statement.incident'))
    .where('statement.level', '=', 'public')
    .where('statement.released_by', 'is not', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('statement.withdrawn_by', 'is', null), eb('said.act_id', 'is', null)]),
        eb.and([
          eb('statement.withdrawn_by', 'is not', null),
          eb('stated.hash', 'is not', null),
          eb('stated.withdrawn_by', 'is', null),
          eb('stated.replaced_by', 'is', null),
        ]),
      ]),
    )
    .orderBy('statement.released_at')
    .execute()
  return rows
    .map(({ withdrawn_by: by, ...row }) => ({ ...row, withdrawn: by !== null }))
    .filter(({ withdrawn }) => (withdrawn ? mayWithdraw : mayState))
}
