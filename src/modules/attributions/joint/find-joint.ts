import { Refusal } from '../../../core/http/refusal.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { hashOfJoint, type JointWords, type TextProposedBody } from './acts.ts'
import { isJoint, isUnderEmbargo, type JointState, listJoint, signatories } from './read-joint.ts'

export interface FoundJoint {
  state: JointState
  text: JointWords
  /** The clock of its space. */
  now: number
}

/**
 * A joint text this person may read, in that space, with its words as they were hashed.
 *
 * @throws Refusal `attributions.no-such-text`, `attributions.text-differs` where the words are not those of the hash
 */
export async function getJoint(
  services: Services,
  viewer: Viewer,
  { space, proposal }: { space: string; proposal: string },
): Promise<FoundJoint> {
  const [state] = await listJoint(services.db, { hashes: [proposal] })
  const contents = await revealedContents<TextProposedBody, JointWords>(services, viewer, [proposal])
  const text = contents.get(proposal)?.text
  if (state?.row.space !== space || !text) throw new Refusal('attributions.no-such-text', { field: 'proposal' })
  // What is signed is what was read: computed here, never copied from the proposal.
  if (hashOfJoint(text) !== state.row.text_hash) throw new Refusal('attributions.text-differs', { field: 'proposal' })
  return { state, text, now: await services.ledger.scenarioNow(space) }
}

/**
 * The one condition of every way by which this house gives a joint text out: its embargo is over, at least two parties
 * say it, and we are one of them.
 *
 * @throws Refusal `attributions.embargo`, `attributions.not-joint`, `attributions.not-signed-by-us`
 */
export function requirePublishable({ party }: Pick<Services, 'party'>, { state, now }: FoundJoint): void {
  if (isUnderEmbargo(state, now)) throw new Refusal('attributions.embargo', { field: 'proposal' })
  if (state.row.superseded_by !== null || !isJoint(state))
    throw new Refusal('attributions.not-joint', { field: 'proposal' })
  if (!signatories(state).includes(party)) throw new Refusal('attributions.not-signed-by-us', { field: 'proposal' })
}
