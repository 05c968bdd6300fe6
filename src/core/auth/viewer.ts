import type { AuthContext, Office, Power, PowerLine, Viewer } from './types.ts'
import { asksSecondPerson, gives } from './powers.ts'
import { sessionOf } from './session.ts'
import type { Reader } from '../storage/types.ts'

/** The signed-in person of a request with the powers they hold today, or nothing. */
export async function viewerOf(context: AuthContext, request: Request): Promise<Viewer | undefined> {
  const session = await sessionOf(context, request)
  if (!session) return undefined
  return viewerFor(context, { person: session.person, sessionId: session.id, office: session.office })
}

/** A person as a viewer without a request: for jobs and the command line. Nothing for people who left. */
export async function viewerFor(
  context: Pick<AuthContext, 'db' | 'clock'>,
  { person, sessionId, office }: { person: string; sessionId: string; office?: string },
): Promise<Viewer | undefined> {
  const row = await context.db
    .selectFrom('home.person')
    .selectAll()
    .where('id', '=', person)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  const duties = await dutiesOf(context.db, person, context.clock.now())
  const lines = await powerLinesOf(context.db, duties)
  const offices = officesOf(duties, office)
  const none: Office = { id: '', name: {} }
  return {
    person: { id: row.id, name: row.name, language: row.language, zone: row.zone },
    office: offices[0] ?? none,
    offices,
    roles: [...new Set(duties.map((duty) => duty.role))],
    ceiling: row.ceiling,
    sessionId,
    may: (power: Power, inOffice?: string) =>
      gives(inOffice === undefined ? lines : lines.filter((line) => line.office === inOffice), power),
  }
}

/** Whether the viewer's own standing in an office asks for a second person on acts of this type. */
export async function needsSecondPerson(
  context: Pick<AuthContext, 'db' | 'clock'>,
  { person, office, subject }: { person: string; office: string; subject: string },
): Promise<boolean> {
  const duties = await dutiesOf(context.db, person, context.clock.now())
  const lines = await powerLinesOf(
    context.db,
    duties.filter((duty) => duty.office.id === office),
  )
  return asksSecondPerson(lines, subject)
}

interface Duty {
  office: Office
  role: PowerLine['role']
}

// Only what is in force today: an ad interim appointment gives nothing before its first or after its last day.
async function dutiesOf(db: Reader, person: string, now: number): Promise<Duty[]> {
  const rows = await db
    .selectFrom('home.membership as m')
    .innerJoin('home.office as o', 'o.id', 'm.office')
    .select(['o.id', 'o.names', 'm.role'])
    .where('m.person', '=', person)
    .where('o.closed_at', 'is', null)
    .where('m.from_at', '<=', now)
    .where((e) => e.or([e('m.until_at', 'is', null), e('m.until_at', '>', now)]))
    .orderBy('m.acting')
    .orderBy('o.position')
    .orderBy('o.id')
    .orderBy('m.from_at')
    .execute()
  return rows.map((row) => ({ office: { id: row.id, name: row.names }, role: row.role }))
}

async function powerLinesOf(db: Reader, duties: Duty[]): Promise<PowerLine[]> {
  if (duties.length === 0) return []
  const rows = await db
    .selectFrom('home.power')
    .selectAll()
    .where((e) => e.or(duties.map((duty) => e.and([e('office', '=', duty.office.id), e('role', '=', duty.role)]))))
    .execute()
  return rows.map(({ second_person, ...row }) => ({ ...row, secondPerson: second_person }))
}

function officesOf(duties: Duty[], chosen: string | undefined): Office[] {
  const offices = new Map(duties.map((duty) => [duty.office.id, duty.office]))
  return [...offices.values()].sort((a, b) => Number(b.id === chosen) - Number(a.id === chosen))
}
