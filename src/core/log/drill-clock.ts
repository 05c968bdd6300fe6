/** From leaf time `setAt` on (act `index` of the space) scenario time runs from `scenario`, `rate` ms per real ms. */
export interface ClockSetting {
  index: number
  setAt: number
  scenario: number
  rate: number
}

/** Scenario time of something at leaf time `time`; before any setting the leaf time itself. Settings in order. */
export function scenarioAt(settings: readonly ClockSetting[], time: number, index = Number.MAX_SAFE_INTEGER): number {
  const setting = settings.findLast((one) => one.index <= index)
  if (!setting) return time
  return setting.scenario + setting.rate * Math.max(0, time - setting.setAt)
}

/**
 * Earliest real time at which the clock as set last shows `scenario` or later;
 * undefined when it stands still before it.
 */
export function realTimeOf(settings: readonly ClockSetting[], scenario: number): number | undefined {
  const setting = settings.at(-1)
  if (!setting) return scenario
  if (scenario <= setting.scenario) return setting.setAt
  return setting.rate > 0 ? setting.setAt + Math.ceil((scenario - setting.scenario) / setting.rate) : undefined
}
