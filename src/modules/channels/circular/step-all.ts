import { Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { getCircular } from './circular.ts'
import { requireCircularFiles } from './circular-files.ts'

/**
 * Hands all letters on, releases or stops them. A step that broke off goes on where it was when it is taken again.
 *
 * @throws Refusal `draft.approval-differs` if any letter is not what the person saw; `files.undecided` and
 *   `channels-circular-files-too-large` before any letter took the step.
 */
export async function stepAll(
  services: Services,
  viewer: Viewer,
  { id, step, approval }: { id: string; step: 'submit' | 'release' | 'stop'; approval: string },
): Promise<void> {
  const circular = await getCircular(services, viewer, id)
  if (step !== 'stop' && circular.approval !== approval) throw new Refusal('draft.approval-differs')
  if (step !== 'stop') await requireCircularFiles(services, viewer, circular.drafts)
  for (const { draft, written } of circular.drafts) {
    if (step === 'stop') {
      if (written.state === 'held') await services.drafts.stop(viewer, draft)
    } else await services.drafts[step](viewer, draft, written.approval)
  }
}
