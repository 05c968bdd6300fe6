import { type Act, admit, maxAuthorAheadMs, readEnvelope, type Verdict } from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import type { Db } from '../storage/types.ts'
import { lookUpActs } from './look-up-acts.ts'
import type { SpaceStates } from './space-state.ts'

/** What this node can say about an act that its host has not put on the record. */
export interface Judged {
  act: Act
  /** Set where the act stands already. */
  onRecord?: { index: number; time: number }
  verdict: Verdict
}

/** What a later entry may still cure: the act is good as far as it can be judged here. */
const open: ReadonlySet<string> = new Set(['seen-future', 'seen-unknown', 'after-missing'])

/**
 * Judges an act by the newest entry that is here, as its host would.
 *
 * @returns undefined for a space that is not here.
 * @throws ProtocolError if it is no act
 */
export async function judgeAct(
  { db, states, clock }: { db: Db; states: SpaceStates; clock: ClockSource },
  space: string,
  envelope: unknown,
): Promise<Judged | undefined> {
  const act = readEnvelope(envelope)
  const row = await db.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
  if (!row) return undefined
  const facts = await lookUpActs(db, space, [act])
  const known = facts.byHash.get(act.hash)
  if (known) return { act, onRecord: known, verdict: { verdict: 'admissible' } }
  const now = clock.now()
  if (act.statement.at > now + maxAuthorAheadMs) {
    const detail = `${act.statement.at} at ${now}`
    return { act, verdict: { verdict: 'inadmissible', rule: 'author-time-ahead', detail } }
  }
  const { admission } = await states.at(db, row)
  const verdict = admit(admission, { time: Math.max(now, admission.time), act }, facts.of(act))
  return {
    act,
    verdict: verdict.verdict !== 'admissible' && open.has(verdict.rule) ? { verdict: 'admissible' } : verdict,
  }
}
