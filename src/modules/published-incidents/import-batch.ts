import { sql } from 'kysely'
import { Refusal } from '../../core/http/refusal.ts'
import { vectorOf } from '../../core/search/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { keepBeside } from './keep-figures.ts'
import type { ReadIncident } from './read-rows.ts'
import { type GivenFile, type ReadSet, readSet } from './read-set.ts'
import './tables.ts'

export interface NewBatch {
  /** Chosen when the form was rendered: the same id twice is one batch. */
  id: string
  /** Name of the set, as people call it. */
  name: string
  edition: string
  source: string
  licence: string
  files: readonly GivenFile[]
}

export const readingTask = 'published-incidents.read'
/** Rows written in one statement, and lost at most when the process dies. */
const portion = 500

/** Code of a set in addresses: the same for names that differ in case and signs only. */
export function setCode(name: string): string {
  const code = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  // Addresses of their own beside those of sets.
  return ['', 'imports', 'statistics'].includes(code) ? `set-${code}` : code.slice(0, 40)
}

/** Takes the files of a set in; a job reads them. Nothing of it stands before {@link keepBatch}. */
export async function beginBatch(services: Services, viewer: Viewer, batch: NewBatch): Promise<string> {
  if (!batch.files.some(({ kind }) => kind === 'incidents')) throw new Refusal('published-incidents.no-incidents')
  const { id, files, ...said } = batch
  await services.db.transaction().execute(async (tx) => {
    const made = await tx
      .insertInto('home.published_incidents_batch')
      .values({
        ...said,
        id,
        set_code: setCode(said.name),
        state: 'reading',
        files: '[]',
        rows_all: 0,
        rows_done: 0,
        remarks: 0,
        choices: '{}',
        by_person: viewer.person.id,
        at: services.clock.now(),
        stood_at: null,
        ended_by: null,
        ended_at: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) return
    // PostgreSQL stores no NUL; what a file says around it is not lost.
    const rows = files.map(({ kind, name, text }) => ({
      batch: id,
      kind,
      name,
      text: text.replaceAll('\u0000', '\uFFFD'),
    }))
    await tx.insertInto('home.published_incidents_file').values(rows).execute()
    await services.jobs.enqueue(tx, readingTask, { batch: id }, { key: `${readingTask}:${id}` })
  })
  return id
}

/** What a page that shows the course of a batch listens to. */
export const topicOf = (batch: string): string => `published-incidents:${batch}`

/** Reads the files of a batch into rows, portion by portion; begun again it goes on behind the last portion. */
export async function readBatch(services: Services, batch: string): Promise<void> {
  const row = await services.db
    .selectFrom('home.published_incidents_batch')
    .select(['state', 'at'])
    .where('id', '=', batch)
    .executeTakeFirst()
  if (row?.state !== 'reading') return
  const files = await services.db
    .selectFrom('home.published_incidents_file')
    .select(['kind', 'name', 'text'])
    .where('batch', '=', batch)
    .execute()
  // The day on which it was given: read again after a restart, it reads the same.
  const set = await readSet(files, new Date(Number(row.at)).toISOString().slice(0, 10))
  if (set.known) {
    for await (const _ of writeRows(services, batch, set)) services.live.publish(topicOf(batch))
  }
  await services.db.transaction().execute((tx) => endReading(services, tx, batch, set))
  services.live.publish(topicOf(batch))
}

async function* writeRows(services: Services, batch: string, set: ReadSet): AsyncGenerator<void> {
  const all = rowsOf(set)
  await services.db
    .updateTable('home.published_incidents_batch')
    .set({ rows_all: all.length, files: JSON.stringify(set.files) })
    .where('id', '=', batch)
    .execute()
  for (;;) {
    const isOver = await services.db.transaction().execute(async (tx) => {
      const at = await tx
        .selectFrom('home.published_incidents_batch')
        .select(['rows_done', 'state'])
        .where('id', '=', batch)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const some = all.slice(at.rows_done, at.rows_done + portion)
      if (at.state !== 'reading' || some.length === 0) return true
      for (const [table, rows] of Map.groupBy(some, ([name]) => name))
        await insert[table](
          tx,
          batch,
          rows.map(([, one]) => one),
        )
      const done = at.rows_done + some.length
      await tx.updateTable('home.published_incidents_batch').set({ rows_done: done }).where('id', '=', batch).execute()
      return false
    })
    if (isOver) return
    yield
  }
}

type Table = 'incidents' | 'attributions' | 'receivers' | 'responses' | 'problems'

/** All rows in the order in which they are written, each with its place. */
function rowsOf(set: ReadSet): [Table, object][] {
  const bases = Map.groupBy(set.attributions, ({ ref }) => ref)
  return [
    ...set.incidents.map((one): [Table, object] => ['incidents', incidentRow(one, bases.get(one.ref) ?? [])]),
    ...(['attributions', 'receivers', 'responses', 'problems'] as const).flatMap((table) =>
      set[table].map((one, place): [Table, object] => [table, { ...one, place }]),
    ),
  ]
}

function incidentRow(incident: ReadIncident, attributions: readonly { basis: string | null }[]) {
  const { victims, initiators, categories, types, sectors, subsectors } = incident
  const bases = attributions.length > 0 ? attributions.flatMap(({ basis }) => basis ?? []) : incident.bases
  const named = (name: string, values: readonly string[]) => values.map((value) => `${name}:${value}`)
  const facets = [
    ...named('victim', victims),
    ...named('initiator', initiators),
    ...named('category', categories),
    ...named('type', types),
    ...named('sector', [...sectors, ...subsectors]),
    ...named('basis', bases),
  ]
  return {
    ...incident,
    facets: [...new Set(facets)],
    words: vectorOf(
      [
        { text: incident.name, weight: 'A' },
        { text: incident.description, weight: 'D' },
        { text: Object.values(incident.cells).length > 0 ? (incident.cells.initiator_name ?? '') : '', weight: 'B' },
      ],
      [],
    ),
  }
}

const insert: Readonly<Record<Table, (tx: Tx, batch: string, rows: object[]) => Promise<unknown>>> = {
  incidents: (tx, batch, rows) => {
    const given = JSON.stringify(rows)
    return sql`with given as materialized (
        select * from jsonb_to_recordset(${given}::jsonb) as r(ref text, name text, description text, start text,
          "end" text, intensity real, types text[], victims text[], initiators text[], categories text[],
          facets text[], words text, sources text[], cells jsonb, digest text)),
      said as (insert into home.published_incidents_text (batch, ref, description, sources, cells)
        select ${batch}, ref, description, sources, cells from given),
      sought as (insert into home.published_incidents_words (batch, ref, started_on, words)
        select ${batch}, ref, start, words::tsvector from given)
      insert into home.published_incidents_incident (batch, ref, name, started_on, ended_on, intensity, types, victims,
        initiators, categories, facets, digest)
      select ${batch}, ref, name, start, "end", intensity, types, victims, initiators, categories, facets,
        digest from given`.execute(tx)
  },
  attributions: (tx, batch, rows) =>
    sql`insert into home.published_incidents_attribution
      select ${batch}, r.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(place integer, ref text,
        attribution text, day text, kind text, basis text, actor text, company text, "byCountry" text, initiator text,
        country text, category text)`.execute(tx),
  receivers: (tx, batch, rows) =>
    sql`insert into home.published_incidents_receiver
      select ${batch}, r.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(place integer, ref text,
        country text, regions text, name text, sector text, subsector text)`.execute(tx),
  responses: (tx, batch, rows) =>
    sql`insert into home.published_incidents_response
      select ${batch}, r.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(place integer, ref text,
        legal boolean, day text, type text, subtype text, country text, actor text)`.execute(tx),
  problems: (tx, batch, rows) =>
    sql`insert into home.published_incidents_problem
      select ${batch}, r.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(place integer, file text,
        line integer, "column" text, value text, reason text, expected text, unread boolean, text text)`.execute(tx),
}

/** The report stands, the files are let go; figures and values that lists are narrowed by are counted once. */
async function endReading(services: Services, tx: Tx, batch: string, set: ReadSet): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('home.published_incidents_batch')
    .set({
      state: set.known ? 'read' : 'failed',
      files: JSON.stringify(set.files),
      remarks: set.problems.filter(({ unread }) => !unread).length,
    })
    .where('id', '=', batch)
    .where('state', '=', 'reading')
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  await tx.deleteFrom('home.published_incidents_file').where('batch', '=', batch).execute()
  if (set.known) {
    await countChoices(tx, batch)
    await keepBeside(services, tx, batch)
  } else
    await insert.problems(
      tx,
      batch,
      set.problems.map((one, place) => ({ ...one, place })),
    )
}

/** Counts how many incidents of a batch show each value that a list can be narrowed by. */
export async function countChoices(tx: Tx, batch: string): Promise<void> {
  await sql`
    update home.published_incidents_batch set choices = coalesce((
      select jsonb_object_agg(name, values) from (
        select name, jsonb_agg(jsonb_build_array(value, n) order by n desc, value) as values from (
          select split_part(facet, ':', 1) as name, substr(facet, strpos(facet, ':') + 1) as value, count(*)::int as n
          from home.published_incidents_incident i cross join unnest(i.facets) facet
          where i.batch = ${batch} group by facet) counted
        group by name) named), '{}')
    where id = ${batch}`.execute(tx)
}
