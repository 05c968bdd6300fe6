import { type RawBuilder, sql } from 'kysely'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import '../tables.ts'

type Asking = Pick<Services, 'clock'>
/** Who asks: enough of a viewer to say what they may know of. */
export type Knower = Pick<Viewer, 'person' | 'offices' | 'ceiling'>

/**
 * The one condition under which a row of an incident is there for a person: marked no narrower than they may see, and
 * either open to the house or theirs as its lead or as a named reader. `incident` is the column that names the incident.
 *
 * Every query that reads a table of incidents carries it (test/guards/incidents-in-sight.test.ts).
 */
export function inSight(services: Asking, viewer: Knower, incident = 'incident'): RawBuilder<boolean> {
  return sql<boolean>`exists (select from home.incidents_incident known
    where known.id = ${sql.ref(incident)} and ${isKnown(services, viewer, 'known')})`
}

/** The same, of incidents that are not closed: what something is still to be done about. */
export function inOpenSight(services: Asking, viewer: Knower, incident = 'incident'): RawBuilder<boolean> {
  return sql<boolean>`exists (select from home.incidents_incident known
    where known.id = ${sql.ref(incident)} and known.state <> 'closed' and ${isKnown(services, viewer, 'known')})`
}

/** The same on rows of the table of incidents itself, which an index can then walk in their order. */
export function isInSight(services: Asking, viewer: Knower, table = 'home.incidents_incident'): RawBuilder<boolean> {
  return isKnown(services, viewer, table)
}

/** The same for a query over many incidents: what the person may read is gathered once, not asked for row by row. */
export function areInSight(services: Asking, viewer: Knower): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`home.incidents_incident.${name}`)
  return sql<boolean>`${column('marking')} = any(${texts(labelsFor(viewer))})
    and (not ${column('restricted')} or ${column('lead')} = ${viewer.person.id}
      or ${column('id')} in (select r.incident from home.incidents_reader r where r.compartment is null
        and ${isReader(services, viewer)}))`
}

/**
 * Of an incident in sight, the rows outside every compartment and those of compartments the person is a reader of. The
 * lead reads all of them.
 */
export function inCompartment(services: Asking, viewer: Knower, table: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<boolean>`(${column('compartment')} is null
    or exists (select from home.incidents_incident led where led.id = ${column('incident')}
      and led.lead = ${viewer.person.id})
    or exists (select from home.incidents_reader r where r.incident = ${column('incident')}
      and r.compartment = ${column('compartment')} and ${isReader(services, viewer)}))`
}

/** On rows of the table of compartments: those this person is a reader of, or leads the incident of. */
export function isOfCompartment(services: Asking, viewer: Knower): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`home.incidents_compartment.${name}`)
  return sql<boolean>`(exists (select from home.incidents_incident led where led.id = ${column('incident')}
      and led.lead = ${viewer.person.id})
    or exists (select from home.incidents_reader r where r.compartment = ${column('id')}
      and ${isReader(services, viewer)}))`
}

/** On rows of anything that names an incident, beside one of the conditions above: those this person leads. */
export function isLedBy({ person }: Pick<Viewer, 'person'>, incident: string): RawBuilder<boolean> {
  return sql<boolean>`exists (select from home.incidents_incident led
    where led.id = ${sql.ref(incident)} and led.lead = ${person.id})`
}

/** What one person of the house may do without knowing what others know: `why` is read by whoever reviews it. */
export function beyondSight(why: string): RawBuilder<boolean> {
  if (why === '') throw new TypeError('a query beyond sight says why')
  return sql<boolean>`true`
}

function isKnown(services: Asking, viewer: Knower, table: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<boolean>`${column('marking')} = any(${texts(labelsFor(viewer))})
    and (not ${column('restricted')} or ${column('lead')} = ${viewer.person.id}
      or exists (select from home.incidents_reader r where r.incident = ${column('id')} and r.compartment is null
        and ${isReader(services, viewer)}))`
}

const labelsFor = ({ ceiling }: Knower) => tlpLabels.filter((label) => tlpRank(label) <= tlpRank(ceiling))

function isReader({ clock }: Asking, { person, offices }: Knower): RawBuilder<boolean> {
  return sql<boolean>`r.ended_at is null and (r.until is null or r.until > ${clock.now()})
    and (r.kind = 'person' and r.who = ${person.id}
      or r.kind = 'office' and r.who = any(${texts(offices.map(({ id }) => id))}))`
}
