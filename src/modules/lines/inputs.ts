import { z } from 'zod'
import { isZone } from '../../text/index.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { momentIn } from '../talks/index.ts'
import type { LineGroundRef } from './grounds/line-ground.ts'
import { audiences, lineGroundKinds, lineKinds, questionLength, wordsLength } from './kinds.ts'
import { answers } from './second-person/tables.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
/** Names of lines and wordings: ids, or those of lines that came from briefs. */
const name = z.string().regex(/^[0-9a-f]{32}(-\d{1,2})?$/)
/** A tag of BCP 47 as far as people write one: `en`, `fr-CA`, `zh-Hans`. */
const language = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'lines.invalid.language')
  .transform((tag) => Intl.getCanonicalLocales(tag)[0] ?? tag)
/** The wordings of a line in a language, as a clearance names them. */
const seen = z.string().regex(/^[0-9a-f]{32}(-\d{1,2})?( [0-9a-f]{32}(-\d{1,2})?)?$/)
const words = z.string().trim().min(1, 'lines.invalid.words').max(wordsLength, 'lines.invalid.long')
const question = z.string().trim().max(questionLength).default('')
const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'lines.invalid.moment')
  .optional()
const clock = z
  .string()
  .regex(/^\d\d:\d\d$/, 'lines.invalid.moment')
  .optional()

/** `fact:0123…`, `act:` with its hash, once or several times. */
const restsOn = z
  .union([z.string(), z.array(z.string()).max(100)])
  .optional()
  .transform((given) => (given === undefined ? [] : [given].flat()))
  .pipe(z.array(z.string().regex(new RegExp(`^(${lineGroundKinds.join('|')}):([0-9a-f]{32}|[\\w-]{43}|newest)$`))))
  .transform((given) =>
    given.map((one): LineGroundRef => {
      const [kind, of] = one.split(':')
      return { kind: kind as LineGroundRef['kind'], id: of ?? '' }
    }),
  )

const wording = {
  id,
  words,
  question,
  audience: z.enum(audiences),
  marking: z.enum(tlpLabels),
  zone: z.string().refine(isZone).default('Etc/UTC'),
  fromDate: day,
  fromTime: clock,
  untilDate: day,
  untilTime: clock,
  restsOn,
}

interface Typed {
  zone: string
  fromDate?: string | undefined
  fromTime?: string | undefined
  untilDate?: string | undefined
  untilTime?: string | undefined
}

/** Two halves of a moment on the calendar of its zone; a day alone begins, or ends, at its midnight. */
function withMoments<T extends Typed>(typed: T, context: z.RefinementCtx) {
  const moment = (date: string | undefined, time: string | undefined, path: string, otherwise: string) => {
    if (date === undefined) return undefined
    try {
      const at = momentIn(typed.zone, date, time ?? otherwise)
      if (typeof at === 'number') return at
    } catch {
      // No such day or time: said below.
    }
    context.addIssue({ code: 'custom', path: [path], message: 'lines.invalid.moment' })
    return undefined
  }
  const { zone: _zone, fromDate, fromTime, untilDate, untilTime, ...rest } = typed
  const validFrom = moment(fromDate, fromTime, 'fromDate', '00:00')
  const validUntil = moment(untilDate, untilTime, 'untilDate', '23:59')
  return {
    ...rest,
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
  }
}

export const writeInput = z
  .object({ ...wording, kind: z.enum(lineKinds), language })
  .transform((typed, context) => withMoments(typed, context))
export const changeInput = z
  .object({ ...wording, seen: name })
  .transform((typed, context) => withMoments(typed, context))
export const translateInput = z.object({ id, seen: name, language, question, words })
export const clearInput = z.object({ language: z.string().max(40), seen })
export const standsInput = z.object({
  id,
  seen: z.string().max(20_000),
  why: z.string().trim().min(1, 'lines.invalid.why').max(1_000),
})
export const moveInput = z.object({
  seen: z.coerce.number().int().min(0).max(1_000),
  by: z.enum(['up', 'down']),
})
/** `<space> <proposal>`, or nothing to free it. */
export const untilInput = z.object({
  id,
  until: z
    .string()
    .regex(/^([0-9a-f]{32} [\w-]{43})?$/)
    .default(''),
})
export const askInput = z.object({
  id,
  language: z.string().max(40),
  seen,
  people: z
    .union([z.string().max(64), z.array(z.string().max(64)).max(100)])
    .optional()
    .transform((given) => (given === undefined ? [] : [given].flat())),
  askWhy: z.string().trim().min(1, 'lines.invalid.askWhy').max(1_000),
})
export const answerInput = z.object({
  id,
  request: id,
  answer: z.enum(answers),
  answerWords: z.string().trim().max(1_000).default(''),
})
export const withdrawInput = z.object({})
