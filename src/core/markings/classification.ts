import type { Marking } from '../../protocol/types.ts'

/** One level of a party's own ladder; `id` stands in markings, the names are for people. */
export interface ClassLevel {
  id: string
  names: Record<string, string>
}

/** What one party's level is handled as on our ladder, and where that was agreed. */
export interface Equivalence {
  party: string
  theirs: string
  ours: string
  /** Treaty, exchange of notes, decision: who says so. */
  source: string
}

/** Parties that are named together when something is released to them. */
export interface ReleaseGroup {
  id: string
  names: Record<string, string>
  parties: string[]
}

/** What a house says of classification; everything is data, and by default there is nothing. */
export interface Classification {
  /** Lowest first. */
  ladder: ClassLevel[]
  /** Highest level this node is accredited for; without it none. */
  accredited?: string
  equivalences: Equivalence[]
  groups: ReleaseGroup[]
}

export const noClassification: Classification = { ladder: [], equivalences: [], groups: [] }

/** Joins the classes of parts that were marked by different ladders: who reads it is cleared for each. */
export const classJoin = ' & '

/** A class as it stands in a marking: whose ladder, and which level of it. A label of 64 characters holds it. */
export const classOf = (party: string, level: string): string => `${party}/${level}`

export interface ReadClass {
  party: string
  level: string
}

/** The classes a marking names; undefined where one of them names no ladder, which nobody is cleared for. */
export function readClasses(text: string): ReadClass[] | undefined {
  const read = text.split(classJoin).map((one) => /^([a-z0-9.-]+)\/([A-Z][A-Z0-9 -]*)$/.exec(one))
  return read.every((one) => one !== null)
    ? read.map((one) => ({ party: one[1] as string, level: one[2] as string }))
    : undefined
}

/** The part of a class people say, with the ladder behind it: `SECRET (aurelia.example)`. */
export function classText(text: string): string {
  const read = readClasses(text)
  return read ? read.map(({ party, level }) => `${level} (${party})`).join(classJoin) : text
}

/**
 * Every class that somebody cleared up to `clearance` may see on this node. The node's own ceiling binds everybody.
 *
 * A foreign level is among them only where it has an equivalent on our own ladder by our own rule: an equivalence
 * between two others says nothing here, and where two rules differ the higher one binds.
 */
export function openClasses(rules: Classification, party: string, clearance: string | undefined): string[] {
  const rank = (level: string | undefined) => rules.ladder.findIndex(({ id }) => id === level)
  const most = Math.min(rank(clearance), rank(rules.accredited))
  const own = rules.ladder.slice(0, most + 1).map(({ id }) => classOf(party, id))
  const foreign = Map.groupBy(rules.equivalences, (one) => classOf(one.party, one.theirs))
  const open = [...foreign].filter(
    ([, said]) => said[0]?.party !== party && said.every(({ ours }) => rank(ours) >= 0 && rank(ours) <= most),
  )
  return [...own, ...open.map(([theirs]) => theirs)]
}

/** Every class this node may hold at all. */
export const nodeClasses = (rules: Classification, party: string): string[] =>
  openClasses(rules, party, rules.accredited)

/** What one level of another party is handled as here: the higher where two rules differ; undefined if none is known. */
export function equivalentOf(rules: Classification, { party, level }: ReadClass): Equivalence | undefined {
  const rank = ({ ours }: Equivalence) => rules.ladder.findIndex(({ id }) => id === ours)
  return rules.equivalences
    .filter((one) => one.party === party && one.theirs === level && rank(one) >= 0)
    .toSorted((a, b) => rank(b) - rank(a))[0]
}

const until = 'DECL:'

/** Caveat that a class ends with a day (`YYYY-MM-DD`), or with an event in the originator's words. */
export const declassified = (on: { date: string } | { event: string }): string =>
  `${until}${'date' in on ? on.date : `EVENT ${on.event}`}`

/** What a marking says of the end of its class. */
export function declassification(marking: Marking): { dates: string[]; events: string[] } {
  const said = (marking.caveats ?? []).filter(isDeclassification).map((one) => one.slice(until.length))
  const isDay = (one: string) => /^\d{4}-\d\d-\d\d$/.test(one)
  return {
    dates: said.filter(isDay).sort(),
    events: said.filter((one) => !isDay(one)).map((one) => one.replace(/^EVENT /, '')),
  }
}

export const isDeclassification = (caveat: string): boolean => caveat.startsWith(until)

/** The class that still binds on a day; an event ends nothing by itself: the originator says so. */
export function bindingClass(marking: Marking, today: string | undefined): string | undefined {
  const { dates, events } = declassification(marking)
  const last = dates.at(-1)
  const isOver = last !== undefined && events.length === 0 && today !== undefined && today >= last
  return isOver ? undefined : marking.class
}

/** Whether a class still binds. */
export const bindsNow = (marking: Marking, today: string | undefined): boolean =>
  bindingClass(marking, today) !== undefined

/** Whether somebody cleared for these classes may see what a class says; one of no ladder is shut. */
export function isClearedFor(text: string, classes: readonly string[] | undefined): boolean {
  const read = readClasses(text)
  return read?.every(({ party, level }) => classes?.includes(classOf(party, level)) ?? false) ?? false
}
