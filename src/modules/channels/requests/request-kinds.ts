import type { ContactKind } from '../../directory/index.ts'
import first from './reference/request-kinds-2026-11-01.json' with { type: 'json' }
import table from './reference/request-kinds.json' with { type: 'json' }

export const requestKindNames = [
  'preservation',
  'traffic-data',
  'mutual-legal-assistance',
  'legal-information',
  'technical-assistance',
  'incident-information',
  'consultation',
] as const
export type RequestKindName = (typeof requestKindNames)[number]

/** Why a request goes to another contact than its kind has: the right one is not named, is silent, or asked for it. */
export const overruleReasons = ['none-named', 'urgent', 'not-reached', 'agreed-otherwise'] as const

/** Regimes of the clocks that run about a request beside those of any note. */
export const requestClocks = {
  /** On whoever asked orally: to ask in writing. */
  confirmInWriting: 'confirm-in-writing',
  /** On whoever had data kept: to ask for it while it is. */
  followUp: 'follow-up',
  /** On whoever accepted: to do it by the day promised. */
  deliver: 'assist-deliver',
  /** On whoever postponed: to answer by the day named. */
  resume: 'assist-resume',
} as const

/** A kind of request: between which contacts it goes, and what it has to state. */
export interface RequestKind {
  kind: RequestKindName
  /** Kinds of contact that send it, each with the kind that takes it. */
  between: readonly (readonly [from: ContactKind, to: ContactKind])[]
  /** Headings under which it states what the other side needs, in order. */
  states: readonly string[]
  /** Headings under which a day stands. */
  days?: readonly string[]
}

/** Day of the table: a request names the edition by which it was addressed. */
export const requestEdition = table.edition

// Editions that were ever released, newest first: rows of a request do not change when the table does.
const editions: ReadonlyMap<string, readonly RequestKind[]> = new Map([
  [table.edition, table.kinds as unknown as RequestKind[]],
  [first.edition, first.kinds as unknown as RequestKind[]],
])

/** The kind by an edition; undefined where this version does not know the edition or the kind. */
export function requestKind(kind: string, edition = requestEdition): RequestKind | undefined {
  return editions.get(edition)?.find((one) => one.kind === kind)
}

/** Kinds of contact that send a request of this kind. */
export const sendersOf = ({ between }: RequestKind): ContactKind[] => [...new Set(between.map(([from]) => from))]

/** Kinds of contact that take it from whom sends it. */
export const takersOf = ({ between }: RequestKind, from: ContactKind): ContactKind[] =>
  between.flatMap(([sends, takes]) => (sends === from ? [takes] : []))
