import { Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { legalPower, rulesToday } from '../../clearance/index.ts'
import './tables.ts'

/** What rules on legal clearance call one of our read-outs that is to be published. */
export const readOutDocument = 'lines.read-out'

/** Why a legal adviser clears our read-out before it is published. */
export interface LegalWanted {
  /** First day of the rule of the house, YYYY-MM-DD. */
  since?: string
  /** Whoever asked for it, with the reason. */
  asked?: { by: string; at: number; why: string }
}

/** By act, for read-outs of which a legal clearance is wanted. */
export async function legalWanted(
  services: Pick<Services, 'db' | 'clock'>,
  acts: readonly string[],
): Promise<Map<string, LegalWanted>> {
  if (acts.length === 0) return new Map()
  const [rules, rows] = await Promise.all([
    rulesToday(services),
    services.db
      .selectFrom('home.lines_read_out_legal')
      .selectAll()
      .where('act', 'in', [...acts])
      .execute(),
  ])
  const since = rules.get(readOutDocument)?.from_day
  return new Map(
    acts.flatMap((act) => {
      const asked = rows.find((row) => row.act === act)
      if (since === undefined && !asked) return []
      const by = asked && { by: asked.by_person, at: asked.at, why: asked.why }
      return [[act, { ...(since !== undefined && { since }), ...(by && { asked: by }) }] as const]
    }),
  )
}

/**
 * Whoever handles a read-out asks for a legal adviser to clear it before it is published. It stays asked for.
 *
 * @throws Refusal `lines.no-adviser`
 */
export async function askForLegal(services: Services, viewer: Viewer, act: string, why: string): Promise<void> {
  const advisers = await services.people.holding(legalPower)
  if (advisers.length === 0) throw new Refusal('lines.no-adviser')
  await services.db
    .insertInto('home.lines_read_out_legal')
    .values({ act, why, by_person: viewer.person.id, at: services.clock.now() })
    .onConflict((there) => there.column('act').doNothing())
    .execute()
}
