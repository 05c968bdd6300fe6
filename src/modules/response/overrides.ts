import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import { getOpenIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { readAnswers, valuesOf } from './answers.ts'
import { readCatalogue, type Rules } from './catalogue.ts'
import type { Answers, InForce } from './weigh-options.ts'
import './tables.ts'

/** Who may set the gate aside: whoever is named for legal clearance. */
export const legalPower = 'clearance.legal:release'

export interface Override extends InForce {
  id: string
  reason: string
  by: string
  at: number
  withdrawn?: { by: string; at: number }
  /** The answers it rests on are others now: it stays in the minutes and counts no longer. */
  stale: boolean
}

/** Every word of a legal adviser on the gate, newest first, with whether it still counts. */
export async function readOverrides(
  db: Reader,
  rules: Rules,
  { incident, answers }: { incident: string; answers: Answers },
): Promise<Override[]> {
  const rows = await db
    .selectFrom('home.response_override')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('ordinal', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    target: row.target,
    gives: row.gives,
    reason: row.reason,
    by: row.by_person,
    at: row.at,
    ...(row.withdrawn_by !== null && { withdrawn: { by: row.withdrawn_by, at: row.withdrawn_at ?? 0 } }),
    stale: !sameAnswers(row.rests_on, restingOn(rules, row.target, answers)),
  }))
}

/** Those that count: the newest of each target that is neither withdrawn nor overtaken. */
export function inForce(overrides: readonly Override[]): Override[] {
  const newest = new Map<string, Override>()
  for (const one of overrides) if (!one.withdrawn && !newest.has(one.target)) newest.set(one.target, one)
  return [...newest.values()].filter(({ stale }) => !stale)
}

function restingOn({ rules }: Rules, target: string, answers: Answers): Record<string, string> {
  const rule = rules.find(({ id }) => id === target)
  const questions = target === 'rung' ? ['breach', 'responsible'] : rule?.of === 'case' ? [rule.input] : []
  return Object.fromEntries(questions.map((question) => [question, answers[question] ?? '']))
}

const sameAnswers = (a: Record<string, string>, b: Record<string, string>): boolean =>
  Object.keys(b).every((question) => a[question] === b[question])

/**
 * A legal adviser gives another rung than the answers do, or sets one condition aside, with a reason that is minuted.
 *
 * @throws Refusal `response.no-such-target`
 */
export async function override(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, target, gives, reason }: { id: string; target: string; gives: string; reason: string },
): Promise<void> {
  if (!viewer.may(legalPower)) throw new Refusal('not-permitted')
  const incident = await getOpenIncident(services, viewer, incidentId)
  const { rules } = readCatalogue(services)
  const isKnown =
    target === 'rung'
      ? rules.rungs.some((rung) => rung.id === gives)
      : rules.rules.some((rule) => rule.id === target && rule.legal) && gives === 'met'
  if (!isKnown) throw new Refusal('response.no-such-target', { field: 'gives' })
  await services.db.transaction().execute(async (tx) => {
    const answers = valuesOf(await readAnswers(tx, incident.id))
    const done = await tx
      .insertInto('home.response_override')
      .values({
        id,
        incident: incident.id,
        target,
        gives,
        reason,
        rests_on: JSON.stringify(restingOn(rules, target, answers)),
        by_person: viewer.person.id,
        at: services.clock.now(),
        withdrawn_by: null,
        withdrawn_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'gate-overridden', words: reason })
  })
  publishChange(services, incident.id)
}

/** Takes back what was set aside; it stays in the minutes. */
export async function withdrawOverride(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  id: string,
): Promise<void> {
  if (!viewer.may(legalPower)) throw new Refusal('not-permitted')
  const incident = await getOpenIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .updateTable('home.response_override')
      .set({ withdrawn_by: viewer.person.id, withdrawn_at: services.clock.now() })
      .where('id', '=', id)
      .where('incident', '=', incident.id)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst()
    if (done.numUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'gate-override-withdrawn' })
  })
  publishChange(services, incident.id)
}
