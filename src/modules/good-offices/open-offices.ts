import { createHash } from 'node:crypto'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'

export interface Opening {
  /** Id of the joint space; those of the confidences follow from it, so that a second click opens nothing more. */
  id: string
  title: string
  language: string
  mandate: string
  sides: readonly [string, string]
}

/**
 * Opens the three spaces of good offices, ordered by us as the mediator and sealed to their members: the joint one, in
 * which the sides can only read, and a confidence with each of them, of which the other is no member.
 */
export async function openGoodOffices(
  { ledger, party }: Pick<Services, 'ledger' | 'party'>,
  viewer: Viewer,
  { id, title, language, mandate, sides }: Opening,
): Promise<SpaceFacts> {
  const shared = { kind: 'channel' as const, office: viewer.office.id, purpose: mandate, sealed: true }
  const joint = await ledger.open({
    ...shared,
    id,
    title: { [language]: title },
    members: sides.map((side) => ({ party: side, role: 'observer' })),
    terms: { goodOffices: 'joint', mediator: party },
  })
  const [opening] = await ledger.acts(joint.id, { limit: 1 })
  for (const side of sides)
    await ledger.open({
      ...shared,
      id: confidenceId(id, side),
      // The same words for both: a title cannot tell one side of the other.
      title: { [language]: title },
      members: [{ party: side, role: 'member' }],
      terms: { goodOffices: 'confidence', mediator: party },
      ...(opening && { under: { space: joint.id, act: opening.hash } }),
    })
  return joint
}

function confidenceId(joint: string, side: string): string {
  return createHash('sha256').update(`chancery/good-offices ${joint} ${side}`).digest('hex').slice(0, 32)
}
