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
  /** Minutes; without it the step has no clock. */
  within: number | null
  /** Step whose own term this one is counted from; empty: from the start of the run. */
  after: string
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
}

/** Parts of a plan that are lists, each of items with an id. */
export const planParts = ['roles', 'steps', 'contacts', 'texts', 'annexes'] as const
export type PlanPart = (typeof planParts)[number]

/** More than these nobody works through on a bad day. */
export const mostItems = 100

/**
 * What keeps a plan from making sense: a role, step or annex that is named and not there, a step counted from one that
 * comes later or has no term.
 *
 * @throws Refusal with the `field` to blame
 */
export function requireSound({ roles, steps, contacts, texts, annexes }: PlanContent): void {
  const annexIds = new Set(['', ...annexes.map(({ id }) => id)])
  if ([...steps, ...contacts, ...texts].some(({ annex }) => !annexIds.has(annex)))
    throw new Refusal('preparedness.annex-in-use', { field: 'annex' })
  for (const [at, step] of steps.entries()) {
    if (!roles.some(({ id }) => id === step.role))
      throw new Refusal('preparedness.role-in-use', { field: 'role', name: step.title })
    if (step.after === '') continue
    const before = steps.slice(0, at).find(({ id }) => id === step.after)
    if (!before) throw new Refusal('preparedness.step-order', { field: 'after', name: step.title })
    if (before.within === null) throw new Refusal('preparedness.step-without-term', { field: 'after' })
    if (before.annex !== '' && before.annex !== step.annex)
      throw new Refusal('preparedness.step-of-annex', { field: 'after' })
  }
  if ([roles, steps, contacts, texts, annexes].some((list) => list.length > mostItems))
    throw new Refusal('preparedness.too-many', { most: mostItems })
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
