import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { answerTo, isAcceptedByAll, listJoint, loadGoodOffices } from './offices.ts'

/** Good offices to take or not, versions of the single text to answer, and at the mediator's a text that both accept. */
export async function goodOfficesNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const all = await listJoint(services)
  const needs = await Promise.all(
    all.slice(0, 50).map(async (joint): Promise<Need[]> => {
      const offices = await loadGoodOffices(services, viewer, joint)
      if (offices.ended) return []
      const newest = offices.texts.at(-1)
      const need = (verb: string, form: string): Need => ({
        key: `good-offices:${verb}:${joint.id}:${newest?.hash ?? ''}`,
        verb: `good-offices.action.${verb}`,
        form: `good-offices.needs.${form}`,
        from: offices.mediator,
        headline: '',
        href: `/good-offices/${joint.id}`,
        space: joint.id,
        waitsFor: 'me',
      })
      if (offices.isMediator)
        return newest && !newest.agreed_by && isAcceptedByAll(offices, newest) ? [need('declare', 'accepted')] : []
      const [own] = offices.confidences
      if (!own || own.ended) return []
      const isUnanswered = newest && !newest.agreed_by && !answerTo(own, newest)
      return [
        ...(own.consentedAt === undefined && viewer.may('good-offices.offer-taken:send')
          ? [need('take', 'offered')]
          : []),
        ...(isUnanswered && viewer.may('good-offices.text-answered:draft') ? [need('answer', 'text')] : []),
      ]
    }),
  )
  return needs.flat()
}
