import type { ZodType } from 'zod'
import { isMessageKey, type Translate } from '../../text/index.ts'

/** Names, numbers and times that a sentence mentions. */
type Facts = NonNullable<Parameters<Translate>[1]>

type Issue = { code?: string; path: PropertyKey[]; message: string } & Record<string, unknown>

/** Answers that a schema did not accept. Thrown by {@link parseInput}; http shows the form again through `onInvalid`. */
export class InvalidInput extends Error {
  override name = 'InvalidInput'
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[]) {
    super('invalid input')
    this.issues = issues
  }

  /**
   * Refuses a field for a reason no schema knows: `InvalidInput.at('recipient', 'channels.invalid.not-a-member')`.
   *
   * @param facts - What the message names.
   */
  static at(field: string, messageKey: string, facts: Facts = {}): InvalidInput {
    return new InvalidInput([{ code: 'custom', path: field.split('.'), message: messageKey, facts }])
  }
}

/**
 * Values of a form or of JSON through a schema. A field the schema wants as a
 * list may come once; the schema coerces strings where it wants numbers.
 *
 * @throws {@link InvalidInput}
 */
export function parseInput<I>(schema: ZodType<I>, values: Record<string, unknown>): I {
  const result = schema.safeParse(wrapLists(schema, values))
  if (!result.success) throw new InvalidInput(result.error.issues as unknown as Issue[])
  return result.data
}

type Definition = { type: string; shape?: Record<string, Inner>; innerType?: Inner; in?: Inner; options?: Inner[] }
type Inner = { def?: Definition; _zod?: { def: Definition } }

const definitionOf = (schema: Inner | undefined): Definition | undefined => schema?._zod?.def ?? schema?.def

function wrapLists(schema: ZodType, values: Record<string, unknown>): Record<string, unknown> {
  const shapes = shapesOf(schema as unknown as Inner)
  const isList = (name: string) => shapes.some((shape) => Object.hasOwn(shape, name) && kindOf(shape[name]) === 'array')
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, !Array.isArray(value) && isList(name) ? [value] : value]),
  )
}

function shapesOf(schema: Inner | undefined): Record<string, Inner>[] {
  const def = definitionOf(schema)
  if (!def) return []
  if (def.type === 'object') return [def.shape ?? {}]
  if (def.type === 'union') return (def.options ?? []).flatMap(shapesOf)
  return shapesOf(def.innerType ?? def.in)
}

function kindOf(schema: Inner | undefined): string | undefined {
  const def = definitionOf(schema)
  const inner = def?.innerType ?? def?.in
  return inner ? kindOf(inner) : def?.type
}

/** Each wrong field once: name → sentence in the reader's language. List positions are left out of names. */
export function fieldErrors(invalid: InvalidInput, t: Translate): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const issue of invalid.issues) {
    const name = issue.path.filter((p) => typeof p === 'string').join('.') || 'form'
    errors[name] ??= sentence(issue, t)
  }
  return errors
}

/** Each problem with its JSON pointer, for problem documents. */
export function locatedErrors(invalid: InvalidInput, t: Translate): { pointer: string; detail: string }[] {
  const escaped = (p: PropertyKey) => String(p).replaceAll('~', '~0').replaceAll('/', '~1')
  return invalid.issues.slice(0, 100).map((issue) => ({
    pointer: `#/${issue.path.map(escaped).join('/')}`,
    detail: sentence(issue, t),
  }))
}

function sentence(issue: Issue, t: Translate): string {
  if (isMessageKey(issue.message)) return t(issue.message, issue.facts as Facts | undefined)
  const min = Number(issue.minimum)
  const max = Number(issue.maximum)
  switch (issue.code) {
    case 'invalid_type':
      return t(`http.invalid.${typeProblem(issue)}`)
    case 'too_small':
      return t(`http.invalid.${smallProblem(issue)}`, { min })
    case 'too_big':
      return t(`http.invalid.${bigProblem(issue)}`, { max })
    case 'invalid_format':
      return t(`http.invalid.${formatProblem(issue)}`)
    case 'invalid_value':
      return t('http.invalid.choose')
    case 'invalid_union':
      return t('http.invalid.choose')
    case 'unrecognized_keys':
      return t('http.invalid.unknown-field')
    default:
      return t('http.invalid.other')
  }
}

function typeProblem(issue: Issue): string {
  if (
    issue.input === undefined &&
    !String(issue.message).includes('NaN') &&
    String(issue.message).includes('undefined')
  )
    return 'required'
  if (issue.expected === 'number' || issue.expected === 'nan') return 'number'
  if (issue.expected === 'int' || issue.format === 'safeint') return 'whole-number'
  if (issue.expected === 'date') return 'date'
  return issue.input === undefined ? 'required' : 'other'
}

function smallProblem(issue: Issue): string {
  if (issue.origin === 'string') return Number(issue.minimum) <= 1 ? 'required' : 'too-short'
  return issue.origin === 'array' || issue.origin === 'set' ? 'choose-some' : 'too-small'
}

function bigProblem(issue: Issue): string {
  if (issue.origin === 'string') return 'too-long'
  return issue.origin === 'array' || issue.origin === 'set' ? 'too-many' : 'too-big'
}

function formatProblem(issue: Issue): string {
  if (issue.format === 'email') return 'email'
  if (issue.format === 'url') return 'url'
  return issue.format === 'date' || issue.format === 'datetime' ? 'date' : 'format'
}
