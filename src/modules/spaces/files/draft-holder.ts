import { Refusal } from '../../../core/http/index.ts'
import type { Draft, Visit } from '../../../core/module/types.ts'
import { countFiles, requireFilesOpen } from '../../../core/release/index.ts'
import { isId } from '../../../protocol/index.ts'
import type { FilesHolder, SavedHolder } from '../../files/index.ts'
import { getSpace } from '../find-space.ts'
import { getDraft } from '../get-draft.ts'
import { activeMembers, partiesText, titleOf } from '../space-words.ts'

/** What will be the draft of the address: saved already, or being written in a form of this person. */
export async function findDraftHolder(
  visit: Pick<Visit, 'services' | 'viewer' | 'params' | 't' | 'language'>,
): Promise<FilesHolder> {
  const { services, params } = visit
  if (!params.id || !isId(params.id)) throw new Refusal('not-found')
  const draft = (await services.drafts.find(params.id)) && (await getDraft(visit))
  return { ...draftHolder(visit, params.id), ...(draft && { saved: await savedOf(visit, draft) }) }
}

/** The files of a draft by its id. */
export const draftHolder = ({ services, viewer }: Pick<Visit, 'services' | 'viewer'>, id: string): FilesHolder => ({
  id,
  at: `/drafts/${id}`,
  requireOpen: () => requireFilesOpen(services, viewer, id),
  changed: () => countFiles(services, viewer, id),
})

async function savedOf(
  { services, t, language }: Pick<Visit, 'services' | 't' | 'language'>,
  draft: Draft,
): Promise<SavedHolder> {
  const space = await getSpace(services, draft.space)
  return {
    form: `${titleOf(space, language)} · ${partiesText(space, services, language)}`,
    current: '/spaces',
    drill: space.drill,
    steps: ['wish', 'text', 'review'].map((step) => t(`spaces.write.step.${step}`)),
    parties: activeMembers(space, services.party).map(({ party }) => party),
    ...(draft.state !== 'drafting' && { closed: `/drafts/${draft.id}/review` }),
    onward: [
      { href: `/drafts/${draft.id}/review`, label: t('files.page.to-review') },
      { href: `/drafts/${draft.id}`, label: t('files.page.to-text') },
    ],
    kept: t('files.page.kept'),
  }
}
