import { type Clock, clockState, nobodyOwes } from '../../core/clocks/index.ts'
import type { Services } from '../../core/module/types.ts'
import { formatDateTime, formatDuration } from '../../text/index.ts'
import type { Translate } from '../../text/types.ts'

export interface ClockReading {
  services: Pick<Services, 'party' | 'nameOf'>
  t: Translate
  language: string
  zone: string
  /** Scenario ms in a drill, else real ms. */
  now: number
}

/** What a clock says, in words: "by 22 Nov 2026, 02:03 UTC", "done after 38 minutes", "overdue by 2 h". */
export function clockStateText(clock: Clock, { t, language, zone, now }: ClockReading): string {
  const state = clockState(clock, now)
  return t(clock.duty === nobodyOwes ? `clocks.period-state.${state}` : `clocks.state.${state}`, {
    duty: dutyText(clock, t),
    due: formatDateTime(clock.dueAt, zone, language, { short: true }),
    took: formatDuration((clock.metAt ?? now) - clock.startsAt, language),
    late: formatDuration((clock.metAt ?? now) - clock.dueAt, language),
  })
}

/** "acknowledge", "reply": the duty as a verb. */
export const dutyText = (clock: Pick<Clock, 'regime'>, t: Translate): string =>
  // A selector of ICU messages holds no hyphen.
  t('clocks.duty', { regime: clock.regime.replaceAll('-', '_') })

/** Who owes what: "We: reply", "Borovia: acknowledge". */
export function owedText(clock: Clock, { services, t, language }: ClockReading): string {
  const duty = dutyText(clock, t)
  if (clock.duty === nobodyOwes) return duty
  return clock.duty === services.party
    ? t('clocks.ours', { duty })
    : t('clocks.theirs', { duty, party: services.nameOf(clock.duty, language) })
}
