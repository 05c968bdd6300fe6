import { z } from 'zod'
import { languages } from '../../text/index.ts'
import { levels, type Relation, relations } from './relation.ts'

export interface RelationInput extends Record<string, string | undefined> {
  id: string
  relation?: Relation['relation']
  protecting?: string
  level?: Relation['level']
  recalled?: 'yes' | 'no'
  recalledOn?: string
  note?: string
}

const line = (most: number) => z.string().trim().max(most).optional()
const nameField = (language: string) => `name-${language}`
/** Without diplomatic relations no mission has a head; consular relations can go on (Vienna Convention 1963, art. 2). */
const headsOfMission = new Set<unknown>(['ambassador', 'charge', 'charge-ad-interim'])

/** The form, and the same as JSON: `recalled` is `yes` or `no`, `name-<language>` our own name for the party. */
export const relationInput = z
  .object({
    id: z.string().regex(/^[0-9a-f]{32}$/),
    relation: z.enum(relations).optional(),
    protecting: line(200),
    level: z.enum(levels).optional(),
    recalled: z.enum(['yes', 'no']).optional(),
    recalledOn: z.iso.date().optional(),
    note: line(1_000),
    ...Object.fromEntries(languages().map((language) => [nameField(language), line(200)])),
  })
  .superRefine((given, context) => {
    const wrong = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message: `directory.relation.invalid.${message}` })
    const isProtected = given.relation === 'protecting-power'
    if (isProtected && !given.protecting) wrong('protecting', 'which-power')
    if (!isProtected && given.protecting) wrong('protecting', 'no-power')
    if ((isProtected || given.relation === 'none') && headsOfMission.has(given.level)) wrong('level', 'no-mission')
    if (given.recalled === 'yes' && !given.recalledOn) wrong('recalledOn', 'since-when')
    if (given.recalled !== 'yes' && given.recalledOn) wrong('recalledOn', 'not-recalled')
  }) as unknown as z.ZodType<RelationInput>

/** What a form that was accepted says. */
export function relationOf(input: RelationInput): Relation {
  const names = languages().flatMap((language) => {
    const name = input[nameField(language)]
    return name ? [[language, name] as const] : []
  })
  return {
    relation: input.relation,
    protecting: input.protecting || undefined,
    level: input.level,
    recalled: input.recalled === 'yes',
    recalledOn: input.recalledOn,
    displayName: Object.fromEntries(names),
    note: input.note || undefined,
  }
}

/** The same the other way: what the form shows before anybody typed. */
export function valuesOf(relation: Relation | undefined): Record<string, string | undefined> {
  if (!relation) return {}
  const { displayName, recalled, protecting, level, recalledOn, note } = relation
  const names = Object.entries(displayName).map(([language, name]) => [nameField(language), name])
  return {
    ...Object.fromEntries(names),
    relation: relation.relation,
    protecting,
    level,
    recalled: recalled ? 'yes' : undefined,
    recalledOn,
    note,
  }
}
