import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Submission, Viewer } from '../../core/module/types.ts'
import { namedId } from './campaign.ts'
import { loadRound } from './load-round.ts'

/**
 * Says in the network how a round went, once it is over: earlier, the day alone would tell that everybody had
 * answered. The same round again is the same act.
 *
 * @throws Refusal `checks-not-over` before the round ends
 */
export async function publishResults(services: Services, viewer: Viewer, id: string): Promise<Submission> {
  const { round, network, isOver, figures } = await loadRound(services, id)
  if (!isOver) throw new Refusal('checks-not-over')
  return services.outbox.send({
    space: network.id,
    type: 'checks.results-published',
    id: namedId('results', services.party, round.id),
    office: viewer.office.id,
    body: {
      round: round.id,
      opensAt: round.opens_at,
      closesAt: round.closes_at,
      within: round.within,
      ...(figures && { figures: { asked: figures.asked, answered: figures.answered } }),
    },
    marking: { tlp: 'AMBER' },
  })
}
