import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import type { DissentStep } from '../tables.ts'
import '../tables.ts'

/** What one analyst holds against an assessment, in their own words. */
export interface Dissent {
  id: string
  assessment: string
  words: string
  /** Hypothesis that the dissenter holds instead. */
  alternative?: string
  /** How likely that one is to them, else the hypothesis of the assessment. */
  own?: { scheme: string; word: string }
  by: string
  at: number
  /** What became of it, in order. It is answered, upheld or given up, and never taken away. */
  steps: { id: string; kind: DissentStep; words: string; by: string; at: number }[]
  state: DissentState
}

export type DissentState = 'standing' | 'answered' | 'given-up'

/** Where a dissent stands after its last step: one that is upheld against an answer stands again. */
export const stateAfter = (last: DissentStep | undefined): DissentState =>
  last === 'answered' || last === 'given-up' ? last : 'standing'

/** The last step of a dissent read as `d`. */
export const lastStep = sql<DissentStep | null>`(select s.kind from home.incidents_dissent_step s
  where s.dissent = d.id order by s.ordinal desc limit 1)`

/** Every dissent on the assessments of an incident, in the order of writing. */
export async function readDissents(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incident: string,
  db: Reader = services.db,
): Promise<Dissent[]> {
  const [rows, steps] = await Promise.all([
    db
      .selectFrom('home.incidents_dissent')
      .selectAll()
      .where(inSight(services, viewer))
      .where('incident', '=', incident)
      .orderBy('ordinal')
      .execute(),
    db
      .selectFrom('home.incidents_dissent_step')
      .selectAll()
      .where(inSight(services, viewer))
      .where('incident', '=', incident)
      .orderBy('ordinal')
      .execute(),
  ])
  const stepsOf = Map.groupBy(steps, (one) => one.dissent)
  return rows.map(({ id, assessment, words, alternative, scheme, word, by_person: by, at }) => {
    const mine = stepsOf.get(id) ?? []
    return {
      ...{ id, assessment, words, by, at },
      ...(alternative !== null && { alternative }),
      ...(scheme !== null && word !== null && { own: { scheme, word } }),
      steps: mine.map((one) => ({ id: one.id, kind: one.kind, words: one.words, by: one.by_person, at: one.at })),
      state: stateAfter(mine.at(-1)?.kind),
    }
  })
}
