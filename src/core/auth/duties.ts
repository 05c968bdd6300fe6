import { type RawBuilder, sql } from 'kysely'

/**
 * Who serves where under which role at a moment, as rows (person, office, role, acting, from_at, delegation): own
 * appointments, and what a delegation lends. One for a person lends the roles that person holds in that office by
 * appointment, never those somebody else lent them; one for the office lends its head's. Nobody lends an
 * administrator's.
 */
export const dutiesAt = (now: number): RawBuilder<unknown> => sql`(
  select m.person, m.office, m.role, m.acting, m.from_at, null as delegation
  from home.membership m where m.from_at <= ${now} and (m.until_at is null or m.until_at > ${now})
  union all
  select g.delegate, g.office, 'head-of-office', true, g.from_at, g.id
  from home.delegation g where g.principal is null and ${inForce(now)}
  union all
  select g.delegate, g.office, m.role, true, g.from_at, g.id
  from home.delegation g join home.membership m on m.person = g.principal and m.office = g.office
  where m.role <> 'administrator' and m.from_at <= ${now} and (m.until_at is null or m.until_at > ${now})
    and ${inForce(now)})`

/** Condition on a row `g` of `home.delegation`: from its first moment to its last, unless it was revoked. */
export const inForce = (now: number): RawBuilder<boolean> =>
  sql<boolean>`(g.from_at <= ${now} and g.until_at > ${now} and g.revoked_at is null)`
