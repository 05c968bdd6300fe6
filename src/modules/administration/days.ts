/** First moment of a calendar day (YYYY-MM-DD) in a zone, ms. */
export function dayStart(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone }).epochMilliseconds
}

/** First moment after a calendar day in a zone, ms: what lasts until that day includes it whole. */
export function dayEnd(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime({ timeZone: zone }).epochMilliseconds
}
