import { sql } from 'kysely'
import type { IncidentRoom, Services, Viewer } from '../../../core/module/types.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'

/** The rooms of this module on one incident, with what this person may count in them; one query. */
export async function ownRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const counted = await countOf(services, viewer, incident)
  const room = (
    place: IncidentRoom['place'],
    path: string,
    label: string,
    {
      permission = 'incidents:read',
      ...facts
    }: { permission?: IncidentRoom['permission'] } & Record<string, string | number>,
  ): IncidentRoom => ({
    place,
    href: `/incidents/${incident}/${path}`,
    label,
    permission,
    state: { key: `incidents.rooms.${place}`, facts },
  })
  return [
    room('timeline', 'record', 'incidents.action.record', { permission: 'incidents:draft', count: counted.entries }),
    room('facts', 'particulars', 'particulars.title', { count: counted.particulars }),
    room('objects', 'objects', 'incidents.objects.title', { count: counted.objects }),
    room('evidence', 'weighing', 'incidents.action.weigh', {
      count: counted.evidence,
      hypotheses: counted.hypotheses,
    }),
    {
      place: 'evidence',
      href: `/incidents/${incident}/weighing/diamond`,
      label: 'diamond.title',
      permission: 'incidents:read',
      state: { key: 'diamond.count', facts: { hypotheses: counted.hypotheses, events: counted.events } },
    },
    room('severity', 'severity', 'severity.title', { count: counted.schemes }),
    room('readers', 'readers', 'need-to-know.title', { who: counted.restricted ? 'named' : 'house' }),
    {
      place: 'others',
      href: `/incidents/${incident}/alike`,
      label: 'incidents-alike.title',
      permission: 'incidents:read',
    },
    {
      place: 'others',
      href: `/incidents/${incident}/merge`,
      label: 'incidents-joining.title',
      permission: 'incidents:manage',
    },
  ]
}

type Counted = { restricted: boolean } & Record<
  'entries' | 'particulars' | 'events' | 'objects' | 'evidence' | 'hypotheses' | 'schemes',
  number
>

async function countOf(services: Services, viewer: Viewer, incident: string): Promise<Counted> {
  const of = (table: string, more = sql``) =>
    sql`(select count(*)::int from ${sql.table(table)} where ${sql.ref(`${table}.incident`)} = ${incident} ${more})`
  const open = (table: string) => sql`and ${inCompartment(services, viewer, table)}`
  const { rows } = await sql<Counted>`
    select asked.restricted,
      ${of('home.incidents_entry', open('home.incidents_entry'))} as entries,
      ${of('home.incidents_particular', sql`and ended_at is null ${open('home.incidents_particular')}`)} as particulars,
      ${of(
        'home.incidents_particular',
        sql`and kind = 'event' and ended_at is null ${open('home.incidents_particular')}`,
      )} as events,
      ${of('home.incidents_object', sql`and type <> 'marking-definition'`)} as objects,
      ${of('home.incidents_evidence', sql`and withdrawn_at is null ${open('home.incidents_evidence')}`)} as evidence,
      ${of('home.incidents_hypothesis')} as hypotheses,
      (select count(distinct scheme)::int from home.incidents_severity where incident = ${incident}) as schemes
    from home.incidents_incident asked where asked.id = ${incident} and ${inSight(services, viewer, 'asked.id')}
  `.execute(services.db)
  return (
    rows[0] ?? {
      ...{ restricted: false, entries: 0, particulars: 0, events: 0 },
      ...{ objects: 0, evidence: 0, hypotheses: 0, schemes: 0 },
    }
  )
}
