import type { Clock } from '../../core/clocks/types.ts'
import type { Services } from '../../core/module/types.ts'
import { listOnDuty } from './duty-rota.ts'

/** One rung: whom to tell, at which (scenario) ms, and whether to page or only remind. */
export interface Rung {
  step: string
  at: number
  people: string[]
}

const paged = new Set(['acknowledge', 'check'])

/** Ladders for many clocks at one moment: the rota and who may answer are read once. */
export function createLadders(services: Services): (clock: Clock) => Promise<Rung[]> {
  let onDuty: ReturnType<typeof listOnDuty> | undefined
  const holding = new Map<string, Promise<string[]>>()
  return (clock) =>
    ladderFor(clock, {
      onDuty: () => (onDuty ??= listOnDuty(services, services.clock.now())),
      holding(power) {
        const known = holding.get(power) ?? services.people.holding(power)
        holding.set(power, known)
        return known
      },
    })
}

/**
 * Who is told about a duty of ours, and when.
 *
 * A duty that pages: first rank at once, second rank at half time, everybody
 * who may answer at three quarters. Any other duty: first rank at four fifths.
 */
async function ladderFor(
  clock: Clock,
  read: { onDuty(): ReturnType<typeof listOnDuty>; holding(power: string): Promise<string[]> },
): Promise<Rung[]> {
  const onDuty = await read.onDuty()
  const span = clock.dueAt - clock.startsAt
  const rank = (n: number) => onDuty.filter((shift) => shift.rank === n).map((shift) => shift.person)
  const mayAnswer = await read.holding(
    clock.regime === 'check' ? 'channels.check-answered:send' : 'channels.note-acknowledged:send',
  )
  const first = rank(1).length > 0 ? rank(1) : mayAnswer
  if (!paged.has(clock.regime))
    return [{ step: 'reminder', at: clock.startsAt + Math.floor(span * 0.8), people: first }]
  return [
    { step: 'duty-officer', at: clock.startsAt, people: first },
    { step: 'deputy', at: clock.startsAt + Math.floor(span / 2), people: rank(2) },
    { step: 'everyone', at: clock.startsAt + Math.floor(span * 0.75), people: mayAnswer },
  ].filter((rung) => rung.people.length > 0)
}
