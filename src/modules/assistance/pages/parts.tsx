import { type Clock, clockState } from '../../../core/clocks/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { ClockChip } from '../../../web/index.ts'
import { clockStateText, owedText } from '../../spaces/index.ts'
import type { State } from '../course.ts'

const looks: Readonly<Record<State, string>> = {
  sent: 'running',
  received: 'running',
  accepted: 'running',
  partly: 'running',
  postponed: 'unanswered',
  refused: 'unanswered',
  executed: 'met',
  closed: 'met',
  withdrawn: 'cancelled',
  returned: 'cancelled',
  superseded: 'cancelled',
}

export const StateChip = ({ state, t }: { state: State; t: Visit['t'] }) => (
  <ClockChip state={looks[state]} text={t(`assistance.state.${state}`)} />
)

/** Who owes what by when, and how that stands. */
export function ClockLine({ visit, clock, now }: { visit: Visit; clock: Clock; now: number }) {
  const { services, viewer, t, language } = visit
  const reading = { services, t, language, zone: viewer.person.zone, now }
  return (
    <>
      {owedText(clock, reading)} <ClockChip state={clockState(clock, now)} text={clockStateText(clock, reading)} />{' '}
      <span class="quiet small">{t(`clocks.source.${clock.source}`)}</span>
    </>
  )
}
