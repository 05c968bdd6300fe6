import type { Conflict } from '../../core/log/types.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { titleOf } from './space-words.ts'
import '../../core/log/tables.ts'

/** A party signed what cannot all be true; where it was the host, the space is frozen here. */
export interface Freeze {
  space: string
  /** Party, or witness from outside, whose key signed it. */
  accused: string
  role: Conflict['role']
  kind: string
  /** ms. */
  foundAt: number
  /** Newest size that another member cosigned over our history; 0 if there is none. */
  common: number
  /** Name under `evidence/` in the data folder. */
  file?: string
  /** Nothing is signed or stored for the space any more. */
  isFrozen: boolean
}

/** Contradictions found in these spaces, the newest first. */
export async function listFreezes({ db }: Pick<Services, 'db'>, spaces?: string[]): Promise<Freeze[]> {
  if (spaces?.length === 0) return []
  const rows = await db
    .selectFrom('log.conflict as c')
    .innerJoin('log.space as s', 's.space', 'c.space')
    .select(['c.space', 'c.accused', 'c.role', 'c.kind', 'c.found_at', 'c.common', 'c.file', 's.frozen'])
    .$if(spaces !== undefined, (query) => query.where('c.space', 'in', spaces ?? []))
    .orderBy('c.found_at', 'desc')
    .limit(100)
    .execute()
  return rows.map(({ found_at, file, frozen, ...row }) => ({
    ...row,
    foundAt: found_at,
    ...(file !== null && { file }),
    isFrozen: frozen !== null,
  }))
}

/** Whether what lies stored of a space is not what was stored, and nothing is signed in it for that reason. */
export async function isDamaged({ db }: Pick<Services, 'db'>, space: string): Promise<boolean> {
  const row = await db.selectFrom('log.space').select('frozen').where('space', '=', space).executeTakeFirst()
  return row?.frozen === 'damaged'
}

/** For whoever has to act on it: administrators, who keep the evidence, and duty officers, who call the others. */
export async function freezeNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.roles.some((role) => role === 'administrator' || role === 'duty-officer')) return []
  const freezes = (await listFreezes(services)).filter((one) => one.isFrozen)
  if (freezes.length === 0) return []
  const among = [...new Set(freezes.map((one) => one.space))]
  const spaces = new Map((await services.ledger.list({ among })).map((space) => [space.id, space]))
  return [...new Map(freezes.map((one) => [one.space, one])).values()].map((one) => {
    const space = spaces.get(one.space)
    return {
      key: `frozen:${one.space}`,
      verb: 'spaces.need.see',
      form: 'spaces.frozen.need',
      from: one.accused,
      headline: space ? titleOf(space, viewer.person.language) : '',
      href: `/spaces/${one.space}#frozen`,
      // Nothing else waits for less time than this: it stands first.
      dueAt: one.foundAt,
      space: one.space,
      waitsFor: 'me',
    }
  })
}
