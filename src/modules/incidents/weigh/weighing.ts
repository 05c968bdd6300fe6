import { type Selectable, sql } from 'kysely'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { Reader } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { type Dissent, readDissents } from '../challenge/dissents.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import type { Consistency, GradedEvidence, Lens } from './marks.ts'
import { type RankedHypothesis, rank, type Ranking } from './ranking.ts'
import type { ConfidenceReasons, HypothesisStep } from '../tables.ts'

export interface Hypothesis {
  id: string
  number: number
  words: string
  by: string
  at: number
  /** Only what stands is ranked. */
  state: 'standing' | 'dropped' | 'joined'
  /** Hypothesis that says the same and stands for both. */
  sameAs?: string
  /** What became of it, in order. */
  steps: { id: string; kind: HypothesisStep; sameAs?: string; why: string; by: string; at: number }[]
}

export interface Evidence extends GradedEvidence {
  number: number
  words: string
  source: string
  stixId?: string
  tlp: Tlp
  by: string
  at: number
  withdrawnAt?: number
  lens?: Lens
  /** Set of items it belongs to. */
  compartment?: string
}

/** A judgement on record: which hypothesis, how likely in which scheme's word, how sure of the ground, why. */
export interface Assessment {
  id: string
  number: number
  hypothesis: string
  scheme: string
  word: string
  confidence: string
  why: string
  /** The computed ranking of that moment. */
  ranking: RankedHypothesis[]
  /** What the confidence rests on. */
  reasons: ConfidenceReasons | null
  /** The band its word had that day, in per cent. */
  band: { from: number; to: number } | null
  by: string
  at: number
  /** Who disagrees, and what was answered. */
  dissents: Dissent[]
}

export interface Weighing {
  /** Those dropped or joined to another among them; the ranking leaves them out. */
  hypotheses: Hypothesis[]
  /** Withdrawn items among them; the ranking leaves them out. */
  evidence: Evidence[]
  ranking: Ranking
  assessments: Assessment[]
}

/** Everything weighed in an incident, with the ranking of now over what this person may see. */
export async function readWeighing(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incident: string,
  db: Reader = services.db,
): Promise<Weighing> {
  const [rows, steps, items, marks, assessments, dissents] = await Promise.all([
    db
      .selectFrom('home.incidents_hypothesis')
      .selectAll()
      .where(inSight(services, viewer))
      .where('incident', '=', incident)
      .orderBy('number')
      .execute(),
    db
      .selectFrom('home.incidents_hypothesis_step')
      .selectAll()
      .where(inSight(services, viewer))
      .where('incident', '=', incident)
      .orderBy('ordinal')
      .execute(),
    db
      .selectFrom('home.incidents_evidence')
      .selectAll()
      .where(inSight(services, viewer))
      .where(inCompartment(services, viewer, 'home.incidents_evidence'))
      .where('incident', '=', incident)
      .orderBy('number')
      .execute(),
    db
      .selectFrom('home.incidents_mark as m')
      .innerJoin('home.incidents_evidence as e', 'e.id', 'm.evidence')
      .select('m.evidence')
      .select(sql<Record<string, Consistency>>`jsonb_object_agg(m.hypothesis, m.consistency)`.as('marks'))
      .where(inSight(services, viewer, 'e.incident'))
      .where(inCompartment(services, viewer, 'e'))
      .where('e.incident', '=', incident)
      .groupBy('m.evidence')
      .execute(),
    db
      .selectFrom('home.incidents_assessment')
      .selectAll()
      .where(inSight(services, viewer))
      .where('incident', '=', incident)
      .orderBy('number')
      .execute(),
    readDissents(services, viewer, incident, db),
  ])
  const marksOf = new Map(marks.map((one) => [one.evidence, one.marks]))
  const evidence = items.map(
    (row): Evidence => ({
      id: row.id,
      number: row.number,
      words: row.words,
      source: row.source,
      reliability: row.reliability,
      credibility: row.credibility,
      tlp: row.tlp,
      by: row.by_person,
      at: row.at,
      ...(row.stix_id !== null && { stixId: row.stix_id }),
      ...(row.withdrawn_at !== null && { withdrawnAt: row.withdrawn_at }),
      ...(row.compartment !== null && { compartment: row.compartment }),
      ...(row.lens !== null && { lens: row.lens as Lens }),
      marks: marksOf.get(row.id) ?? {},
    }),
  )
  const stepsOf = Map.groupBy(steps, (one) => one.hypothesis)
  const hypotheses = rows.map(({ id, number, words, by_person: by, at }) => ({
    ...{ id, number, words, by, at },
    ...stateOf(stepsOf.get(id) ?? []),
  }))
  return {
    hypotheses,
    evidence,
    ranking: rank(
      standing(hypotheses).map((one) => one.id),
      inForce(evidence).filter((one) => tlpRank(one.tlp) <= tlpRank(viewer.ceiling)),
    ),
    assessments: assessments.map(({ by_person: by, incident: _, ...row }) => ({
      ...{ ...row, by },
      dissents: dissents.filter(({ assessment }) => assessment === row.id),
    })),
  }
}

/** Hypotheses that are weighed. */
export const standing = (hypotheses: readonly Hypothesis[]): Hypothesis[] =>
  hypotheses.filter((one) => one.state === 'standing')

/** Items that are weighed. */
export const inForce = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.filter((one) => one.withdrawnAt === undefined)

function stateOf(rows: readonly Selectable<Tables['home.incidents_hypothesis_step']>[]) {
  const steps: Hypothesis['steps'] = rows.map(({ id, kind, same_as: sameAs, why, by_person: by, at }) => ({
    ...{ id, kind, why, by, at },
    ...(sameAs !== null && { sameAs }),
  }))
  const last = steps.at(-1)
  if (last === undefined || last.kind === 'taken-up') return { state: 'standing' as const, steps }
  if (last.kind === 'dropped') return { state: 'dropped' as const, steps }
  return { state: 'joined' as const, steps, ...(last.sameAs !== undefined && { sameAs: last.sameAs }) }
}
