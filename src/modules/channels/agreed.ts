import type { SpaceFacts } from '../../core/module/types.ts'

/** Kinds of space in which parties write to each other. */
export const talkKinds = ['case', 'channel', 'negotiation'] as const

/** Terms of the space that put a duty on the addressee: `acknowledgeWithin`, `replyWithin`, `confirmWithin`. */
export function agreedWithin(space: SpaceFacts, what: string): string | undefined {
  return space.terms[`${what}Within`]
}

export function isTalk(space: SpaceFacts): boolean {
  return talkKinds.some((kind) => kind === space.kind)
}
