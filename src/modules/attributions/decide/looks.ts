import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import {
  type Changed,
  changedSince,
  fingerprintOf,
  getIncident,
  publishChange,
  readEvidenceStates,
  writeEntry,
} from '../../incidents/index.ts'
import { type Decision, readDecisions } from './decisions.ts'
import '../tables.ts'

/** A decision whose evidence changed was looked at again, and stands. */
export interface Look {
  why: string
  by: string
  at: number
}

export interface Standing {
  decision: Decision
  changed: Changed[]
  looks: Look[]
  /** Nobody has looked at what became of its evidence yet. */
  isUnseen: boolean
}

/** How the evidence of decisions stands now, and who looked at that. */
export async function readStandings(
  services: Services,
  viewer: Viewer,
  decisions: readonly Decision[],
): Promise<Standing[]> {
  if (decisions.length === 0) return []
  const items = decisions.flatMap(({ basis }) => basis.evidence.map(({ id }) => id))
  const [states, looks] = await Promise.all([
    readEvidenceStates(services, viewer, [...new Set(items)]),
    services.db
      .selectFrom('home.attributions_look')
      .selectAll()
      .where(
        'decision',
        'in',
        decisions.map(({ id }) => id),
      )
      .orderBy('ordinal')
      .execute(),
  ])
  return decisions.map((decision) => {
    const changed = changedSince(decision.basis.evidence, states, decision.incident)
    const mine = looks.filter((one) => one.decision === decision.id)
    return {
      decision,
      changed,
      looks: mine.map(({ why, by_person: by, at }) => ({ why, by, at })),
      isUnseen: changed.length > 0 && mine.at(-1)?.state !== fingerprintOf(changed),
    }
  })
}

/**
 * Notes that a decision was looked at again although its evidence changed, and why it stands. What it said is not
 * touched; another decision takes its place only by being minuted.
 *
 * @throws Refusal `attributions.decision-not-found`, `attributions.changed-again` where more became of its evidence since
 */
export async function lookAgain(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, decision: named, seen, why }: { id: string; decision: string; seen: string; why: string },
): Promise<void> {
  const incident = await getIncident(services, viewer, incidentId)
  const decision = (await readDecisions(services.db, incident.id)).find((one) => one.id === named)
  if (!decision) throw new Refusal('attributions.decision-not-found')
  const [standing] = await readStandings(services, viewer, [decision])
  if (!standing || fingerprintOf(standing.changed) !== seen) throw new Refusal('attributions.changed-again')
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.attributions_look')
      .values({ id, decision: decision.id, state: seen, why, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'attribution-looked-at' })
  })
  publishChange(services, incident.id)
}
