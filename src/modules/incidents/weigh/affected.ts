import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { wordsHash } from './evidence-states.ts'
import { type Changed, changedSince, fingerprintOf, type RestedOn } from './rests-on.ts'
import '../tables.ts'

/** What became of the items an assessment rested on, and who looked at that. */
export interface Affected {
  assessment: string
  incident: string
  changed: Changed[]
  looks: { why: string; by: string; at: number }[]
  /** Nobody has looked at what changed yet. */
  isUnseen: boolean
}

/** Whose newest assessments are asked about: of some incidents, or those a person wrote. */
type Which = { incidents: readonly string[] } | { by: string } | { assessment: string }

/**
 * Assessments of which an item was withdrawn, erased, graded or marked anew since; one query over all incidents asked
 * about. Only the assessment that stands is asked about, unless one is named.
 */
export async function readAffected(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  which: Which,
): Promise<Affected[]> {
  const rows = await changedRows(services, viewer, which)
  if (rows.length === 0) return []
  const looks = await looksAt(services, viewer, [...new Set(rows.map(({ assessment }) => assessment))])
  return [...Map.groupBy(rows, ({ assessment }) => assessment)].map(([assessment, mine]) => {
    const incident = mine[0]?.incident ?? ''
    const changed = changedSince(mine.map(restedOn), new Map(mine.flatMap(stateOf)), incident)
    const seen = looks.filter((one) => one.assessment === assessment)
    return {
      ...{ assessment, incident, changed },
      looks: seen.map(({ why, by_person: by, at }) => ({ why, by, at })),
      isUnseen: seen.at(-1)?.state !== fingerprintOf(changed),
    }
  })
}

type Row = Awaited<ReturnType<typeof changedRows>>[number]

const restedOn = (row: Row): RestedOn => ({
  id: row.evidence,
  number: row.number,
  tlp: row.tlp,
  grade: `${row.reliability}${row.credibility}`,
  wordsHash: row.words_hash,
  marks: row.marks,
})

const stateOf = (row: Row) =>
  row.now_incident === null
    ? []
    : [
        [
          row.evidence,
          {
            ...{
              incident: row.now_incident,
              tlp: row.now_tlp as Tlp,
              isClosed: row.compartment !== null,
              wordsHash: row.now_hash ?? '',
            },
            ...{ grade: `${row.now_reliability}${row.now_credibility}`, marks: row.now_marks ?? {} },
            ...(row.withdrawn_at !== null && { withdrawnAt: row.withdrawn_at }),
          },
        ] as const,
      ]

/** Only items that changed: the comparison of the others stays in the database. */
function changedRows({ db, clock }: Pick<Services, 'db' | 'clock'>, viewer: Viewer, which: Which) {
  const asked =
    'incidents' in which
      ? sql<boolean>`a.incident = any(${texts([...which.incidents])})`
      : 'by' in which
        ? sql<boolean>`a.by_person = ${which.by}`
        : sql<boolean>`a.id = ${which.assessment}`
  const stands =
    'assessment' in which
      ? sql<boolean>`true`
      : sql<boolean>`not exists (select from home.incidents_assessment later
          where later.incident = a.incident and later.number > a.number)`
  return db
    .selectFrom('home.incidents_assessment as a')
    .innerJoin('home.incidents_rested as r', 'r.assessment', 'a.id')
    .leftJoin('home.incidents_evidence as e', (join) =>
      join.onRef('e.id', '=', 'r.evidence').on(inSight({ clock }, viewer, 'e.incident')),
    )
    .select(['r.assessment', 'r.incident', 'r.evidence', 'r.number', 'r.tlp', 'r.words_hash', 'r.marks'])
    .select(['r.reliability', 'r.credibility', 'e.withdrawn_at', 'e.compartment', 'e.tlp as now_tlp'])
    .select('e.incident as now_incident')
    .select(['e.reliability as now_reliability', 'e.credibility as now_credibility'])
    .select(sql<string | null>`case when e.id is not null then ${wordsHash} end`.as('now_hash'))
    .select(
      sql<Record<string, string> | null>`(select jsonb_object_agg(m.hypothesis, m.consistency)
        from home.incidents_mark m where m.evidence = r.evidence)`.as('now_marks'),
    )
    .where(
      sql<boolean>`(e.id is null or e.incident <> r.incident or e.withdrawn_at is not null or e.compartment is not null or e.tlp <> r.tlp
        or e.reliability <> r.reliability or e.credibility <> r.credibility or ${wordsHash} <> r.words_hash
        or exists (select from home.incidents_mark m where m.evidence = r.evidence and m.at >= a.at and r.marks ? m.hypothesis
          and r.marks ->> m.hypothesis is distinct from m.consistency))`,
    )
    .where(asked)
    .where(stands)
    .where(inSight({ clock }, viewer, 'a.incident'))
    .orderBy('r.number')
    .execute()
}

const looksAt = ({ db, clock }: Pick<Services, 'db' | 'clock'>, viewer: Viewer, assessments: readonly string[]) =>
  db
    .selectFrom('home.incidents_assessment_look')
    .selectAll()
    .where(sql<boolean>`assessment = any(${texts([...assessments])})`)
    .where(inSight({ clock }, viewer))
    .orderBy('ordinal')
    .execute()
