import { sql } from 'kysely'
import { audit, readClassification } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import { listGoneParts, purgeParts } from '../../../core/log/index.ts'
import { bindsNow, type Classification, isClearedFor, nodeClasses } from '../../../core/markings/index.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import type { Marking } from '../../../protocol/types.ts'
import './tables.ts'

export interface Spill {
  act: string
  space: string
  index: number
  author: string
  class: string
  /** How many of its files are above the ceiling, where the act itself is not. */
  files?: number
  foundAt: number
  purgedAt?: number
  purgedBy?: string
}

type Finding = Pick<Services, 'db' | 'clock' | 'party' | 'people' | 'notices' | 'ledger'>

/** Found at most so many at once; the next round goes on. */
const perRound = 200

/**
 * Records what lies here above the accredited ceiling, and tells the security officer. The gate has hidden it from
 * everybody before this runs: nobody is cleared for a class that the node may not hold.
 */
export async function recordSpills(services: Finding): Promise<void> {
  const { db, clock, party } = services
  const rules = await readClassification(db)
  const today = new Date(clock.now()).toISOString().slice(0, 10)
  const rows = await db
    .selectFrom('view.search_marking')
    .select(['space', 'key', 'marking'])
    .where(sql<boolean>`marking ? 'class'`)
    .execute()
  const above = rows.filter(({ marking }) => isAbove(rules, party, marking, today))
  if (above.length > 0) await recordActs(services, above)
  await recordFiles(services, (marking) => isAbove(rules, party, marking, today))
}

async function recordActs(services: Finding, above: readonly { space: string; key: string }[]): Promise<void> {
  const { db, ledger } = services
  const { rows: found } = await sql<{ act: string }>`
    select a.act from view.search_act a
    join jsonb_to_recordset(${JSON.stringify(above.map(({ space, key }) => ({ space, key })))}::jsonb)
      as m(space text, key text) on m.space = a.space and m.key = a.marking
    where not exists (select from home.spill s where s.act = a.act and s.files is null) limit ${perRound}`.execute(db)
  for (const act of await ledger.findActs(found.map((one) => one.act)))
    await recordOne(services, act, { class: act.statement.marking.class ?? '' })
}

/** Files above the ceiling with acts that are not: each act once, and again when more of its files are. */
async function recordFiles(services: Finding, isAboveHere: (marking: Marking) => boolean): Promise<void> {
  const { db, ledger } = services
  const marked = await db.selectFrom('view.search_file').select(['act', 'part', 'marking']).execute()
  const above = Map.groupBy(
    marked.filter(({ marking }) => isAboveHere(marking)),
    ({ act }) => act,
  )
  if (above.size === 0) return
  const known = await db
    .selectFrom('home.spill')
    .select(['act', 'files'])
    .where('act', 'in', [...above.keys()])
    .execute()
  const recorded = new Map(known.map(({ act, files }) => [act, files]))
  const fresh = [...above].filter(([act, files]) => {
    const before = recorded.get(act)
    return before === undefined || (before !== null && files.some(({ part }) => !before.includes(part)))
  })
  for (const act of await ledger.findActs(fresh.slice(0, perRound).map(([hash]) => hash))) {
    const files = above.get(act.hash) ?? []
    await recordOne(services, act, { class: files[0]?.marking.class ?? '', files: files.map(({ part }) => part) })
  }
}

function isAbove(rules: Classification, party: string, marking: Marking, today: string): boolean {
  return bindsNow(marking, today) && !isClearedFor(marking.class ?? '', nodeClasses(rules, party))
}

async function recordOne(
  { db, clock, people, notices }: Finding,
  act: Awaited<ReturnType<Services['ledger']['findActs']>>[number],
  found: { class: string; files?: string[] },
): Promise<void> {
  const officers = await people.holding('spills:manage')
  const said = {
    class: found.class,
    files: found.files ? JSON.stringify(found.files) : null,
    found_at: clock.now(),
    purged_at: null,
    purged_by: null,
  }
  await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('home.spill')
      .values({
        act: act.hash,
        space: act.space,
        idx: act.index,
        author: act.statement.author,
        ...said,
      })
      .onConflict((there) => there.column('act').doUpdateSet(said).where('home.spill.files', 'is not', null))
      .returning('act')
      .executeTakeFirst()
    if (!added) return
    await audit(tx, { at: clock.now(), what: 'spill-found', about: act.hash, facts: { author: act.statement.author } })
    for (const person of officers)
      await notices.send(tx, {
        key: `spill:${act.hash}:${person}`,
        person,
        message: 'administration.spills.notice',
        link: `/spills#${act.hash}`,
        urgency: 'page',
      })
  })
}

/** Newest first; what was purged stays on the record. */
export async function listSpills({ db }: Pick<Services, 'db'>, limit = 500): Promise<Spill[]> {
  const rows = await db
    .selectFrom('home.spill')
    .selectAll()
    .orderBy('found_at', 'desc')
    .orderBy('act')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    act: row.act,
    space: row.space,
    index: row.idx,
    author: row.author,
    class: row.class,
    ...(row.files !== null && { files: row.files.length }),
    foundAt: row.found_at,
    ...(row.purged_at !== null && { purgedAt: row.purged_at }),
    ...(row.purged_by !== null && { purgedBy: row.purged_by }),
  }))
}

/**
 * Destroys words and files of a spilled act on this node; a second click changes nothing.
 *
 * @throws Refusal `not-found` for anything that is no spill.
 */
export async function purgeSpill(
  services: Pick<Services, 'db' | 'clock' | 'blobs' | 'notices'>,
  viewer: Viewer,
  act: string,
): Promise<void> {
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('home.spill').selectAll().where('act', '=', act).forUpdate().executeTakeFirst()
    if (!row) throw new Refusal('not-found')
    if (row.purged_at !== null) return
    await purgeParts(tx, services.blobs, { act, at, ...(row.files && { only: row.files }) })
    await tx
      .updateTable('home.spill')
      .set({ purged_at: at, purged_by: viewer.person.id })
      .where('act', '=', act)
      .execute()
    await services.notices.settle(tx, `spill:${act}`)
    await audit(tx, {
      at,
      person: viewer.person.id,
      what: 'spill-purged',
      about: act,
      facts: { gone: (await listGoneParts(tx, row.space)).size },
    })
  })
}

export async function spillNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('spills:manage')) return []
  const open = (await listSpills(services, 50)).filter(({ purgedAt }) => purgedAt === undefined)
  return open.map(({ act, author, foundAt }) => ({
    key: `administration:spill:${act}`,
    verb: 'administration.spills.contain',
    form: 'administration.spills.one',
    from: author,
    headline: services.nameOf(author, viewer.person.language),
    href: `/spills#${act}`,
    dueAt: foundAt,
    waitsFor: 'me' as const,
  }))
}
