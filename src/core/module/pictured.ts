import type { RawBuilder } from 'kysely'
import type { Viewer } from '../auth/types.ts'
import type { Services } from './services.ts'

/**
 * What a room adds to pictures of many incidents: relations of SQL with a column `incident`, which the picture joins
 * with the incidents its reader may know of. What else the reader may not see, the relation leaves out.
 */
export interface Pictured {
  /** Columns `incident, claim, accused, basis, day` (of its own precision), `tlp` and `contested`; one row per attribution. */
  attributions?(services: Services, viewer: Viewer): RawBuilder<unknown>
  /** Columns `incident, decided_on, chosen` (ids of options); one row per decision. */
  decisions?(services: Services, viewer: Viewer): RawBuilder<unknown>
  /** What an option of a decision is called, and the kind it is of; undefined where it is not one of this room. */
  optionName?(services: Services, option: string, language: string): { name: string; kind: string } | undefined
}
