import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { listPlans } from './plan/read-plans.ts'

/** Plans this person may read, as a search finds them: as they were written last. */
export async function planRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  return (await listPlans(services, viewer)).map(({ id, latest }) => {
    const { name, purpose, roles, steps, texts, annexes } = latest.content
    return {
      href: `/plans/${id}`,
      form: 'preparedness.plan',
      title: name,
      text: {
        name,
        purpose,
        roles: roles.map(({ title }) => title),
        steps: steps.map(({ title, words }) => [title, words]),
        texts: texts.map(({ title, words }) => [title, words]),
        annexes: annexes.map(({ agreed }) => agreed),
      },
      marking: { tlp: latest.marking },
      at: latest.at,
    }
  })
}
