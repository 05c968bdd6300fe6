import { type Selectable, sql } from 'kysely'
import { tlpRank } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { Tlp } from '../../protocol/index.ts'
import './tables.ts'

export const levels = ['minister', 'state-secretary', 'director', 'head-of-mission', 'desk'] as const
export const leftBehind = ['nothing', 'aide-memoire', 'bout-de-papier'] as const
export const answers = ['none-yet', 'noted', 'will-consider', 'agrees', 'agrees-in-part', 'declines'] as const

/** What the capital tells its missions to say. A record: nothing of it leaves this house. */
export interface Instruction {
  subject: string
  objective: string
  talkingPoints: string[]
  level: (typeof levels)[number]
  /** YYYY-MM-DD. */
  deliverBy?: string
  leaveBehind: (typeof leftBehind)[number]
  tlp: Tlp
  /** Parties by their domain, others by their name. */
  capitals: string[]
}

/** What was said there, or heard there: noted after each talk, never changed. */
export interface Note {
  kind: 'delivered' | 'read-out'
  capital: string
  /** Day and hour there: YYYY-MM-DD, HH:MM. */
  on: string
  at?: string
  byWhom: string
  toWhom?: string
  answer?: (typeof answers)[number]
  words?: string
}
export type NotedNote = Note & { notedBy: string; notedAt: number }

export interface Demarche extends Instruction {
  id: string
  by: string
  instructedAt: number
  notes: NotedNote[]
}

/** Where it stands in one capital. */
export interface Standing {
  capital: string
  /** The first time it was delivered. */
  delivered?: NotedNote
  /** The newest answer that came home. */
  readOut?: NotedNote
}

/** Records an instruction. The same id again changes nothing. */
export async function instruct(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { person, office }: Pick<Viewer, 'person' | 'office'>,
  { id, ...given }: Instruction & { id: string },
): Promise<void> {
  await db
    .insertInto('home.demarche')
    .values({
      id,
      subject: given.subject,
      objective: given.objective,
      talking_points: sql`${JSON.stringify(given.talkingPoints)}::jsonb`,
      level: given.level,
      deliver_by: given.deliverBy ?? null,
      leave_behind: given.leaveBehind,
      tlp: given.tlp,
      capitals: sql`${JSON.stringify(given.capitals)}::jsonb`,
      instructed_by: person.id,
      instructed_by_name: person.name,
      office: office.id,
      instructed_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Records what was delivered or what came back. The same id again changes nothing. */
export async function noteOf(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { person }: Pick<Viewer, 'person'>,
  { id, demarche, note }: { id: string; demarche: string; note: Note },
): Promise<void> {
  await db
    .insertInto('home.demarche_note')
    .values({
      id,
      demarche,
      capital: note.capital,
      kind: note.kind,
      on_date: note.on,
      at_time: note.at ?? null,
      by_whom: note.byWhom,
      to_whom: note.toWhom ?? null,
      answer: note.answer ?? null,
      words: note.words ?? null,
      noted_by: person.id,
      noted_by_name: person.name,
      noted_at: clock.now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Démarches this person may read, newest first. */
export async function listDemarches(
  { db }: Pick<Services, 'db'>,
  { ceiling }: Pick<Viewer, 'ceiling'>,
): Promise<Demarche[]> {
  const rows = await db
    .selectFrom('home.demarche')
    .selectAll()
    .orderBy('instructed_at', 'desc')
    .orderBy('id')
    .limit(200)
    .execute()
  return withNotes(
    { db },
    rows.filter((row) => tlpRank(row.tlp as Tlp) <= tlpRank(ceiling)),
  )
}

/** The démarche, or undefined where there is none or its marking lies above this person's ceiling. */
export async function findDemarche(
  { db }: Pick<Services, 'db'>,
  { ceiling }: Pick<Viewer, 'ceiling'>,
  id: string,
): Promise<Demarche | undefined> {
  const row = await db.selectFrom('home.demarche').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || tlpRank(row.tlp as Tlp) > tlpRank(ceiling)) return undefined
  return (await withNotes({ db }, [row]))[0]
}

async function withNotes(
  { db }: Pick<Services, 'db'>,
  rows: Selectable<Tables['home.demarche']>[],
): Promise<Demarche[]> {
  if (rows.length === 0) return []
  const notes = await db
    .selectFrom('home.demarche_note')
    .selectAll()
    .where(
      'demarche',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('number')
    .execute()
  const byDemarche = Map.groupBy(notes, (note) => note.demarche)
  return rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    objective: row.objective,
    talkingPoints: row.talking_points,
    level: row.level as Instruction['level'],
    deliverBy: row.deliver_by ?? undefined,
    leaveBehind: row.leave_behind as Instruction['leaveBehind'],
    tlp: row.tlp as Tlp,
    capitals: row.capitals,
    by: row.instructed_by_name,
    instructedAt: row.instructed_at,
    notes: (byDemarche.get(row.id) ?? []).map((note) => ({
      kind: note.kind as Note['kind'],
      capital: note.capital,
      on: note.on_date,
      at: note.at_time ?? undefined,
      byWhom: note.by_whom,
      toWhom: note.to_whom ?? undefined,
      answer: (note.answer as Note['answer']) ?? undefined,
      words: note.words ?? undefined,
      notedBy: note.noted_by_name,
      notedAt: note.noted_at,
    })),
  }))
}

/** One line for each capital, in the order of the instruction. */
export function standings({ capitals, notes }: Demarche): Standing[] {
  return capitals.map((capital) => {
    const there = notes.filter((note) => note.capital === capital)
    return {
      capital,
      delivered: there.find((note) => note.kind === 'delivered'),
      readOut: there.findLast((note) => note.kind === 'read-out'),
    }
  })
}
