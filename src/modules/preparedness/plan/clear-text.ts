import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { PlanText } from './content.ts'
import { fingerprintOf, getPlan, type Plan } from './read-plans.ts'
import '../tables.ts'

const legalPower = 'clearance.legal:release'

export interface TextClearance {
  by: string
  at: number
}

/** Clearances of a plan, by text and wording. */
export async function readClearances(services: Services, plan: string): Promise<Map<string, TextClearance>> {
  const rows = await services.db
    .selectFrom('home.preparedness_clearance')
    .selectAll()
    .where('plan', '=', plan)
    .execute()
  return new Map(rows.map((row) => [`${row.text} ${row.fingerprint}`, { by: row.by_person, at: row.at }]))
}

export const clearanceOf = (clearances: ReadonlyMap<string, TextClearance>, text: PlanText) =>
  clearances.get(`${text.id} ${fingerprintOf(text)}`)

/** Whether a text may be used today (`YYYY-MM-DD`, UTC): cleared as it stands, and still valid. */
export const mayBeUsed = (clearances: ReadonlyMap<string, TextClearance>, text: PlanText, today: string): boolean =>
  clearanceOf(clearances, text) !== undefined && text.validUntil >= today

/** Whoever wrote a wording of a text as it stands: each who changed it to what it is. */
export function writersOf({ writings }: Pick<Plan, 'writings'>, text: PlanText): string[] {
  let before: string | undefined
  const hands = new Set<string>()
  for (const { content, by } of writings) {
    const then = content.texts.find(({ id }) => id === text.id)
    const now = then && fingerprintOf(then)
    if (now !== undefined && now !== before) hands.add(by)
    before = now
  }
  return [...hands]
}

/**
 * A second person clears a text as it lay before them; where the house has a legal adviser, it is one.
 *
 * @throws Refusal `preparedness.text-changed`, `preparedness.own-text`, `preparedness.needs-legal`
 */
export async function clearText(
  services: Services,
  viewer: Viewer,
  planId: string,
  { text: id, seen }: { text: string; seen: string },
): Promise<void> {
  const plan = await getPlan(services, viewer, planId)
  const text = plan.latest.content.texts.find((one) => one.id === id)
  if (!text || fingerprintOf(text) !== seen) throw new Refusal('preparedness.text-changed')
  if (writersOf(plan, text).includes(viewer.person.id)) throw new Refusal('preparedness.own-text')
  const advisers = await services.people.holding(legalPower)
  if (advisers.length > 0 && !viewer.may(legalPower)) throw new Refusal('preparedness.needs-legal')
  await services.db
    .insertInto('home.preparedness_clearance')
    .values({ plan: plan.id, text: id, fingerprint: seen, by_person: viewer.person.id, at: services.clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  services.live.publish(`plan:${plan.id}`)
}
