import { type Clock, clockState, type ClockState, dueAt } from '../../core/clocks/index.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import { inSight } from '../incidents/index.ts'
import { hasOpenTerm } from './open-terms.ts'
import { readRegimes, type Regime, type RegimeFile, type Role, type Term } from './regimes.ts'
import './tables.ts'

export interface Trigger {
  id: string
  regime: string
  role: Role
  entity: string
  authority: string
  awareAt: number
  precision: string
  zone: string
  who: string
  what: string
  reason: string
  withdrawn: boolean
  /** Drill space on whose clock it runs. */
  clockSpace?: string
  by: string
  at: number
}

export interface Sending {
  id: string
  reference: string
  term: string
  sentAt: number
  way: string
  sentTo: string
  sentBy: string
  theirReference: string
  fields: Record<string, string>
  missing: string[]
  /** Id of the trigger that stood then. */
  trigger: string
  dueThen?: number
  by: string
  at: number
}

export interface DatedDraft {
  fields: Record<string, string>
  by: string
  at: number
}

/** One term of a matter, with its clock by the trigger that stands now. */
export interface TermStanding {
  term: Term
  /** Undefined where the law sets no length, or what it runs from has not happened. */
  clock?: Clock
  state?: ClockState
  waitsFor?: string
  draft?: DatedDraft
  sendings: Sending[]
}

/** A law applied to an incident: who owes whom what, since which moment, and what was sent. */
export interface Matter {
  id: string
  incident: string
  regime?: Regime
  /** The trigger that stands; earlier ones below it, newest first. */
  trigger: Trigger
  earlier: Trigger[]
  terms: TermStanding[]
  /** Now, on the clock it runs on: scenario ms in a drill. */
  now: number
  /** Sendings made under a trigger that was corrected or withdrawn since, with no later one. */
  overtaken: Sending[]
}

type Asking = Pick<Services, 'clock' | 'party' | 'settings' | 'ledger'> & { db: Reader }

/** Matters of an incident, in the order they were begun. */
export async function readMatters(services: Asking, incident: string): Promise<Matter[]> {
  return mattersOf(services, sql`incident = ${incident}`)
}

/** Matters on which a clock runs, of all incidents this person may know of. */
export async function openMatters(services: Asking, viewer: Viewer): Promise<Matter[]> {
  return mattersOf(
    services,
    sql`matter in (select t.matter from home.legal_clocks_trigger t
      where ${hasOpenTerm(services, 't')} and ${inSight(services, viewer, 't.incident')})`,
  )
}

async function mattersOf(services: Asking, which: RawBuilder<unknown>): Promise<Matter[]> {
  const { db } = services
  const triggers = await db
    .selectFrom('home.legal_clocks_trigger')
    .selectAll()
    .where(which as RawBuilder<boolean>)
    .orderBy('ordinal')
    .execute()
  const ids = [...new Set(triggers.map(({ matter }) => matter))]
  if (ids.length === 0) return []
  const [sent, drafts] = await Promise.all([
    db.selectFrom('home.legal_clocks_sent').selectAll().where('matter', 'in', ids).orderBy('ordinal').execute(),
    db
      .selectFrom('home.legal_clocks_draft')
      .selectAll()
      .distinctOn(['matter', 'term'])
      .where('matter', 'in', ids)
      .orderBy('matter')
      .orderBy('term')
      .orderBy('ordinal', 'desc')
      .execute(),
  ])
  const { content } = readRegimes(services)
  const triggersOf = Map.groupBy(triggers, ({ matter }) => matter)
  const nows = await scenarioNows(services, triggers)
  const sentOf = Map.groupBy(sent, ({ matter }) => matter)
  const draftsOf = Map.groupBy(drafts, ({ matter }) => matter)
  return ids.flatMap((id) => {
    const mine = triggersOf.get(id) ?? []
    const [newest, ...earlier] = mine.toReversed().map(toTrigger)
    const incident = mine[0]?.incident
    if (!newest || incident === undefined) return []
    const sendings = (sentOf.get(id) ?? []).map(toSending)
    const regime = content.regimes.find((one) => one.id === newest.regime)
    const now = nows.get(newest.clockSpace ?? '') ?? services.clock.now()
    const drafted = new Map(
      (draftsOf.get(id) ?? []).map(({ term, fields, by_person: by, at }) => [term, { fields, by, at }]),
    )
    const terms = (regime?.terms ?? [])
      .filter(({ role }) => role === newest.role)
      .map((term) =>
        standingOf(services, content, {
          matter: id,
          trigger: newest,
          term,
          sendings,
          draft: drafted.get(term.id),
          now,
        }),
      )
    const last = new Map(sendings.map((one) => [one.term, one]))
    const overtaken = [...last.values()].filter(({ trigger }) => trigger !== newest.id)
    return [{ id, incident, ...(regime && { regime }), trigger: newest, earlier, terms, now, overtaken }]
  })
}

/** What time it is in each drill space on whose clock some matter runs. */
async function scenarioNows(
  { ledger }: Pick<Asking, 'ledger'>,
  triggers: readonly Pick<TriggerRow, 'clock_space'>[],
): Promise<Map<string, number>> {
  const spaces = [...new Set(triggers.flatMap(({ clock_space }) => clock_space ?? []))]
  return new Map(await Promise.all(spaces.map(async (space) => [space, await ledger.scenarioNow(space)] as const)))
}

function standingOf(
  services: Asking,
  calendar: RegimeFile,
  of: { matter: string; trigger: Trigger; term: Term; sendings: Sending[]; draft: DatedDraft | undefined; now: number },
): TermStanding {
  const { matter, trigger, term, draft, now } = of
  const sendings = of.sendings.filter((one) => one.term === term.id)
  const begins =
    term.after === 'awareness' ? trigger.awareAt : of.sendings.find((one) => one.term === term.after)?.sentAt
  const due = begins === undefined ? undefined : dueAt(begins, term, { zone: trigger.zone, calendar })
  const common = { term, sendings, ...(draft && { draft }), ...(begins === undefined && { waitsFor: term.after }) }
  if (begins === undefined || due === undefined) return common
  const clock: Clock = {
    id: `${matter}-${term.id}`,
    space: trigger.clockSpace ?? '',
    regime: `legal-${term.role}`,
    source: 'law',
    duty: services.party,
    startedBy: trigger.id,
    about: matter,
    startsAt: begins,
    dueAt: due,
    ...(sendings[0] && { metBy: sendings[0].id, metAt: sendings[0].sentAt }),
    ...(trigger.withdrawn && { cancelledBy: trigger.id }),
  }
  return { ...common, clock, state: clockState(clock, now) }
}

type TriggerRow = Awaited<ReturnType<typeof triggerRows>>[number]
const triggerRows = (db: Reader) => db.selectFrom('home.legal_clocks_trigger').selectAll().execute()
type SentRow = Awaited<ReturnType<typeof sentRows>>[number]
const sentRows = (db: Reader) => db.selectFrom('home.legal_clocks_sent').selectAll().execute()

const toTrigger = (row: TriggerRow): Trigger => ({
  id: row.id,
  regime: row.regime,
  role: row.role as Role,
  entity: row.entity,
  authority: row.authority,
  awareAt: row.aware_at,
  precision: row.precision,
  zone: row.zone,
  who: row.who,
  what: row.what,
  reason: row.reason,
  withdrawn: row.withdrawn,
  ...(row.clock_space !== null && { clockSpace: row.clock_space }),
  by: row.by_person,
  at: row.at,
})

const toSending = (row: SentRow): Sending => ({
  id: row.id,
  reference: `LN ${row.year}/${row.number}`,
  term: row.term,
  sentAt: row.sent_at,
  way: row.way,
  sentTo: row.sent_to,
  sentBy: row.sent_by,
  theirReference: row.their_reference,
  fields: row.fields,
  missing: row.missing,
  trigger: row.trigger,
  ...(row.due_then !== null && { dueThen: row.due_then }),
  by: row.by_person,
  at: row.at,
})
