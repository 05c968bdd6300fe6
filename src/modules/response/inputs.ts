import { z } from 'zod'
import { tlpLabels } from '../../protocol/types.ts'
import { findingHeads } from './decisions.ts'
import { degrees, escalations, rightsEffects } from './sheets.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const words = (max: number) => z.string().trim().max(max).default('')
const needed = (max: number) => z.string().trim().min(1).max(max)
const measure = z.string().regex(/^[a-z0-9-]{1,40}$/)

/** The whole sheet of answers: a question that is not among them is answered no longer. */
export const answersInput = z.object({ id, why: needed(2_000) }).catchall(z.string().max(40))

export const overrideInput = z.object({
  id,
  /** `rung:<rung>`, or `<rule>:met`. */
  override: z.string().regex(/^[a-z0-9-]{1,40}:[a-z0-9-]{1,40}$/),
  reason: needed(4_000),
})

export const sheetInput = z
  .object({
    id,
    proportionate: z.enum(['yes', 'no']).optional(),
    proportionateWhy: words(2_000),
    escalation: z.enum(escalations).optional(),
    rights: z.enum(rightsEffects).optional(),
    rightsWhy: words(2_000),
    gender: words(2_000),
    third: words(2_000),
    audience: words(600),
    partners: words(600),
    reviewOn: z.iso.date().optional(),
  })
  // Factors come from the file of rules: `<factor>-degree` and `<factor>-why`.
  .catchall(z.union([z.enum(degrees), z.string().max(600)]))

export const decisionInput = z.object({
  id,
  decidedOn: z.iso.date(),
  decidedBy: needed(300),
  chosen: z.array(measure).max(50).default([]),
  considered: z.array(measure).max(100).default([]),
  why: needed(4_000),
  despite: words(4_000),
  dissent: words(4_000),
  reviewOn: z.iso.date(),
})

export const reviewInput = z
  .object({
    id,
    nextOn: z.iso.date().optional(),
    ...Object.fromEntries(findingHeads.map((head) => [head, words(4_000)])),
  })
  .refine((given) => findingHeads.some((head) => (given as Record<string, unknown>)[head] !== ''), {
    path: [findingHeads[0]],
    message: 'response.invalid.findings',
  })

export const beginDossierInput = z.object({
  id,
  regime: measure,
  subject: needed(300),
  kind: z.enum(['person', 'entity']),
  tlp: z.enum(tlpLabels),
})
/** `<criterion>-met`, `<criterion>-why`, `<criterion>-evidence`, `<identifier>`: criteria come from the file of rules. */
export const dossierInput = z
  .object({ id, reasons: words(20_000) })
  .catchall(z.union([z.string().max(8_000), z.array(z.string().max(40)).max(300)]))
