import type { Services } from '../../core/module/types.ts'

/** Which party wrote each of these acts: act hash → party; acts we do not hold are left out. One query. */
export async function listAuthors(services: Services, acts: readonly string[]): Promise<Map<string, string>> {
  if (acts.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('log.entry')
    .select(['act_hash', 'author'])
    .where('act_hash', 'in', [...new Set(acts)])
    .execute()
  return new Map(rows.map((row) => [row.act_hash, row.author]))
}
