import { z } from 'zod'
import type { Services } from '../../../core/module/types.ts'
import { type AskedList, readAsked } from '../read/list-query.ts'
import { readSchemes } from '../severity/read-schemes.ts'
import { targetKinds } from './count-targets.ts'
import { countedBy, units } from './count-times.ts'

/** What an address of a picture says beside what narrows the list; anything else is taken as left out. */
const asked = z.object({
  /** Whose: victims by country or by sector. */
  of: z.enum(targetKinds).catch('country'),
  per: z.enum(units).catch('month'),
  by: z.enum(countedBy).catch('report'),
  scheme: z.string().max(40).optional().catch(undefined),
  outside: z.literal('yes').optional().catch(undefined),
})

export interface AskedPicture extends Omit<z.output<typeof asked>, 'scheme'> {
  list: AskedList
  /** One of the house. */
  scheme: string
}

export function readPicture(services: Services, query: URLSearchParams): AskedPicture {
  const { scheme, ...rest } = asked.parse(Object.fromEntries(query))
  const { shown, find } = readSchemes(services)
  return { ...rest, list: readAsked(query), scheme: (scheme !== undefined && find(scheme)?.id) || shown.id }
}

/** Of an address, what a form on the page of a picture hands on beside what narrows the list. */
export const ownFields = ['of', 'per', 'by', 'scheme', 'outside'] as const

/** The same address with something else asked; an empty value asks for nothing. */
export function addressOf(query: URLSearchParams, path: string, over: Record<string, string> = {}): string {
  const search = new URLSearchParams([...query].filter(([name, value]) => value !== '' && name !== 'page'))
  for (const [name, value] of Object.entries(over)) {
    if (value === '') search.delete(name)
    else search.set(name, value)
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

/** The list of incidents that the same filter finds, narrowed further. */
export function listAddress(query: URLSearchParams, over: Record<string, string> = {}): string {
  const own = Object.fromEntries(ownFields.map((name) => [name, '']))
  return addressOf(query, '/incidents', { ...own, ...over })
}

/**
 * The same where the filter says nothing else of these names already; a list is narrowed to one country or one name, so
 * no address finds those that have both.
 */
export function narrowerAddress(query: URLSearchParams, over: Record<string, string>): string | undefined {
  const isOther = ([name, value]: [string, string]) =>
    (query.get(name) ?? '').trim() !== '' && query.get(name)?.trim().toUpperCase() !== value.toUpperCase()
  return Object.entries(over).some(isOther) ? undefined : listAddress(query, over)
}
