import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getOpenIncident } from '../incident.ts'
import probability from '../reference/probability.json' with { type: 'json' }
import { type Consistency, type GradedEvidence, type RankedHypothesis, rank, type Ranking } from './ranking.ts'
import { compartmentFor, itemsPerCompartment, numberBase } from '../need-to-know/compartments.ts'
import { beyondSight, inCompartment, inSight } from '../need-to-know/in-sight.ts'
import { lockIncident } from '../need-to-know/series.ts'
import { type NewEntry, publishChange, writeEntry } from '../write-entry.ts'
import { keepSource } from './sources.ts'
import '../tables.ts'

export const probabilitySchemes = probability.schemes
export const confidenceLevels = probability.confidence.levels

export interface Hypothesis {
  id: string
  number: number
  words: string
  by: string
  at: number
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
  by: string
  at: number
}

export interface Weighing {
  hypotheses: Hypothesis[]
  /** Withdrawn items among them; the ranking leaves them out. */
  evidence: Evidence[]
  ranking: Ranking
  assessments: Assessment[]
}

/** Everything weighed in an incident, with the ranking of now. */
export async function readWeighing(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incident: string,
  db: Reader = services.db,
): Promise<Weighing> {
  const [hypotheses, items, marks, assessments] = await Promise.all([
    db
      .selectFrom('home.incidents_hypothesis')
      .selectAll()
      .where(inSight(services, viewer))
      .where('incident', '=', incident)
      .orderBy('number')
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
      .selectAll('m')
      .where(inSight(services, viewer, 'e.incident'))
      .where(inCompartment(services, viewer, 'e'))
      .where('e.incident', '=', incident)
      .execute(),
    db
      .selectFrom('home.incidents_assessment')
      .selectAll()
      .where(inSight(services, viewer))
      .where('incident', '=', incident)
      .orderBy('number')
      .execute(),
  ])
  const marksOf = Map.groupBy(marks, (one) => one.evidence)
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
      marks: Object.fromEntries(
        (marksOf.get(row.id) ?? []).map((one) => [one.hypothesis, one.consistency as Consistency]),
      ),
    }),
  )
  const standing = evidence.filter((one) => one.withdrawnAt === undefined)
  return {
    hypotheses: hypotheses.map(({ id, number, words, by_person: by, at }) => ({ id, number, words, by, at })),
    evidence,
    ranking: rank(
      hypotheses.map((one) => one.id),
      standing,
    ),
    assessments: assessments.map(({ by_person: by, incident: _, ...row }) => ({ ...row, by })),
  }
}

/** Adds a hypothesis: a sentence that evidence can contradict. */
export async function addHypothesis(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, words }: { id: string; words: string },
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const number = await nextNumber(tx, 'home.incidents_hypothesis', incident)
    const done = await tx
      .insertInto('home.incidents_hypothesis')
      .values({ id, incident, number, words, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n ? undefined : { kind: 'hypothesis', words, facts: { number } }
  })
}

export interface NewEvidence {
  id: string
  words: string
  source: string
  reliability: string
  credibility: string
  stixId?: string
  tlp: Tlp
  compartment?: string
  /** Who the source is: for whoever writes this, and the deputy they name. */
  sourceIdentity?: { identity: string; deputy?: string }
  /** Hypothesis id → mark. */
  marks: Record<string, Consistency>
}

/** Adds an item of evidence, graded and set against every hypothesis. */
export async function addEvidence(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  item: NewEvidence,
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    if (tlpRank(item.tlp) > tlpRank(viewer.ceiling))
      throw new Refusal('incidents.marking-above-reader', { field: 'tlp' })
    const compartment = await compartmentFor(services, viewer, incident, item.compartment)
    const number = await nextEvidence(tx, incident, compartment)
    const done = await tx
      .insertInto('home.incidents_evidence')
      .values({
        id: item.id,
        incident,
        number,
        words: item.words,
        source: item.source,
        reliability: item.reliability,
        credibility: item.credibility,
        stix_id: await heldObject(tx, incident, item.stixId),
        tlp: item.tlp,
        by_person: viewer.person.id,
        at: services.clock.now(),
        withdrawn_at: null,
        compartment,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return undefined
    await writeMarks(services, viewer, tx, incident, item.id, item.marks)
    if (item.sourceIdentity) await keepSource(services, viewer, tx, { evidence: item.id, ...item.sourceIdentity })
    return { kind: 'evidence', compartment, facts: { number, grade: `${item.reliability}${item.credibility}` } }
  })
}

/** Grades an item anew: Admiralty and its mark against each hypothesis given. */
export async function regradeEvidence(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  evidence: string,
  grade: { reliability: string; credibility: string; marks: Record<string, Consistency> },
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const row = await tx
      .updateTable('home.incidents_evidence')
      .set({ reliability: grade.reliability, credibility: grade.credibility })
      .where('id', '=', evidence)
      .where('incident', '=', incident)
      .where('withdrawn_at', 'is', null)
      .where(inCompartment(services, viewer, 'home.incidents_evidence'))
      .returning(['number', 'compartment'])
      .executeTakeFirst()
    if (!row) throw new Refusal('incidents.evidence-not-found')
    await writeMarks(services, viewer, tx, incident, evidence, grade.marks)
    return {
      kind: 'regraded',
      compartment: row.compartment,
      facts: { number: row.number, grade: `${grade.reliability}${grade.credibility}` },
    }
  })
}

/** Takes an item out of the weighing; it stays in view with its date. */
export async function withdrawEvidence(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  evidence: string,
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const row = await tx
      .updateTable('home.incidents_evidence')
      .set({ withdrawn_at: services.clock.now() })
      .where('id', '=', evidence)
      .where('incident', '=', incident)
      .where('withdrawn_at', 'is', null)
      .where(inCompartment(services, viewer, 'home.incidents_evidence'))
      .returning(['number', 'compartment'])
      .executeTakeFirst()
    return row && { kind: 'evidence-withdrawn', compartment: row.compartment, facts: { number: row.number } }
  })
}

export interface NewAssessment {
  id: string
  hypothesis: string
  /** `<scheme>:<word>`: a word means nothing without its scheme. */
  probability: string
  confidence: string
  why: string
}

/**
 * Records a person's judgement beside the computed ranking of the moment; earlier ones stay.
 *
 * @throws Refusal `incidents.hypothesis-not-found`, `incidents.unknown-word`
 */
export async function recordAssessment(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  assessment: NewAssessment,
): Promise<void> {
  const [scheme = '', word = ''] = assessment.probability.split(':')
  const known = probabilitySchemes.find((one) => one.id === scheme)?.words.some((one) => one.word === word)
  if (!known || !confidenceLevels.includes(assessment.confidence)) throw new Refusal('incidents.unknown-word')
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const { hypotheses, evidence } = await readWeighing(services, viewer, incident, tx)
    // What is recorded for all readers rests on what all of them may see.
    const shared = evidence.filter((one) => one.withdrawnAt === undefined && one.compartment === undefined)
    const ranking = rank(
      hypotheses.map((one) => one.id),
      shared,
    )
    const judged = hypotheses.find((one) => one.id === assessment.hypothesis)
    if (!judged) throw new Refusal('incidents.hypothesis-not-found', { field: 'hypothesis' })
    const number = await nextNumber(tx, 'home.incidents_assessment', incident)
    const done = await tx
      .insertInto('home.incidents_assessment')
      .values({
        id: assessment.id,
        incident,
        number,
        hypothesis: judged.id,
        scheme,
        word,
        confidence: assessment.confidence,
        why: assessment.why,
        ranking: JSON.stringify(ranking.ranked),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n
      ? undefined
      : { kind: 'assessed', facts: { number, hypothesis: judged.number } }
  })
}

type Change = Omit<NewEntry, 'id' | 'incident' | 'at'> | undefined

/** One change at a time per incident, with its line in the log. */
async function changing(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  change: (tx: Tx, incident: string) => Promise<Change>,
): Promise<void> {
  const { id } = await getOpenIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, id)
    const entry = await change(tx, id)
    if (entry) await writeEntry(services, viewer, tx, { incident: id, ...entry })
  })
  publishChange(services, id)
}

async function nextNumber(
  tx: Tx,
  table: 'home.incidents_hypothesis' | 'home.incidents_assessment',
  incident: string,
): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), 0) + 1 as number from ${sql.table(table)} where incident = ${incident}
      and ${beyondSight('only the next number, of an incident the caller was given')}`.execute(tx)
  return rows[0]?.number ?? 1
}

/** Items of a compartment are numbered apart: no gap in the numbers of the others tells of them. */
async function nextEvidence(tx: Tx, incident: string, compartment: string | null): Promise<number> {
  const base = compartment === null ? 0 : numberBase(compartment)
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), ${base}::integer) + 1 as number from home.incidents_evidence
    where incident = ${incident} and number > ${base}::integer and number < ${base + itemsPerCompartment}::integer
      and ${beyondSight('only the next number, of a compartment the caller was given')}`.execute(tx)
  return rows[0]?.number ?? base + 1
}

async function heldObject(tx: Tx, incident: string, stixId: string | undefined): Promise<string | null> {
  if (stixId === undefined) return null
  const held = await tx
    .selectFrom('home.incidents_object')
    .select('stix_id')
    .where(beyondSight('whether it is in an incident the caller was given'))
    .where('incident', '=', incident)
    .where('stix_id', '=', stixId)
    .executeTakeFirst()
  if (!held) throw new Refusal('incidents.object-not-found', { field: 'stixId' })
  return held.stix_id
}

async function writeMarks(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  incident: string,
  evidence: string,
  marks: Record<string, Consistency>,
): Promise<void> {
  const hypotheses = await tx
    .selectFrom('home.incidents_hypothesis')
    .select('id')
    .where(inSight(services, viewer))
    .where('incident', '=', incident)
    .execute()
  for (const { id } of hypotheses) {
    const consistency = marks[id]
    if (consistency === undefined) continue
    const by = { consistency, by_person: viewer.person.id, at: services.clock.now() }
    await tx
      .insertInto('home.incidents_mark')
      .values({ evidence, hypothesis: id, ...by })
      .onConflict((conflict) => conflict.columns(['evidence', 'hypothesis']).doUpdateSet(by))
      .execute()
  }
}
