import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

const kinds = ['case', 'channel', 'negotiation'] as const
/** Watches of two houses differ by this much. */
const aheadMs = 60_000

/** Why a picture cannot be one; the same on every replica. */
function faultOf({ asOf, services }: acts.SharedBody, now: number): Effect {
  const keys = new Set(services.map(({ key }) => key))
  if (keys.size !== services.length) return { withoutEffect: 'told-twice' }
  if (services.some(({ needs }) => needs.some((one) => !keys.has(one)))) return { withoutEffect: 'needs-outside' }
  if (isCircular(services)) return { withoutEffect: 'circular' }
  return asOf > now + aheadMs ? { withoutEffect: 'from-the-future' } : undefined
}

/** Takes away what needs nothing that is left, until nothing can be taken: what then is left needs itself. */
function isCircular(services: readonly acts.ToldService[]): boolean {
  let left = services
  for (;;) {
    const keys = new Set(left.map(({ key }) => key))
    const next = left.filter(({ needs }) => needs.some((one) => keys.has(one)))
    if (next.length === left.length) return left.length > 0
    left = next
  }
}

async function projectShared(tx: Tx, act: ProjectedAct<acts.SharedBody>): Promise<Effect> {
  const fault = faultOf(act.body, act.scenarioTime)
  if (fault) return fault
  await tx
    .insertInto('view.recovery_picture')
    .values({
      ...{ space: act.space.id, picture: act.hash, author: act.statement.author, newest: act.hash },
      ...{ as_of: act.body.asOf, at: act.scenarioTime, ended_at: null },
    })
    .execute()
  await putServices(tx, act, act.hash)
  return undefined
}

async function projectUpdated(tx: Tx, act: ProjectedAct<acts.UpdatedBody>): Promise<Effect> {
  const { picture } = act.body
  const wrong = await requireOwn(tx, act, picture)
  if (wrong) return wrong
  const fault = faultOf(act.body, act.scenarioTime)
  if (fault) return fault
  await tx
    .updateTable('view.recovery_picture')
    .set({ newest: act.hash, as_of: act.body.asOf, at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('picture', '=', picture)
    .execute()
  await tx.deleteFrom('view.recovery_told').where('space', '=', act.space.id).where('picture', '=', picture).execute()
  await putServices(tx, act, picture)
  return undefined
}

async function projectEnded(tx: Tx, act: ProjectedAct<z.infer<typeof acts.endedBody>>): Promise<Effect> {
  const wrong = await requireOwn(tx, act, act.body.picture)
  if (wrong) return wrong
  await tx
    .updateTable('view.recovery_picture')
    .set({ ended_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('picture', '=', act.body.picture)
    .execute()
  return undefined
}

async function requireOwn(tx: Tx, act: ProjectedAct, picture: string): Promise<Effect> {
  const row = await tx
    .selectFrom('view.recovery_picture')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('picture', '=', picture)
    .executeTakeFirst()
  if (!row) return { withoutEffect: 'no-such-picture' }
  if (row.author !== act.statement.author) return { withoutEffect: 'not-its-party' }
  return row.ended_at === null ? undefined : { withoutEffect: 'ended-before' }
}

async function putServices(tx: Tx, act: ProjectedAct<acts.SharedBody>, picture: string): Promise<void> {
  await tx
    .insertInto('view.recovery_told')
    .values(
      act.body.services.map((one, place) => ({
        ...{ space: act.space.id, picture, key: one.key, place, state: one.state ?? null },
        ...{ out_from: one.outSince?.from ?? null, out_until: one.outSince?.until ?? null },
        ...{ since_from: one.since?.from ?? null, since_until: one.since?.until ?? null },
        ...{ back_from: one.backSince?.from ?? null, back_until: one.backSince?.until ?? null },
        ...{ expected: one.expected ?? null, not_before: one.notBefore ?? null, needs: one.needs },
      })),
    )
    .execute()
}

const own = 'the party that shared the picture'

export const recoveryActs: readonly ActDefinition[] = [
  {
    type: 'recovery.picture-shared',
    body: acts.sharedBody,
    text: acts.pictureWords,
    kinds,
    who: 'a member',
    requires: 'each service once, needing only services of the same picture and none itself; its time is not ahead',
    effect: 'how services of its author stand and when they can be expected is on the joined picture',
    release: 'one-person',
    project: projectShared,
  },
  {
    type: 'recovery.picture-updated',
    body: acts.updatedBody,
    text: acts.pictureWords,
    kinds,
    who: own,
    requires: 'the picture has not ended; the same of its services as when it was shared',
    effect: 'takes the place of what the picture said before',
    release: 'one-person',
    project: projectUpdated,
  },
  {
    type: 'recovery.picture-ended',
    body: acts.endedBody,
    text: acts.endedWords,
    kinds,
    who: own,
    requires: 'the picture has not ended',
    effect: 'the picture is kept up no longer; what it said stays',
    release: 'one-person',
    project: projectEnded,
  },
]
