import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Json, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { canonicalBytes } from '../../../protocol/index.ts'
import { listLinkedSpaces, othersIn } from '../../incidents/index.ts'
import type { PictureWords, SharedBody } from '../acts.ts'
import { readPlan } from '../plan/read-plans.ts'
import { type OwnPicture, ownPictures } from './shared-rows.ts'
import { tellPicture } from './tell-picture.ts'

export interface LoadedSharing {
  incident: string
  /** Spaces of the incident with others in them. */
  spaces: SpaceFacts[]
  /** Ours, that we keep up; `differs`: what would be told now under the same marking is not what it says. */
  pictures: (OwnPicture & { differs: boolean })[]
}

/** How the plan of an incident stands with others. */
export async function loadSharing(services: Services, viewer: Viewer, incident: string): Promise<LoadedSharing> {
  const [spaces, own] = await Promise.all([
    listLinkedSpaces(services, viewer, incident),
    ownPictures(services, viewer, { incident }),
  ])
  const contents = await revealedContents<SharedBody, PictureWords>(
    services,
    viewer,
    own.map(({ newest }) => newest),
  )
  const pictures = await Promise.all(
    own.map(async (one) => {
      const act = await services.ledger.findAct(one.newest)
      const said = contents.get(one.newest)
      const plan = await readPlan(services, viewer, incident, act?.statement.marking.tlp)
      const { body, text } = tellPicture(plan, { space: one.space, chosen: one.services })
      const differs = saying(said?.body, said?.text) !== saying(body, text)
      return { ...one, differs }
    }),
  )
  return { incident, spaces: spaces.filter((space) => othersIn(services, space).length > 0), pictures }
}

/** What a picture says, however it was written down. */
const saying = (body: SharedBody | undefined, text: PictureWords | undefined): string =>
  Buffer.from(
    canonicalBytes({
      services: (body?.services ?? []).toSorted((a, b) => (a.key < b.key ? -1 : 1)) as unknown as Json,
      names: text?.names ?? {},
    }),
  ).toString()
