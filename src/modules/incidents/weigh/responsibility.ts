import { endOfDay } from '../../../core/clocks/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { changing } from './changing.ts'
import { readSpectrum } from './read-spectrum.ts'
import { readWeighing } from './weighing.ts'
import '../tables.ts'

/** Where a person placed a hypothesis on the spectrum of state responsibility, as of a day and by a source. */
export interface Placed {
  id: string
  hypothesis: string
  /** Step of the file of the spectrum. */
  step: string
  /** `YYYY-MM-DD` */
  toldOn: string
  source: string
  why: string
  by: string
  at: number
}

/** Every placing in an incident, in order; the last of a hypothesis stands. */
export async function listPlaced(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incident: string,
): Promise<Placed[]> {
  const rows = await services.db
    .selectFrom('home.incidents_responsibility')
    .selectAll()
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .orderBy('ordinal')
    .execute()
  return rows.map(({ id, hypothesis, step, told_on: toldOn, source, why, by_person: by, at }) => ({
    ...{ id, hypothesis, step, toldOn, source, why, by, at },
  }))
}

/**
 * Places a hypothesis on the spectrum. Nothing proposes a step: a person says it, as of a day, by a source, and why.
 *
 * @throws Refusal `incidents.hypothesis-not-found`, `incidents.unknown-step`, `incidents.told-in-future`
 */
export async function placeHypothesis(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  placed: Omit<Placed, 'by' | 'at'>,
): Promise<void> {
  if (!readSpectrum(services).content.steps.some(({ id }) => id === placed.step))
    throw new Refusal('incidents.unknown-step', { field: 'step' })
  if (endOfDay(placed.toldOn, viewer.person.zone) - 86_400_000 > services.clock.now())
    throw new Refusal('incidents.told-in-future', { field: 'toldOn' })
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const { hypotheses } = await readWeighing(services, viewer, incident, tx)
    const about = hypotheses.find(({ id }) => id === placed.hypothesis)
    if (!about) throw new Refusal('incidents.hypothesis-not-found')
    const { toldOn, ...row } = placed
    const done = await tx
      .insertInto('home.incidents_responsibility')
      .values({ ...row, incident, told_on: toldOn, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n
      ? undefined
      : { kind: 'responsibility', words: placed.why, facts: { number: about.number } }
  })
}
