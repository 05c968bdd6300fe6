import type { Leaving, Module, Services } from '../../core/module/types.ts'
import { betweenFaces } from './between/faces.tsx'
import { betweenActs } from './between/projection.ts'
import { registered } from './between/registered.ts'
import { requireSayable } from './between/sayable.ts'
import { statedComposer } from './between/stated-composer.tsx'
import { answeredComposer, contestedComposer, withdrawnComposer } from './between/step-composers.tsx'
import { attributionRooms } from './incident-rooms.ts'
import { attributionTables } from './migrations/0001-attributions.ts'
import { attributionsBetween } from './migrations/0002-between.ts'
import { attributionNeeds } from './needs.ts'
import { evidenceNamed } from './evidence-named.ts'
import { picturedAttributions } from './pictured.ts'
import { attributionRoutes } from './routes.tsx'

/** Who attributed an incident to whom, what we decide about it, and what is said of that to whom. */
export const attributions: Module = {
  name: 'attributions',
  acts: betweenActs,
  faces: betweenFaces,
  composers: [statedComposer, answeredComposer, contestedComposer, withdrawnComposer],
  migrations: [attributionTables, attributionsBetween],
  views: ['view.attributions_stated', 'view.attributions_answer', 'view.attributions_contest'],
  registered,
  routes: attributionRoutes,
  needs: attributionNeeds,
  incidentRooms: attributionRooms,
  restsOn: evidenceNamed,
  pictured: picturedAttributions,
  checkLeaving: stillSayable,
}

/** At each yes, and once more when the hold is over: what stood at home then may not stand now. */
async function stillSayable(services: Services, { draft }: Leaving): Promise<undefined> {
  if (draft.type === statedComposer.type) await requireSayable(services, draft)
}
