import { InvalidInput } from '../../core/http/index.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import './tables.ts'

export interface Assignment {
  id: string
  act: string
  space: string
  person?: string
  office?: string
  note: string
  assignedBy: string
  assignedAt: number
}

type Needed = Pick<Services, 'db' | 'clock' | 'people' | 'notices'>

/**
 * Says who here is to deal with a document, instead of whoever was before; `to` absent: it is done. A record of this
 * house: nothing of it is ever said to another party. The same id again changes nothing.
 *
 * @throws InvalidInput at `to` where nobody of that name is here
 */
export async function assign(
  { db, clock, people, notices }: Needed,
  by: Viewer['person'],
  given: { id: string; act: string; space: string; to?: string; note: string; drill?: string },
): Promise<void> {
  const to = given.to === undefined ? undefined : await ownerOf(people, given.to)
  await db.transaction().execute(async (tx) => {
    const now = clock.now()
    const known = await tx
      .selectFrom('home.search_assignment')
      .select('id')
      .where('id', '=', given.id)
      .executeTakeFirst()
    if (known) return
    const before = await tx
      .updateTable('home.search_assignment')
      .set({ ended_at: now })
      .where('act', '=', given.act)
      .where('ended_at', 'is', null)
      .returning('id')
      .execute()
    for (const { id } of before) await notices.settle(tx, `assigned:${id}`)
    await tx
      .insertInto('home.search_assignment')
      .values({
        id: given.id,
        act: given.act,
        space: given.space,
        person: to?.person ?? null,
        office: to?.office ?? null,
        note: given.note,
        assigned_by: by.id,
        assigned_at: now,
        ended_at: to ? null : now,
      })
      .execute()
    if (to?.person && to.person !== by.id)
      await notices.send(tx, {
        key: `assigned:${given.id}:${to.person}`,
        person: to.person,
        message: 'search.notice.assigned',
        facts: { name: by.name },
        link: actHref(given.space, given.act),
        urgency: 'normal',
        ...(given.drill !== undefined && { drill: given.drill }),
      })
  })
}

/** A person by id, or an office as `office:<id>`. */
async function ownerOf(people: Services['people'], to: string): Promise<{ person?: string; office?: string }> {
  const [, office] = /^office:(.+)$/.exec(to) ?? []
  if (office !== undefined && (await people.offices()).some(({ id }) => id === office)) return { office }
  if (office === undefined && (await people.find(to))) return { person: to }
  throw InvalidInput.at('to', 'search.invalid.nobody')
}

/** What stands assigned to this person or to an office they serve in, oldest first. */
export async function listAssigned({ db }: Pick<Services, 'db'>, viewer: Viewer): Promise<Assignment[]> {
  const offices = viewer.offices.map(({ id }) => id)
  const rows = await db
    .selectFrom('home.search_assignment')
    .selectAll()
    .where('ended_at', 'is', null)
    .where((eb) =>
      eb.or([eb('person', '=', viewer.person.id), eb('office', 'in', offices.length > 0 ? offices : [''])]),
    )
    .orderBy('assigned_at')
    .orderBy('id')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    act: row.act,
    space: row.space,
    note: row.note,
    assignedBy: row.assigned_by,
    assignedAt: row.assigned_at,
    ...(row.person !== null && { person: row.person }),
    ...(row.office !== null && { office: row.office }),
  }))
}

/** Who had and has each document, newest first. */
export async function listHistory({ db }: Pick<Services, 'db'>, act: string) {
  return db
    .selectFrom('home.search_assignment')
    .selectAll()
    .where('act', '=', act)
    .orderBy('assigned_at', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()
}
