import type { SpaceFacts } from '../../core/module/types.ts'

/**
 * Good offices are three spaces, told apart by terms of their openings: a *joint* one, in which the sides are observers
 * and so nobody but the mediator can write by the rules of the log, and one *confidence* of the mediator with each side.
 */
export type OfficeSpace = 'joint' | 'confidence'

type Facts = Pick<SpaceFacts, 'terms' | 'members' | 'kind'>

export function officeSpace({ terms, kind }: Facts): OfficeSpace | undefined {
  if (kind !== 'channel' || terms.mediator === undefined) return undefined
  return terms.goodOffices === 'joint' || terms.goodOffices === 'confidence' ? terms.goodOffices : undefined
}

export const mediatorOf = ({ terms }: Facts): string => terms.mediator ?? ''

/** The sides that belong to it: both in the joint space, one in a confidence. */
export function sidesOf(space: Facts): string[] {
  return space.members
    .filter(({ party, until }) => until === undefined && party !== mediatorOf(space))
    .map(({ party }) => party)
}
