import type { Selectable } from 'kysely'
import { isControlled, mayLeave } from '../../core/markings/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import type { LoggedAct, Services } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import type { Marking } from '../../protocol/types.ts'
import type { Use } from './acts.ts'
import type { RequestTable } from './tables.ts'
import './tables.ts'

export type Request = Selectable<RequestTable>

/** Requests about these acts, oldest first, by act. */
export async function requestsAbout(db: Reader, acts: readonly string[]): Promise<Map<string, Request[]>> {
  if (acts.length === 0) return new Map()
  const rows = await db
    .selectFrom('view.originator_request')
    .selectAll()
    .where('act', 'in', acts)
    .orderBy('requested_at')
    .orderBy('idx')
    .execute()
  return Map.groupBy(rows, (row) => row.act)
}

export async function findRequest(db: Reader, request: string): Promise<Request | undefined> {
  return db.selectFrom('view.originator_request').selectAll().where('request', '=', request).executeTakeFirst()
}

/** Requests to a party that it has not answered, or by it that wait. */
export async function openRequests(db: Reader, by: { originator?: string; author?: string }): Promise<Request[]> {
  return db
    .selectFrom('view.originator_request')
    .selectAll()
    .where('answer', 'is', null)
    .$if(by.originator !== undefined, (query) => query.where('originator', '=', by.originator as string))
    .$if(by.author !== undefined, (query) => query.where('author', '=', by.author as string))
    .orderBy('requested_at')
    .limit(200)
    .execute()
}

export type ConsentState = 'consented' | 'asked' | 'refused' | 'withdrawn' | 'expired' | 'not-asked'

export interface Consent {
  state: ConsentState
  request?: Request
}

/** Proof holds a copy: whoever consented to that consented to less too. */
const covers = (given: string, wanted: Use): boolean => given === wanted || (given === 'proof' && wanted === 'copy')

/**
 * How the originator stands to one use of one act towards one party. A consent is for that use and that party alone;
 * one that stands counts whatever was asked beside it, and otherwise the newest answer.
 */
export function consentFor(
  requests: readonly Request[],
  { use, to, today }: { use: Use; to: string; today: string },
): Consent {
  const fitting = requests
    .filter((one) => covers(one.use, use) && one.to_parties.includes(to))
    .map((request): Consent & { request: Request } => ({ request, state: stateOf(request, today) }))
  return (
    fitting.find(({ state }) => state === 'consented') ??
    fitting.findLast(({ state }) => state === 'asked') ??
    fitting.at(-1) ?? { state: 'not-asked' }
  )
}

function stateOf({ answer, withdrawn_at, until }: Request, today: string): ConsentState {
  if (answer === null) return 'asked'
  if (answer === 'refused') return 'refused'
  if (withdrawn_at !== null) return 'withdrawn'
  return until !== null && today > until ? 'expired' : 'consented'
}

/** Whether a party may have this copy only if its originator says so: the gate’s answer at the way out to it. */
export function needsConsent(
  marking: Marking,
  { originator, to, today, use }: { originator: string; to: string; today: string; use: Use },
): boolean {
  if (to === originator) return false
  if (use === 'quote') return isControlled(marking)
  return !mayLeave(marking, { exit: 'federation', reader: { party: to, ceiling: 'AMBER', today } }).allowed
}

export interface Standing extends Consent {
  to: string
}

/** Parties towards which the originator’s consent is needed, each with how it stands; of our own words nobody. */
export async function consentsNeeded(
  { db, party, clock }: Pick<Services, 'db' | 'party' | 'clock'>,
  act: Pick<LoggedAct, 'hash' | 'statement'>,
  { use, to }: { use: Use; to: readonly string[] },
): Promise<Standing[]> {
  const { author: originator, marking } = act.statement
  if (originator === party) return []
  const today = new Date(clock.now()).toISOString().slice(0, 10)
  const wanted = to.filter((one) => needsConsent(marking, { originator, to: one, today, use }))
  const requests = wanted.length === 0 ? [] : ((await requestsAbout(db, [act.hash])).get(act.hash) ?? [])
  const ofOurs = requests.filter((one) => one.originator === originator && one.author === party)
  return wanted.map((one) => ({ to: one, ...consentFor(ofOurs, { use, to: one, today }) }))
}

/** @throws Refusal `originator-consent-needed` naming whose consent is missing towards whom. */
export function requireConsents(standings: readonly Standing[], facts: Record<string, string>): void {
  const missing = standings.filter(({ state }) => state !== 'consented')
  if (missing.length > 0)
    throw new Refusal('originator-consent-needed', { ...facts, to: missing.map(({ to }) => to).join(', ') })
}
