import { type Selectable, sql } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import './tables.ts'

export const relations = ['full', 'limited', 'none', 'protecting-power'] as const
export const levels = ['ambassador', 'charge', 'charge-ad-interim', 'consular', 'none'] as const

/** What this house notes of its relation to a party. A record: no act is made of it, and none names it. */
export interface Relation {
  relation?: (typeof relations)[number]
  /** Party or name of the power that looks after our interests there. */
  protecting?: string
  level?: (typeof levels)[number]
  recalled: boolean
  /** YYYY-MM-DD. */
  recalledOn?: string
  /** What our own pages call the party, per language. */
  displayName: Record<string, string>
  note?: string
}

export interface NotedRelation extends Relation {
  /** Who noted it, by the name this person then had, and when. */
  by: string
  at: number
}

/** All that was noted of a party, newest first: the first counts. */
export async function listRelations({ db }: Pick<Services, 'db'>, party: string): Promise<NotedRelation[]> {
  const rows = await db
    .selectFrom('home.directory_relation')
    .selectAll()
    .where('party', '=', party)
    .orderBy('number', 'desc')
    .limit(200)
    .execute()
  return rows.map(notedOf)
}

/** Notes what our relation to a party is from now on. The same id again, or what already stands, changes nothing. */
export async function noteRelation(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  noted: { id: string; party: string; by: Viewer['person']; relation: Relation },
): Promise<void> {
  const { id, party, by, relation } = noted
  await db.transaction().execute(async (tx) => {
    // Two people at once: the second sees what the first noted.
    await sql`select pg_advisory_xact_lock(hashtext(${`directory.relation ${party}`}))`.execute(tx)
    const [current] = await listRelations({ db: tx }, party)
    if (keyOf(current ?? { recalled: false, displayName: {} }) === keyOf(relation)) return
    await tx
      .insertInto('home.directory_relation')
      .values({
        id,
        party,
        relation: relation.relation ?? null,
        protecting: relation.protecting ?? null,
        level: relation.level ?? null,
        recalled: relation.recalled,
        recalled_on: relation.recalledOn ?? null,
        display_name: sql`${JSON.stringify(relation.displayName)}::jsonb`,
        note: relation.note ?? null,
        noted_by: by.id,
        noted_by_name: by.name,
        noted_at: clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

/** What our pages call each party for which we noted a name. */
export async function listDisplayNames({ db }: Pick<Services, 'db'>): Promise<Map<string, Record<string, string>>> {
  const rows = await db
    .selectFrom('home.directory_relation')
    .distinctOn('party')
    .select(['party', 'display_name'])
    .orderBy('party')
    .orderBy('number', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.party, row.display_name]))
}

function notedOf(row: Selectable<Tables['home.directory_relation']>): NotedRelation {
  return {
    relation: (row.relation as Relation['relation']) ?? undefined,
    protecting: row.protecting ?? undefined,
    level: (row.level as Relation['level']) ?? undefined,
    recalled: row.recalled,
    recalledOn: row.recalled_on ?? undefined,
    displayName: row.display_name,
    note: row.note ?? undefined,
    by: row.noted_by_name,
    at: row.noted_at,
  }
}

function keyOf({ relation, protecting, level, recalled, recalledOn, displayName, note }: Relation): string {
  const names = Object.entries(displayName).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([relation, protecting, level, recalled, recalledOn, names, note])
}
