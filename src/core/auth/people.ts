import { sql } from 'kysely'
import type { People } from '../module/types.ts'
import { dutiesAt } from './duties.ts'
import type { AuthContext, Power, Viewer } from './types.ts'
import { listViewers } from './viewer.ts'

type Context = Pick<AuthContext, 'db' | 'clock'>
type Known = Awaited<ReturnType<People['list']>>[number]

/** People and offices of this party as other rooms may ask about them. People who left are not listed. */
export function createPeople(context: Context): People {
  return {
    find: async (person) => (await peopleNow(context, person))[0],
    list: () => peopleNow(context),
    offices: (also) => officesNow(context, also?.closed === true),
    holding: async (power) => (await viewersHolding(context, power as Power)).map(({ person }) => person.id),
    viewersHolding: (power) => viewersHolding(context, power as Power),
  }
}

async function peopleNow({ db, clock }: Context, only?: string): Promise<Known[]> {
  let people = db
    .selectFrom('home.person')
    .select(['id', 'name', 'email'])
    .where('ended_at', 'is', null)
    .orderBy('name')
  if (only !== undefined) people = people.where('id', '=', only)
  const now = clock.now()
  const [rows, { rows: duties }] = await Promise.all([
    people.execute(),
    sql<{ person: string; role: string; id: string; names: Record<string, string> }>`
      select m.person, m.role, o.id, o.names
      from ${dutiesAt(now)} m join home.office o on o.id = m.office
      where o.closed_at is null order by m.acting, o.position, o.id`.execute(db),
  ])
  return rows.map((row) => {
    const own = duties.filter((duty) => duty.person === row.id)
    return {
      id: row.id,
      name: row.name,
      email: row.email ?? undefined,
      roles: [...new Set<string>(own.map((duty) => duty.role))],
      offices: [...new Map(own.map((duty) => [duty.id, { id: duty.id, name: duty.names }])).values()],
    }
  })
}

async function officesNow({ db }: Context, isClosedToo: boolean) {
  const rows = await db
    .selectFrom('home.office')
    .selectAll()
    .$if(!isClosedToo, (query) => query.where('closed_at', 'is', null))
    .orderBy('position')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ id: row.id, name: row.names }))
}

async function viewersHolding(context: Context, power: Power): Promise<Viewer[]> {
  return (await listViewers(context)).filter((viewer) => viewer.may(power))
}
