import { actHref } from '../module/act-href.ts'
import type { Services, SpaceFacts } from '../module/types.ts'
import { openClocks } from './queries.ts'
import type { Clock } from './types.ts'
import './tables.ts'

/** One rung: whom to call, and from when. */
export interface LadderStep {
  /** Unique within the clock: `duty-officer`, `deputy`, `last-hour`. */
  step: string
  /** Scenario ms in a drill, else real ms: on the same line as the clock's `dueAt`. */
  at: number
  /** Person ids; nobody yet leaves the rung for later. */
  people: string[]
  /** Person id → name of who is absent, for those who stand in. */
  insteadOf?: Readonly<Record<string, string>>
}

/**
 * Who is called over an open clock of ours, given by the module that keeps the rota. `taken`: steps taken before, with
 * their real time (ms).
 */
export type LadderFor = (clock: Clock, space: SpaceFacts, taken?: ReadonlyMap<string, number>) => Promise<LadderStep[]>

type Needed = Pick<Services, 'db' | 'clock' | 'ledger' | 'notices' | 'party'>

/**
 * Takes every rung that has come due on clocks our own party owes: records it and pages its people in one
 * transaction, so that a restart or a second process sends nothing twice.
 */
export async function tick(services: Needed, ladderFor: LadderFor): Promise<void> {
  await settleEnded(services)
  const clocks = await openClocks(services.db, { duty: services.party })
  const taken = await readTaken(
    services,
    clocks.map((clock) => clock.id),
  )
  for (const [id, ofSpace] of Map.groupBy(clocks, (clock) => clock.space)) {
    const space = await services.ledger.find(id)
    if (!space) continue
    const now = await services.ledger.scenarioNow(space)
    for (const clock of ofSpace) {
      const before = taken.get(clock.id) ?? new Map<string, number>()
      await climb(services, space, clock, now, await ladderFor(clock, space, before), before)
    }
  }
}

/** Pages about duties that were fulfilled or withdrawn meanwhile count as read. */
async function settleEnded({ db, notices, clock }: Needed): Promise<void> {
  const ended = await db
    .selectFrom('home.clock_step as step')
    .innerJoin('view.clock as clock', 'clock.id', 'step.clock')
    .select('step.clock')
    .distinct()
    .where('step.settled_at', 'is', null)
    .where((eb) => eb.or([eb('clock.met_by', 'is not', null), eb('clock.cancelled_by', 'is not', null)]))
    .execute()
  for (const one of ended)
    await db.transaction().execute(async (tx) => {
      await notices.settle(tx, `clock:${one.clock}`)
      await tx
        .updateTable('home.clock_step')
        .set({ settled_at: clock.now() })
        .where('clock', '=', one.clock)
        .where('settled_at', 'is', null)
        .execute()
    })
}

/** Steps taken before, by clock; one query for all. */
async function readTaken({ db }: Needed, clocks: string[]): Promise<Map<string, Map<string, number>>> {
  if (clocks.length === 0) return new Map()
  const rows = await db
    .selectFrom('home.clock_step')
    .select(['clock', 'step', 'at'])
    .where('clock', 'in', clocks)
    .execute()
  const byClock = Map.groupBy(rows, (row) => row.clock)
  return new Map([...byClock].map(([clock, steps]) => [clock, new Map(steps.map((row) => [row.step, row.at]))]))
}

async function climb(
  services: Needed,
  space: SpaceFacts,
  clock: Clock,
  now: number,
  ladder: LadderStep[],
  taken: ReadonlyMap<string, number>,
): Promise<void> {
  for (const rung of ladder)
    if (rung.at <= now && rung.people.length > 0 && !taken.has(rung.step)) await take(services, space, clock, now, rung)
}

async function take(services: Needed, space: SpaceFacts, clock: Clock, now: number, rung: LadderStep): Promise<void> {
  const facts = pageFacts({ space, clock, now, to: await creditorsOf(services, space, clock) })
  await services.db.transaction().execute(async (tx) => {
    const first = await tx
      .insertInto('home.clock_step')
      .values({ clock: clock.id, step: rung.step, at: services.clock.now(), settled_at: null })
      .onConflict((conflict) => conflict.doNothing())
      .returning('step')
      .executeTakeFirst()
    if (!first) return
    for (const person of new Set(rung.people)) {
      const instead = rung.insteadOf?.[person]
      await services.notices.send(tx, {
        key: `clock:${clock.id}:${rung.step}:${person}`,
        person,
        message: instead === undefined ? 'clocks.page' : 'clocks.page-instead',
        facts: instead === undefined ? facts : { ...facts, instead },
        link: actHref(space.id, clock.about),
        urgency: 'page',
        ...(space.drill && { drill: space.drill.name }),
      })
    }
  })
}

/** Whom the duty is owed to: whoever started it; the other members where our own act did. */
async function creditorsOf({ ledger, party }: Needed, space: SpaceFacts, clock: Clock): Promise<string[]> {
  const author = (await ledger.findAct(clock.startedBy))?.statement.author
  if (author && author !== party) return [author]
  const others = space.members.filter((member) => member.party !== party && member.until === undefined)
  return others.map((member) => member.party)
}

/** What a page may say: that something waits, from whom and how long; nothing of what was said. */
function pageFacts({
  space,
  clock,
  now,
  to,
}: {
  space: SpaceFacts
  clock: Clock
  now: number
  to: string[]
}): Record<string, string | number> {
  const minutes = Math.round((clock.dueAt - now) / 60_000)
  return {
    drill: space.drill ? 'yes' : 'no',
    regime: clock.regime,
    fromParties: to.join(','),
    late: minutes < 0 ? 'yes' : 'no',
    unit: Math.abs(minutes) < 120 ? 'minutes' : 'hours',
    count: Math.abs(minutes) < 120 ? Math.abs(minutes) : Math.round(Math.abs(minutes) / 60),
  }
}
