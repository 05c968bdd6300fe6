import type { Reader, Tx } from '../storage/types.ts'
import { audit } from './audit.ts'
import { presetPowers } from './roles.ts'
import type { AuthContext, Office, PowerLine } from './types.ts'

/** Opens an office with the preset powers table. The same id again changes its names only. */
export async function openOffice(
  { clock }: Pick<AuthContext, 'clock'>,
  tx: Tx,
  { id, name, by }: Office & { by: string },
): Promise<void> {
  const now = clock.now()
  const existing = await tx.selectFrom('home.office').select('id').where('id', '=', id).executeTakeFirst()
  if (existing) {
    await tx
      .updateTable('home.office')
      .set({ names: JSON.stringify(name) })
      .where('id', '=', id)
      .execute()
    await audit(tx, { at: now, person: by, what: 'office-renamed', about: id })
    return
  }
  const { count } = await tx
    .selectFrom('home.office')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('home.office')
    .values({ id, names: JSON.stringify(name), position: Number(count), closed_at: null })
    .execute()
  await tx
    .insertInto('home.power')
    .values(presetPowers(id).map(({ secondPerson, ...line }) => ({ ...line, second_person: secondPerson })))
    .execute()
  await audit(tx, { at: now, person: by, what: 'office-opened', about: id })
}

/** Every line of the powers tables, by office, role, subject. */
export async function listPowers(db: Reader, office?: string): Promise<PowerLine[]> {
  let query = db
    .selectFrom('home.power')
    .selectAll()
    .orderBy('office')
    .orderBy('role')
    .orderBy('subject')
    .orderBy('verb')
  if (office !== undefined) query = query.where('office', '=', office)
  return (await query.execute()).map(({ second_person, ...line }) => ({ ...line, secondPerson: second_person }))
}

/** Gives a power to a role in an office, or changes whether it asks for a second person. */
export async function givePower(
  { clock }: Pick<AuthContext, 'clock'>,
  tx: Tx,
  { by, secondPerson, ...line }: PowerLine & { by: string },
): Promise<void> {
  await tx
    .insertInto('home.power')
    .values({ ...line, second_person: secondPerson })
    .onConflict((conflict) =>
      conflict.columns(['office', 'role', 'subject', 'verb']).doUpdateSet({ second_person: secondPerson }),
    )
    .execute()
  await audit(tx, { at: clock.now(), person: by, what: 'power-given', about: line.office, facts: factsOf(line) })
}

/** Takes a power from a role in an office. */
export async function takePower(
  { clock }: Pick<AuthContext, 'clock'>,
  tx: Tx,
  { by, ...line }: Omit<PowerLine, 'secondPerson'> & { by: string },
): Promise<void> {
  const taken = await tx
    .deleteFrom('home.power')
    .where('office', '=', line.office)
    .where('role', '=', line.role)
    .where('subject', '=', line.subject)
    .where('verb', '=', line.verb)
    .returning('office')
    .executeTakeFirst()
  if (taken) {
    await audit(tx, { at: clock.now(), person: by, what: 'power-taken', about: line.office, facts: factsOf(line) })
  }
}

function factsOf(line: Omit<PowerLine, 'secondPerson'>): Record<string, string> {
  return { role: line.role, power: `${line.subject}:${line.verb}` }
}
