import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

/** A clock that runs ahead of the host's by more than this is wrong. */
const aheadMs = 5 * 60_000

async function projectLogged(tx: Tx, act: Of<typeof acts.callLoggedBody>): Promise<Effect> {
  const { space, statement, body, time } = act
  const { caller, called } = body
  const isMember = (party: string) => space.members.some((one) => one.party === party && one.until === undefined)
  if (caller === called || ![caller, called].includes(statement.author)) return { withoutEffect: 'not-on-the-line' }
  if (![caller, called].every(isMember)) return { withoutEffect: 'no-such-member' }
  if (body.at > time + aheadMs) return { withoutEffect: 'from-the-future' }
  await tx
    .insertInto('view.calls_call')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      ...body,
      answered_by: null,
      answer: null,
      answered_at: null,
    })
    .execute()
  return undefined
}

const answering =
  (answer: 'confirmed' | 'contested') =>
  async (tx: Tx, act: Of<typeof acts.callAnsweredBody>): Promise<Effect> => {
    const { author } = act.statement
    const call = await tx
      .selectFrom('view.calls_call')
      .selectAll()
      .where('space', '=', act.space.id)
      .where('hash', '=', act.body.call)
      .executeTakeFirst()
    if (!call) return { withoutEffect: 'no-such-call' }
    if (call.author === author || ![call.caller, call.called].includes(author))
      return { withoutEffect: 'not-the-other-side' }
    if (call.answer !== null) return { withoutEffect: 'answered-before' }
    await tx
      .updateTable('view.calls_call')
      .set({ answered_by: act.hash, answer, answered_at: act.time })
      .where('space', '=', act.space.id)
      .where('hash', '=', call.hash)
      .execute()
    return undefined
  }

const kinds = ['channel', 'case', 'negotiation', 'forum', 'directory', 'exercise'] as const

export const callActs: readonly ActDefinition[] = [
  {
    type: 'calls.call-logged',
    body: acts.callLoggedBody,
    text: acts.callWords,
    kinds,
    who: 'the party that called or was called',
    requires: 'both are members; the time is not ahead',
    effect: 'a telephone call is on the record, not confirmed by the other side',
    release: 'direct',
    standsAlone: true,
    project: projectLogged,
  },
  {
    type: 'calls.call-confirmed',
    body: acts.callAnsweredBody,
    kinds,
    who: 'the other side of the call',
    requires: 'the call is on the record and not answered',
    effect: 'both sides say that the call took place as logged',
    release: 'direct',
    project: answering('confirmed'),
  },
  {
    type: 'calls.call-contested',
    body: acts.callAnsweredBody,
    text: acts.callWords,
    kinds,
    who: 'the other side of the call',
    requires: 'the call is on the record and not answered',
    effect: 'the other side remembers the call otherwise, or not at all',
    release: 'direct',
    standsAlone: true,
    project: answering('contested'),
  },
]
