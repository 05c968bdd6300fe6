import { Refusal } from '../../../core/http/refusal.ts'

/** Who holds a role: `person:<id>` or `office:<id>` of our house. */
export interface Role {
  id: string
  title: string
  who: string
  /** Empty where nobody stands in. */
  deputy: string
}

export interface Step {
  id: string
  title: string
  words: string
  role: string
  /** Minutes; with neither these nor working days the step has no clock. */
  within: number | null
  /** Working days of the house; the term ends with the last of them. */
  workingDays: number | null
  /** Step this one is counted from; empty: from the start of the run. */
  after: string
  /** Whether it is counted from when that step is due, or from when it was answered. */
  counts: 'due' | 'done'
  annex: string
}

/** A point of contact of the directory, by reference: it is shown as it stands there on the day. */
export interface ContactReference {
  id: string
  space: string
  party: string
  contact: string
  why: string
  annex: string
}

export interface PlanText {
  id: string
  title: string
  language: string
  words: string
  /** Last day on which it may be used, `YYYY-MM-DD`. */
  validUntil: string
  annex: string
}

export const servicePriorities = ['critical', 'high', 'medium', 'low'] as const

/** A service that would have to be brought back. Lengths are minutes. */
export interface PlanService {
  id: string
  name: string
  /** `person:<id>` or `office:<id>` of our house who follows it. */
  owner: string
  operator: string
  priority: (typeof servicePriorities)[number]
  /** Services of the same plan that have to do before this one can. */
  needs: string[]
  /** Recovery time objective: from the outage until it will do. */
  rto: number | null
  /** Longest tolerable outage. */
  mtpd: number | null
}

/** What holds with one other party in addition. */
export interface Annex {
  id: string
  party: string
  /** Space in which they would be written to; empty where there is none yet. */
  space: string
  agreed: string
  /** Proposal of an agreed text in that space, where it stands on record. */
  agreement: string
}

export interface PlanContent {
  name: string
  purpose: string
  isInUse: boolean
  /** Severity from which it is suggested. */
  trigger: { scheme: string; level: string } | null
  /** Empty: any. */
  categories: string[]
  roles: Role[]
  steps: Step[]
  contacts: ContactReference[]
  texts: PlanText[]
  annexes: Annex[]
  services: PlanService[]
}

/** Parts of a plan that are lists, each of items with an id. */
export const planParts = ['roles', 'steps', 'contacts', 'texts', 'annexes', 'services'] as const
export type PlanPart = (typeof planParts)[number]

export const hasTerm = ({ within, workingDays }: Pick<Step, 'within' | 'workingDays'>): boolean =>
  within !== null || workingDays !== null

/** A plan as it was written, with what the form did not ask then. */
export const wholePlan = (content: PlanContent): PlanContent => ({
  ...content,
  steps: content.steps.map((step) => ({
    ...step,
    workingDays: step.workingDays ?? null,
    counts: step.counts ?? 'due',
  })),
  services: content.services ?? [],
})

/** More than these nobody works through on a bad day. */
export const mostItems = 100

/**
 * What keeps a plan from making sense: a role, step or annex that is named and not there, a step counted from one that
 * comes later or has no term.
 *
 * @throws Refusal with the `field` to blame
 */
export function requireSound({ roles, steps, contacts, texts, annexes, services }: PlanContent): void {
  const annexIds = new Set(['', ...annexes.map(({ id }) => id)])
  if ([...steps, ...contacts, ...texts].some(({ annex }) => !annexIds.has(annex)))
    throw new Refusal('preparedness.annex-in-use', { field: 'annex' })
  for (const [at, step] of steps.entries()) {
    if (!roles.some(({ id }) => id === step.role))
      throw new Refusal('preparedness.role-in-use', { field: 'role', name: step.title })
    if (step.after === '') continue
    const before = steps.slice(0, at).find(({ id }) => id === step.after)
    if (!before) throw new Refusal('preparedness.step-order', { field: 'after', name: step.title })
    if (step.counts === 'due' && !hasTerm(before))
      throw new Refusal('preparedness.step-without-term', { field: 'after' })
    if (before.annex !== '' && before.annex !== step.annex)
      throw new Refusal('preparedness.step-of-annex', { field: 'after' })
  }
  requireSoundServices(services)
  if ([roles, steps, contacts, texts, annexes, services].some((list) => list.length > mostItems))
    throw new Refusal('preparedness.too-many', { most: mostItems })
}

/** Names differ, what is needed is there, nothing comes to need itself, and no target is later than can be borne. */
function requireSoundServices(services: readonly PlanService[]): void {
  const same = (name: string) => name.normalize('NFKC').toLowerCase()
  const byId = new Map(services.map((one) => [one.id, one]))
  for (const [at, { id, name, needs, rto, mtpd }] of services.entries()) {
    if (services.slice(0, at).some((one) => same(one.name) === same(name)))
      throw new Refusal('preparedness.service-twice', { field: 'name' })
    if (needs.some((one) => !byId.has(one))) throw new Refusal('preparedness.service-in-use', { field: 'needs', name })
    if (comesToNeed(byId, needs, id)) throw new Refusal('preparedness.service-circle', { field: 'needs', name })
    if (rto !== null && mtpd !== null && rto > mtpd) throw new Refusal('preparedness.service-target', { field: 'rto' })
  }
}

function comesToNeed(byId: ReadonlyMap<string, PlanService>, needs: readonly string[], wanted: string): boolean {
  const seen = new Set<string>()
  for (let next = [...needs]; next.length > 0; ) {
    if (next.includes(wanted)) return true
    for (const id of next) seen.add(id)
    next = next.flatMap((id) => byId.get(id)?.needs ?? []).filter((id) => !seen.has(id))
  }
  return false
}

/** What of a plan holds for a run with these annexes. */
export function withAnnexes(content: PlanContent, chosen: readonly string[]): PlanContent {
  const holds = ({ annex }: { annex: string }) => annex === '' || chosen.includes(annex)
  return {
    ...content,
    steps: content.steps.filter(holds),
    contacts: content.contacts.filter(holds),
    texts: content.texts.filter(holds),
    annexes: content.annexes.filter(({ id }) => chosen.includes(id)),
  }
}
