import { mayLeave } from '../../core/markings/index.ts'
import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { readerOf } from './show-acts.ts'

/** Drafts this person may see, as a search finds them. */
export async function draftRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  const reader = readerOf(services, viewer)
  const drafts = await services.drafts.listFor(viewer)
  return drafts
    .filter(({ marking }) => mayLeave(marking, { exit: 'page', reader }).allowed)
    .map(({ id, text, body, marking, updatedAt }) => {
      const subject = (text as { subject?: unknown } | undefined)?.subject
      return {
        href: `/drafts/${id}/review`,
        form: 'spaces.need.draft',
        title: typeof subject === 'string' ? subject : '',
        text: [text ?? '', body],
        marking,
        at: updatedAt,
      }
    })
}
