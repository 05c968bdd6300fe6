import { z } from 'zod'
import { hash } from '../../core/module/fields.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { policySet } from '../../core/witnessing/index.ts'
import './tables.ts'

/** Why somebody outside is to read what was said. */
export const disclosurePurposes = ['verification', 'proceedings', 'oversight', 'publication', 'archive'] as const

/** Readers that are no party; a party is named by its domain. */
export const publicAudiences = ['verifier', 'court', 'parliament', 'archive', 'public'] as const

export const disclosureRequestedBody = z.strictObject({
  acts: z.array(hash).min(1).max(100),
  purpose: z.enum(disclosurePurposes),
  /** One of {@link publicAudiences} or a party. */
  audience: z.string().min(1).max(253),
})
export type DisclosureRequestedBody = z.infer<typeof disclosureRequestedBody>
export const disclosureRequestedText = z.strictObject({ reason: z.string().min(1).max(10_000) })

export const disclosureConsentedBody = z.strictObject({ request: hash })
export const disclosureRefusedBody = z.strictObject({ request: hash })
export const disclosureRefusedText = z.strictObject({ reason: z.string().min(1).max(10_000) })

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

const talkKinds = ['case', 'channel', 'forum', 'negotiation', 'exercise'] as const

async function projectRequest(tx: Tx, act: Of<typeof disclosureRequestedBody>): Promise<Effect> {
  const { space, body } = act
  await tx
    .insertInto('view.spaces_disclosure')
    .values({
      space: space.id,
      request: act.hash,
      idx: act.index,
      author: act.statement.author,
      purpose: body.purpose,
      audience: body.audience,
      requested_at: act.scenarioTime,
    })
    .execute()
  await tx
    .insertInto('view.spaces_disclosure_act')
    .values([...new Set(body.acts)].map((one) => ({ space: space.id, request: act.hash, act: one })))
    .execute()
  return undefined
}

async function projectAnswer(
  tx: Tx,
  act: ProjectedAct<{ request: string }>,
  answer: 'consented' | 'refused',
): Promise<Effect> {
  const request = await tx
    .selectFrom('view.spaces_disclosure')
    .select('author')
    .where('space', '=', act.space.id)
    .where('request', '=', act.body.request)
    .executeTakeFirst()
  if (!request) return { withoutEffect: 'no-such-request' }
  if (request.author === act.statement.author) return { withoutEffect: 'own-request' }
  const answered = await tx
    .insertInto('view.spaces_disclosure_answer')
    .values({
      space: act.space.id,
      request: act.body.request,
      party: act.statement.author,
      answer,
      hash: act.hash,
      answered_at: act.scenarioTime,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(answered.numInsertedOrUpdatedRows ?? 0) === 1 ? undefined : { withoutEffect: 'already-answered' }
}

export const spacesActs: readonly ActDefinition[] = [
  policySet,
  {
    type: 'spaces.disclosure-requested',
    body: disclosureRequestedBody,
    text: disclosureRequestedText,
    kinds: talkKinds,
    who: 'a member',
    requires: 'nothing',
    effect: 'the parties that wrote the named acts are asked to let them be shown outside',
    release: 'one-person',
    project: projectRequest,
  },
  {
    type: 'spaces.disclosure-consented',
    body: disclosureConsentedBody,
    kinds: talkKinds,
    who: 'a member that wrote acts named in the request',
    requires: 'the request is on the record, by another party, and unanswered by this one',
    effect: 'this party’s acts named in the request may be shown for that purpose to that audience',
    release: 'direct',
    project: (tx, act) => projectAnswer(tx, act, 'consented'),
  },
  {
    type: 'spaces.disclosure-refused',
    body: disclosureRefusedBody,
    text: disclosureRefusedText,
    kinds: talkKinds,
    who: 'a member that wrote acts named in the request',
    requires: 'the request is on the record, by another party, and unanswered by this one',
    effect: 'this party’s acts named in the request stay inside',
    release: 'direct',
    project: (tx, act) => projectAnswer(tx, act, 'refused'),
  },
]
