import type { DraftTrace } from '../module/types.ts'
import type { DraftServices } from './context.ts'

const handedOn = 'draft-submitted'

/** What became of a draft and by whom, from the record of the house; undefined if there never was one. */
export async function traceDraft({ db }: DraftServices, id: string): Promise<DraftTrace | undefined> {
  const row = await db
    .selectFrom('home.draft')
    .select(['space', 'type', 'state', 'returned_why', 'updated_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const steps = await db
    .selectFrom('home.audit')
    .select(['what', 'person', 'at'])
    .where('about', '=', id)
    .where('what', 'like', 'draft-%')
    .orderBy('number')
    .execute()
  const last = steps.at(-1)
  return {
    space: row.space,
    type: row.type,
    state: row.state,
    wasSubmitted: steps.some(({ what }) => what === handedOn),
    what: last?.what,
    by: last?.person ?? undefined,
    at: last?.at ?? row.updated_at,
    returnedWhy: row.returned_why ?? undefined,
  }
}
