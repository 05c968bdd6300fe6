import { z } from 'zod'
import { id, line } from '../input-fields.ts'
import { probabilityWord } from '../weigh/weighing-inputs.ts'
import { assumptionFindings, challengeMethods, challengeOutcomes } from './challenges.ts'
import { dissentSteps } from './write-dissents.ts'

const none = z.literal('').transform(() => undefined)
const names = (of: readonly string[]) => z.enum(of as [string, ...string[]])

export const dissentInput = z.object({
  id,
  words: line(4_000),
  alternative: z.union([none, id]).optional(),
  probability: z.union([none, probabilityWord]).optional(),
})
export const dissentStepInput = z.object({ id, kind: z.enum(dissentSteps), words: line(4_000) })
export const lookInput = z.object({ id, seen: z.string().max(64), why: line(2_000) })
export const challengeInput = z.object({
  id,
  method: names(challengeMethods),
  task: line(2_000),
  asked: z.string().regex(/^[\w.-]{1,64}$/),
  dueOn: z.iso.date(),
})

/** Assumptions a form can hold. */
export const assumptionRows = 6
const rows = Array.from({ length: assumptionRows }, (_, at) => at + 1)

/** Assumptions come as `assumption-1` with `finding-1`, and so on. */
export const minuteInput = z
  .object({ outcome: z.enum(challengeOutcomes), words: line(8_000) })
  .catchall(z.string().trim().max(600))
  .transform(({ outcome, words, ...typed }) => ({
    ...{ outcome, words },
    assumptions: rows.flatMap((at) => {
      const [assumption, finding = ''] = [typed[`assumption-${at}`], typed[`finding-${at}`]]
      return assumption ? [{ words: assumption, finding: assumptionFindings.includes(finding) ? finding : '' }] : []
    }),
  }))
