import type { Tlp } from '../../protocol/types.ts'
import { newId } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Tx } from '../storage/types.ts'
import { audit } from './audit.ts'
import { voidCredentials } from './sign-in-link.ts'
import type { AuthContext, RoleId } from './types.ts'

export interface NewPerson {
  /** Chosen when the form was rendered; the same id again adds nobody. */
  id?: string
  name: string
  email?: string
  language: string
  zone: string
  ceiling?: Tlp
}

/** One time somebody serves in an office under a role. */
export interface Appointment {
  id: string
  person: string
  office: string
  role: RoleId
  fromAt: number
  untilAt?: number
  acting: boolean
}

/**
 * Adds a person, who can do nothing until appointed and sign in nowhere until given a link.
 *
 * @returns false when the id was used already.
 * @throws Refusal `person-email-taken`.
 */
export async function addPerson(
  { clock }: Pick<AuthContext, 'clock'>,
  tx: Tx,
  { id = newId(), name, email, language, zone, ceiling = 'RED', by }: NewPerson & { by: string },
): Promise<{ id: string; added: boolean }> {
  if (email !== undefined) {
    const taken = await tx
      .selectFrom('home.person')
      .select('id')
      .where('id', '<>', id)
      .where((e) => e(e.fn('lower', ['email']), '=', email.toLowerCase()))
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (taken) throw new Refusal('person-email-taken')
  }
  const now = clock.now()
  const inserted = await tx
    .insertInto('home.person')
    .values({ id, name, email: email ?? null, language, zone, ceiling, clearance: null, added_at: now, ended_at: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) await audit(tx, { at: now, person: by, what: 'person-added', about: id })
  return { id, added: inserted !== undefined }
}

/** Changes how a person is addressed. Each person may change their own language and zone. */
export async function changePerson(
  { clock }: Pick<AuthContext, 'clock'>,
  tx: Tx,
  {
    id,
    by,
    ...change
  }: {
    id: string
    by: string
    name?: string
    email?: string | null
    language?: string
    zone?: string
    ceiling?: Tlp
    clearance?: string | null
  },
): Promise<void> {
  await tx.updateTable('home.person').set(change).where('id', '=', id).execute()
  await audit(tx, { at: clock.now(), person: by, what: 'person-changed', about: id })
}

/**
 * Ends somebody's service: appointments, sessions, keys and unused links end at once; the name stays on the record.
 *
 * @throws Refusal `last-administrator`.
 */
export async function endPerson(context: AuthContext, { id, by }: { id: string; by: string }): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const now = context.clock.now()
    const ended = await tx
      .updateTable('home.person')
      .set({ ended_at: now })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!ended) return
    await tx
      .updateTable('home.membership')
      .set({ until_at: now })
      .where('person', '=', id)
      .where((e) => e.or([e('until_at', 'is', null), e('until_at', '>', now)]))
      .execute()
    await voidCredentials(context, tx, id)
    await keepAnAdministrator(context, tx)
    await audit(tx, { at: now, person: by, what: 'person-ended', about: id })
  })
}

/** Appoints a person to an office under a role, from a day and perhaps until one. The same id again changes nothing. */
export async function appoint(
  { clock }: Pick<AuthContext, 'clock'>,
  tx: Tx,
  {
    id = newId(),
    person,
    office,
    role,
    fromAt,
    untilAt,
    acting = false,
    by,
  }: {
    id?: string
    person: string
    office: string
    role: RoleId
    fromAt?: number
    untilAt?: number
    acting?: boolean
    by: string
  },
): Promise<void> {
  const now = clock.now()
  const open = await tx
    .selectFrom('home.office')
    .select('id')
    .where('id', '=', office)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (!open) throw new Refusal('office-unknown')
  const inserted = await tx
    .insertInto('home.membership')
    .values({
      id,
      person,
      office,
      role,
      from_at: fromAt ?? now,
      until_at: untilAt ?? null,
      acting,
      set_by: by,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) await audit(tx, { at: now, person: by, what: 'appointed', about: person, facts: { office, role } })
}

/**
 * Ends an appointment now.
 *
 * @throws Refusal `last-administrator`.
 */
export async function endAppointment(context: AuthContext, { id, by }: { id: string; by: string }): Promise<void> {
  await context.db.transaction().execute(async (tx) => {
    const now = context.clock.now()
    const ended = await tx
      .updateTable('home.membership')
      .set({ until_at: now })
      .where('id', '=', id)
      .where((e) => e.or([e('until_at', 'is', null), e('until_at', '>', now)]))
      .returning(['person', 'office', 'role'])
      .executeTakeFirst()
    if (!ended) return
    await keepAnAdministrator(context, tx)
    const { person, office, role } = ended
    await audit(tx, { at: now, person: by, what: 'appointment-ended', about: person, facts: { office, role } })
  })
}

/** Appointments that hold now or later, of one person or all. */
export async function listAppointments(
  { db, clock }: Pick<AuthContext, 'db' | 'clock'>,
  { person }: { person?: string } = {},
): Promise<Appointment[]> {
  let query = db
    .selectFrom('home.membership')
    .selectAll()
    .where((e) => e.or([e('until_at', 'is', null), e('until_at', '>', clock.now())]))
    .orderBy('from_at')
    .orderBy('id')
  if (person !== undefined) query = query.where('person', '=', person)
  return (await query.execute()).map((row) => ({
    id: row.id,
    person: row.person,
    office: row.office,
    role: row.role,
    fromAt: row.from_at,
    untilAt: row.until_at ?? undefined,
    acting: row.acting,
  }))
}

async function keepAnAdministrator({ clock }: Pick<AuthContext, 'clock'>, tx: Tx): Promise<void> {
  const now = clock.now()
  // Locked, so that two administrators cannot end each other at the same moment.
  const left = await tx
    .selectFrom('home.membership')
    .select('id')
    .where('role', '=', 'administrator')
    .where('from_at', '<=', now)
    .where((e) => e.or([e('until_at', 'is', null), e('until_at', '>', now)]))
    .forUpdate()
    .execute()
  if (left.length === 0) throw new Refusal('last-administrator')
}
