import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import '../tables.ts'
import type { Disposal } from './file-plan.ts'
import { isOpen, reading, recordsOf } from './find-rows.ts'

type Home = Pick<Services, 'db' | 'clock'>
type Person = Viewer['person']

/** A code of the plan. */
export type PlannedFile = Omit<FileClass, 'documents'>

export interface FileClass {
  code: string
  title: string
  /** Undefined: kept for ever. */
  years: number | null
  disposal: Disposal
  documents: number
}

/** The file plan. */
export async function listPlan({ db }: Pick<Services, 'db'>): Promise<PlannedFile[]> {
  const rows = await db
    .selectFrom('home.register_file')
    .select(['code', 'title', 'years', 'then_what'])
    .orderBy('code')
    .execute()
  return rows.map(({ then_what, ...row }) => ({ ...row, disposal: then_what as Disposal }))
}

/** The file plan with how many documents lie under each code, as far as this reader may read them. */
export async function listFiles(
  services: Pick<Services, 'db' | 'modules' | 'party'>,
  viewer: Viewer,
  open: readonly string[],
): Promise<FileClass[]> {
  const [files, { rows }] = await Promise.all([
    listPlan(services),
    reading(services.db, 'whole', (tx) =>
      sql<{ code: string; documents: string }>`
        select g.code, count(*) as documents from home.register_filing g
        join (select d.act from home.register_document d where ${isOpen(open)}
          union all select d.id from (${recordsOf(services, viewer)}) d) d on d.act = g.act
        group by g.code`.execute(tx),
    ),
  ])
  const counts = new Map(rows.map(({ code, documents }) => [code, Number(documents)]))
  return files.map((file) => ({ ...file, documents: counts.get(file.code) ?? 0 }))
}

/** Adds a code to the plan, or changes what stands under it. */
export async function planFile(
  { db, clock }: Home,
  by: Person,
  { code, title, years, disposal }: PlannedFile,
): Promise<void> {
  const values = { title, years, then_what: disposal, changed_by_name: by.name, changed_at: clock.now() }
  await db
    .insertInto('home.register_file')
    .values({ code, ...values })
    .onConflict((conflict) => conflict.column('code').doUpdateSet(values))
    .execute()
}

/** Puts a document under a file code; the newest counts. False if the plan has no such code. */
export async function fileDocument({ db, clock }: Home, by: Person, act: string, code: string): Promise<boolean> {
  const file = await db.selectFrom('home.register_file').select('code').where('code', '=', code).executeTakeFirst()
  if (!file) return false
  const values = { code, filed_by: by.id, filed_by_name: by.name, filed_at: clock.now() }
  await db
    .insertInto('home.register_filing')
    .values({ act, ...values })
    .onConflict((conflict) => conflict.column('act').doUpdateSet(values))
    .execute()
  return true
}

/** File codes of documents: act → code. */
export async function listCodes(db: Reader, acts: string[]): Promise<Map<string, string>> {
  if (acts.length === 0) return new Map()
  const rows = await db.selectFrom('home.register_filing').select(['act', 'code']).where('act', 'in', acts).execute()
  return new Map(rows.map((row) => [row.act, row.code]))
}

export interface Hold {
  id: string
  code: string | null
  act: string | null
  reason: string
  setBy: string
  setAt: number
}

/** Legal holds that stand: on a document, or on everything under a code. */
export async function listHolds(db: Reader): Promise<Hold[]> {
  const rows = await db
    .selectFrom('home.register_hold')
    .selectAll()
    .where('lifted_at', 'is', null)
    .orderBy('number')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    act: row.act,
    reason: row.reason,
    setBy: row.set_by_name,
    setAt: row.set_at,
  }))
}

/** Stops disposal of a document or of all under a code. The same id again changes nothing. */
export async function setHold(
  { db, clock }: Home,
  by: Person,
  hold: { id: string; reason: string; act?: string; code?: string },
): Promise<void> {
  await db
    .insertInto('home.register_hold')
    .values({
      id: hold.id,
      code: hold.code ?? null,
      act: hold.act ?? null,
      reason: hold.reason,
      set_by_name: by.name,
      set_at: clock.now(),
      lifted_by_name: null,
      lifted_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function liftHold({ db, clock }: Home, by: Person, id: string): Promise<void> {
  await db
    .updateTable('home.register_hold')
    .set({ lifted_by_name: by.name, lifted_at: clock.now() })
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .execute()
}

/** Notes that no answer came to a document of ours: nobody else learns of it until somebody writes so. */
export async function noteNoAnswer({ db, clock }: Home, by: Person, act: string): Promise<void> {
  await db
    .insertInto('home.register_no_answer')
    .values({ act, noted_by: by.id, noted_by_name: by.name, noted_at: clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
