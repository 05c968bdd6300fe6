import { z } from 'zod'
import { id } from '../input-fields.ts'

/** An empty choice of a form is none. */
export const chosenCompartment = z.union([z.literal('').transform(() => undefined), id]).optional()
