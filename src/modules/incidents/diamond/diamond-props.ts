import type { Visit } from '../../../core/module/types.ts'
import type { Returned } from '../../frame/index.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import type { Placed } from '../weigh/responsibility.ts'
import type { DiamondItem, offerObjects } from './list-items.ts'
import type { Pivot } from './list-pivots.ts'
import type { Diamond, Placing } from './read-diamonds.ts'

/** What the page of a diamond and its parts show. */
export interface DiamondProps {
  visit: Visit
  loaded: LoadedIncident
  diamond: Diamond
  items: readonly DiamondItem[]
  /** Objects the form offers, and whether there are more than these. */
  offered: Awaited<ReturnType<typeof offerObjects>>
  /** Part of a name by which objects were looked for. */
  found: string
  pivots: readonly Pivot[]
  /** Where people placed hypotheses on the spectrum of responsibility. */
  placed: readonly Placed[]
  /** Person id → name. */
  names: ReadonlyMap<string, string>
  /** Placing that a form is about. */
  chosen?: Placing
  /** Which form is open: one at a time, so that no two fields of a page have one name. */
  form: 'placing' | 'step' | 'features'
  returned?: Returned
}
