import { z } from 'zod'
import { type Lens, lenses, reliabilities, weightOf } from './marks.ts'
import type { Evidence, Hypothesis, Weighing } from './weighing.ts'

export const sorts = ['number', 'diagnosticity', 'weight'] as const
export const kinds = ['decisive', 'undiagnostic', 'unjudged', 'withdrawn'] as const
/** Items on one page of the matrix. */
export const itemsPerPage = 25

/** How the matrix is looked at: order and choice of items, all of it in the address. */
export interface MatrixView {
  sort: (typeof sorts)[number]
  /** Reliability of the source. */
  grade?: string
  /** Technical, political or legal. */
  lens?: Lens
  /** Number of the hypothesis that items have to bear on. */
  bears?: number
  only?: (typeof kinds)[number]
  page: number
}

const viewSchema = z.object({
  sort: z.enum(sorts).catch('number'),
  grade: z.enum(reliabilities).optional().catch(undefined),
  lens: z.enum(lenses).optional().catch(undefined),
  bears: z.coerce.number().int().min(1).optional().catch(undefined),
  only: z.enum(kinds).optional().catch(undefined),
  page: z.coerce.number().int().min(1).catch(1),
})

/** What an address asks for; what is no view of the matrix is left out. */
export const readView = (query: URLSearchParams | undefined): MatrixView =>
  viewSchema.parse(Object.fromEntries(query ?? []))

/** The address of a view. */
export function viewHref(incident: string, view: Partial<MatrixView>): string {
  const query = new URLSearchParams(
    Object.entries(view).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
  for (const [name, otherwise] of [
    ['sort', 'number'],
    ['page', '1'],
  ] as const)
    if (query.get(name) === otherwise) query.delete(name)
  return `/incidents/${incident}/weighing${query.size > 0 ? `?${query}` : ''}#matrix`
}

/** Hypotheses an item in force was not judged against yet. */
export const unjudged = (item: Evidence, hypotheses: readonly Hypothesis[]): Hypothesis[] =>
  item.withdrawnAt === undefined ? hypotheses.filter((one) => item.marks[one.id] === undefined) : []

/** The items of a view in its order, and how many pages they fill. */
export function itemsOf(
  { hypotheses, evidence, ranking }: Pick<Weighing, 'evidence' | 'ranking'> & { hypotheses: readonly Hypothesis[] },
  view: MatrixView,
): { items: Evidence[]; count: number; pages: number; page: number } {
  const decisive = new Set(ranking.decisive.map((one) => one.evidence))
  const undiagnostic = new Set(ranking.undiagnostic)
  const bearing = hypotheses.find((one) => one.number === view.bears)?.id
  const isOfKind = {
    decisive: (one: Evidence) => decisive.has(one.id),
    undiagnostic: (one: Evidence) => undiagnostic.has(one.id),
    unjudged: (one: Evidence) => unjudged(one, hypotheses).length > 0,
    withdrawn: (one: Evidence) => one.withdrawnAt !== undefined,
  }
  const chosen = evidence.filter(
    (one) =>
      (view.grade === undefined || one.reliability === view.grade) &&
      (view.lens === undefined || one.lens === view.lens) &&
      (view.bears === undefined || (bearing !== undefined && (one.marks[bearing] ?? 'na') !== 'na')) &&
      (view.only === undefined || isOfKind[view.only](one)),
  )
  const figure = {
    number: (one: Evidence) => -one.number,
    diagnosticity: (one: Evidence) => (one.withdrawnAt === undefined ? (ranking.diagnosticity[one.id] ?? 0) : -1),
    weight: (one: Evidence) => (one.withdrawnAt === undefined ? (weightOf(one) ?? -1) : -2),
  }[view.sort]
  const sorted = chosen.toSorted((a, b) => figure(b) - figure(a) || a.number - b.number)
  const pages = Math.max(1, Math.ceil(sorted.length / itemsPerPage))
  const page = Math.min(view.page, pages)
  return { items: sorted.slice((page - 1) * itemsPerPage, page * itemsPerPage), count: sorted.length, pages, page }
}
