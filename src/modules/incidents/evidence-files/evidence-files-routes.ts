import type { Route } from '../../../core/module/types.ts'
import { filesRoutes } from '../../files/index.ts'
import { findEvidenceHolder } from './evidence-holder.tsx'

/** Files of an item of evidence: read by whoever may read it, changed by whoever may write in the incident. */
export const evidenceFilesRoutes = (): Route[] =>
  filesRoutes({
    base: '/incidents/:incident/evidence/:evidence',
    permission: 'incidents:draft',
    reading: 'incidents:read',
    of: 'an item of evidence',
    find: findEvidenceHolder,
  })
