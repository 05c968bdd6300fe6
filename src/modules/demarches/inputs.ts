import { z } from 'zod'
import { paragraphsOf } from '../../core/module/fields.ts'
import { tlpLabels } from '../../protocol/index.ts'
import { answers, type Instruction, leftBehind, levels } from './demarche.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = (most: number) => z.string().trim().max(most)
const optional = (most: number) => line(most).optional()

/** Parties of ours by domain in `capitals`, one a line in `others` for those without a node. */
export const instructionInput = z.object({
  id,
  subject: line(300).min(1),
  objective: line(5_000).min(1),
  points: line(50_000).min(1),
  level: z.enum(levels),
  deliverBy: z.union([z.literal('').transform(() => undefined), z.iso.date()]).optional(),
  leaveBehind: z.enum(leftBehind).default('nothing'),
  tlp: z.enum(tlpLabels).default('AMBER'),
  capitals: z.array(line(255).min(1)).max(100).default([]),
  others: line(5_000).default(''),
})
export type InstructionInput = z.infer<typeof instructionInput>

export function instructionOf({ points, capitals, others, id: _id, ...given }: InstructionInput): Instruction {
  const named = others
    .split('\n')
    .map((name) => name.trim().slice(0, 255))
    .filter((name) => name !== '')
  return { ...given, talkingPoints: paragraphsOf(points), capitals: [...new Set([...capitals, ...named])] }
}

const time = z.union([z.literal('').transform(() => undefined), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)])

export const deliveredInput = z.object({
  id,
  capital: line(255).min(1),
  on: z.iso.date(),
  at: time.optional(),
  byWhom: line(300).min(1),
  toWhom: line(300).min(1),
  words: optional(20_000),
})
export type DeliveredInput = z.infer<typeof deliveredInput>

export const readOutInput = z.object({
  id,
  capital: line(255).min(1),
  on: z.iso.date(),
  at: time.optional(),
  byWhom: line(300).min(1),
  answer: z.enum(answers),
  words: line(20_000).min(1),
})
export type ReadOutInput = z.infer<typeof readOutInput>
