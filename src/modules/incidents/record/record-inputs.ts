import { z } from 'zod'
import { fileInput } from '../../../core/http/index.ts'
import { hash } from '../../../core/module/fields.ts'
import { incidentStates } from '../incident.ts'
import { firstYear } from '../facts/when.ts'
import { id, line } from '../input-fields.ts'
import { chosenCompartment } from '../need-to-know/chosen-compartment.ts'
import { factStates } from './keep-record.ts'

export const bottomLineInput = z.object({ id, first: line(600), second: line(600), third: line(600) })
export const factInput = z.object({
  id,
  kind: z.enum(factStates),
  words: line(1_000),
  replaces: id.optional(),
  compartment: chosenCompartment,
})
/** `Date` takes the 30th of February for the 2nd of March. */
function isMoment(text: string): boolean {
  try {
    return Temporal.PlainDateTime.from(text).year >= firstYear
  } catch {
    return false
  }
}

/** A form's date and time, in UTC: `2026-11-17T02:14`. */
const utcMinute = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, 'incidents.invalid.time')
  .refine(isMoment, 'incidents.invalid.time')
  .transform((text) => Date.parse(`${text}Z`))
export const logInput = z.object({ id, entry: line(2_000), at: utcMinute.optional(), compartment: chosenCompartment })
export const stateInput = z.object({ state: z.enum(incidentStates) })
export const linkInput = z.object({ space: id })
export const objectsInput = z.object({ id, file: fileInput.optional(), act: hash.optional(), part: hash.optional() })
