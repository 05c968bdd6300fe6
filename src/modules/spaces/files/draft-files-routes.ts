import type { Route } from '../../../core/module/types.ts'
import { filesRoutes } from '../../files/index.ts'
import { findDraftHolder } from './draft-holder.ts'
import { showPart } from './part-page.tsx'

/** Files of drafts, where powers are asked of the draft; and what an attachment of an act is. */
export const draftFilesRoutes: Route[] = [
  ...filesRoutes({ base: '/drafts/:id', permission: 'signed-in', of: 'a draft', find: findDraftHolder }),
  {
    method: 'GET',
    path: '/spaces/:space/acts/:hash/parts/:part/about',
    permission: 'signed-in',
    summary: 'What an attachment is and what was found in it',
    handle: showPart,
  },
]
