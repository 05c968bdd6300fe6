import { named } from '../../../core/dated-data/index.ts'
import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import { type Incident, isAtLeast, listSeverityLevels, readSchemes, type SeverityLevel } from '../../incidents/index.ts'
import type { PlanContent } from './content.ts'
import { type ListedPlan, listPlans } from './read-plans.ts'

/**
 * Plans in use of which a version is in force: those that the severity of an incident suggests, and the others; and
 * those that nobody approved yet.
 */
export async function plansFor(
  services: Services,
  viewer: Viewer,
  incident: Pick<Incident, 'id' | 'category'>,
): Promise<{ suggested: ListedPlan[]; others: ListedPlan[]; unapproved: ListedPlan[]; isAssessed: boolean }> {
  const [plans, levels] = await Promise.all([
    listPlans(services, viewer),
    listSeverityLevels(services, viewer, incident.id),
  ])
  const usable = plans.filter(({ inForce }) => inForce?.content.isInUse)
  const isSuggested = (plan: ListedPlan) =>
    plan.inForce !== undefined && fits(services, plan.inForce.content, incident, levels)
  return {
    suggested: usable.filter(isSuggested),
    others: usable.filter((plan) => !isSuggested(plan)),
    unapproved: plans.filter(({ inForce, latest }) => !inForce && mayBegin(latest.content)),
    isAssessed: levels.length > 0,
  }
}

/** Whether a plan says enough to be worked by in an emergency. */
export const mayBegin = ({ isInUse, steps }: PlanContent): boolean => isInUse && steps.length > 0

/** Whether an incident stands at least at the level from which a plan is suggested, by the same scheme. */
export function fits(
  services: Pick<Services, 'settings'>,
  { trigger, categories }: Pick<PlanContent, 'trigger' | 'categories'>,
  incident: Pick<Incident, 'category'>,
  levels: readonly Pick<SeverityLevel, 'scheme' | 'level'>[],
): boolean {
  const scheme = trigger && readSchemes(services).find(trigger.scheme)
  const stands = levels.find((one) => one.scheme === trigger?.scheme)
  if (!trigger || !scheme || !stands || isAtLeast(scheme, stands.level, trigger.level) !== true) return false
  return categories.length === 0 || categories.includes(incident.category)
}

/** "from severe (scheme NCISS)"; a scheme or level that the house no longer has goes by its id. */
export function triggerWords(
  { t, language, services }: Pick<Visit, 't' | 'language' | 'services'>,
  trigger: NonNullable<PlanContent['trigger']>,
): string {
  const scheme = readSchemes(services).find(trigger.scheme)
  const level = scheme?.levels.find(({ id }) => id === trigger.level)
  return t('preparedness.from-level', {
    level: level ? named(level.names, language) : trigger.level,
    scheme: scheme ? named(scheme.names, language) : trigger.scheme,
  })
}
