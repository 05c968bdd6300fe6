import { type RawBuilder, sql } from 'kysely'
import { actHref } from '../../../core/module/act-href.ts'
import { headlineOf } from '../../../core/module/headline-of.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { ActContent, DisputeRow, RegisteredRow, Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Marking } from '../../../protocol/types.ts'
import { formatDate, formatList } from '../../../text/index.ts'
import type { LineGround } from './line-ground.ts'

/** Of the spaces of an incident, as a form offers them: the newest. */
const mostOffered = 60

interface Asked {
  spaces: readonly string[]
  /** These alone; without them the newest that stand. */
  hashes?: readonly string[]
}

type Row = Pick<RegisteredRow, 'id' | 'kind' | 'author' | 'at' | 'last_at' | 'state' | 'is_corrected' | 'about'> & {
  space: string
}
type Words = { subject?: string; title?: string | Record<string, string>; paragraphs?: string[] }

interface Loaded {
  disputes: Map<string, DisputeRow[]>
  markings: Map<string, Marking>
  contents: Map<string, ActContent<unknown, Words>>
}

/** Acts that stand in the register of the house, by space and hash, with what became of each and who disputes it. */
export async function readActGrounds(
  services: Services,
  viewer: Viewer,
  asked: Asked,
): Promise<Map<string, LineGround & { space: string }>> {
  if (asked.spaces.length === 0 || asked.hashes?.length === 0) return new Map()
  const rows = await findRows(services, asked)
  if (rows.length === 0) return new Map()
  const hashes = rows.map(({ id }) => id)
  const abouts = rows.flatMap(({ about }) => about ?? [])
  const [disputes, acts, contents] = await Promise.all([
    findDisputes(services, asked.spaces, hashes),
    services.ledger.findActs(hashes),
    revealedContents<unknown, Words>(services, viewer, [...new Set([...hashes, ...abouts])]),
  ])
  const markings = new Map(acts.map(({ hash, statement }) => [hash, statement.marking]))
  return new Map(rows.map((row) => [row.id, toGround(row, { disputes, markings, contents })]))
}

async function findRows({ db, modules }: Services, { spaces, hashes }: Asked): Promise<Row[]> {
  const selects = modules.flatMap(({ registered }) => registered?.acts?.() ?? [])
  if (selects.length === 0) return []
  const which = hashes ? sql`d.id = any(${texts([...hashes])})` : sql`d.state not in ('withdrawn', 'superseded')`
  const { rows } = await sql<Row>`
    select d.space, d.id, d.kind, d.author, d.at, d.last_at, d.state, d.is_corrected, d.about
    from (${underEachOther(selects)}) d
    where d.space = any(${texts([...spaces])}) and ${which}
    order by d.at desc, d.id limit ${hashes?.length ?? mostOffered}`.execute(db)
  return rows.map((row) => ({ ...row, at: Number(row.at), last_at: Number(row.last_at) }))
}

/** Who says of which act that it is not so, by the act that is disputed. */
async function findDisputes(
  { db, modules }: Services,
  spaces: readonly string[],
  hashes: readonly string[],
): Promise<Map<string, DisputeRow[]>> {
  const selects = modules.flatMap(({ registered }) => registered?.disputes?.() ?? [])
  if (selects.length === 0) return new Map()
  const { rows } = await sql<DisputeRow>`
    select d.* from (${underEachOther(selects)}) d
    where d.space = any(${texts([...spaces])}) and d.about = any(${texts([...hashes])})
    order by d.at, d.id`.execute(db)
  return Map.groupBy(
    rows.map((row) => ({ ...row, at: Number(row.at) })),
    ({ about }) => about,
  )
}

const underEachOther = <R>(selects: readonly RawBuilder<R>[]): RawBuilder<R> =>
  sql`${sql.join(
    selects.map((one) => sql`select * from (${one}) x`),
    sql` union all `,
  )}`

function toGround(row: Row, { disputes, markings, contents }: Loaded): LineGround & { space: string } {
  const against = disputes.get(row.id) ?? []
  const ended = endOf(row)
  const marking = markings.get(row.id)
  const content = contents.get(row.id)
  return {
    kind: 'act',
    space: row.space,
    id: row.id,
    stamp: [row.id, ...(ended ? [ended] : []), ...against.map(({ id }) => id)].join(' '),
    at: Math.max(ended ? row.last_at : row.at, ...against.map(({ at }) => at)),
    state: ended ?? (against.length > 0 ? 'contested' : 'stands'),
    ...(marking && { marking }),
    ...(!content && { isWithheld: true as const }),
    href: actHref(row.space, row.id),
    words: ({ t, language, viewer, services }) => {
      if (!content) return ''
      const key = Object.assign({}, ...services.modules.map(({ registered }) => registered?.kinds ?? {}))[row.kind]
      const named = content.text ?? contents.get(row.about ?? '')?.text
      const parties = [...new Set(against.map(({ author }) => services.nameOf(author, language)))]
      return t('lines.ground-act', {
        form: key === undefined ? row.kind : t(key),
        party: services.nameOf(row.author, language),
        day: formatDate(row.at, viewer.person.zone, language),
        subject: headlineOf(named, language) ?? content.text?.paragraphs?.[0]?.slice(0, 120) ?? '–',
        disputed: parties.length,
        parties: formatList(parties, language),
      })
    },
  }
}

/** What ended it; an acknowledgement or an answer does not. */
function endOf({ state, is_corrected: isCorrected }: Row): 'withdrawn' | 'replaced' | 'returned' | undefined {
  if (state === 'withdrawn' || state === 'returned') return state
  return state === 'superseded' || isCorrected ? 'replaced' : undefined
}
