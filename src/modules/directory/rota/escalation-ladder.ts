import type { LadderFor, LadderStep } from '../../../core/clocks/index.ts'
import type { Clock } from '../../../core/clocks/types.ts'
import type { Services } from '../../../core/module/types.ts'
import { listPromises, type Promised } from '../contacts.ts'
import { answersUntil } from '../who-answers.ts'
import { absenceOf, onDutyAt, type Rota, type Shift } from './on-duty.ts'
import { readRota } from './shifts.ts'

const paged = new Set(['acknowledge', 'check'])

/** Ladders for many clocks at one moment: the rota and who may answer are read once. */
export function createLadders(services: Pick<Services, 'db' | 'people' | 'clock' | 'ledger' | 'party'>): LadderFor {
  const now = services.clock.now()
  let rota: Promise<Rota> | undefined
  const holding = new Map<string, Promise<string[]>>()
  let ours: ReturnType<typeof listPromises> | undefined
  return async (clock, space, taken) => {
    rota ??= readRota(services, now, now)
    const power = powerToAnswer(clock.regime)
    const known = holding.get(power) ?? services.people.holding(power)
    holding.set(power, known)
    const standing = { rota: await rota, mayAnswer: await known, now, pagedAt: taken?.get('duty-officer') }
    if (!isChallenge(clock)) return ladderOf(clock, standing)
    ours ??= listPromises(services, services.party)
    const contact = (await ours).find((one) => one.contact === clock.item)
    return challengeLadder(clock, { ...standing, contact, scenarioNow: await services.ledger.scenarioNow(space) })
  }
}

/** Who is on duty and who else may answer, at `now`; `pagedAt`: when the first was paged. All real ms. */
export interface Standing {
  rota: Rota
  mayAnswer: readonly string[]
  now: number
  pagedAt?: number
}

/** What somebody has to hold to answer a duty that pages. */
export function powerToAnswer(regime: string): string {
  return regime === 'check' || isChallenge({ regime })
    ? 'channels.check-answered:send'
    : 'channels.note-acknowledged:send'
}

/**
 * Who is told about a duty of ours, and when.
 *
 * A duty that pages: the first in the ladder at once, the next at half time, everybody who may answer at three
 * quarters. Whoever comes to be first after the first was paged (the other was absent, left, handed over) is paged at
 * once too. Any other duty: the first at four fifths.
 */
export function ladderOf(clock: Pick<Clock, 'regime' | 'startsAt' | 'dueAt'>, standing: Standing): LadderStep[] {
  const { rota, now, pagedAt } = standing
  const onDuty = onDutyAt(rota, now)
  const span = clock.dueAt - clock.startsAt
  const at = (part: number) => clock.startsAt + Math.floor(span * part)
  const [firstRank, nextRank] = [...new Set(onDuty.map((shift) => shift.rank))]
  const first = onDuty.filter((shift) => shift.rank === firstRank)
  const next = onDuty.filter((shift) => shift.rank === nextRank)
  const mayAnswer = present(rota, standing.mayAnswer, now)
  const called = first.length > 0 ? peopleOf(first) : { people: mayAnswer }
  if (!paged.has(clock.regime)) return [{ step: 'reminder', at: at(0.8), ...called }]
  const relief = pagedAt === undefined ? [] : first.filter((shift) => shift.since > pagedAt)
  return [
    { step: 'duty-officer', at: clock.startsAt, ...called },
    ...relief.map((shift) => ({
      step: `relief:${shift.person}:${shift.since}`,
      at: clock.startsAt,
      ...peopleOf([shift]),
    })),
    { step: 'deputy', at: at(0.5), ...peopleOf(next) },
    { step: 'everyone', at: at(0.75), people: mayAnswer },
  ].filter((rung) => rung.people.length > 0)
}

/** Checks of a campaign: each names one contact of ours. */
export const isChallenge = ({ regime }: Pick<Clock, 'regime'>): boolean =>
  regime === 'challenge' || regime === 'deputy-challenge'

/**
 * Whom a check of a campaign pages: who is first on duty, for a check of the deputy who is next, while the contact
 * it names answers by its own promise. Nobody outside of these hours, and nobody for a contact that is gone.
 * Nobody further is called: whether the one who is asked answers is what the check wants to know.
 */
export function challengeLadder(
  clock: Pick<Clock, 'regime' | 'startsAt' | 'dueAt'>,
  standing: Standing & { contact?: Promised; scenarioNow: number },
): LadderStep[] {
  const { contact, scenarioNow } = standing
  if (!contact || answersUntil(contact, scenarioNow) === undefined) return []
  const rungs = ladderOf({ ...clock, regime: 'check' }, standing)
  const deputies = clock.regime === 'deputy-challenge' ? rungs.filter(({ step }) => step === 'deputy') : []
  const called = deputies.length > 0 ? deputies : rungs.filter(({ step }) => /^(?:duty-officer$|relief:)/.test(step))
  return called.map((rung) => ({ ...rung, at: clock.startsAt }))
}

function peopleOf(shifts: readonly Shift[]): Pick<LadderStep, 'people' | 'insteadOf'> {
  const instead = shifts.flatMap(({ person, insteadOf }) => (insteadOf === undefined ? [] : [[person, insteadOf]]))
  return {
    people: shifts.map(({ person }) => person),
    ...(instead.length > 0 && { insteadOf: Object.fromEntries(instead) }),
  }
}

/** Without those who are absent; if all are, all are called all the same. */
function present(rota: Rota, people: readonly string[], at: number): string[] {
  const there = people.filter((person) => !absenceOf(rota, person, at))
  return there.length > 0 ? there : [...people]
}
