import { tlpRank } from '../../core/markings/index.ts'
import type { Tlp } from '../../protocol/types.ts'
import { groundKinds } from '../incidents/index.ts'

/** Said at once; said when asked; told, but not for attribution; a question with its answer. */
export const lineKinds = ['holding', 'if-asked', 'background', 'answer'] as const
export type LineKind = (typeof lineKinds)[number]

/** What a line can rest on: the record of its incident, what the house keeps beside it, acts on the record of its spaces. */
export const lineGroundKinds = [...groundKinds, 'attribution', 'statement', 'act'] as const
export type LineGroundKind = (typeof lineGroundKinds)[number]

/** Who hears it. */
export const audiences = ['public', 'parliament', 'partners', 'house'] as const
export type Audience = (typeof audiences)[number]

/** The narrowest marking of what may be said before an audience; within the house the reader's own ceiling decides. */
const narrowestBefore: Record<Audience, Tlp> = { public: 'CLEAR', parliament: 'CLEAR', partners: 'AMBER', house: 'RED' }

/** Whether words so marked may be said, printed or copied for an audience. */
export const maySayBefore = (audience: Audience, marking: Tlp): boolean =>
  tlpRank(marking) <= tlpRank(narrowestBefore[audience])

/** Whether what is meant for `meant` is said before `before`: narrower audiences hear what wider ones do. */
export const reaches = (meant: Audience, before: Audience): boolean =>
  audiences.indexOf(meant) <= audiences.indexOf(before)

export const wordsLength = 1200
export const questionLength = 300
/** Of an incident; beyond this nobody finds the one they need. */
export const mostLines = 200
/** How long before its end, or its time of release, Today tells of a line. */
export const tellsBeforeMs = 24 * 3_600_000
