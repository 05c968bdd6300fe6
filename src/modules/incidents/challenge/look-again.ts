import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { readAffected } from '../weigh/affected.ts'
import { changing } from '../weigh/changing.ts'
import { fingerprintOf } from '../weigh/rests-on.ts'
import '../tables.ts'

/**
 * Notes that an assessment was looked at again although items it rested on changed, and why it stands. Its words are
 * not touched.
 *
 * @throws Refusal `incidents.assessment-not-found` where nothing of it changed, `incidents.changed-again`
 */
export async function lookAgainAt(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, assessment, seen, why }: { id: string; assessment: string; seen: string; why: string },
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const [affected] = await readAffected({ ...services, db: tx }, viewer, { assessment })
    if (affected?.incident !== incident) throw new Refusal('incidents.assessment-not-found')
    if (fingerprintOf(affected.changed) !== seen) throw new Refusal('incidents.changed-again')
    const done = await tx
      .insertInto('home.incidents_assessment_look')
      .values({ id, incident, assessment, state: seen, why, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n ? undefined : { kind: 'assessment-looked-at', words: why }
  })
}
