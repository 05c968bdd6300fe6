import { type Selectable, sql } from 'kysely'
import { audit } from '../../../core/auth/index.ts'
import type { ActDefinition, Json, Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { Reader } from '../../../core/storage/types.ts'
import './tables.ts'

export type Rule = Selectable<Tables['home.clearance_rule']>
type Home = Pick<Services, 'db' | 'clock'>
type Known = Pick<Services, 'modules'>

/** A kind of document that a rule can be about: a type of act, with one of its forms where it has several; or a document kept at home. */
export interface Kind {
  type: string
  form?: string
}

/** What people write and release: types with a form to write them, each form of them by itself too; and what is kept at home. */
export function kindsOfDocuments({ modules }: Known): Kind[] {
  const written = new Set(modules.flatMap(({ composers = [] }) => composers.map(({ type }) => type)))
  const acts = modules
    .flatMap(({ acts: own = [] }) => own)
    .filter(({ type, release }) => release !== 'direct' && written.has(type))
    .flatMap(({ type, search }) => [{ type }, ...(search?.forms ?? []).map((form) => ({ type, form }))])
  return [...acts, ...Object.keys(homeDocuments({ modules })).map((type) => ({ type }))]
}

/** Documents that rooms keep at home: kind → message key of its name. */
export const homeDocuments = ({ modules }: Known): Record<string, string> =>
  Object.assign({}, ...modules.map((one) => one.homeDocuments ?? {}))

/** Rules that hold today, by kind: the first made of each. */
export async function rulesToday({ db, clock }: Pick<Services, 'clock'> & { db: Reader }): Promise<Map<string, Rule>> {
  const rows = await db
    .selectFrom('home.clearance_rule')
    .selectAll()
    .where(holdsOn(new Date(clock.now()).toISOString().slice(0, 10)))
    .orderBy('number', 'desc')
    .execute()
  return new Map(rows.map((rule) => [rule.type, rule]))
}

const holdsOn = (day: string) =>
  sql<boolean>`(ended_at is null and from_day <= ${day} and (until_day is null or until_day >= ${day}))`

/** Rules that were not ended, in the order they were made. */
export async function listRules(db: Reader): Promise<Rule[]> {
  return db.selectFrom('home.clearance_rule').selectAll().where('ended_at', 'is', null).orderBy('number').execute()
}

/** The rule by which a draft wants a legal clearance today; undefined where none does. */
export async function ruleFor(
  { db, clock, modules }: Pick<Services, 'clock'> & { db: Reader } & Known,
  { type, body }: { type: string; body: Json },
): Promise<Rule | undefined> {
  const form = formOf(
    modules.flatMap(({ acts = [] }) => acts).find((one) => one.type === type),
    body,
  )
  const today = new Date(clock.now()).toISOString().slice(0, 10)
  const rules = await db
    .selectFrom('home.clearance_rule')
    .selectAll()
    .where('type', '=', type)
    .where(holdsOn(today))
    .where((e) => e.or([e('form', 'is', null), ...(form === undefined ? [] : [e('form', '=', form)])]))
    .orderBy('number')
    .execute()
  return rules[0]
}

const formOf = (definition: ActDefinition | undefined, body: Json): string | undefined =>
  definition?.search?.form?.(body)

/** Asks for a legal clearance from a day on. The same id again changes nothing. */
export async function setRule(
  { db, clock }: Home,
  { person }: Viewer,
  { id, type, form, from, until }: Kind & { id: string; from: string; until?: string },
): Promise<void> {
  const at = clock.now()
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('home.clearance_rule')
      .values({
        id,
        type,
        form: form ?? null,
        from_day: from,
        until_day: until ?? null,
        set_by_name: person.name,
        set_at: at,
        ended_by_name: null,
        ended_at: null,
      })
      .onConflict((there) => there.column('id').doNothing())
      .executeTakeFirst()
    if (Number(added.numInsertedOrUpdatedRows ?? 0) > 0)
      await audit(tx, {
        at,
        person: person.id,
        what: 'clearance-rule-set',
        facts: { type, ...(form && { form }), from, ...(until && { until }) },
      })
  })
}

/** Ends a rule at once; what was said under it stays. */
export async function endRule({ db, clock }: Home, { person }: Viewer, id: string): Promise<void> {
  const at = clock.now()
  await db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('home.clearance_rule')
      .set({ ended_by_name: person.name, ended_at: at })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning(['type', 'form'])
      .executeTakeFirst()
    if (ended)
      await audit(tx, {
        at,
        person: person.id,
        what: 'clearance-rule-ended',
        facts: { type: ended.type, ...(ended.form && { form: ended.form }) },
      })
  })
}
