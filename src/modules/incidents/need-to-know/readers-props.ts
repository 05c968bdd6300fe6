import type { People, Visit } from '../../../core/module/types.ts'
import type { Incident } from '../incident.ts'
import type { Returned } from '../../frame/index.ts'
import type { Compartment } from './compartments.ts'
import type { MovableItem, MovedItem } from './moved-items.ts'
import type { NamedReader } from './readers.ts'

export interface ReadersPageProps {
  visit: Visit
  incident: Incident
  readers: readonly NamedReader[]
  compartments: readonly Compartment[]
  people: Awaited<ReturnType<People['list']>>
  offices: Awaited<ReturnType<People['offices']>>
  /** Somebody broke the glass, and the lead has not taken note of it. */
  isBroken: boolean
  moves: readonly MovedItem[]
  /** What the moved items say, as far as this person reads them. */
  items: readonly MovableItem[]
  returned?: Returned
}

export const inLanguage = ({ id, name }: { id: string; name: Record<string, string> }, language: string): string =>
  name[language] ?? name.en ?? Object.values(name)[0] ?? id
