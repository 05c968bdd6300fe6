import { Refusal } from '../../core/http/refusal.ts'
import type { Json, Leaving, Module, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { betweenFaces } from './between/faces.tsx'
import { betweenActs } from './between/projection.ts'
import { registered } from './between/registered.ts'
import { forgetSaid, requireSayable } from './between/sayable.ts'
import { statedComposer } from './between/stated-composer.tsx'
import { answeredComposer, contestedComposer, withdrawnComposer } from './between/step-composers.tsx'
import { attributionRooms } from './incident-rooms.ts'
import { keptGrounds } from './kept-grounds.ts'
import type { TextPublishedBody } from './joint/acts.ts'
import { jointComposers, jointPublishedComposer } from './joint/composers.tsx'
import { jointFaces } from './joint/faces.tsx'
import { heldWords } from './joint/held-words.ts'
import { jointActs, jointTypes } from './joint/projection.ts'
import { publicationOf } from './joint/read-joint.ts'
import { attributionTables } from './migrations/0001-attributions.ts'
import { attributionsBetween } from './migrations/0002-between.ts'
import { attributionsJoint } from './migrations/0003-joint.ts'
import { attributionsBulletin } from './migrations/0004-bulletin.ts'
import { attributionNeeds } from './needs.ts'
import { evidenceNamed } from './evidence-named.ts'
import { picturedAttributions } from './pictured.ts'
import { isBulletin } from './publish/bulletin.ts'
import { requireForEverybody } from './publish/require-for-everybody.ts'
import { attributionRoutes } from './routes.tsx'

/** Who attributed an incident to whom, what we decide about it, and what is said of that to whom. */
export const attributions: Module = {
  name: 'attributions',
  acts: [...betweenActs, ...jointActs],
  faces: [...betweenFaces, ...jointFaces],
  composers: [statedComposer, answeredComposer, contestedComposer, withdrawnComposer, ...jointComposers],
  migrations: [attributionTables, attributionsBetween, attributionsJoint, attributionsBulletin],
  views: [
    'view.attributions_stated',
    'view.attributions_answer',
    'view.attributions_contest',
    'view.attributions_joint',
    'view.attributions_signature',
    'view.attributions_published',
    'view.attributions_break',
  ],
  registered,
  routes: attributionRoutes,
  needs: attributionNeeds,
  incidentRooms: attributionRooms,
  restsOn: evidenceNamed,
  keptGrounds,
  pictured: picturedAttributions,
  publicationOf,
  checkDraft: (services, _viewer, draft) => requireNoEmbargo(services, draft),
  checkLeaving: stillSayable,
  wordsForDraft: markingToBegin,
  heldWords,
  draftDiscarded: forgetSaid,
}

/** What is for everybody is offered as CLEAR first: in a bulletin, and a joint text begun to be published with all about it. */
async function markingToBegin(
  services: Services,
  _viewer: Viewer,
  { space, type, query }: { space: SpaceFacts; type: string; query: URLSearchParams },
): Promise<Record<string, string> | undefined> {
  if (isBulletin(services, space)) return { tlp: 'CLEAR' }
  if (!jointTypes.has(type)) return undefined
  if (query.get('publish') === 'yes') return { tlp: 'CLEAR' }
  const text = await services.ledger.findAct(query.get('proposal') ?? '')
  return text?.statement.marking.tlp === 'CLEAR' ? { tlp: 'CLEAR' } : undefined
}

/** Nothing about who did it is so urgent that one person says it alone. */
const twoPersons: ReadonlySet<string> = new Set(
  [...betweenActs, ...jointActs].filter(({ release }) => release === 'two-person').map(({ type }) => type),
)

/** At each yes, and once more when the hold is over: what stood at home then may not stand now. */
async function stillSayable(services: Services, { draft, space, stage }: Leaving): Promise<undefined> {
  if (stage === 'emergency' && twoPersons.has(draft.type)) throw new Refusal('attributions.never-alone')
  if (isBulletin(services, space)) await requireForEverybody(services, draft)
  if (draft.type === statedComposer.type) await requireSayable(services, draft, space)
  if (draft.type === jointPublishedComposer.type) await requireOver(services, draft)
  await requireNoEmbargo(services, draft)
}

/** What is under an embargo is handed on to nobody outside its space. */
async function requireNoEmbargo(services: Services, { type, body }: { type: string; body: Json }): Promise<void> {
  if (type !== 'originator.material-forwarded') return
  const { origin } = body as { origin?: { act?: string } }
  const acts = origin?.act === undefined ? [] : await services.ledger.findActs([origin.act])
  if ((await publicationOf(services, acts)).held.length > 0) throw new Refusal('attributions.embargo', { field: 'act' })
}

async function requireOver(services: Services, { body }: { body: Json }): Promise<void> {
  const { proposal } = body as unknown as TextPublishedBody
  const acts = await services.ledger.findActs([proposal])
  if ((await publicationOf(services, acts)).held.length > 0) throw new Refusal('attributions.embargo')
}
