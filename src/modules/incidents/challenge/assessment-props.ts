import type { Visit } from '../../../core/module/types.ts'
import type { Returned } from '../../frame/index.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import type { Affected } from '../weigh/affected.ts'
import type { Placed } from '../weigh/responsibility.ts'
import type { RestedOn } from '../weigh/rests-on.ts'
import type { Assessment } from '../weigh/weighing.ts'
import type { Challenge } from './challenges.ts'

/** What the page of an assessment and its parts show. */
export interface AssessmentProps {
  visit: Visit
  loaded: LoadedIncident
  assessment: Assessment
  challenges: readonly Challenge[]
  /** Who can be asked. */
  people: readonly { id: string; name: string }[]
  /** Items it rested on, as they stood then. */
  rested: readonly Required<RestedOn>[]
  /** What became of them; only where something did. */
  affected?: Affected
  /** Names of those who looked at that, by their ids. */
  lookers: ReadonlyMap<string, string>
  /** Where its hypothesis was placed on the spectrum of responsibility. */
  placed?: Placed
  returned?: Returned
}
