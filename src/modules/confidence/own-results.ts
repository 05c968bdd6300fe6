import type { OwnResult, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { formatDate } from '../../text/index.ts'
import { listEvidence } from './list-evidence.ts'
import { measures, statusOf } from './measures.ts'

/** Measures that are shown now, each with the newest act of ours that shows it. */
export async function ownMeasures(services: Services, _viewer: Viewer, space: SpaceFacts): Promise<OwnResult[]> {
  const evidence = await listEvidence(services, space.drill?.name)
  const now = services.clock.now()
  return measures.flatMap((measure): OwnResult[] => {
    const status = statusOf(measure, evidence, now)
    const own = status.evidence.find(({ author }) => author === services.party)
    if (status.state !== 'shown' || !own) return []
    return [
      {
        ...{ of: `measure-${measure.number}`, space: own.space, act: own.hash, at: own.at },
        says: ({ viewer, t, language }) =>
          t('confidence.own', {
            number: measure.number,
            title: t(`confidence.measure.${measure.number}`),
            act: t(`confidence.kind.${own.kind}`, {
              party: services.nameOf(own.author, language),
              date: formatDate(own.at, viewer.person.zone, language),
            }),
          }),
      },
    ]
  })
}
