import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { compartmentFor } from '../need-to-know/compartments.ts'
import { beyondSight, inCompartment, inSight } from '../need-to-know/in-sight.ts'
import { changing } from './changing.ts'
import type { Consistency, Lens } from './marks.ts'
import { nextEvidence } from './number-evidence.ts'
import { keepSource } from './sources.ts'
import '../tables.ts'

export interface NewEvidence {
  id: string
  words: string
  source: string
  reliability: string
  credibility: string
  stixId?: string
  tlp: Tlp
  compartment?: string
  lens?: Lens
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
        lens: item.lens ?? null,
        compartment,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return undefined
    const marks = await marksOn(services, viewer, tx, { incident, evidence: item.id, marks: item.marks })
    await writeMarks(services, viewer, tx, marks)
    if (item.sourceIdentity) await keepSource(services, viewer, tx, { evidence: item.id, ...item.sourceIdentity })
    return { kind: 'evidence', compartment, facts: { number, grade: `${item.reliability}${item.credibility}` } }
  })
}

export interface NewGrade {
  reliability: string
  credibility: string
  marks: Record<string, Consistency>
  /** Asked for where the grade is another. */
  why?: string
  /** Left as it is unless given. */
  lens?: Lens
}

/**
 * Grades an item anew: Admiralty and its mark against each hypothesis given. Each grade it had is kept with the reason.
 *
 * @throws Refusal `incidents.evidence-not-found`, `incidents.regrade-why`
 */
export async function regradeEvidence(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  evidence: string,
  grade: NewGrade,
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const row = await gradedItem(services, viewer, tx, { incident, evidence })
    if (row.reliability !== grade.reliability || row.credibility !== grade.credibility)
      await regrade(services, viewer, tx, { incident, evidence, row, grade })
    if (grade.lens)
      await tx.updateTable('home.incidents_evidence').set({ lens: grade.lens }).where('id', '=', evidence).execute()
    const marks = await marksOn(services, viewer, tx, { incident, evidence, marks: grade.marks })
    await writeMarks(services, viewer, tx, marks)
    return {
      kind: 'regraded',
      compartment: row.compartment,
      facts: { number: row.number, grade: `${grade.reliability}${grade.credibility}` },
    }
  })
}

async function gradedItem(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { incident, evidence }: { incident: string; evidence: string },
) {
  const row = await tx
    .selectFrom('home.incidents_evidence')
    .select(['number', 'compartment', 'reliability', 'credibility'])
    .where('id', '=', evidence)
    .where('incident', '=', incident)
    .where('withdrawn_at', 'is', null)
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, 'home.incidents_evidence'))
    .executeTakeFirst()
  if (!row) throw new Refusal('incidents.evidence-not-found')
  return row
}

type Graded = Awaited<ReturnType<typeof gradedItem>>

async function regrade(
  { clock }: Services,
  { person }: Viewer,
  tx: Tx,
  { incident, evidence, row, grade }: { incident: string; evidence: string; row: Graded; grade: NewGrade },
): Promise<void> {
  const { reliability, credibility, why = '' } = grade
  if (why === '') throw new Refusal('incidents.regrade-why', { field: 'why' })
  await tx.updateTable('home.incidents_evidence').set({ reliability, credibility }).where('id', '=', evidence).execute()
  await tx
    .insertInto('home.incidents_regrade')
    .values({
      ...{ incident, evidence, compartment: row.compartment, reliability, credibility, why },
      ...{ from_reliability: row.reliability, from_credibility: row.credibility },
      ...{ by_person: person.id, at: clock.now() },
    })
    .execute()
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

/** Writes marks in one statement; one that stands is replaced. */
export async function writeMarks(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  marks: readonly { evidence: string; hypothesis: string; consistency: Consistency }[],
): Promise<void> {
  if (marks.length === 0) return
  await tx
    .insertInto('home.incidents_mark')
    .values(marks.map((one) => ({ ...one, by_person: viewer.person.id, at: services.clock.now() })))
    .onConflict((conflict) =>
      conflict.columns(['evidence', 'hypothesis']).doUpdateSet((eb) => ({
        consistency: eb.ref('excluded.consistency'),
        by_person: eb.ref('excluded.by_person'),
        at: eb.ref('excluded.at'),
      })),
    )
    .execute()
}

/** Marks of one item by the hypotheses that are there. */
async function marksOn(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { incident, evidence, marks }: { incident: string; evidence: string; marks: Record<string, Consistency> },
) {
  const hypotheses = await tx
    .selectFrom('home.incidents_hypothesis')
    .select('id')
    .where(inSight(services, viewer))
    .where('incident', '=', incident)
    .execute()
  return hypotheses.flatMap(({ id: hypothesis }) => {
    const consistency = marks[hypothesis]
    return consistency === undefined ? [] : [{ evidence, hypothesis, consistency }]
  })
}
