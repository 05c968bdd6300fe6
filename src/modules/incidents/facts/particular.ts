import sectorList from '../reference/sectors.json' with { type: 'json' }
import { faultOf, type When } from './when.ts'

export const sectors: readonly string[] = sectorList.sectors

/** What can be stated of an incident, one thing at a time. */
export const particularKinds = [
  'event',
  'victim',
  'sector',
  'country',
  'category',
  'technique',
  'effect',
  'damage',
] as const
export type ParticularKind = (typeof particularKinds)[number]

/** Whether a firm that was hit agrees that others are told. */
export const consents = ['not-needed', 'given', 'not-asked', 'refused'] as const
export type Consent = (typeof consents)[number]

/** What is stated; a kind fills what it needs. */
export interface ParticularValue {
  words?: string
  code?: string
  when?: When
  from?: number
  to?: number
  currency?: string
  method?: string
}

/** Names a country of ISO 3166-1 for a reader; undefined where there is none of that code. */
export function countryName(code: string, language: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(code)) return undefined
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(code)
}

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** What is wrong with what was stated, with the field to blame; undefined where it can be so. */
export function faultIn(
  kind: ParticularKind,
  value: ParticularValue,
  categories: readonly { id: string }[],
): { field: string; code: string } | undefined {
  const { words, code = '', when, from, to, currency = '', method } = value
  if ((kind === 'event' || kind === 'victim' || kind === 'technique' || kind === 'effect') && !words)
    return { field: 'words', code: 'words-missing' }
  if (kind === 'event') return when ? faultOf(when) : { field: 'when', code: 'shape-minute' }
  if (kind === 'sector' && !sectors.includes(code)) return { field: 'code', code: 'no-such-sector' }
  if (kind === 'category' && !categories.some(({ id }) => id === code))
    return { field: 'code', code: 'no-such-category' }
  if (kind === 'country' && countryName(code, 'en') === undefined) return { field: 'code', code: 'no-such-country' }
  if (kind !== 'damage') return undefined
  if (from === undefined || to === undefined || from < 0) return { field: 'from', code: 'amount-missing' }
  if (to < from) return { field: 'to', code: 'range-turned' }
  if (!currencies.has(currency)) return { field: 'currency', code: 'no-such-currency' }
  return method ? undefined : { field: 'method', code: 'method-missing' }
}

interface Stated {
  id: string
  kind: ParticularKind
  value: ParticularValue
}

/** Statements that cannot all be so: two categories, or damages in one currency whose ranges do not meet. */
export function contradictionsIn(stated: readonly Stated[]): Map<string, string[]> {
  return new Map(
    stated.flatMap((one) => {
      const against = stated.filter((other) => other.id !== one.id && contradict(one, other)).map(({ id }) => id)
      return against.length > 0 ? [[one.id, against] as const] : []
    }),
  )
}

function contradict(one: Stated, other: Stated): boolean {
  if (one.kind !== other.kind) return false
  const [a, b] = [one.value, other.value]
  if (one.kind === 'category') return a.code !== b.code && a.code !== 'unknown' && b.code !== 'unknown'
  if (one.kind !== 'damage' || a.currency !== b.currency) return false
  return (a.to ?? 0) < (b.from ?? 0) || (b.to ?? 0) < (a.from ?? 0)
}

/** Why a statement stays here for now: what a firm did not agree to, or a day that a market waits for. */
export function heldBack(
  { consent, embargo }: { consent: Consent; embargo?: string },
  today: string,
): 'no-consent' | 'market-sensitive' | undefined {
  if (consent === 'not-asked' || consent === 'refused') return 'no-consent'
  return embargo !== undefined && today < embargo ? 'market-sensitive' : undefined
}
