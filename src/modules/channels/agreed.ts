import type { Services, SpaceFacts } from '../../core/module/types.ts'

/** Kinds of space in which parties write to each other. */
export const talkKinds = ['case', 'channel', 'negotiation'] as const

/** Terms of the space that put a duty on the addressee: `acknowledgeWithin`, `replyWithin`, `confirmWithin`. */
export function agreedWithin(space: SpaceFacts, what: string): string | undefined {
  return space.terms[`${what}Within`]
}

/** Whether those in the space agreed, when it was opened, that the opening of a note is reported to its sender. */
export function reportsOpening(space: Pick<SpaceFacts, 'terms'>): boolean {
  return space.terms.reportsOpening === 'yes'
}

export function isTalk(space: SpaceFacts): boolean {
  return talkKinds.some((kind) => kind === space.kind)
}

/** Of those, the ones in which somebody is there to answer. */
export function isAmongParties(space: SpaceFacts): boolean {
  return isTalk(space) && correspondentOf(space) === undefined
}

/** Term of a space in which one party writes alone to another that has no node. */
export const correspondentTerm = 'correspondent'

/**
 * The party without a node to which letters in a space are addressed; undefined in every space of several members.
 * It is no member, reads nothing here and says nothing here: what it answers is a record at home.
 */
export function correspondentOf({ terms, members }: SpaceFacts): string | undefined {
  const named = terms[correspondentTerm]
  return members.length === 1 && members[0]?.party !== named ? named : undefined
}

/** What a letter calls its addressee: the name it signed, or for a party without a node the one in the space's title. */
export function addresseeName(services: Services, space: SpaceFacts, party: string, language: string): string {
  if (correspondentOf(space) !== party) return services.signedNameOf(party, language)
  return space.title[language] ?? space.title.en ?? Object.values(space.title)[0] ?? party
}
