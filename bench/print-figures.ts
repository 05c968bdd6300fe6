/** One measured thing with the most it may be. */
export interface Figure {
  what: string
  value: number
  unit: string
  limit?: number
}

const decimals: Record<string, number> = { ms: 2, '%': 2, s: 1 }

/** Prints a table with each figure's share of its limit; returns the exit code: 1 if one is over. */
export function printFigures(title: string, figures: readonly Figure[]): number {
  const rows = figures.map(({ what, value, unit, limit }) => [
    what,
    `${value.toFixed(decimals[unit] ?? 0)} ${unit}`,
    limit === undefined ? '' : `${limit} ${unit}`,
    limit === undefined ? '' : `${(value / limit).toFixed(2)}`,
  ])
  const head = ['', 'measured', 'limit', 'ratio']
  const widths = head.map((word, at) => Math.max(word.length, ...rows.map((row) => row[at]?.length ?? 0)))
  console.log(`\n${title}`)
  for (const row of [head, ...rows])
    console.log(
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
  return figures.some(({ value, limit }) => limit !== undefined && value > limit) ? 1 : 0
}

/** The value that the given share of the samples does not exceed (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}
