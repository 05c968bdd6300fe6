import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import { json } from './as-json.ts'
import { projectConfirmation, projectContact, projectRemoval } from './nominations.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

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
    who: 'each party, its own contacts; not observers where the terms say so',
    requires: 'nothing; the same contact again replaces the entry, after the notice that the terms ask for',
    effect: 'a point of contact stands in the directory',
    clock: 'contact-refresh (terms of the space)',
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
    effect: 'the contact is removed, after the notice that the terms ask for',
    clock: 'ends contact-refresh',
    release: 'direct',
    project: projectRemoval,
  },
  {
    type: 'directory.contact-confirmed',
    body: acts.contactConfirmedBody,
    kinds: ['directory'],
    who: 'each party, its own contacts',
    requires: 'the entry it names is the newest of that contact',
    effect: 'the entry counts as confirmed from then on',
    clock: 'meets contact-refresh, and starts the next',
    release: 'direct',
    project: projectConfirmation,
  },
]
