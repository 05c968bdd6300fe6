import { z } from 'zod'
import { fileInput } from '../../core/http/index.ts'
import { hash } from '../../core/module/fields.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { incidentStates } from './incident.ts'
import { factStates } from './keep-record.ts'
import { consistencies, credibilities, reliabilities } from './ranking.ts'
import categories from './reference/categories.json' with { type: 'json' }
import { severityInputs, severityMost } from './severity.ts'
import { confidenceLevels, probabilitySchemes } from './weigh-hypotheses.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = (max: number) => z.string().trim().min(1).max(max)
const tlp = z.enum(tlpLabels)

export const categoryCodes: readonly string[] = categories.categories

/** Bytes of a bundle that a form brings. */
export const bundleBytes = 32 * 1024 * 1024

export const openInput = z.object({
  id,
  codeName: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} '’-]{2,59}$/u, 'incidents.invalid.code-name')
    .optional(),
  title: line(200),
  summary: z.string().trim().max(4_000).default(''),
  category: z.enum(categories.categories as [string, ...string[]]),
  drill: z
    .union([z.literal('yes').transform(() => true), z.literal('no').transform(() => false), z.boolean()])
    .default(false),
  ceiling: tlp.default('RED'),
  marking: tlp.default('AMBER'),
  file: fileInput.optional(),
  act: hash.optional(),
  part: hash.optional(),
})

export const bottomLineInput = z.object({ id, first: line(600), second: line(600), third: line(600) })
export const factInput = z.object({ id, kind: z.enum(factStates), words: line(1_000), replaces: id.optional() })
/** A form's date and time, in UTC: `2026-11-17T02:14`. */
const utcMinute = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, 'incidents.invalid.time')
  .refine((text) => !Number.isNaN(Date.parse(`${text}Z`)), 'incidents.invalid.time')
  .transform((text) => Date.parse(`${text}Z`))
export const logInput = z.object({ id, entry: line(2_000), at: utcMinute.optional() })
export const severityInput = z.object(
  Object.fromEntries(severityInputs.map((name) => [name, z.coerce.number().int().min(0).max(severityMost)])),
)
export const stateInput = z.object({ state: z.enum(incidentStates) })
export const linkInput = z.object({ space: id })
export const objectsInput = z.object({ id, file: fileInput.optional(), act: hash.optional(), part: hash.optional() })
export const hypothesisInput = z.object({ id, statement: line(600) })

const grade = {
  reliability: z.enum(reliabilities as [string, ...string[]]),
  credibility: z.enum(credibilities as [string, ...string[]]),
}
/** Marks against hypotheses come as `mark-1`, `mark-2` … by the number of the hypothesis. */
const marks = z.enum(consistencies).optional()
export const evidenceInput = z
  .object({
    id,
    words: line(1_000),
    source: line(300),
    ...grade,
    tlp: tlp.default('AMBER'),
    stixId: z.string().max(300).optional(),
  })
  .catchall(marks)
export const gradeInput = z.object(grade).catchall(marks)

const words = probabilitySchemes.flatMap((scheme) => scheme.words.map((one) => `${scheme.id}:${one.word}`))
export const assessmentInput = z.object({
  id,
  hypothesis: id,
  probability: z.enum(words as [string, ...string[]]),
  confidence: z.enum(confidenceLevels as [string, ...string[]]),
  why: line(2_000),
})
export const takeUpInput = z.object({ id, incident: id, words: line(1_000) })
