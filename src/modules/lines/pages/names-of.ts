import type { Visit } from '../../../core/module/types.ts'

/** What people of the house are called, each asked for once. */
export async function namesOf({ services }: Visit<any>, people: readonly string[]): Promise<(id: string) => string> {
  const names = await Promise.all(
    [...new Set(people)].map(async (id) => [id, (await services.people.find(id))?.name ?? id] as const),
  )
  const known = new Map(names)
  return (id) => known.get(id) ?? id
}
