import type { BesideDraft, Draft, Visit } from '../../core/module/types.ts'
import { loadOfficeNames } from '../spaces/index.ts'
import { listComments } from './comments/comments.ts'
import { CommentsSection } from './comments/comments-section.tsx'
import { legalStanding } from './legal/clearances.ts'
import { LegalSection } from './legal/legal-section.tsx'

/** Legal clearances and comments at the review of a draft, and what of them is open when it is released. */
export async function besideDraft(visit: Visit, draft: Draft, errors: Record<string, string>): Promise<BesideDraft> {
  const { services, t, language } = visit
  const [comments, standing, versions, nameOfOffice] = await Promise.all([
    listComments(services.db, draft.id),
    legalStanding(services, draft),
    services.drafts.versions?.(draft.id) ?? [],
    loadOfficeNames(services),
  ])
  const open = comments.filter(({ settled }) => !settled).length
  const officeName = (office: string) => nameOfOffice(services.party, office, language)
  return {
    beside: (
      <>
        <CommentsSection {...{ visit, draft, comments, errors }} />
        <LegalSection {...{ visit, draft, standing, versions, officeName, errors }} />
      </>
    ),
    atRelease: [
      ...(open > 0 ? [t('comments.open-at-release', { count: open })] : []),
      ...(standing.rule && !standing.now ? [t('legal.open-at-release')] : []),
      ...(standing.now?.decision === 'remarks' ? [t('legal.remarks-at-release')] : []),
    ],
  }
}
