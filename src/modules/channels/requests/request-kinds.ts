import type { ContactKind } from '../../directory/index.ts'
import table from './reference/request-kinds.json' with { type: 'json' }

export const requestKindNames = [
  'preservation',
  'mutual-legal-assistance',
  'legal-information',
  'technical-assistance',
  'incident-information',
  'consultation',
] as const
export type RequestKindName = (typeof requestKindNames)[number]

/** A kind of request: between which contacts it goes, and what it has to state. */
export interface RequestKind {
  kind: RequestKindName
  /** Kinds of contact that send it, each with the kind that takes it. */
  between: readonly (readonly [from: ContactKind, to: ContactKind])[]
  /** Headings under which it states what the other side needs, in order. */
  states: readonly string[]
}

/** Day of the table: a request names the edition by which it was addressed. */
export const requestEdition = table.edition

// Editions that were ever released, newest first: rows of a request do not change when the table does.
const editions: ReadonlyMap<string, readonly RequestKind[]> = new Map([
  [table.edition, table.kinds as unknown as RequestKind[]],
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
