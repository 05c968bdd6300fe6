import type { Clearance, Line, Wording } from './read-lines.ts'

/** Why a line may not be said in a language now; `may-be-said` where nothing speaks against it. */
export const lineStates = [
  'withdrawn',
  'expired',
  'not-yet',
  'flagged',
  'no-wording',
  'behind',
  'not-cleared',
  'embargoed',
  'may-be-said',
] as const
export type LineState = (typeof lineStates)[number]

/** A line as it is said in a language: its original, or the translation that stands. */
export const wordingIn = ({ wording, translations }: Line, language: string): Wording | undefined =>
  wording.language === language ? wording : translations.find((one) => one.language === language)

/** What a clearance of a line in a language names: the wording, and the original behind it. */
export const clearedAs = ({ wording }: Line, { id }: Wording): string =>
  id === wording.id ? id : `${wording.id} ${id}`

export function standingIn(line: Line, language: string, { now }: { now: number }): LineState {
  const { wording } = line
  if (line.withdrawn) return 'withdrawn'
  if (wording.validUntil !== undefined && wording.validUntil <= now) return 'expired'
  if (line.flags.length > 0) return 'flagged'
  const said = wordingIn(line, language)
  if (!said) return 'no-wording'
  if (said.renders !== undefined && said.renders !== wording.id) return 'behind'
  if (!clearanceOf(line, said)) return 'not-cleared'
  if (line.embargo && !line.embargo.isOver) return 'embargoed'
  return wording.validFrom > now ? 'not-yet' : 'may-be-said'
}

/** Who cleared exactly these words. */
export const clearanceOf = (line: Line, said: Wording): Clearance | undefined =>
  line.clearances.findLast((one) => one.language === said.language && one.as === clearedAs(line, said))

/** Words that were cleared last in a language and are others now: what stands beside them since. */
export function changedSinceClearance(line: Line, said: Wording): { before: Wording; cleared: Clearance } | undefined {
  if (clearanceOf(line, said)) return undefined
  const cleared = line.clearances.findLast((one) => one.language === said.language)
  const id = cleared?.as.split(' ').at(-1)
  const before = line.earlier.find((one) => one.id === id) ?? (said.id === id ? said : undefined)
  return cleared && before && { before, cleared }
}
