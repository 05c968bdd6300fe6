import { z } from 'zod'
import { id, line } from '../input-fields.ts'
import { chosenCompartment } from '../need-to-know/chosen-compartment.ts'
import { confidenceLevels } from '../weigh/record-assessment.ts'
import { itemKinds, type ItemKind, type Place, places } from './places.ts'

const none = z.literal('').transform(() => undefined)
const place = z.enum(places as [Place, ...Place[]])
const feature = z.union([none, z.string().regex(/^[a-z-]{1,40}$/)]).optional()

/** `<kind>:<id>`: an id of ours, or the identifier of an object. */
const item = z
  .string()
  .regex(/^(?:(?:particular|fact|evidence):[0-9a-f]{32}|object:[a-z0-9-]{1,60}--[0-9A-Za-z-]{36})$/)
  .transform((said) => {
    const at = said.indexOf(':')
    const kind = itemKinds.find((one) => one === said.slice(0, at)) as ItemKind
    return { kind, item: said.slice(at + 1) }
  })

export const placingInput = z.object({
  id,
  place,
  item,
  confidence: z.enum(confidenceLevels as [string, ...string[]]),
  why: line(1_000),
  restsOn: z.union([none, id]).optional(),
  compartment: chosenCompartment,
})

export const stepInput = z.object({
  id,
  kind: z.enum(['moved', 'taken-away', 'contested']),
  into: z.union([none, place]).optional(),
  why: line(1_000),
})

export const featuresInput = z.object({
  id,
  phase: feature,
  direction: feature,
  result: feature,
  method: z.string().trim().max(600).default(''),
  resources: z.string().trim().max(600).default(''),
  compartment: chosenCompartment,
})
