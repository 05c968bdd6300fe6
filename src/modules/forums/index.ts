import type { Module } from '../../core/module/types.ts'
import { draftComposer, itemComposer, objectionComposer, statementComposer } from './composers/statement-composers.tsx'
import { decisionFace, draftFace, resolutionFace, seekingFace, sponsorFace } from './faces/draft-faces.tsx'
import { itemFace, objectionFace, statementFace } from './faces/statement-faces.tsx'
import { forumsTables } from './migrations/0001-forums.ts'
import { statementTime } from './migrations/0002-statement-time.ts'
import { draftTime } from './migrations/0003-draft-time.ts'
import { forumActs } from './projection.ts'
import { registered } from './registered.ts'
import { forumRoutes } from './routes.tsx'

export { hashOfDraft, readBrackets, wordingOf } from './bracketed-text.ts'
export { type Forum, listForums } from './list-forums.ts'

/** Agenda, statements and rights of reply, drafts with brackets, consensus. */
export const forums: Module = {
  name: 'forums',
  acts: forumActs,
  faces: [itemFace, statementFace, draftFace, sponsorFace, resolutionFace, seekingFace, objectionFace, decisionFace],
  composers: [statementComposer, draftComposer, objectionComposer, itemComposer],
  migrations: [forumsTables, statementTime, draftTime],
  views: [
    'view.forums_item',
    'view.forums_statement',
    'view.forums_draft',
    'view.forums_bracket',
    'view.forums_sponsor',
    'view.forums_resolution',
    'view.forums_seeking',
    'view.forums_objection',
  ],
  registered,
  routes: forumRoutes,
  navigation: [
    { href: '/forums', label: 'forums.navigation', permission: 'forums:read', order: 50, group: 'meetings' },
  ],
}
