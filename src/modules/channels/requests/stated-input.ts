import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { createTranslator, formatDate } from '../../../text/index.ts'
import { type RequestKind, requestKind, requestKindNames } from './request-kinds.ts'

const statesOf = (kind: string): readonly string[] => requestKind(kind)?.states ?? []
const allStates = [...new Set(requestKindNames.flatMap(statesOf))]

/** Name of the field in which a request states something. */
export const statedField = (state: string): string => `stated-${state}`

/** Fields of everything that any kind of request states. */
export const statedFields: Record<`stated-${string}`, z.ZodDefault<z.ZodString>> = Object.fromEntries(
  allStates.map((state) => [statedField(state), z.string().trim().max(20_000).default('')]),
)

interface Typed {
  form: string
  text: string
  language: string
  requestKind?: string | undefined
}

/**
 * The text of a note: as typed, or of a request what its fields state, each under its heading.
 *
 * @param now - Scenario ms in a drill, else real ms.
 * @throws Refusal or InvalidInput naming the field in which nothing, or no day to come, stands
 */
export function textOf(input: Typed, now: number): string {
  if (input.text !== '') return input.text
  const kind = input.form === 'request' && input.requestKind ? requestKind(input.requestKind) : undefined
  const given = input as unknown as Record<string, string>
  if (!kind) throw InvalidInput.at('text', 'http.invalid.required')
  return kind.states.map((state) => statedUnder(kind, state, given, now)).join('\n\n')
}

function statedUnder(kind: RequestKind, state: string, given: Record<string, string>, now: number): string {
  const { language = 'en' } = given
  const t = createTranslator(language)
  const heading = t(`requests.states.${state}`)
  const field = statedField(state)
  const words = given[field] ?? ''
  if (words === '') throw new Refusal('channels-request-unstated', { field, heading })
  if (!kind.days?.includes(state)) return `${heading}: ${words}`
  const day = z.iso.date().safeParse(words)
  if (!day.success) throw new Refusal('channels-request-no-day', { field, heading })
  // Somewhere it is still that day.
  if (Date.parse(`${words}T23:59:59-12:00`) < now) throw new Refusal('channels-request-day-over', { field, heading })
  return `${heading}: ${formatDate(Date.parse(`${words}T00:00:00Z`), 'UTC', language)}`
}
