import { type RawBuilder, sql } from 'kysely'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { saidIn, vectorOf } from '../../../core/search/index.ts'
import { texts } from '../../../core/storage/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { getIncident, referenceOf } from '../incident.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import type { AlikeWord } from '../tables.ts'
import '../tables.ts'

/** Why two incidents may be the same. */
export type AlikeReason =
  | { kind: 'objects' | 'victims' | 'techniques' | 'words'; count: number; example: string }
  | { kind: 'sectors' | 'countries'; codes: string[] }
  | { kind: 'category' | 'time' }

/** An incident that may be the same as another, with every reason for it. */
export interface Alike {
  id: string
  reference: string
  codeName: string
  title: string
  reasons: AlikeReason[]
  /** What a person said last. */
  word?: AlikeWord
}

/** Values that name a thing; a relationship or a report of the same name is no trace of the same case. */
const telling = [
  'autonomous-system',
  'domain-name',
  'email-addr',
  'file',
  'indicator',
  'ipv4-addr',
  'ipv6-addr',
  'mutex',
  'url',
  'user-account',
  'windows-registry-key',
  'x509-certificate',
]
const nearMs = 14 * 86_400_000
const mostListed = 20
/** Words so short tell nothing apart, and neither do words that so many incidents have. */
const shortest = 4
const tooCommon = 500

interface Row {
  id: string
  year: number
  number: number | null
  code_name: string
  title: string
  word: AlikeWord | null
  objects: number
  object: string | null
  victims: number
  victim: string | null
  techniques: number
  technique: string | null
  words: number
  said: string | null
  sectors: string[] | null
  countries: string[] | null
  same_category: boolean
  near: boolean
}

/**
 * Incidents that may be the same as this one, the likeliest first: by values of objects, victims, techniques and words
 * of the title, or by sector and country where they were opened within two weeks of each other. All of it is what this person may read of both, so nobody is told of what they may not know. Incidents
 * of one merge, and those a person said are not the same, are left out unless `all` is asked for.
 */
export async function listAlike(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { all = false }: { all?: boolean } = {},
): Promise<Alike[]> {
  const incident = await getIncident(services, viewer, incidentId)
  const labels = texts(tlpLabels.filter((label) => tlpRank(label) <= tlpRank(viewer.ceiling)))
  const words = await tellingApart(services, viewer, wordsOf(incident.title))
  const open = (table: string) => sql`${inCompartment(services, viewer, table)}`
  const stated = (kind: string) => sql`
    select theirs.incident, count(distinct lower(theirs.value->>'words'))::int as n, min(theirs.value->>'words') as example
    from home.incidents_particular mine join home.incidents_particular theirs
      on theirs.kind = mine.kind and md5(lower(theirs.value->>'words')) = md5(lower(mine.value->>'words'))
    where mine.incident = ${incident.id} and mine.kind = ${sql.lit(kind)} and mine.ended_at is null
      and theirs.kind = ${sql.lit(kind)} and theirs.incident <> ${incident.id} and theirs.ended_at is null
      and ${open('mine')} and ${open('theirs')} and ${inSight(services, viewer, 'theirs.incident')}
    group by theirs.incident`
  const codes = (of: RawBuilder<unknown>) => sql`
    select distinct own.kind, own.code from home.incidents_particular own
    where own.incident = ${of} and own.kind in ('sector', 'country') and own.ended_at is null
      and ${open('own')} and ${inSight(services, viewer, 'own.incident')}`
  const { rows } = await sql<Row>`
    with objects as (
      select theirs.incident, count(distinct lower(theirs.name))::int as n, min(theirs.name) as example
      from (select distinct type, lower(name) as name from home.incidents_object own
          where own.incident = ${incident.id} and own.type = any(${texts(telling)}) and own.name <> ''
            and own.tlp = any(${labels}) and ${inSight(services, viewer, 'own.incident')} limit 5000) mine
        join home.incidents_object theirs on theirs.type = mine.type and lower(theirs.name) = mine.name
      where theirs.name <> '' and theirs.incident <> ${incident.id} and theirs.tlp = any(${labels})
        and ${inSight(services, viewer, 'theirs.incident')}
      group by theirs.incident),
    victims as (${stated('victim')}),
    techniques as (${stated('technique')}),
    titles as (
      select w.incident, count(*)::int as n, string_agg(one.word, ', ' order by one.place) as example
      from home.incidents_words w, unnest(${texts(words)}) with ordinality as one (word, place)
      where w.words @@ ${words.map((word) => `'${word}'`).join('|')}::tsquery
        and w.words @@ ('''' || one.word || '''')::tsquery and w.incident <> ${incident.id}
        and ${inSight(services, viewer, 'w.incident')}
      group by w.incident having count(*) >= ${Math.max(2, Math.ceil(words.length / 2))}),
    near as materialized (
      select i.id from home.incidents_incident i
      where i.opened_at > ${incident.openedAt - nearMs}::bigint and i.opened_at < ${incident.openedAt + nearMs}::bigint
        and i.id <> ${incident.id} and ${inSight(services, viewer, 'i.id')}),
    places as (
      select theirs.incident from (${codes(sql`${incident.id}`)}) mine join near on true
        join home.incidents_particular theirs on theirs.incident = near.id and theirs.kind = mine.kind
          and theirs.code = mine.code and theirs.ended_at is null
      where ${open('theirs')} and ${inSight(services, viewer, 'theirs.incident')}
      group by theirs.incident having count(distinct theirs.kind) = 2),
    found as (
      select incident from objects union select incident from victims
      union select incident from techniques union select incident from titles union select incident from places)
    select i.id, i.year, i.number, i.code_name, i.title, said.word,
      coalesce(o.n, 0) as objects, o.example as object, coalesce(v.n, 0) as victims, v.example as victim,
      coalesce(t.n, 0) as techniques, t.example as technique, coalesce(w.n, 0) as words, w.example as said,
      common.sectors, common.countries,
      i.category = ${incident.category} as same_category,
      abs(i.opened_at - ${incident.openedAt}::bigint) < ${nearMs}::bigint as near
    from found join home.incidents_incident i on i.id = found.incident
      left join objects o on o.incident = i.id left join victims v on v.incident = i.id
      left join techniques t on t.incident = i.id left join titles w on w.incident = i.id
      left join lateral (
        select array_agg(distinct theirs.code) filter (where theirs.kind = 'sector') as sectors,
          array_agg(distinct theirs.code) filter (where theirs.kind = 'country') as countries
        from (${codes(sql`${incident.id}`)}) mine join home.incidents_particular theirs on theirs.kind = mine.kind
          and theirs.code = mine.code and theirs.incident = i.id and theirs.ended_at is null
        where ${open('theirs')} and ${inSight(services, viewer, 'theirs.incident')}) common on true
      left join lateral (select a.word from home.incidents_alike a
        where a.incident = least(i.id, ${incident.id}) and a.other = greatest(i.id, ${incident.id})
        order by a.ordinal desc limit 1) said on true
    where i.drill = ${incident.drill} and ${inSight(services, viewer, 'i.id')}
      and (${all} or said.word is distinct from 'not-same')
      and not exists (select from home.incidents_merge m where m.undone_at is null and ${inSight(services, viewer, 'm.incident')}
        and (m.incident = i.id and m.into_incident = ${incident.id}
          or m.incident = ${incident.id} and m.into_incident = i.id))
    order by least(coalesce(o.n, 0), 3) * 5 + coalesce(v.n, 0) * 4 + coalesce(t.n, 0) * 2 + coalesce(w.n, 0)
      + (i.category = ${incident.category})::int + (common.sectors is not null)::int + (common.countries is not null)::int
      + (abs(i.opened_at - ${incident.openedAt}::bigint) < ${nearMs}::bigint)::int desc, i.id
    limit ${mostListed}`.execute(services.db)
  return rows.map(toAlike)
}

/** Of some words those that tell an incident apart among all this person may know of. */
async function tellingApart(services: Services, viewer: Viewer, words: readonly string[]): Promise<string[]> {
  if (words.length === 0) return []
  // One query by word, each with the word in it: the planner then knows which are common and stops early there.
  const counted = words.map(
    (word) => sql`select ${sql.lit(word)} as word where (select count(*) from (
      select from home.incidents_words w
      where w.words @@ ${sql.lit(`'${word}'`)}::tsquery and ${inSight(services, viewer, 'w.incident')}
      limit ${tooCommon + 1}) few) <= ${tooCommon}`,
  )
  const { rows } = await sql<{ word: string }>`${sql.join(counted, sql` union all `)}`.execute(services.db)
  return rows.map(({ word }) => word)
}

/** Lexemes of a title, as the index has them. */
function wordsOf(title: string): string[] {
  const vector = vectorOf(saidIn({ title }), [])
  const found = [...vector.matchAll(/'([^']+)':/g)].map(([, word = '']) => word)
  return found.filter((word) => word.length >= shortest && /^[\p{L}\p{N}]+$/u.test(word)).slice(0, 20)
}

function toAlike(row: Row): Alike {
  const shared = (kind: 'objects' | 'victims' | 'techniques' | 'words', count: number, example: string | null) =>
    count > 0 ? [{ kind, count, example: example ?? '' }] : []
  return {
    id: row.id,
    reference: referenceOf(row),
    codeName: row.code_name,
    title: row.title,
    ...(row.word && { word: row.word }),
    reasons: [
      ...shared('objects', row.objects, row.object),
      ...shared('victims', row.victims, row.victim),
      ...shared('techniques', row.techniques, row.technique),
      ...shared('words', row.words, row.said),
      ...(row.sectors ? [{ kind: 'sectors' as const, codes: row.sectors }] : []),
      ...(row.countries ? [{ kind: 'countries' as const, codes: row.countries }] : []),
      ...(row.same_category ? [{ kind: 'category' as const }] : []),
      ...(row.near ? [{ kind: 'time' as const }] : []),
    ],
  }
}
