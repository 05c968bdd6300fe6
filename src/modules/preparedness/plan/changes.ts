import { type PlanContent, planParts } from './content.ts'

/** One difference between two versions: what was added, taken out or written anew. */
export interface PlanChange {
  /** `head`, or a list of the plan. */
  part: 'head' | (typeof planParts)[number]
  kind: 'added' | 'removed' | 'changed' | 'moved'
  /** What people call the item. */
  name: string
  /** Fields that are others now. */
  fields: string[]
}

const headFields = ['name', 'purpose', 'isInUse', 'trigger', 'categories'] as const
type Item = { id: string } & Record<string, unknown>

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const nameOf = (item: Item): string => String(item.title ?? item.name ?? item.party ?? '')

/** What is different from one writing to a later one. */
export function changesBetween(before: PlanContent, after: PlanContent): PlanChange[] {
  const head = headFields.filter((field) => !same(before[field], after[field]))
  return [
    ...(head.length > 0 ? [{ part: 'head' as const, kind: 'changed' as const, name: after.name, fields: head }] : []),
    ...planParts.flatMap((part) =>
      itemChanges(before[part] as unknown as Item[], after[part] as unknown as Item[]).map((one) => ({ part, ...one })),
    ),
  ]
}

function itemChanges(before: readonly Item[], after: readonly Item[]): Omit<PlanChange, 'part'>[] {
  const was = new Map(before.map((one) => [one.id, one]))
  const stays = new Set(after.map(({ id }) => id))
  const kept = before.filter(({ id }) => stays.has(id)).map(({ id }) => id)
  const order = after.filter(({ id }) => was.has(id)).map(({ id }) => id)
  return [
    ...before
      .filter(({ id }) => !stays.has(id))
      .map((one) => ({ kind: 'removed' as const, name: nameOf(one), fields: [] })),
    ...after.flatMap((one): Omit<PlanChange, 'part'>[] => {
      const old = was.get(one.id)
      if (!old) return [{ kind: 'added' as const, name: nameOf(one), fields: [] }]
      const fields = Object.keys(one).filter((field) => !same(old[field], one[field]))
      if (fields.length > 0) return [{ kind: 'changed' as const, name: nameOf(one), fields }]
      return kept.indexOf(one.id) !== order.indexOf(one.id)
        ? [{ kind: 'moved' as const, name: nameOf(one), fields: [] }]
        : []
    }),
  ]
}
