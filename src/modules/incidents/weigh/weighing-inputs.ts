import { z } from 'zod'
import { id, line, pastDay, tlp } from '../input-fields.ts'
import { chosenCompartment } from '../need-to-know/chosen-compartment.ts'
import { consistencies, credibilities, lenses, reliabilities } from './marks.ts'
import { hypothesisSteps } from './keep-hypotheses.ts'
import { confidenceLevels } from './record-assessment.ts'

export const hypothesisInput = z.object({ id, statement: line(600) })

const lens = z.union([z.literal('').transform(() => undefined), z.enum(lenses)]).optional()
const grade = {
  lens,
  reliability: z.enum(reliabilities as [string, ...string[]]),
  credibility: z.enum(credibilities as [string, ...string[]]),
}
/** Marks come as `mark-1`, `mark-2` … by the number of the hypothesis, or of the item; empty is not judged yet. */
const marks = z.union([z.literal('').transform(() => undefined), z.enum(consistencies)]).optional()
export const placeInput = z.object({
  id,
  step: z.string().regex(/^[a-z-]{1,40}$/),
  toldOn: pastDay,
  source: line(300),
  why: line(2_000),
})
export const marksInput = z.object({}).catchall(marks)
export const evidenceInput = z
  .object({
    id,
    words: line(1_000),
    source: line(300),
    ...grade,
    tlp: tlp.default('AMBER'),
    stixId: z.string().max(300).optional(),
    compartment: chosenCompartment,
    identity: z.string().trim().max(300).optional(),
    deputy: z.union([z.literal('').transform(() => undefined), z.string().regex(/^[\w.-]{1,64}$/)]).optional(),
  })
  .catchall(marks)
export const moveInput = z.object({
  id,
  kind: z.enum(hypothesisSteps),
  sameAs: z.union([z.literal('').transform(() => undefined), id]).optional(),
  why: line(1_000),
})
export const gradeInput = z.object({ ...grade, why: z.string().trim().max(1_000).optional() }).catchall(marks)

/** `<scheme>:<word>` of the file that stands. */
export const probabilityWord = z.string().regex(/^[a-z0-9-]{1,40}:[a-z0-9-]{1,40}$/)
export const assessmentInput = z.object({
  id,
  hypothesis: id,
  probability: probabilityWord,
  confidence: z.enum(confidenceLevels as [string, ...string[]]),
  sources: line(1_000),
  independence: line(1_000),
  assumptions: line(1_000),
  gaps: line(1_000),
  why: line(2_000),
})
