import { direction } from './languages.ts'

/**
 * The locale that formats for a language: day before month and a 24-hour clock
 * in English; European digits everywhere, so that register numbers, times and
 * references read alike on both sides of a wire.
 */
export function localeOf(language: string): string {
  return kept(`locale ${language}`, () => {
    const base = language === 'en' ? 'en-GB' : language
    try {
      return new Intl.Locale(base, { numberingSystem: 'latn' }).toString()
    } catch {
      return 'en-GB'
    }
  })
}

const formats = new Map<string, unknown>()

/** Making a format takes a thousand times as long as using it. */
function kept<T>(key: string, make: () => T): T {
  const known = formats.get(key) as T | undefined
  if (known !== undefined) return known
  const made = make()
  if (formats.size < 2000) formats.set(key, made)
  return made
}

const zones = new Map<string, string>()

/** A time zone that can be used: the given one, or UTC when it is unknown. */
export function zoneOr(zone: string | undefined): string {
  if (!zone) return 'UTC'
  const known = zones.get(zone)
  if (known) return known
  const usable = isZone(zone) ? zone : 'UTC'
  if (zones.size < 1000) zones.set(zone, usable)
  return usable
}

/** `Monday` for 1 … `Sunday` for 7. */
export function weekdayName(day: number, language: string): string {
  // The first of January 2024 was a Monday.
  const format = kept(
    `weekday ${language}`,
    () => new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }),
  )
  return format.format(Date.UTC(2024, 0, day))
}

/** True for a time zone name the runtime knows, e.g. `Africa/Algiers`. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function dateFormat(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(
    `date ${language} ${zone} ${JSON.stringify(options)}`,
    () =>
      new Intl.DateTimeFormat(localeOf(language), {
        ...options,
        timeZone: zone,
        calendar: 'gregory',
        hourCycle: 'h23',
      }),
  )
}

const inRange = (ms: number) => Number.isFinite(ms) && Math.abs(ms) <= 8.64e15

/** `21 November 2026`; with `weekday` also the day of the week. Empty for a time no calendar has. */
export function formatDate(
  ms: number,
  zone: string | undefined,
  language: string,
  options: { weekday?: boolean } = {},
): string {
  if (!inRange(ms)) return ''
  return dateFormat(language, zoneOr(zone), {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    ...(options.weekday ? { weekday: 'long' as const } : {}),
  }).format(ms)
}

/** `22:03`, with `seconds` `22:03:17`, with `zoneLabel` `22:03 UTC+1`. */
export function formatTime(
  ms: number,
  zone: string | undefined,
  language: string,
  options: { seconds?: boolean; zoneLabel?: boolean } = {},
): string {
  if (!inRange(ms)) return ''
  const time = dateFormat(language, zoneOr(zone), {
    hour: '2-digit',
    minute: '2-digit',
    ...(options.seconds ? { second: '2-digit' as const } : {}),
  }).format(ms)
  if (!options.zoneLabel) return time
  const whole = `${time} ${zoneLabel(ms, zone)}`
  // "04:03 UTC+1" would be turned round inside right-to-left text.
  return direction(language) === 'rtl' ? `\u2066${whole}\u2069` : whole
}

/** `21 November 2026, 22:03 UTC+1`. The zone is always named: two readers must mean the same moment. */
export function formatDateTime(
  ms: number,
  zone: string | undefined,
  language: string,
  options: { seconds?: boolean; short?: boolean; weekday?: boolean } = {},
): string {
  if (!inRange(ms)) return ''
  const date = options.short
    ? dateFormat(language, zoneOr(zone), { day: 'numeric', month: 'short', year: 'numeric' }).format(ms)
    : formatDate(ms, zone, language, options)
  const comma = language.startsWith('ar') || language.startsWith('fa') || language.startsWith('ur') ? '،' : ','
  return `${date}${comma} ${formatTime(ms, zone, language, { seconds: options.seconds, zoneLabel: true })}`
}

/** The offset of a zone at a moment, the same in every language: `UTC`, `UTC+1`, `UTC+5:30`. */
export function zoneLabel(ms: number, zone: string | undefined): string {
  if (!inRange(ms)) return 'UTC'
  const part =
    dateFormat('en', zoneOr(zone), { timeZoneName: 'longOffset' })
      .formatToParts(ms)
      .find((p) => p.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(part)
  if (!match || part === 'GMT+00:00') return 'UTC'
  const [, sign, hours, minutes] = match
  return `UTC${sign === '-' ? '−' : '+'}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

type DurationUnit = 'day' | 'hour' | 'minute' | 'second'
const englishSymbols: Record<DurationUnit, (n: number) => string> = {
  day: (n) => (n === 1 ? 'day' : 'days'),
  hour: () => 'h',
  minute: () => 'min',
  second: () => 's',
}

/**
 * A length of time as people say it, in at most two units: `38 minutes`,
 * `14 h 48 min`, `3 days 4 h`. Rounded to the smaller unit shown; the sign is
 * dropped, since the words around it say which way it runs.
 */
export function formatDuration(ms: number, language: string): string {
  const parts = durationParts(Number.isFinite(ms) ? Math.abs(ms) : 0)
  const unit = (n: number, of: DurationUnit, unitDisplay: 'long' | 'short') =>
    formatNumber(n, language, { style: 'unit', unit: of, unitDisplay })
  if (parts.length === 1) return unit(parts[0]![0], parts[0]![1], 'long')
  if (language.startsWith('en'))
    return parts.map(([n, of]) => `${formatNumber(n, language)} ${englishSymbols[of](n)}`).join(' ')
  if (language.startsWith('ar'))
    return formatList(
      parts.map(([n, of]) => unit(n, of, 'long')),
      language,
    )
  return parts.map(([n, of]) => unit(n, of, 'short')).join(' ')
}

function durationParts(ms: number): [number, DurationUnit][] {
  if (ms < minuteMs - secondMs / 2) return [[Math.round(ms / secondMs), 'second']]
  if (ms < hourMs - minuteMs / 2) return [[Math.max(1, Math.round(ms / minuteMs)), 'minute']]
  if (ms < 2 * dayMs - minuteMs / 2) return pair(Math.round(ms / minuteMs), 60, 'hour', 'minute')
  return pair(Math.round(ms / hourMs), 24, 'day', 'hour')
}

function pair(small: number, per: number, big: DurationUnit, little: DurationUnit): [number, DurationUnit][] {
  const rest = small % per
  const parts: [number, DurationUnit][] = [[Math.floor(small / per), big]]
  if (rest > 0) parts.push([rest, little])
  return parts
}

/** `Aurelia, Borovia and Calenia`. */
export function formatList(items: readonly string[], language: string, type: 'and' | 'or' = 'and'): string {
  const format = kept(
    `list ${language} ${type}`,
    () => new Intl.ListFormat(localeOf(language), { type: type === 'and' ? 'conjunction' : 'disjunction' }),
  )
  return format.format(items)
}

/** A number with the separators of the language. */
export function formatNumber(n: number, language: string, options: Intl.NumberFormatOptions = {}): string {
  const format = kept(
    `number ${language} ${JSON.stringify(options)}`,
    () => new Intl.NumberFormat(localeOf(language), options),
  )
  return format.format(n)
}

/** A size in bytes as people say it: `312 bytes`, `1.4 MB`. */
export function formatSize(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  let n = Number.isFinite(bytes) ? Math.max(0, bytes) : 0
  let step = 0
  while (n >= 999.5 && step < units.length - 1) {
    n /= 1000
    step += 1
  }
  return formatNumber(n, language, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: n < 10 && step > 0 ? 1 : 0,
  })
}

/** The text between direction isolates, so that a name in another script does not turn its neighbours round. */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`
}

/** Compares by name in the alphabetical order of a language: for `toSorted`. */
export function alphabetical<T>(language: string, nameOf: (one: T) => string): (a: T, b: T) => number {
  const collator = kept(`order ${language}`, () => new Intl.Collator(language))
  return (a, b) => collator.compare(nameOf(a), nameOf(b))
}
