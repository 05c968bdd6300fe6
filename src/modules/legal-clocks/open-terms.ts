import { type RawBuilder, sql } from 'kysely'
import type { Services } from '../../core/module/types.ts'
import { readRegimes } from './regimes.ts'
import './tables.ts'

/**
 * The condition on a row of triggers under which a clock of its matter runs: it is the newest and stands, and some term
 * of its law has a length, has begun and was not sent.
 */
export function hasOpenTerm(services: Pick<Services, 'settings'>, trigger: string): RawBuilder<boolean> {
  const terms = readRegimes(services).content.regimes.flatMap(({ id: regime, terms: all }) =>
    all
      .filter(({ within, workingDays }) => within !== undefined || workingDays !== undefined)
      .map(({ id: term, role, after }) => ({ regime, role, term, after })),
  )
  const column = (name: string) => sql.ref(`${trigger}.${name}`)
  const wasSent = (term: string) => sql`exists (select from home.legal_clocks_sent s
    where s.matter = ${column('matter')} and s.term = ${sql.ref(term)})`
  return sql<boolean>`(not ${column('withdrawn')}
    and not exists (select from home.legal_clocks_trigger later
      where later.matter = ${column('matter')} and later.ordinal > ${column('ordinal')})
    and exists (select from jsonb_to_recordset(${JSON.stringify(terms)}::jsonb)
        as v(regime text, role text, term text, after text)
      where v.regime = ${column('regime')} and v.role = ${column('role')} and not ${wasSent('v.term')}
        and (v.after = 'awareness' or ${wasSent('v.after')})))`
}

/** The same on rows of anything that names an incident in `incident`. */
export function hasOpenClock(services: Pick<Services, 'settings'>, incident: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(incident)} in (select t.incident from home.legal_clocks_trigger t
    where ${hasOpenTerm(services, 't')})`
}
