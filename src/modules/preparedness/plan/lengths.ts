/** Minutes in each unit of a length. */
export const lengthUnits = { minutes: 1, hours: 60, days: 1440 } as const
export type LengthUnit = keyof typeof lengthUnits

/** A length in the largest unit that says it exactly. */
export function inLargestUnit(minutes: number | null | undefined): { value: string; unit: LengthUnit } {
  if (minutes === null || minutes === undefined) return { value: '', unit: 'hours' }
  const unit = (['days', 'hours', 'minutes'] as const).find((one) => minutes % lengthUnits[one] === 0) ?? 'minutes'
  return { value: String(minutes / lengthUnits[unit]), unit }
}
