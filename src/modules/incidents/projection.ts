import { fulfil, startClock } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct, SpaceFacts } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import {
  factsContestedBody,
  type FactsContestedBody,
  incidentProse,
  preservationConfirmedBody,
  type PreservationConfirmedBody,
  preservationRequestedBody,
  type PreservationRequestedBody,
} from './acts.ts'
import './tables.ts'

const caseKinds = ['case', 'channel', 'negotiation'] as const
/** Regime of the clock that a request for preservation starts. */
export const preserveRegime = 'preserve'

async function projectContest(tx: Tx, act: ProjectedAct<FactsContestedBody>): Promise<Effect> {
  const { space, body, statement } = act
  const about = await tx
    .selectFrom('log.entry')
    .select(['author', 'idx'])
    .where('space', '=', space.id)
    .where('act_hash', '=', body.about)
    .where('idx', '<', act.index)
    .executeTakeFirst()
  if (!about) return { withoutEffect: 'no-such-act' }
  if (about.author === statement.author) return { withoutEffect: 'own-act' }
  await tx
    .insertInto('view.incidents_contest')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      about: body.about,
      about_author: about.author,
      ground: body.ground,
      at: act.scenarioTime,
    })
    .execute()
  return undefined
}

async function projectRequest(tx: Tx, act: ProjectedAct<PreservationRequestedBody>): Promise<Effect> {
  const { space, body, statement } = act
  const addressee = addresseeOf(space, statement.author, body.addressee)
  if (!addressee) return { withoutEffect: 'addressee-not-here' }
  if (body.keepUntil < body.deletionDate) return { withoutEffect: 'kept-too-short' }
  // A sender cannot put a sovereign on a clock: `agreed` must stand in the terms of the space.
  const agreed = space.terms.preserveWithin
  if (body.source === 'agreed' && agreed === undefined) return { withoutEffect: 'deadline-not-agreed' }
  await tx
    .insertInto('view.incidents_preservation')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      addressee,
      deletion_date: body.deletionDate,
      keep_until: body.keepUntil,
      source: body.source,
      asked_at: act.scenarioTime,
      confirmed_by: null,
      confirmed_at: null,
      kept_until: null,
    })
    .execute()
  const zone = space.terms.zone ?? 'Etc/UTC'
  await startClock(tx, act, {
    regime: preserveRegime,
    source: body.source,
    duty: addressee,
    about: act.hash,
    zone,
    ...(body.source === 'agreed' ? { within: agreed } : { dueOn: dayBefore(body.deletionDate) }),
  })
  return undefined
}

async function projectConfirmation(tx: Tx, act: ProjectedAct<PreservationConfirmedBody>): Promise<Effect> {
  const { space, body, statement } = act
  const request = await tx
    .selectFrom('view.incidents_preservation')
    .selectAll()
    .where('space', '=', space.id)
    .where('hash', '=', body.request)
    .executeTakeFirst()
  if (!request) return { withoutEffect: 'no-such-request' }
  if (request.addressee !== statement.author) return { withoutEffect: 'not-the-addressee' }
  if (request.confirmed_by !== null) return { withoutEffect: 'already-confirmed' }
  await tx
    .updateTable('view.incidents_preservation')
    .set({ confirmed_by: act.hash, confirmed_at: act.scenarioTime, kept_until: body.keptUntil })
    .where('space', '=', space.id)
    .where('hash', '=', request.hash)
    .execute()
  await fulfil(tx, act, { about: request.hash, regime: preserveRegime })
  return undefined
}

/** Who is asked: the named member, or the only other one. */
export function addresseeOf(space: SpaceFacts, author: string, named: string | undefined): string | undefined {
  const others = space.members.filter(
    (one) => one.until === undefined && one.party !== author && one.role !== 'observer',
  )
  if (named !== undefined) return others.find((one) => one.party === named)?.party
  return others.length === 1 ? others[0]?.party : undefined
}

/** The calendar day before, as `YYYY-MM-DD`: what is deleted on a day must be secured before it begins. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}

/** The signed acts this module owns. */
export const incidentActs: readonly ActDefinition[] = [
  {
    type: 'incidents.facts-contested',
    body: factsContestedBody,
    text: incidentProse,
    kinds: caseKinds,
    who: 'any member',
    requires: 'an earlier act of another member in the same space',
    effect: 'the act is shown as contested, with the ground',
    release: 'two-person',
    project: projectContest,
  },
  {
    type: 'incidents.preservation-requested',
    body: preservationRequestedBody,
    text: incidentProse,
    kinds: caseKinds,
    who: 'any member',
    requires: 'one other member, or a named one; `agreed` only under the term preserveWithin',
    effect: 'the addressee is asked to keep data that would be deleted',
    clock: 'preserve: addressee, before the day of deletion begins (requested) or within preserveWithin (agreed)',
    release: 'two-person',
    project: projectRequest,
    search: { addressees: ({ addressee }: PreservationRequestedBody) => (addressee ? [addressee] : []) },
  },
  {
    type: 'incidents.preservation-confirmed',
    body: preservationConfirmedBody,
    text: incidentProse,
    kinds: caseKinds,
    who: 'the addressee',
    requires: 'a request that is not confirmed yet',
    effect: 'the request counts as met',
    clock: 'ends preserve',
    release: 'one-person',
    project: projectConfirmation,
  },
]
