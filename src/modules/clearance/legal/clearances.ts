import { type Selectable, sql } from 'kysely'
import { actsOnlyFor, audit } from '../../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { mayLeave } from '../../../core/markings/index.ts'
import type { Draft, Leaving, Need, Services, Viewer } from '../../../core/module/types.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import { getDraft, readerOf } from '../../spaces/index.ts'
import { type Rule, ruleFor } from './rules.ts'
import './tables.ts'

export const decisions = ['cleared', 'remarks', 'refused'] as const
export type Decision = (typeof decisions)[number]
export type Clearance = Selectable<Tables['home.draft_clearance']>

/** No line of a powers table with a star gives it: whoever clears is named for it. */
export const legalPower = 'clearance.legal:release'

export const handsOf = (draft: Pick<Draft, 'hands' | 'drafter'>): string[] => draft.hands ?? [draft.drafter]

/** What legal advisers said of a draft, oldest first. */
export async function listClearances(db: Reader, draft: string): Promise<Clearance[]> {
  return db.selectFrom('home.draft_clearance').selectAll().where('draft', '=', draft).orderBy('number').execute()
}

/** What counts for a draft as it stands: the newest word on exactly this; any edit voids what was said before. */
export const standingOf = (clearances: readonly Clearance[], { approval }: Pick<Draft, 'approval'>) =>
  clearances.findLast((one) => one.approval === approval)

export interface LegalStanding {
  rule?: Rule
  clearances: Clearance[]
  now?: Clearance
  /** People who could clear it, by name. */
  who: string[]
}

export async function legalStanding(services: Services, draft: Draft): Promise<LegalStanding> {
  const [rule, clearances] = await Promise.all([ruleFor(services, draft), listClearances(services.db, draft.id)])
  const now = standingOf(clearances, draft)
  return { clearances, who: rule ? await whoClears(services, draft) : [], ...(rule && { rule }), ...(now && { now }) }
}

/** Who may clear a draft: whoever holds the power and did not write in it. */
export async function whoClears({ people }: Pick<Services, 'people'>, draft: Draft): Promise<string[]> {
  const holders = (await people.holding(legalPower)).filter((id) => !handsOf(draft).includes(id))
  const names = await Promise.all(holders.map(async (id) => (await people.find(id))?.name ?? id))
  return names.toSorted()
}

/**
 * A legal adviser's word on a draft as they saw it. The same id again changes nothing.
 *
 * @throws Refusal `not-permitted`, `clearance-own-hand`, `draft.not-waiting`, `draft.approval-differs`; InvalidInput
 *   where remarks or a reason are missing.
 */
export async function clear(
  services: Services,
  viewer: Viewer,
  said: { id: string; draft: Draft; approval: string; decision: Decision; words: string },
): Promise<void> {
  const { draft, approval, decision } = said
  if (!viewer.may(legalPower)) throw new Refusal('not-permitted')
  if (handsOf(draft).includes(viewer.person.id) || actsOnlyFor(viewer, legalPower, handsOf(draft)))
    throw new Refusal('clearance-own-hand')
  if (decision !== 'cleared' && said.words === '') throw InvalidInput.at('remarks', `legal.invalid.${decision}`)
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('home.draft')
      .select(['state', 'approval', 'hands'])
      .where('id', '=', draft.id)
      .forUpdate()
      .executeTakeFirst()
    if (row?.state !== 'awaiting-release') throw new Refusal('draft.not-waiting')
    if (row.approval !== approval) throw new Refusal('draft.approval-differs')
    const added = await tx
      .insertInto('home.draft_clearance')
      .values({
        id: said.id,
        draft: draft.id,
        approval,
        decision,
        words: said.words === '' ? null : said.words,
        person: viewer.person.id,
        person_name: viewer.person.name,
        office: viewer.office.id,
        at,
      })
      .onConflict((there) => there.column('id').doNothing())
      .executeTakeFirst()
    if (Number(added.numInsertedOrUpdatedRows ?? 0) === 0) return
    await services.notices.settle(tx, waitingKey(draft.id))
    await tellHands(services, tx, { ...said, hands: row.hands })
    await audit(tx, { at, person: viewer.person.id, what: `clearance-${decision}`, about: draft.id })
  })
}

/**
 * Tells whoever can clear a draft that it waits for them. It is settled with the notices of those who release it, and
 * by the word that was waited for.
 */
export async function tellAdvisers(services: Services, tx: Tx, draft: Draft, version: number): Promise<void> {
  if (!(await ruleFor({ ...services, db: tx }, draft))) return
  const said = standingOf(await listClearances(tx, draft.id), draft)
  if (said) return
  const space = await services.ledger.find(draft.space)
  const advisers = await services.people.holding(legalPower)
  for (const person of advisers.filter((id) => !handsOf(draft).includes(id)))
    await services.notices.send(tx, {
      key: `${waitingKey(draft.id)}:${version}`,
      person,
      message: 'legal.notice.waiting',
      link: `/drafts/${draft.id}/review#legal`,
      urgency: 'normal',
      ...(space?.drill && { drill: space.drill.name }),
    })
}

const waitingKey = (draft: string) => `release:${draft}:clear`

async function tellHands(
  { notices, ledger }: Pick<Services, 'notices' | 'ledger'>,
  tx: Tx,
  { id, draft, decision, hands }: { id: string; draft: Draft; decision: Decision; hands: string[] },
): Promise<void> {
  const space = await ledger.find(draft.space)
  for (const person of hands)
    await notices.send(tx, {
      key: `clearance:${draft.id}:${id}:${person}`,
      person,
      message: `legal.notice.${decision}`,
      link: `/drafts/${draft.id}/review#legal`,
      urgency: 'normal',
      ...(space?.drill && { drill: space.drill.name }),
    })
}

/**
 * No release without the clearance the house wants. One person alone in an emergency may go without one that nobody
 * gave, which the record then names; nobody goes against one that was refused.
 */
export async function requireCleared(
  services: Services,
  { draft, stage }: Pick<Leaving, 'draft' | 'stage'>,
): Promise<{ without: string } | undefined> {
  // What was cleared at release cannot change while it is held, and an emergency was decided on then.
  if (stage === 'signing') return undefined
  const { rule, now, who } = await legalStanding(services, draft)
  if (now?.decision === 'refused') throw new Refusal('clearance-refused', { person: now.person_name })
  if (!rule || now) return undefined
  if (stage === 'emergency') return { without: 'legal' }
  throw who.length > 0 ? new Refusal('clearance-needed', { people: who.join(', ') }) : new Refusal('clearance-nobody')
}

/** Drafts that wait for this person's clearance. */
export async function legalNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may(legalPower)) return []
  const waiting = await services.db
    .selectFrom('home.draft as d')
    .select('d.id')
    .where('d.state', '=', 'awaiting-release')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('home.draft_clearance as c')
            .select(sql`1`.as('one'))
            .whereRef('c.draft', '=', 'd.id')
            .whereRef('c.approval', '=', 'd.approval'),
        ),
      ),
    )
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('home.clearance_rule as r')
          .select(sql`1`.as('one'))
          .whereRef('r.type', '=', 'd.type')
          .where('r.ended_at', 'is', null),
      ),
    )
    .orderBy('d.updated_at')
    .limit(100)
    .execute()
  const reader = readerOf(services, viewer)
  const drafts = await Promise.all(waiting.map(({ id }) => findFor(services, viewer, id)))
  const needs = await Promise.all(
    drafts.map(async (draft): Promise<Need[]> => {
      if (!draft || handsOf(draft).includes(viewer.person.id)) return []
      if (!mayLeave(draft.marking, { exit: 'page', reader }).allowed || !(await ruleFor(services, draft))) return []
      const subject = (draft.text as { subject?: unknown } | undefined)?.subject
      return [
        {
          key: `clear:${draft.id}`,
          verb: 'legal.need.clear',
          form: 'spaces.need.draft',
          headline: typeof subject === 'string' ? subject : '',
          href: `/drafts/${draft.id}/review#legal`,
          space: draft.space,
          waitsFor: 'me',
        },
      ]
    }),
  )
  return needs.flat()
}

async function findFor(services: Services, viewer: Viewer, id: string): Promise<Draft | undefined> {
  try {
    return await getDraft({ services, viewer, params: { id } })
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** What was said of a draft goes: it was discarded, or its document need not be kept any longer. Returns how much. */
export async function forgetClearances(tx: Tx, draft: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('home.draft_clearance')
    .where('draft', '=', draft)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
