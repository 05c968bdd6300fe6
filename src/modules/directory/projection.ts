import { sql } from 'kysely'
import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

function json<T>(value: T): T {
  return sql`${JSON.stringify(value)}::jsonb` as unknown as T
}

async function projectProfile(tx: Tx, act: Of<typeof acts.profilePublishedBody>): Promise<Effect> {
  const row = {
    hash: act.hash,
    idx: act.index,
    designation: json(act.body.designation),
    zone: act.body.zone,
    languages: json(act.body.languages),
  }
  await tx
    .insertInto('view.directory_profile')
    .values({ space: act.space.id, party: act.statement.author, ...row })
    .onConflict((conflict) => conflict.columns(['space', 'party']).doUpdateSet(row))
    .execute()
  return undefined
}

async function projectContact(tx: Tx, act: Of<typeof acts.contactNominatedBody>): Promise<Effect> {
  const { body } = act
  const row = {
    hash: act.hash,
    idx: act.index,
    kind: body.kind,
    zone: body.zone,
    languages: json(body.languages),
    hours: body.hours,
    week: body.week ? json(body.week) : null,
    entry: body.entry ?? null,
    valid_from: body.valid?.from ?? null,
    valid_until: body.valid?.until ?? null,
    removed_by: null,
  }
  await tx
    .insertInto('view.directory_contact')
    .values({ space: act.space.id, party: act.statement.author, contact: body.contact, ...row })
    .onConflict((conflict) => conflict.columns(['space', 'party', 'contact']).doUpdateSet(row))
    .execute()
  return undefined
}

async function projectRemoval(tx: Tx, act: Of<typeof acts.contactRemovedBody>): Promise<Effect> {
  const removed = await tx
    .updateTable('view.directory_contact')
    .set({ removed_by: act.hash })
    .where('space', '=', act.space.id)
    .where('party', '=', act.statement.author)
    .where('contact', '=', act.body.contact)
    .where('removed_by', 'is', null)
    .executeTakeFirst()
  return Number(removed.numUpdatedRows) === 1 ? undefined : { withoutEffect: 'no-such-contact' }
}

async function projectCalendar(tx: Tx, act: Of<typeof acts.calendarPublishedBody>): Promise<Effect> {
  const row = { hash: act.hash, idx: act.index, days: json(act.body.days) }
  await tx
    .insertInto('view.directory_calendar')
    .values({ space: act.space.id, party: act.statement.author, ...row })
    .onConflict((conflict) => conflict.columns(['space', 'party']).doUpdateSet(row))
    .execute()
  return undefined
}

export const directoryActs: readonly ActDefinition[] = [
  {
    type: 'directory.profile-published',
    body: acts.profilePublishedBody,
    kinds: ['directory'],
    who: 'each party, about itself',
    requires: 'nothing',
    effect: 'the party’s own designation, zone and languages',
    release: 'one-person',
    project: projectProfile,
  },
  {
    type: 'directory.contact-nominated',
    body: acts.contactNominatedBody,
    text: acts.contactNominatedText,
    kinds: ['directory'],
    who: 'each party, its own contacts',
    requires: 'nothing; the same contact again replaces the entry',
    effect: 'a point of contact stands in the directory',
    release: 'one-person',
    project: projectContact,
  },
  {
    type: 'directory.calendar-published',
    body: acts.calendarPublishedBody,
    kinds: ['directory'],
    who: 'each party, about its own offices',
    requires: 'nothing; a new calendar replaces the one before',
    effect: 'the days on which the party’s offices are closed or keep other hours',
    release: 'one-person',
    project: projectCalendar,
  },
  {
    type: 'directory.contact-removed',
    body: acts.contactRemovedBody,
    kinds: ['directory'],
    who: 'each party, its own contacts',
    requires: 'the contact stands in the directory',
    effect: 'the contact is removed',
    release: 'direct',
    project: projectRemoval,
  },
]
