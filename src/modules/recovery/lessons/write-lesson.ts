import { endOfDay } from '../../../core/clocks/index.ts'
import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getIncident, lockIncident, publishChange, writeEntry } from '../../incidents/index.ts'
import { readPlan, type RecoveryPlan } from '../plan/read-plans.ts'
import { requireOwner } from '../plan/write-service.ts'
import type { LessonContent } from '../tables.ts'
import '../tables.ts'

const mostLessons = 300

export interface NewLesson extends Omit<LessonContent, 'zone'> {
  id: string
  tlp: Tlp
}

/**
 * Writes down what a recovery taught; also when its incident is closed. The same id again changes nothing.
 *
 * @throws InvalidInput at the field concerned; Refusal `recovery.too-many-lessons`
 */
export async function writeLesson(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, tlp, ...given }: NewLesson,
): Promise<void> {
  const incident = await getIncident(services, viewer, incidentId)
  const { zone } = viewer.person
  const dueAt = endOfDay(given.due, zone)
  if (tlpRank(tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('tlp', 'recovery.invalid.tlp')
  if (tlpRank(tlp) < tlpRank(incident.marking)) throw InvalidInput.at('tlp', 'recovery.invalid.tlp-wide')
  await requireOwner(services, given.owner)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const written = await tx.selectFrom('home.recovery_lesson').select('id').where('id', '=', id).executeTakeFirst()
    if (written) return
    if (dueAt < services.clock.now()) throw InvalidInput.at('due', 'recovery.invalid.due')
    requireServices(await readPlan({ ...services, db: tx }, viewer, incident.id), { tlp, chosen: given.services })
    const { count } = await tx
      .selectFrom('home.recovery_lesson')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('incident', '=', incident.id)
      .executeTakeFirstOrThrow()
    if (Number(count) >= mostLessons) throw new Refusal('recovery.too-many-lessons')
    await tx
      .insertInto('home.recovery_lesson')
      .values({
        ...{ id, incident: incident.id, tlp, due_at: dueAt },
        content: JSON.stringify({ ...given, services: [...new Set(given.services)], zone }),
        ...{ by_person: viewer.person.id, at: services.clock.now() },
      })
      .execute()
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'recovery-lesson' })
  })
  publishChange(services, incident.id)
}

/** Services it is about are on the plan, or were, and marked no narrower. */
function requireServices(plan: RecoveryPlan, { tlp, chosen }: { tlp: Tlp; chosen: readonly string[] }): void {
  const known = new Map([...plan.services, ...plan.off].map((one) => [one.id, one]))
  for (const id of chosen) {
    const service = known.get(id)
    if (!service) throw InvalidInput.at('services', 'recovery.invalid.needs')
    if (tlpRank(tlp) < tlpRank(service.tlp)) throw InvalidInput.at('tlp', 'recovery.invalid.tlp-service')
  }
}
