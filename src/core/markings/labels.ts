import { classJoin, classText, isDeclassification } from './classification.ts'
import { type Marking, type Pap, papLabels, type Tlp, tlpLabels } from '../../protocol/types.ts'

/** How narrow a label is: 0 for CLEAR, growing towards RED. */
export const tlpRank = (tlp: Tlp): number => tlpLabels.indexOf(tlp)

/** The label as FIRST prescribes it, `TLP:AMBER+STRICT`. */
export const tlpText = (tlp: Tlp): string => `TLP:${tlp}`

/** `PAP:AMBER`. */
export const papText = (pap: Pap): string => `PAP:${pap}`

/** All labels of a marking on one line, for margins, print and the API. */
export function markingText(marking: Marking): string {
  const pap = marking.pap ? [papText(marking.pap)] : []
  const classification = marking.class ? [classText(marking.class)] : []
  return [tlpText(marking.tlp), ...pap, ...classification, ...(marking.caveats ?? [])].join(' · ')
}

/**
 * The TLP 2.0 label in `text`, which may be written in any way in use: `TLP:AMBER+STRICT`,
 * `tlp:amber`, `Amber Strict`, MISP's `misp-tag` forms, or TLP 1.0's WHITE. Undefined if it is none.
 */
export function parseTlp(text: string): Tlp | undefined {
  return tlpLabels.find((label) => label === bare(text, 'TLP'))
}

/** The PAP label in `text`; WHITE of older versions is CLEAR. Undefined if it is none. */
export function parsePap(text: string): Pap | undefined {
  return papLabels.find((label) => label === bare(text, 'PAP'))
}

function bare(text: string, scheme: 'TLP' | 'PAP'): string {
  const label = text
    .trim()
    .toUpperCase()
    .replace(new RegExp(`^${scheme}(?::|=|\\s)+"?`), '')
    .replace(/"$/, '')
    .replace(/^AMBER[\s+_-]+STRICT$/, 'AMBER+STRICT')
  return label === 'WHITE' ? 'CLEAR' : label
}

/**
 * The marking of a whole made of these parts: at least as narrow as each of them in every respect.
 * Classes that differ are joined, so that only somebody cleared for each of them may read; a day on which a class
 * ends stays only where every part that has a class names one.
 * Of no parts: CLEAR.
 */
export function narrowest(markings: readonly Marking[]): Marking {
  const pap = markings.flatMap((m) => m.pap ?? []).reduce<Pap | undefined>(narrowerPap, undefined)
  const classes = distinct(markings.flatMap((m) => m.class?.split(classJoin) ?? []))
  const isEnding = markings.every((m) => m.class === undefined || m.caveats?.some(isDeclassification))
  const caveats = distinct(markings.flatMap((m) => m.caveats ?? [])).filter(
    (one) => isEnding || !isDeclassification(one),
  )
  const audience = sharedAudience(markings.flatMap((m) => (m.audience ? [m.audience] : [])))
  return {
    tlp: markings.reduce<Tlp>((widest, m) => (tlpRank(m.tlp) > tlpRank(widest) ? m.tlp : widest), 'CLEAR'),
    ...(pap && { pap }),
    ...(classes.length > 0 && { class: classes.join(classJoin) }),
    ...(caveats.length > 0 && { caveats }),
    ...(audience && { audience }),
  }
}

/** True if a thing marked `inner` may stand inside one marked `outer` without being read more widely. */
export function covers(outer: Marking, inner: Marking): boolean {
  return canonical(narrowest([outer, inner])) === canonical(narrowest([outer]))
}

const canonical = (m: Marking): string =>
  JSON.stringify([m.tlp, m.pap ?? null, m.class ?? null, m.caveats ?? [], m.audience ?? null])

const distinct = (values: string[]): string[] => [...new Set(values)].sort()

const narrowerPap = (a: Pap | undefined, b: Pap): Pap =>
  a !== undefined && papLabels.indexOf(a) > papLabels.indexOf(b) ? a : b

function sharedAudience(lists: string[][]): string[] | undefined {
  const [first, ...rest] = lists
  return first && distinct(first.filter((party) => rest.every((list) => list.includes(party))))
}
