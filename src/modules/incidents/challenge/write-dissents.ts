import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { DissentStep } from '../tables.ts'
import { changing } from '../weigh/changing.ts'
import { readWeighing, standing } from '../weigh/weighing.ts'
import { requireWord } from '../weigh/record-assessment.ts'
import { type Dissent, readDissents } from './dissents.ts'
import '../tables.ts'

export interface NewDissent {
  id: string
  assessment: string
  words: string
  alternative?: string
  /** `<scheme>:<word>` */
  probability?: string
}

/**
 * Records that the person who writes disagrees with a colleague's assessment. It stays beside the assessment for good.
 *
 * @throws Refusal `incidents.assessment-not-found`, `incidents.own-assessment`, `incidents.hypothesis-not-found`
 */
export async function recordDissent(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  dissent: NewDissent,
): Promise<void> {
  const own = dissent.probability === undefined ? undefined : requireWord(services, dissent.probability)
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const { assessments, hypotheses } = await readWeighing(services, viewer, incident, tx)
    const about = assessments.find(({ id }) => id === dissent.assessment)
    if (!about) throw new Refusal('incidents.assessment-not-found')
    // Who thinks differently by now records another assessment.
    if (about.by === viewer.person.id) throw new Refusal('incidents.own-assessment')
    if (dissent.alternative !== undefined && !standing(hypotheses).some(({ id }) => id === dissent.alternative))
      throw new Refusal('incidents.hypothesis-not-found', { field: 'alternative' })
    const done = await tx
      .insertInto('home.incidents_dissent')
      .values({
        id: dissent.id,
        incident,
        assessment: about.id,
        words: dissent.words,
        alternative: dissent.alternative ?? null,
        scheme: own?.scheme ?? null,
        word: own?.word ?? null,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n
      ? undefined
      : { kind: 'dissent', words: dissent.words, facts: { number: about.number } }
  })
}

export const dissentSteps = ['answered', 'upheld', 'given-up'] as const satisfies DissentStep[]

/** What this person may do about a dissent now: others answer it, the dissenter upholds it or gives it up. */
export function stepsOpenTo(viewer: Pick<Viewer, 'person'>, dissent: Pick<Dissent, 'by' | 'state'>): DissentStep[] {
  if (dissent.state === 'given-up') return []
  if (dissent.by !== viewer.person.id) return dissent.state === 'standing' ? ['answered'] : []
  return dissent.state === 'answered' ? ['upheld', 'given-up'] : ['given-up']
}

/**
 * Answers a dissent, upholds it against an answer, or gives it up; each with a reason, none taking anything away.
 *
 * @throws Refusal `incidents.dissent-not-found`, `incidents.dissent-moved`
 */
export async function moveDissent(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  step: { id: string; dissent: string; kind: DissentStep; words: string },
): Promise<void> {
  await changing(services, viewer, incidentId, async (tx, incident) => {
    const one = (await readDissents(services, viewer, incident, tx)).find(({ id }) => id === step.dissent)
    if (!one) throw new Refusal('incidents.dissent-not-found')
    if (one.steps.some(({ id }) => id === step.id)) return undefined
    if (!stepsOpenTo(viewer, one).includes(step.kind)) throw new Refusal('incidents.dissent-moved')
    await tx
      .insertInto('home.incidents_dissent_step')
      .values({
        id: step.id,
        incident,
        dissent: one.id,
        kind: step.kind,
        words: step.words,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .execute()
    return { kind: `dissent-${step.kind}`, words: step.words }
  })
}
