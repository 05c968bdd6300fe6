/** How many of the parties asked answered in time, told so that nobody can conclude what a single one did. */
export interface CoarseCount {
  asked: number
  answered: { from: number; to: number }
}

/** Fewer than this many parties asked: no figure at all. */
export const fewestAsked = 7
/** Nearly all and nearly none are told as such: this many on either end are not told apart. */
const margin = 3

/**
 * The figures that all members of a network may see; undefined where any figure would show single parties.
 *
 * Even two parties that put their own results together cannot conclude from it what a third one did
 * (docs/decisions: what a campaign of checks shows, and to whom).
 */
export function coarseCount(asked: number, answered: number): CoarseCount | undefined {
  if (asked < fewestAsked) return undefined
  if (answered <= margin) return { asked, answered: { from: 0, to: margin } }
  if (answered >= asked - margin) return { asked, answered: { from: asked - margin, to: asked } }
  return { asked, answered: { from: answered, to: answered } }
}

/** Whether figures are such as {@link coarseCount} makes them. */
export function isCoarse({ asked, answered }: CoarseCount): boolean {
  const made = coarseCount(asked, answered.to)
  return made?.answered.from === answered.from && made.answered.to === answered.to
}
