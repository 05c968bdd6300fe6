import type { SpaceFacts } from '../../core/module/types.ts'
import { type ContactKind, contactKinds } from '../directory/index.ts'

/** To whom those in a space agreed to turn when nobody acknowledges in time: another kind of contact, or who orders it. */
export type EscalatesTo = ContactKind | 'secretariat'
export const escalatesTo: readonly EscalatesTo[] = ['secretariat', ...contactKinds]

/**
 * What the terms of a space say; undefined where nothing was agreed. A secretariat is a party of its own that can read
 * what is said: the host, if it is a member and neither the one who waits nor the one who owes.
 */
export function agreedEscalation(
  space: Pick<SpaceFacts, 'terms' | 'host' | 'members'>,
  between: readonly string[],
): EscalatesTo | undefined {
  const agreed = escalatesTo.find((one) => one === space.terms.escalatesTo)
  if (agreed !== 'secretariat') return agreed
  const isThere = space.members.some(({ party, until }) => party === space.host && until === undefined)
  return isThere && !between.includes(space.host) ? agreed : undefined
}
