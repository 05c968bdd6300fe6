import { createHash } from 'node:crypto'
import { Refusal } from '../../../core/http/refusal.ts'
import { atHome, mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { PlanContent, PlanText } from './content.ts'
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

/** A plan as far as this person may read it. */
export interface Plan {
  id: string
  /** The newest writing, in force or not. */
  latest: Writing
  /** The newest version; undefined before the first approval. */
  inForce?: Version
  /** Oldest first; the last one is in force. */
  versions: Version[]
  /** Written since the version in force, and not in force yet. */
  pending?: Writing
  /** Number of the version that a pending writing will be. */
  next: number
  /** Whoever wrote in what is pending: none of them may approve it. */
  hands: string[]
  /** All writings this person may read, oldest first. */
  writings: Writing[]
}

/** Every plan this person may read, by name; two queries. */
export async function listPlans(services: Services, viewer: Viewer): Promise<Plan[]> {
  return (await readPlans(services, viewer)).toSorted((a, b) =>
    a.latest.content.name.localeCompare(b.latest.content.name, viewer.person.language),
  )
}

/** @throws Refusal `preparedness.plan-not-found` where there is none, or it is marked above the reader */
export async function getPlan(services: Services, viewer: Viewer, id: string): Promise<Plan> {
  const [plan] = await readPlans(services, viewer, id)
  if (!plan) throw new Refusal('preparedness.plan-not-found')
  return plan
}

async function readPlans(services: Services, viewer: Viewer, only?: string): Promise<Plan[]> {
  const [writings, approvals] = await Promise.all([
    services.db
      .selectFrom('home.preparedness_writing')
      .selectAll()
      .$if(only !== undefined, (query) => query.where('plan', '=', only as string))
      .orderBy('ordinal')
      .execute(),
    services.db
      .selectFrom('home.preparedness_version')
      .selectAll()
      .$if(only !== undefined, (query) => query.where('plan', '=', only as string))
      .orderBy('number')
      .execute(),
  ])
  return [...Map.groupBy(writings, ({ plan }) => plan)].flatMap(([id, rows]) => {
    const mine = approvals.filter(({ plan }) => plan === id)
    const plan = planOf(services, viewer, id, { rows, approvals: mine })
    return plan ? [plan] : []
  })
}

type Row = { id: string; ordinal: number; marking: Tlp; content: PlanContent; by_person: string; at: number }
type Approval = { number: number; writing: string; by_person: string; at: number }

function planOf(
  services: Services,
  viewer: Viewer,
  id: string,
  { rows, approvals }: { rows: readonly Row[]; approvals: readonly Approval[] },
): Plan | undefined {
  const writings = rows.flatMap(({ by_person: by, id: writing, ordinal, marking, content, at }) => {
    const one: Writing = { id: writing, ordinal, marking, content, by, at }
    const revealed = reveal(mark(one, { tlp: marking }), atHome(services, viewer), 'page')
    return revealed.shown ? [revealed.value] : []
  })
  const newest = rows.at(-1)
  const latest = writings.find((one) => one.id === newest?.id)
  // Whoever may not read how it stands is not shown how it stood.
  if (!latest) return undefined
  const versions = approvals.flatMap((approval): Version[] => {
    const writing = writings.find((one) => one.id === approval.writing)
    return writing
      ? [{ ...writing, number: approval.number, approvedBy: approval.by_person, approvedAt: approval.at }]
      : []
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
