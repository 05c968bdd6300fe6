import { sql } from 'kysely'
import { InvalidInput } from '../../core/http/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { getIncident, getOpenIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { type Matter, readMatters, type TermStanding } from './matters.ts'
import './tables.ts'

/** The matter and term an address names. @throws Refusal `legal-clocks.matter-not-found` */
export async function findTerm(
  services: Services,
  { incident, matter: id, term }: { incident: string; matter: string; term: string },
): Promise<{ matter: Matter; standing: TermStanding }> {
  const matter = (await readMatters(services, incident)).find((one) => one.id === id)
  const standing = matter?.terms.find((one) => one.term.id === term)
  if (!matter || !standing) throw new Refusal('legal-clocks.matter-not-found')
  return { matter, standing }
}

/** Fields the law asks for that nobody has filled in. */
export const missingOf = ({ term }: Pick<TermStanding, 'term'>, fields: Readonly<Record<string, string>>): string[] =>
  term.fields.filter((field) => (fields[field] ?? '').trim() === '')

/** Keeps a notification as it is drafted; earlier drafts stay. */
export async function writeDraft(
  services: Services,
  viewer: Viewer,
  { id, fields, ...of }: { id: string; incident: string; matter: string; term: string; fields: Record<string, string> },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, of.incident)
  const { matter, standing } = await findTerm(services, { ...of, incident: incident.id })
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.legal_clocks_draft')
      .values({
        id,
        matter: matter.id,
        term: standing.term.id,
        fields: JSON.stringify(fields),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'notification-drafted' })
  })
  publishChange(services, incident.id)
}

export interface NewSending {
  id: string
  incident: string
  matter: string
  term: string
  /** ms. */
  sentAt: number
  way: string
  sentTo: string
  sentBy: string
  theirReference: string
  /** Whoever records it says that it went out although fields are missing. */
  incomplete: boolean
}

/**
 * Records that a notification was sent, by what way, to whom and by whom, with a number of our own and the draft as it
 * was. It is our statement: nothing leaves here.
 *
 * @throws InvalidInput where fields are missing and nobody says that it went out so
 */
export async function recordSending(services: Services, viewer: Viewer, sending: NewSending): Promise<void> {
  const { clock, db } = services
  // What was sent is recorded after an incident was closed too: otherwise it would be lost.
  const incident = await getIncident(services, viewer, sending.incident)
  const { matter, standing } = await findTerm(services, { ...sending, incident: incident.id })
  if (sending.sentAt > matter.now + 60_000) throw InvalidInput.at('sentAt', 'legal-clocks.invalid.future')
  const fields = standing.draft?.fields ?? {}
  const missing = missingOf(standing, fields)
  if (missing.length > 0 && !sending.incomplete) throw InvalidInput.at('incomplete', 'legal-clocks.invalid.incomplete')
  await db.transaction().execute(async (tx) => {
    // Numbers run without gaps, so sendings wait for each other.
    await sql`select pg_advisory_xact_lock(hashtext('legal-clocks.number'))`.execute(tx)
    const year = new Date(clock.now()).getUTCFullYear()
    const last = await tx
      .selectFrom('home.legal_clocks_sent')
      .select((eb) => eb.fn.max('number').as('number'))
      .where('year', '=', year)
      .executeTakeFirst()
    const done = await tx
      .insertInto('home.legal_clocks_sent')
      .values({
        id: sending.id,
        matter: matter.id,
        term: standing.term.id,
        year,
        number: (last?.number ?? 0) + 1,
        sent_at: sending.sentAt,
        way: sending.way,
        sent_to: sending.sentTo,
        sent_by: sending.sentBy,
        their_reference: sending.theirReference,
        fields: JSON.stringify(fields),
        missing,
        trigger: matter.trigger.id,
        due_then: standing.clock?.dueAt ?? null,
        by_person: viewer.person.id,
        at: clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    // The log of an incident runs on the clock of the house; when an exercise sent it stands with the sending.
    const at = matter.trigger.clockSpace === undefined ? { at: sending.sentAt } : {}
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'notification-sent', ...at })
  })
  publishChange(services, incident.id)
}
