import { z } from 'zod'
import type { Services, SpaceFacts } from '../../../core/module/types.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { countryName, sectors } from '../facts/particular.ts'
import { incidentStates } from '../incident.ts'
import { categoryCodes } from '../open/open-input.ts'
import { othersIn } from '../share/link-space.ts'
import { type IncidentFilter, incidentSorts } from './list-own.ts'

const day = z.iso.date()
/** Stands in an address for incidents no attribution of which names anybody. */
export const nobody = '-'

const yesNo = z.enum(['yes', 'no'])

/** What the address of the list may say; anything else narrows nothing. */
const asked = z.object({
  state: z.enum(incidentStates).optional().catch(undefined),
  severity: z.string().max(60).optional().catch(undefined),
  category: z
    .string()
    .refine((one) => categoryCodes.includes(one))
    .optional()
    .catch(undefined),
  sector: z
    .string()
    .refine((one) => sectors.includes(one))
    .optional()
    .catch(undefined),
  country: z
    .string()
    .transform((one) => one.trim().toUpperCase())
    .refine((one) => countryName(one, 'en') !== undefined)
    .optional()
    .catch(undefined),
  drill: yesNo.optional().catch(undefined),
  from: day.optional().catch(undefined),
  until: day.optional().catch(undefined),
  space: z.string().max(100).optional().catch(undefined),
  party: z.string().max(253).optional().catch(undefined),
  clock: yesNo.optional().catch(undefined),
  marking: z.enum(tlpLabels).optional().catch(undefined),
  lead: z.string().max(100).optional().catch(undefined),
  words: z.string().trim().min(1).max(200).optional().catch(undefined),
  accused: z.string().trim().min(1).max(300).optional().catch(undefined),
  sort: z.enum(incidentSorts).catch('touched'),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
})
export type AskedList = z.infer<typeof asked>

/** Whether anything but a state narrows the list. */
export const isNarrowed = ({ sort: _, page: __, state: ___, ...filter }: AskedList): boolean =>
  Object.values(filter).some((value) => value !== undefined)

/** What the address asks for; an empty field of a form narrows nothing. */
export const readAsked = (query: URLSearchParams): AskedList =>
  asked.parse(Object.fromEntries([...query].filter(([, value]) => value.trim() !== '')))

/** The same as the database is asked. */
export async function filterFor(services: Services, one: AskedList): Promise<IncidentFilter> {
  const { drill, space, party, clock, accused, sort: _, page: __, ...plain } = one
  const spaces = space === undefined && party === undefined ? undefined : await spacesOf(services)
  const inTalk = spaces?.filter(
    (s) => (space === undefined || s.id === space) && (party === undefined || othersIn(services, s).includes(party)),
  )
  return {
    ...plain,
    ...(drill !== undefined && { drill: drill === 'yes' }),
    ...(clock !== undefined && { clock: clock === 'yes' }),
    ...(accused !== undefined && { accused: accused === nobody ? '' : accused }),
    ...(inTalk && { spaces: inTalk.map(({ id }) => id) }),
  }
}

/** Spaces an incident can be talked about in. */
export async function spacesOf(services: Services): Promise<SpaceFacts[]> {
  const kinds = ['case', 'channel', 'negotiation']
  return (await services.ledger.list({ member: services.party })).filter(({ kind }) => kinds.includes(kind))
}
