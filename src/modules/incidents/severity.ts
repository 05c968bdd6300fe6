import severityScheme from './reference/severity.json' with { type: 'json' }

/** Name of the scheme a level belongs to; a level means nothing without it. */
export const severityName = severityScheme.scheme
export const severityInputs: readonly string[] = severityScheme.inputs
/** Answers go from 0 (none) to this. */
export const severityMost = 3

/** Level of an incident and the sum it comes from. */
export interface Severity {
  scheme: string
  level: string
  sum: number
  inputs: Record<string, number>
}

/** The level these answers give; undefined while one is missing. */
export function severityOf(inputs: Record<string, number> | null): Severity | undefined {
  if (!inputs || severityInputs.some((name) => !Number.isInteger(inputs[name]))) return undefined
  const sum = severityInputs.reduce((total, name) => total + (inputs[name] ?? 0), 0)
  const level = severityScheme.levels.findLast(({ from }) => sum >= from)
  return { scheme: severityName, level: level?.level ?? 'negligible', sum, inputs }
}
