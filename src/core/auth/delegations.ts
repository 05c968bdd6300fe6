import { type Selectable, sql } from 'kysely'
import { Refusal } from '../http/refusal.ts'
import type { Reader } from '../storage/types.ts'
import { audit } from './audit.ts'
import { dutiesAt } from './duties.ts'
import type { DelegationTable } from './tables.ts'
import type { AuthContext, Power, Viewer } from './types.ts'

/** Somebody who acts for an office, or for a person of it, between two moments and by an instrument. */
export interface Delegation extends Omit<Selectable<DelegationTable>, 'number'> {
  delegateName: string
  principalName?: string
  /** Today it lends what it lends: not before its first, not after its last moment, not revoked, its people there. */
  isInForce: boolean
}

type Grant = Pick<
  Selectable<DelegationTable>,
  'id' | 'delegate' | 'office' | 'principal' | 'capacity' | 'styles' | 'instrument' | 'from_at' | 'until_at'
>

/** Delegations with the newest first; those long over too, since letters bear them. */
export async function listDelegations(
  { db, clock }: Pick<AuthContext, 'db' | 'clock'>,
  { id }: { id?: string } = {},
): Promise<Delegation[]> {
  const now = clock.now()
  const rows = await db
    .selectFrom('home.delegation as g')
    .innerJoin('home.person as d', 'd.id', 'g.delegate')
    .leftJoin('home.person as p', 'p.id', 'g.principal')
    .selectAll('g')
    .select(['d.name as delegateName', 'p.name as principalName'])
    .select(
      sql<boolean>`d.ended_at is null and exists (
        select from ${dutiesAt(now)} x where x.delegation = g.id)`.as('isInForce'),
    )
    .$if(id !== undefined, (query) => query.where('g.id', '=', id as string))
    .orderBy('g.number', 'desc')
    .limit(500)
    .execute()
  return rows.map(({ number: _, principalName, ...row }) => ({ ...row, ...(principalName && { principalName }) }))
}

export async function findDelegation(
  context: Pick<AuthContext, 'db' | 'clock'>,
  id: string,
): Promise<Delegation | undefined> {
  return (await listDelegations(context, { id }))[0]
}

/**
 * Lets a person act for an office or for a person of it. The same id again changes nothing.
 *
 * @throws Refusal `not-permitted` for who may not appoint there, `delegation-no-further` for who may only because
 *   they act for somebody, `delegation-not-to-oneself`, `delegation-not-of-the-office`, `delegation-dates`.
 */
export async function grantDelegation(
  { db, clock }: Pick<AuthContext, 'db' | 'clock'>,
  viewer: Viewer,
  grant: Grant,
): Promise<void> {
  requireMayDelegate(viewer, grant.office)
  const { delegate, principal } = grant
  if (delegate === viewer.person.id || delegate === principal) throw new Refusal('delegation-not-to-oneself')
  const at = clock.now()
  if (grant.until_at <= grant.from_at || grant.until_at <= at) throw new Refusal('delegation-dates')
  if (!(await serves(db, at, principal ?? undefined, grant.office))) throw new Refusal('delegation-not-of-the-office')
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('home.delegation')
      .values({
        ...grant,
        styles: JSON.stringify(grant.styles),
        granted_by: viewer.person.id,
        granted_by_name: viewer.person.name,
        granted_at: at,
        revoked_by_name: null,
        revoked_at: null,
      })
      .onConflict((there) => there.column('id').doNothing())
      .executeTakeFirst()
    if (Number(added.numInsertedOrUpdatedRows ?? 0) === 0) return
    const facts = { office: grant.office, instrument: grant.instrument }
    await audit(tx, { at, person: viewer.person.id, what: 'delegation-granted', about: delegate, facts })
  })
}

/** Ends a delegation now. A second click changes nothing. */
export async function revokeDelegation(
  { db, clock }: Pick<AuthContext, 'db' | 'clock'>,
  viewer: Viewer,
  id: string,
): Promise<void> {
  const found = await db.selectFrom('home.delegation').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw new Refusal('not-found')
  requireMayDelegate(viewer, found.office)
  const at = clock.now()
  await db.transaction().execute(async (tx) => {
    const revoked = await tx
      .updateTable('home.delegation')
      .set({ revoked_by_name: viewer.person.name, revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    if (Number(revoked.numUpdatedRows) === 0) return
    const facts = { office: found.office, instrument: found.instrument }
    await audit(tx, { at, person: viewer.person.id, what: 'delegation-revoked', about: found.delegate, facts })
  })
}

/** Administrators everywhere, heads in their own office; by their own appointment, never by what was lent to them. */
function requireMayDelegate(viewer: Viewer, office: string): void {
  const isAdministrator = viewer.roles.includes('administrator') && viewer.may('delegations:manage')
  if (!isAdministrator && !viewer.may('delegations:manage', office)) throw new Refusal('not-permitted')
  const lent = isAdministrator ? [] : (viewer.lentBy?.('delegations:manage', office) ?? [])
  if (lent.length > 0) throw new Refusal('delegation-no-further')
}

async function serves(db: Reader, at: number, person: string | undefined, office: string): Promise<boolean> {
  const open = await db
    .selectFrom('home.office')
    .select('id')
    .where('id', '=', office)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  if (!open || person === undefined) return open !== undefined
  const own = await db
    .selectFrom('home.membership')
    .select('id')
    .where('person', '=', person)
    .where('office', '=', office)
    .where('role', '<>', 'administrator')
    .where('from_at', '<=', at)
    .where((e) => e.or([e('until_at', 'is', null), e('until_at', '>', at)]))
    .executeTakeFirst()
  return own !== undefined
}

/** The person holds a power only because they act for one of these people: then they count as that person. */
export function actsOnlyFor(viewer: Viewer, power: Power, people: readonly string[]): boolean {
  const lent = viewer.lentBy?.(power) ?? []
  return lent.length > 0 && lent.every(({ principal }) => principal !== undefined && people.includes(principal))
}
