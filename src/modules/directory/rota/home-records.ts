import type { HomeRecord, Services, Viewer } from '../../../core/module/types.ts'
import { concerns, listHandOvers, listedOnRota } from './hand-over.ts'
import { onDutyAt } from './on-duty.ts'
import { readRota } from './shifts.ts'

const mostSearched = 300

/**
 * Notes handed over with a duty, as a search finds them: for whoever gave or took them and who keeps the rota on their
 * own page, and for whoever is on duty those that stand on the rota.
 */
export async function handOverRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('directory:read')) return []
  const now = services.clock.now()
  const [all, rota] = await Promise.all([
    listHandOvers(services, { limit: mostSearched }),
    readRota(services, now, now),
  ])
  const isOnDuty = onDutyAt(rota, now).some(({ person }) => person === viewer.person.id)
  const isKeeper = viewer.may('directory.rota:manage')
  return all.flatMap((one, place): HomeRecord[] => {
    const isOwn = isKeeper || concerns(one, viewer)
    if (!isOwn && !(isOnDuty && place < listedOnRota)) return []
    return [
      {
        href: isOwn ? `/directory/rota/hand-overs/${one.id}` : '/directory/rota',
        form: 'directory.rota.hand-over.form',
        title: `${one.from_name} – ${one.to_name}`,
        text: { title: [one.from_name, one.to_name], note: one.note },
        marking: { tlp: 'AMBER+STRICT' },
        at: one.given_at,
      },
    ]
  })
}
