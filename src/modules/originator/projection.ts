import type { z } from 'zod'
import { fulfil, startClock } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

const talkKinds = ['case', 'channel', 'negotiation', 'forum', 'exercise'] as const
export const consentRegime = 'consent'

async function projectRequested(tx: Tx, act: Of<typeof acts.consentRequestedBody>): Promise<Effect> {
  const { space, statement, body } = act
  const isMember = space.members.some(({ party, until }) => party === body.originator && until === undefined)
  if (!isMember) return { withoutEffect: 'originator-not-here' }
  if (body.originator === statement.author) return { withoutEffect: 'own-material' }
  const { source, within } = body.deadline
  if (source === 'agreed' && space.terms.consentWithin !== within) return { withoutEffect: 'deadline-not-agreed' }
  await tx
    .insertInto('view.originator_request')
    .values({
      space: space.id,
      request: act.hash,
      idx: act.index,
      author: statement.author,
      act: body.act,
      originator: body.originator,
      use: body.use,
      to_parties: texts([...new Set(body.to)].sort()) as never,
      requested_at: act.scenarioTime,
      answer: null,
      answered_by: null,
      answered_at: null,
      conditions: false,
      until: null,
      withdrawn_by: null,
      withdrawn_at: null,
    })
    .execute()
  await startClock(tx, act, {
    regime: consentRegime,
    source,
    duty: body.originator,
    within,
    about: act.hash,
    zone: space.terms.zone ?? 'Etc/UTC',
  })
  return undefined
}

/** The request as it stands, for its originator only. */
async function requestFor(tx: Tx, act: ProjectedAct<{ request: string }>) {
  const row = await tx
    .selectFrom('view.originator_request')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('request', '=', act.body.request)
    .executeTakeFirst()
  if (!row) return { withoutEffect: 'no-such-request' }
  return row.originator === act.statement.author ? row : { withoutEffect: 'not-the-originator' }
}

async function answer(
  tx: Tx,
  act: ProjectedAct<{ request: string; conditions?: boolean; until?: string }>,
  said: 'consented' | 'refused',
): Promise<Effect> {
  const row = await requestFor(tx, act)
  if ('withoutEffect' in row) return row
  if (row.answer !== null) return { withoutEffect: 'already-answered' }
  await update(tx, act, {
    answer: said,
    answered_by: act.hash,
    answered_at: act.scenarioTime,
    conditions: act.body.conditions ?? false,
    until: act.body.until ?? null,
  })
  await fulfil(tx, act, { about: row.request, regime: consentRegime })
  return undefined
}

async function projectWithdrawn(tx: Tx, act: Of<typeof acts.consentWithdrawnBody>): Promise<Effect> {
  const row = await requestFor(tx, act)
  if ('withoutEffect' in row) return row
  if (row.answer !== 'consented' || row.withdrawn_at !== null) return { withoutEffect: 'no-consent-to-withdraw' }
  await update(tx, act, { withdrawn_by: act.hash, withdrawn_at: act.scenarioTime })
  return undefined
}

async function update(tx: Tx, act: ProjectedAct<{ request: string }>, set: Record<string, unknown>): Promise<void> {
  await tx
    .updateTable('view.originator_request')
    .set(set as never)
    .where('space', '=', act.space.id)
    .where('request', '=', act.body.request)
    .execute()
}

async function projectForwarded(tx: Tx, act: Of<typeof acts.forwardedBody>): Promise<Effect> {
  await tx
    .insertInto('view.originator_forward')
    .values({
      space: act.space.id,
      hash: act.hash,
      idx: act.index,
      author: act.statement.author,
      origin: act.body.origin.act,
      at: act.scenarioTime,
    })
    .execute()
  return undefined
}

export const originatorActs: readonly ActDefinition[] = [
  {
    type: 'originator.consent-requested',
    body: acts.consentRequestedBody,
    text: acts.consentRequestedText,
    kinds: talkKinds,
    who: 'a member that did not write the act',
    requires: 'its originator is a member; an agreed deadline is the one in the terms',
    effect: 'the originator is asked to let that one act be used so, towards those parties',
    clock: 'starts consent for the originator, agreed or requested',
    release: 'one-person',
    project: projectRequested,
  },
  {
    type: 'originator.consent-given',
    body: acts.consentGivenBody,
    text: acts.consentGivenText,
    kinds: talkKinds,
    who: 'the originator',
    requires: 'the request is on the record and unanswered',
    effect:
      'that use towards those parties is consented to, under the conditions in the text, until a day if one is named',
    clock: 'meets consent',
    release: 'one-person',
    project: (tx, act) => answer(tx, act, 'consented'),
  },
  {
    type: 'originator.consent-refused',
    body: acts.consentRefusedBody,
    text: acts.reasonText,
    kinds: talkKinds,
    who: 'the originator',
    requires: 'the request is on the record and unanswered',
    effect: 'the act stays where it is',
    clock: 'meets consent',
    release: 'one-person',
    project: (tx, act) => answer(tx, act, 'refused'),
  },
  {
    type: 'originator.consent-withdrawn',
    body: acts.consentWithdrawnBody,
    text: acts.reasonText,
    kinds: talkKinds,
    who: 'the originator',
    requires: 'consent was given and not withdrawn yet',
    effect: 'nothing more may be done under that consent; what was done stands',
    release: 'one-person',
    project: projectWithdrawn,
  },
  {
    type: 'originator.material-forwarded',
    body: acts.forwardedBody,
    text: acts.forwardedText,
    kinds: talkKinds,
    who: 'a member',
    requires: 'nothing of this space; the sender’s own node asks for the originator’s consent before it signs',
    effect: 'another party’s act is handed on, as a copy or with its proof, under its author’s name',
    release: 'two-person',
    project: projectForwarded,
    search: {
      references: ({ origin }: acts.ForwardedBody) => [origin.number],
      addressees: ({ to }: acts.ForwardedBody) => to,
    },
  },
]
