import type { Module } from '../../core/module/types.ts'
import { formatDateTime } from '../../text/index.ts'
import { breachAnswerComposer, breachComposer, stepComposers } from './cooling-off/answer-composers.tsx'
import { coolingOffActs } from './cooling-off/definitions.ts'
import { coolingOffFaces } from './cooling-off/faces.tsx'
import { coolingOffNeeds } from './cooling-off/needs.ts'
import { findRunning } from './cooling-off/periods.ts'
import { proposalComposer } from './cooling-off/proposal-composer.tsx'
import { coolingOffTables } from './migrations/0001-cooling-off.ts'
import { deEscalationRoutes } from './routes.tsx'

/** Where a case stands on the way from contact to cooperation, and cooling-off periods agreed on that way. */
export const deEscalation: Module = {
  name: 'de-escalation',
  acts: coolingOffActs,
  faces: coolingOffFaces,
  composers: [proposalComposer, ...stepComposers, breachComposer, breachAnswerComposer],
  migrations: [coolingOffTables],
  views: [
    'view.de_escalation_period',
    'view.de_escalation_agreement',
    'view.de_escalation_breach',
    'view.de_escalation_answer',
  ],
  routes: deEscalationRoutes,
  needs: coolingOffNeeds,
  async spaceActions(services, viewer, space) {
    if (!viewer.may('de-escalation:read')) return []
    const here = `/spaces/${space.id}`
    const path = { label: 'de-escalation.title', method: 'GET' as const, href: `${here}/path` }
    const running = await findRunning(services, space)
    const { zone, language } = viewer.person
    return [
      ...(space.kind === 'case' ? [path] : []),
      ...(running
        ? [
            {
              label: 'de-escalation.cooling.runs-until',
              labelFacts: { until: formatDateTime(running.ends_at, zone, language) },
              method: 'GET' as const,
              href: `${here}/cooling-off`,
            },
          ]
        : []),
    ]
  },
}
