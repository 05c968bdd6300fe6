import { endOfDay } from '../../core/clocks/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { type Demarche, listDemarches, standings } from './demarche.ts'

/** Instructions that were not delivered everywhere, and talks of which nothing came home. */
export async function demarcheNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('demarches.read-out:draft')) return []
  return (await listDemarches(services, viewer)).flatMap((demarche): Need[] => {
    const verb = verbOf(demarche)
    if (verb === undefined) return []
    return [
      {
        key: `demarche:${demarche.id}`,
        verb: `demarches.action.${verb}`,
        form: 'demarches.form',
        headline: demarche.subject,
        href: `/demarches/${demarche.id}`,
        waitsFor: 'me',
        ...(verb === 'deliver' && demarche.deliverBy
          ? { dueAt: endOfDay(demarche.deliverBy, viewer.person.zone) }
          : {}),
      },
    ]
  })
}

function verbOf(demarche: Demarche): 'deliver' | 'read-out' | undefined {
  const there = standings(demarche)
  if (there.some((one) => !one.delivered)) return 'deliver'
  return there.some((one) => !one.readOut) ? 'read-out' : undefined
}
