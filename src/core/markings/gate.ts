import type { Marking, Tlp } from '../../protocol/types.ts'
import { bindingClass, isClearedFor, isDeclassification } from './classification.ts'
import { tlpRank } from './labels.ts'
import type { Exit, GateFacts, Marked, MarkingReader, Revealed, Withheld } from './types.ts'

/** Originator control: no forwarding, quoting or release without the originator's recorded consent. */
export const originatorControl = 'ORCON'

/** Ways out that carry no content at all, whatever its marking: only that something waits, and where. */
const withoutContent: ReadonlySet<Exit> = new Set(['mail', 'notification'])
/** Ways out of the house, where an audience limits who may get a copy. */
const onward: ReadonlySet<Exit> = new Set(['dossier', 'federation'])
/** Ways out after which nobody can hold the reader to anything. */
const beyondControl: ReadonlySet<Exit> = new Set(['dossier', 'federation', 'print', 'mail'])

// The value lies here and nowhere else: spreading, logging or serialising a Marked shows its marking only.
const values = new WeakMap<object, unknown>()

/** Puts a value behind the gate. The marking is copied; changing the argument later changes nothing. */
export function mark<T>(value: T, marking: Marking): Marked<T> {
  const marked: Marked<T> = Object.freeze({ marking: frozen(marking) })
  values.set(marked, value)
  return marked
}

/** The value if this reader may have it by this way out; otherwise the first reason why not. */
export function reveal<T>(marked: Marked<T>, reader: MarkingReader, exit: Exit, facts: GateFacts = {}): Revealed<T> {
  if (!values.has(marked)) throw new TypeError('not a marked value: only mark() makes one')
  const { marking } = marked
  const leave = mayLeave(marking, { exit, reader, ...facts })
  return leave.allowed
    ? { shown: true, value: values.get(marked) as T, marking }
    : { shown: false, marking, reason: leave.reason }
}

/** The one rule of every way out: whether a thing so marked may reach this reader by this exit. */
export function mayLeave(
  marking: Marking,
  { exit, reader, consented = false }: { exit: Exit; reader: MarkingReader } & GateFacts,
): { allowed: true } | { allowed: false; reason: Withheld } {
  const reason = reasonAgainst(marking, exit, reader, consented)
  return reason ? { allowed: false, reason } : { allowed: true }
}

function reasonAgainst(marking: Marking, exit: Exit, reader: MarkingReader, consented: boolean): Withheld | undefined {
  if (withoutContent.has(exit)) return 'exit'
  if (tlpRank(marking.tlp) > tlpRank(ceilingOf(reader, exit))) return 'tlp'
  if (exit === 'federation' && reader.member) return undefined
  const ofClass = bindingClass(marking, reader.today)
  if (ofClass !== undefined && !isClearedFor(ofClass, reader.classes)) return 'class'
  if (isControlled(marking) && (reader.onDevice || (beyondControl.has(exit) && !consented))) return 'caveat'
  if (onward.has(exit) && marking.audience && !(reader.party && marking.audience.includes(reader.party))) {
    return 'audience'
  }
  return undefined
}

/** Bound by its originator. A caveat this version does not know may say anything: it binds like originator control. */
export const isControlled = ({ caveats = [] }: Marking): boolean => caveats.some((one) => !isDeclassification(one))

/** The people of a house as readers at its exits: as far as each may see, and as far as the node is accredited. */
export function atHome(
  { party }: { party: string },
  { ceiling, classes, today, keeping }: Pick<MarkingReader, 'ceiling' | 'classes' | 'today'> & { keeping?: unknown },
): MarkingReader {
  return {
    party,
    ceiling,
    ...(classes && { classes }),
    ...(today !== undefined && { today }),
    ...(keeping !== undefined && { onDevice: true }),
  }
}

/** TLP 2.0: AMBER+STRICT stays in the organisation, RED with the people; a stranger outside the house gets neither. */
function ceilingOf(reader: MarkingReader, exit: Exit): Tlp {
  const outsider = onward.has(exit) && reader.party === undefined
  return outsider && tlpRank(reader.ceiling) > tlpRank('AMBER') ? 'AMBER' : reader.ceiling
}

function frozen(marking: Marking): Marking {
  const copy = structuredClone(marking)
  if (copy.caveats) Object.freeze(copy.caveats)
  if (copy.audience) Object.freeze(copy.audience)
  return Object.freeze(copy)
}
