import { Refusal } from '../../core/http/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import './tables.ts'

export interface SavedView {
  id: string
  name: string
  /** As in the address of a search. */
  query: string
  /** Office it belongs to; the person's own otherwise. */
  office?: string
}

type Needed = Pick<Services, 'db' | 'clock'>

const mostViews = 50

/** A person's own views and those of their offices, by name. */
export async function listViews({ db }: Pick<Services, 'db'>, viewer: Viewer): Promise<SavedView[]> {
  const offices = viewer.offices.map(({ id }) => id)
  const rows = await db
    .selectFrom('home.search_view')
    .select(['id', 'name', 'query', 'office'])
    .where((eb) =>
      eb.or([eb('person', '=', viewer.person.id), eb('office', 'in', offices.length > 0 ? offices : [''])]),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(mostViews * 4)
    .execute()
  return rows.map(({ id, name, query, office }) => ({ id, name, query, ...(office !== null && { office }) }))
}

/**
 * Keeps a question under a name. The same id again changes nothing.
 *
 * @throws Refusal `not-permitted` for an office the person does not serve in
 * @throws Refusal `search-too-many-views` beyond fifty of one owner
 */
export async function saveView(
  { db, clock }: Needed,
  viewer: Viewer,
  view: { id: string; name: string; query: string; office?: string },
): Promise<void> {
  if (view.office !== undefined && !viewer.offices.some(({ id }) => id === view.office))
    throw new Refusal('not-permitted')
  const owner = view.office === undefined ? ('person' as const) : ('office' as const)
  const { count } = await db
    .selectFrom('home.search_view')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where(owner, '=', view.office ?? viewer.person.id)
    .executeTakeFirstOrThrow()
  if (Number(count) >= mostViews) throw new Refusal('search-too-many-views', { most: mostViews })
  await db
    .insertInto('home.search_view')
    .values({
      id: view.id,
      person: view.office === undefined ? viewer.person.id : null,
      office: view.office ?? null,
      name: view.name,
      query: view.query,
      saved_by: viewer.person.id,
      saved_at: clock.now(),
    })
    .onConflict((there) => there.doNothing())
    .execute()
}

/** Only one's own and one's offices' views can be removed; what is gone already stays gone. */
export async function removeView({ db }: Needed, viewer: Viewer, id: string): Promise<void> {
  const mine = (await listViews({ db }, viewer)).some((one) => one.id === id)
  if (mine) await db.deleteFrom('home.search_view').where('id', '=', id).execute()
}
