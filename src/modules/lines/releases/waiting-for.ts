import { sql } from 'kysely'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { incidentsNamed, inSight } from '../../incidents/index.ts'
import { ownReadOuts } from '../../talks/index.ts'
import { type Line, readLines } from '../read-lines.ts'
import { legalWanted } from '../read-outs/legal-wanted.ts'
import type { ReadOutStage } from '../read-outs/tables.ts'
import { type LineState, standingIn } from '../standing.ts'
import '../tables.ts'

/** Something of ours that is held for a time of release. */
export type Waiting =
  | {
      kind: 'line'
      href: string
      line: Line
      /** What the incident it belongs to is called in this house. */
      codeName: string
      /** Each language it is written in, and whether it may be said there once the time has come. */
      languages: { language: string; state: LineState; isReady: boolean }[]
      isReady: boolean
    }
  | { kind: 'read-out'; href: string; act: string; isReady: boolean }

interface Release {
  space: string
  release: string
}

/** What of ours waits for these releases, by proposal, as far as this person may know of it. */
export async function waitingFor(
  services: Services,
  viewer: Viewer,
  releases: readonly Release[],
): Promise<Map<string, Waiting[]>> {
  const held = await heldFor(services, releases)
  if (held.length === 0) return new Map()
  const [lines, readOuts] = await Promise.all([
    viewer.may('incidents:read') ? waitingLines(services, viewer, held) : new Map<string, Waiting>(),
    viewer.may('talks:read') ? waitingReadOuts(services, viewer, held) : new Map<string, Waiting>(),
  ])
  const shown = held.flatMap(({ about, release }) => {
    const found = lines.get(about) ?? readOuts.get(about)
    return found ? [{ release, found }] : []
  })
  return new Map(
    [...Map.groupBy(shown, ({ release }) => release)].map(([of, mine]) => [of, mine.map(({ found }) => found)]),
  )
}

interface Held extends Release {
  about: string
}

/** The newest row of each line and read-out counts, where it names one of these releases. */
async function heldFor({ db }: Pick<Services, 'db'>, releases: readonly Release[]): Promise<Held[]> {
  if (releases.length === 0) return []
  const hashes = texts(releases.map(({ release }) => release))
  const { rows } = await sql<Held>`
    select newest.about, newest.space, newest.release
    from (select distinct about from home.lines_embargo where release = any(${hashes})) asked
    cross join lateral (select * from home.lines_embargo e where e.about = asked.about
      order by e.ordinal desc limit 1) newest
    where newest.release = any(${hashes})
    order by newest.ordinal`.execute(db)
  return rows.filter((row) => releases.some(({ space, release }) => space === row.space && release === row.release))
}

async function waitingLines(services: Services, viewer: Viewer, held: readonly Held[]): Promise<Map<string, Waiting>> {
  const ids = held.map(({ about }) => about)
  const rows = await services.db
    .selectFrom('home.lines_line')
    .select(['id', 'incident'])
    .where(sql<boolean>`id = any(${texts(ids)})`)
    .where('withdrawn_at', 'is', null)
    .where(inSight(services, viewer))
    .execute()
  if (rows.length === 0) return new Map()
  const incidents = [...new Set(rows.map(({ incident }) => incident))]
  const [lines, named] = await Promise.all([
    readLines(services, viewer, { among: incidents }),
    incidentsNamed(services, viewer, incidents),
  ])
  const now = services.clock.now()
  const wanted = new Set(rows.map(({ id }) => id))
  return new Map(
    lines
      .filter(({ id }) => wanted.has(id))
      .map((line): [string, Waiting] => {
        const languages = [line.wording, ...line.translations].map(({ language }) => {
          const state = standingIn(line, language, { now })
          return { language, state, isReady: isReady(state) }
        })
        return [
          line.id,
          {
            kind: 'line',
            href: `/incidents/${line.incident}/lines/${line.id}`,
            line,
            codeName: named.get(line.incident)?.codeName ?? '',
            languages,
            isReady: languages.every((one) => one.isReady),
          },
        ]
      }),
  )
}

/** Nothing but the time is missing. */
const isReady = (state: LineState): boolean => state === 'embargoed' || state === 'not-yet' || state === 'may-be-said'

async function waitingReadOuts(
  services: Services,
  viewer: Viewer,
  held: readonly Held[],
): Promise<Map<string, Waiting>> {
  const hashes = held.map(({ about }) => about).filter((about) => /^[\w-]{43}$/.test(about))
  if (hashes.length === 0) return new Map()
  const [acts, contents, cleared, wanted] = await Promise.all([
    services.ledger.findActs(hashes),
    revealedContents(services, viewer, hashes),
    services.db.selectFrom('home.lines_read_out_clearance').selectAll().where('act', 'in', hashes).execute(),
    legalWanted(services, hashes),
  ])
  const newest = await Promise.all(hashes.map(async (hash) => [hash, (await ownReadOuts(services, hash))[0]] as const))
  const own = new Map(newest)
  const has = (hash: string, stage: ReadOutStage) =>
    cleared.some((one) => one.read_out === own.get(hash)?.id && one.stage === stage)
  return new Map(
    acts
      .filter(({ hash }) => contents.has(hash))
      .map(({ hash, space }): [string, Waiting] => [
        hash,
        {
          kind: 'read-out',
          href: `/spaces/${space}/acts/${hash}/read-outs`,
          act: hash,
          isReady: has(hash, 'second') && (!wanted.has(hash) || has(hash, 'legal')),
        },
      ]),
  )
}
