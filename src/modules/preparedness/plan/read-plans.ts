import { createHash } from 'node:crypto'
import { Refusal } from '../../../core/http/refusal.ts'
import { atHome, mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { type PlanContent, type PlanText, wholePlan } from './content.ts'
import '../tables.ts'

export interface Writing {
  id: string
  ordinal: number
  marking: Tlp
  content: PlanContent
  by: string
  at: number
}

/** A writing that a second person brought into force. */
export interface Version extends Writing {
  number: number
  approvedBy: string
  approvedAt: number
}

/** A plan as a list shows it, as far as this person may read it. */
export interface ListedPlan {
  id: string
  /** The newest writing, in force or not. */
  latest: Writing
  /** The newest version; undefined before the first approval. */
  inForce?: Version
  /** Written since the version in force, and not in force yet. */
  pending?: Writing
}

/** A plan with everything that was ever written in it. */
export interface Plan extends ListedPlan {
  /** Oldest first; the last one is in force. */
  versions: Version[]
  /** Number of the version that a pending writing will be. */
  next: number
  /** Whoever wrote in what is pending: none of them may approve it. */
  hands: string[]
  /** All writings this person may read, oldest first. */
  writings: Writing[]
}

/** Every plan this person may read, by name: of each what stands and what is in force, in two queries. */
export async function listPlans(services: Services, viewer: Viewer): Promise<ListedPlan[]> {
  const [newest, approved] = await Promise.all([
    services.db
      .selectFrom('home.preparedness_writing')
      .selectAll()
      .distinctOn('plan')
      .orderBy('plan')
      .orderBy('ordinal', 'desc')
      .execute(),
    services.db
      .selectFrom('home.preparedness_version as v')
      .innerJoin('home.preparedness_writing as w', 'w.id', 'v.writing')
      .select(['v.plan', 'v.number', 'v.writing', 'v.by_person', 'v.at'])
      .select(['w.id', 'w.ordinal', 'w.marking', 'w.content', 'w.by_person as writer', 'w.at as writtenAt'])
      .distinctOn('v.plan')
      .orderBy('v.plan')
      .orderBy('v.number', 'desc')
      .execute(),
  ])
  const inForce = new Map(approved.map((row) => [row.plan, row]))
  return newest
    .flatMap(({ plan: id, ...row }): ListedPlan[] => {
      const approval = inForce.get(id)
      const latest = readable(services, viewer, row)
      // Whoever may not read how it stands is not shown how it stood.
      if (!latest) return []
      const written =
        approval && readable(services, viewer, { ...approval, by_person: approval.writer, at: approval.writtenAt })
      return [
        {
          id,
          latest,
          ...(approval && written && { inForce: versionOf(written, approval) }),
          ...(latest.id !== approval?.writing && { pending: latest }),
        },
      ]
    })
    .toSorted((a, b) => a.latest.content.name.localeCompare(b.latest.content.name, viewer.person.language))
}

/** @throws Refusal `preparedness.plan-not-found` where there is none, or it is marked above the reader */
export async function getPlan(services: Services, viewer: Viewer, id: string): Promise<Plan> {
  const [plan] = await readPlans(services, viewer, [id])
  if (!plan) throw new Refusal('preparedness.plan-not-found')
  return plan
}

/** These plans whole, as far as this person may read them; two queries. */
export async function readPlans(services: Services, viewer: Viewer, ids: readonly string[]): Promise<Plan[]> {
  if (ids.length === 0) return []
  const [writings, approvals] = await Promise.all([
    services.db
      .selectFrom('home.preparedness_writing')
      .selectAll()
      .where('plan', 'in', [...ids])
      .orderBy('ordinal')
      .execute(),
    services.db
      .selectFrom('home.preparedness_version')
      .selectAll()
      .where('plan', 'in', [...ids])
      .orderBy('number')
      .execute(),
  ])
  const approvalsOf = Map.groupBy(approvals, ({ plan }) => plan)
  return [...Map.groupBy(writings, ({ plan }) => plan)].flatMap(([id, rows]) => {
    const plan = planOf(services, viewer, id, { rows, approvals: approvalsOf.get(id) ?? [] })
    return plan ? [plan] : []
  })
}

type Row = { id: string; ordinal: number; marking: Tlp; content: PlanContent; by_person: string; at: number }
type Approval = { number: number; writing: string; by_person: string; at: number }

/** A writing through the gate; undefined where it is marked above the reader. */
function readable(services: Services, viewer: Viewer, row: Row): Writing | undefined {
  const { id, ordinal, marking, content, by_person: by, at } = row
  const one: Writing = { id, ordinal, marking, content: wholePlan(content), by, at }
  const revealed = reveal(mark(one, { tlp: marking }), atHome(services, viewer), 'page')
  return revealed.shown ? revealed.value : undefined
}

const versionOf = (writing: Writing, { number, by_person: approvedBy, at: approvedAt }: Approval): Version => ({
  ...writing,
  ...{ number, approvedBy, approvedAt },
})

function planOf(
  services: Services,
  viewer: Viewer,
  id: string,
  { rows, approvals }: { rows: readonly Row[]; approvals: readonly Approval[] },
): Plan | undefined {
  const writings = rows.flatMap((row) => readable(services, viewer, row) ?? [])
  const newest = rows.at(-1)
  const latest = writings.find((one) => one.id === newest?.id)
  if (!latest) return undefined
  const versions = approvals.flatMap((approval): Version[] => {
    const writing = writings.find((one) => one.id === approval.writing)
    return writing ? [versionOf(writing, approval)] : []
  })
  const last = approvals.at(-1)
  const inForce = versions.find(({ number }) => number === last?.number)
  const since = rows.find((one) => one.id === last?.writing)?.ordinal ?? 0
  const hands = [...new Set(rows.filter(({ ordinal }) => ordinal > since).map(({ by_person }) => by_person))]
  return {
    id,
    latest,
    versions,
    writings,
    hands,
    next: (last?.number ?? 0) + 1,
    ...(inForce && { inForce }),
    ...(latest.id !== last?.writing && { pending: latest }),
  }
}

/** Names the exact words of a text: whoever clears it clears these. */
export const fingerprintOf = ({ title, language, words, validUntil }: PlanText): string =>
  createHash('sha256')
    .update(JSON.stringify([title, language, words, validUntil]))
    .digest('base64url')
