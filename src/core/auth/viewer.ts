import { type RawBuilder, sql } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import { type Classification, noClassification, openClasses } from '../markings/index.ts'
import type { Reader } from '../storage/types.ts'
import { dutiesAt } from './duties.ts'
import { asksSecondPerson, gives } from './powers.ts'
import { keepSeen, liveSession } from './session.ts'
import type { AuthContext, Lent, Office, Power, PowerLine, Viewer } from './types.ts'

/** A node that has no name yet has nothing classified. */
type Sight = Pick<AuthContext, 'db' | 'clock'> & { party?: string }

/** The signed-in person of a request with the powers they hold today, or nothing. */
export async function viewerOf(context: AuthContext, request: Request): Promise<Viewer | undefined> {
  const session = liveSession(context, request)
  if (!session) return undefined
  const [found] = await readPeople(
    context.db,
    context.clock.now(),
    sql`home.session s join home.person p on p.id = s.person where ${session}`,
    sql`s.id as session, s.office as chosen, s.seen_at`,
  )
  if (!found) return undefined
  await keepSeen(context, { id: found.session, seenAt: found.seen_at })
  return viewerFrom(context, found, { sessionId: found.session, office: found.chosen ?? undefined })
}

/** A person as a viewer without a request: for jobs and the command line. Nothing for people who left. */
export async function viewerFor(
  context: Sight,
  { person, sessionId, office }: { person: string; sessionId: string; office?: string },
): Promise<Viewer | undefined> {
  const [found] = await readPeople(context.db, context.clock.now(), sql`home.person p where p.id = ${person}`)
  return found && viewerFrom(context, found, { sessionId, office })
}

/** Everybody in the house as viewers, by name. */
export async function listViewers(context: Sight): Promise<Viewer[]> {
  const found = await readPeople(context.db, context.clock.now(), sql`home.person p where true`)
  return found.map((one) => viewerFrom(context, one, { sessionId: '' }))
}

/** Whether the viewer's own standing in an office asks for a second person on acts of this type. */
export async function needsSecondPerson(
  context: Pick<AuthContext, 'db' | 'clock'>,
  { person, office, subject }: { person: string; office: string; subject: string },
): Promise<boolean> {
  const [found] = await readPeople(context.db, context.clock.now(), sql`home.person p where p.id = ${person}`)
  const lines = powerLines(found?.duties ?? []).filter((line) => line.office === office)
  return asksSecondPerson(lines, subject)
}

interface Found {
  id: string
  name: string
  language: string
  zone: string
  ceiling: Tlp
  clearance: string | null
  /** What the house says of classification. */
  rules: Classification | null
  duties: Duty[]
  session: string
  chosen: string | null
  seen_at: number
}

interface Duty {
  office: string
  names: Record<string, string>
  role: PowerLine['role']
  lent: Lent | null
  powers: Pick<PowerLine, 'subject' | 'verb' | 'secondPerson'>[]
}

/** People still in the house with what they may do today, in one statement: it is asked with every request. */
// Only what is in force today: an ad interim appointment gives nothing before its first or after its last day.
async function readPeople(
  db: Reader,
  now: number,
  from: RawBuilder<unknown>,
  more: RawBuilder<unknown> = sql`null as session`,
): Promise<Found[]> {
  const { rows } = await sql<Found>`
    select f.*, duty.duties, (select value from home.house where key = 'classification') as rules
    from (select p.id, p.name, p.language, p.zone, p.ceiling, p.clearance, ${more} from ${from} and p.ended_at is null) f
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object(
        'office', o.id, 'names', o.names, 'role', m.role, 'lent', (
          select jsonb_strip_nulls(jsonb_build_object(
            'id', g.id, 'principal', g.principal, 'instrument', g.instrument))
          from home.delegation g where g.id = m.delegation), 'powers', (
          select coalesce(jsonb_agg(jsonb_build_object(
            'subject', l.subject, 'verb', l.verb, 'secondPerson', l.second_person)), '[]')
          from home.power l where l.office = o.id and l.role = m.role)
        ) order by m.acting, o.position, o.id, m.from_at), '[]') as duties
      from ${dutiesAt(now)} m join home.office o on o.id = m.office
      where m.person = f.id and o.closed_at is null
    ) duty
    order by f.name, f.id`.execute(db)
  return rows
}

function viewerFrom(
  { party, clock }: Sight,
  found: Found,
  { sessionId, office }: { sessionId: string; office?: string },
): Viewer {
  const { id, name, language, zone, ceiling, duties } = found
  const lines = powerLines(duties)
  const offices = officesOf(duties, office)
  const none: Office = { id: '', name: {} }
  return {
    person: { id, name, language, zone },
    office: offices[0] ?? none,
    offices,
    roles: [...new Set(duties.map((duty) => duty.role))],
    ceiling,
    classes:
      party === undefined ? [] : openClasses(found.rules ?? noClassification, party, found.clearance ?? undefined),
    today: new Date(clock.now()).toISOString().slice(0, 10),
    sessionId,
    may: (power, inOffice) => gives(linesIn(lines, inOffice), power),
    lentBy: (power, inOffice) => lentBy(linesIn(lines, inOffice), power),
  }
}

function powerLines(duties: readonly Duty[]): PowerLine[] {
  return duties.flatMap(({ office, role, lent, powers }) =>
    powers.map((power) => ({ office, role, ...power, ...(lent && { lent }) })),
  )
}

const linesIn = (lines: readonly PowerLine[], office: string | undefined): readonly PowerLine[] =>
  office === undefined ? lines : lines.filter((line) => line.office === office)

function lentBy(lines: readonly PowerLine[], power: Power): readonly Lent[] {
  const giving = lines.filter((line) => gives([line], power))
  return giving.some(({ lent }) => !lent) ? [] : giving.flatMap(({ lent }) => lent ?? [])
}

function officesOf(duties: readonly Duty[], chosen: string | undefined): Office[] {
  const offices = new Map(duties.map(({ office, names }) => [office, { id: office, name: names }]))
  return [...offices.values()].sort((a, b) => Number(b.id === chosen) - Number(a.id === chosen))
}
