import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { addDuration, cancelClock, fulfil, isDuration, isZone, startClock } from '../../core/clocks/index.ts'
import type { Effect, ProjectedAct, SpaceFacts } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { Tx } from '../../core/storage/types.ts'
import type { contactConfirmedBody, contactNominatedBody, contactRemovedBody } from './acts.ts'
import { json } from './as-json.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

/** What the members of a directory agreed on by its terms. */
export interface DirectoryRules {
  /** ISO 8601: a change or removal of what stands is in force that long after it is on the record. */
  notice?: string
  /** ISO 8601: an entry is to be confirmed that long after it was last. */
  refresh?: string
  /** Observers read, and nominate nobody. */
  membersOnly: boolean
  /** On whose calendar days and months are counted. */
  zone: string
}

export function rulesOf({ terms }: Pick<SpaceFacts, 'terms'>): DirectoryRules {
  const agreed = (name: string) => {
    const term = terms[name]
    return term !== undefined && isDuration(term) ? term : undefined
  }
  return {
    notice: agreed('noticeOfChange'),
    refresh: agreed('refreshWithin'),
    membersOnly: terms.nominatedBy === 'members',
    zone: terms.zone !== undefined && isZone(terms.zone) ? terms.zone : 'Etc/UTC',
  }
}

/** Whether a party may nominate by the rules of the directory. */
export function mayNominateBy(space: Pick<SpaceFacts, 'terms' | 'members'>, party: string): boolean {
  if (!rulesOf(space).membersOnly) return true
  return space.members.some((one) => one.party === party && one.until === undefined && one.role !== 'observer')
}

/** When something said at `at` (ms) is in force. */
export function inForceAt(space: Pick<SpaceFacts, 'terms'>, at: number): number {
  const { notice, zone } = rulesOf(space)
  return notice === undefined ? at : addDuration(at, notice, zone)
}

const refresh = 'contact-refresh'

export async function projectContact(tx: Tx, act: Of<typeof contactNominatedBody>): Promise<Effect> {
  const { body, space } = act
  if (!mayNominateBy(space, act.statement.author)) return { withoutEffect: 'not-by-the-rules' }
  const known = await historyOf(tx, act, body.contact)
  const entry = {
    hash: act.hash,
    kind: body.kind,
    zone: body.zone,
    languages: json(body.languages),
    hours: body.hours,
    week: body.week ? json(body.week) : null,
    entry: body.entry ?? null,
    valid_from: body.valid?.from ?? null,
    valid_until: body.valid?.until ?? null,
  }
  const key = { space: space.id, party: act.statement.author, contact: body.contact }
  if (known.stands && rulesOf(space).notice !== undefined) {
    const in_force_at = inForceAt(space, act.scenarioTime)
    await dropPending(tx, act, body.contact)
    await tx
      .insertInto('view.directory_announced')
      .values({ ...key, ...entry, idx: act.index, in_force_at, removal: false })
      .execute()
  } else {
    const row = { ...entry, idx: act.index, removed_by: null }
    await announcedOf(tx, act, body.contact).execute()
    await tx
      .insertInto('view.directory_contact')
      .values({ ...key, ...row })
      .onConflict((conflict) => conflict.columns(['space', 'party', 'contact']).doUpdateSet(row))
      .execute()
  }
  if (known.newest !== undefined) await fulfil(tx, act, { about: known.newest, regime: refresh, item: body.contact })
  await startRefresh(tx, act, body.contact, act.hash)
  return undefined
}

export async function projectRemoval(tx: Tx, act: Of<typeof contactRemovedBody>): Promise<Effect> {
  const { contact } = act.body
  const { author } = act.statement
  const known = await historyOf(tx, act, contact)
  if (!known.stands || known.isLeaving) return { withoutEffect: 'no-such-contact' }
  if (rulesOf(act.space).notice !== undefined) {
    const { removed_by: _, ...entry } = known.stands
    await dropPending(tx, act, contact)
    await tx
      .insertInto('view.directory_announced')
      .values({
        ...entry,
        languages: json(entry.languages),
        week: entry.week ? json(entry.week) : null,
        hash: act.hash,
        idx: act.index,
        in_force_at: inForceAt(act.space, act.scenarioTime),
        removal: true,
      })
      .execute()
  } else {
    await announcedOf(tx, act, contact).execute()
    await tx
      .updateTable('view.directory_contact')
      .set({ removed_by: act.hash })
      .where('space', '=', act.space.id)
      .where('party', '=', author)
      .where('contact', '=', contact)
      .execute()
  }
  if (known.newest !== undefined) await cancelClock(tx, act, { about: known.newest, regime: refresh, item: contact })
  return undefined
}

export async function projectConfirmation(tx: Tx, act: Of<typeof contactConfirmedBody>): Promise<Effect> {
  const { contact, nomination } = act.body
  const known = await historyOf(tx, act, contact)
  if (!known.stands || known.isLeaving) return { withoutEffect: 'no-such-contact' }
  if (known.newest !== nomination) return { withoutEffect: 'changed-meanwhile' }
  const row = { nomination, hash: act.hash, idx: act.index, at: act.scenarioTime }
  await tx
    .insertInto('view.directory_confirmation')
    .values({ space: act.space.id, party: act.statement.author, contact, ...row })
    .onConflict((conflict) => conflict.columns(['space', 'party', 'contact']).doUpdateSet(row))
    .execute()
  await fulfil(tx, act, { about: nomination, regime: refresh, item: contact })
  await startRefresh(tx, act, contact, nomination)
  return undefined
}

async function startRefresh(tx: Tx, act: ProjectedAct, contact: string, about: string): Promise<void> {
  const { refresh: within, zone } = rulesOf(act.space)
  if (within === undefined) return
  const duty = act.statement.author
  await startClock(tx, act, { regime: refresh, source: 'agreed', duty, within, about, item: contact, zone })
}

/** What the log has of a contact of the act's author, at the act. */
async function historyOf(tx: Tx, act: ProjectedAct, contact: string) {
  const [base, announced] = await Promise.all([
    tx
      .selectFrom('view.directory_contact')
      .selectAll()
      .where('space', '=', act.space.id)
      .where('party', '=', act.statement.author)
      .where('contact', '=', contact)
      .where('removed_by', 'is', null)
      .executeTakeFirst(),
    tx
      .selectFrom('view.directory_announced')
      .selectAll()
      .where('space', '=', act.space.id)
      .where('party', '=', act.statement.author)
      .where('contact', '=', contact)
      .orderBy('idx')
      .execute(),
  ])
  const current = announced.findLast((one) => one.in_force_at <= act.scenarioTime)
  const stands = current ? (current.removal ? undefined : standingOf(current)) : base
  return {
    /** The entry in force; undefined where there is none. */
    stands,
    /** Its removal is announced. */
    isLeaving: announced.at(-1)?.removal === true,
    /** Act hash of the newest nomination, in force or not. */
    newest: stands && (announced.findLast((one) => !one.removal)?.hash ?? base?.hash),
  }
}

function standingOf({ in_force_at: _, removal: __, ...entry }: Selectable<Tables['view.directory_announced']>) {
  return { ...entry, removed_by: null }
}

function announcedOf(tx: Tx, act: ProjectedAct, contact: string) {
  return tx
    .deleteFrom('view.directory_announced')
    .where('space', '=', act.space.id)
    .where('party', '=', act.statement.author)
    .where('contact', '=', contact)
}

/** A later word replaces what was announced and is not in force. */
async function dropPending(tx: Tx, act: ProjectedAct, contact: string): Promise<void> {
  await announcedOf(tx, act, contact).where('in_force_at', '>', act.scenarioTime).execute()
}
