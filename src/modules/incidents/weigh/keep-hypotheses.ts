import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { changing, nextNumber } from './changing.ts'
import { writeMarks } from './keep-evidence.ts'
import type { Consistency } from './marks.ts'
import { inForce, readWeighing, standing } from './weighing.ts'
import type { HypothesisStep } from '../tables.ts'

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

export const hypothesisSteps = ['dropped', 'taken-up', 'same-as'] as const satisfies HypothesisStep[]

/**
 * Drops a hypothesis, takes it up again, or joins it to another that says the same; its marks stay as they are.
 *
 * @throws Refusal `incidents.hypothesis-not-found`, `incidents.hypothesis-stands`, `incidents.hypothesis-joined`
 */
export async function moveHypothesis(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  step: { id: string; hypothesis: string; kind: HypothesisStep; sameAs?: string; why: string },
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const { hypotheses } = await readWeighing(services, viewer, incident, tx)
    const one = hypotheses.find(({ id }) => id === step.hypothesis)
    const other = standing(hypotheses).find(({ id }) => id === step.sameAs && id !== step.hypothesis)
    if (!one) throw new Refusal('incidents.hypothesis-not-found')
    if (step.kind === 'same-as' && !other) throw new Refusal('incidents.hypothesis-not-found', { field: 'sameAs' })
    const isAgain = one.steps.some(({ id }) => id === step.id)
    if (isAgain) return undefined
    if ((one.state === 'standing') === (step.kind === 'taken-up')) throw new Refusal('incidents.hypothesis-stands')
    if (step.kind !== 'taken-up' && hypotheses.some(({ sameAs }) => sameAs === one.id))
      throw new Refusal('incidents.hypothesis-joined')
    await tx
      .insertInto('home.incidents_hypothesis_step')
      .values({
        id: step.id,
        incident,
        hypothesis: one.id,
        kind: step.kind,
        same_as: step.kind === 'same-as' ? (other?.id ?? null) : null,
        why: step.why,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .execute()
    return { kind: `hypothesis-${step.kind}`, words: step.why, facts: { number: one.number } }
  })
}

/** Marks items against one hypothesis; items of a compartment are told of in its own log only. */
export async function judgeHypothesis(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { hypothesis, marks }: { hypothesis: string; marks: ReadonlyMap<number, Consistency> },
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const { hypotheses, evidence } = await readWeighing(services, viewer, incident, tx)
    const one = hypotheses.find(({ id }) => id === hypothesis)
    if (!one) throw new Refusal('incidents.hypothesis-not-found')
    const changed = inForce(evidence).filter((item) => {
      const mark = marks.get(item.number)
      return mark !== undefined && mark !== item.marks[one.id]
    })
    await writeMarks(
      services,
      viewer,
      tx,
      changed.map((item) => ({
        evidence: item.id,
        hypothesis: one.id,
        consistency: marks.get(item.number) as Consistency,
      })),
    )
    return [...Map.groupBy(changed, (item) => item.compartment)].map(([compartment, items]) => ({
      kind: 'judged',
      compartment: compartment ?? null,
      facts: { number: one.number, count: items.length },
    }))
  })
}
