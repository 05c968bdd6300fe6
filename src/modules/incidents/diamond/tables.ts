import type { Generated } from 'kysely'
import type { ItemKind, Place } from './places.ts'

/** What a diamond is drawn of. */
export type SubjectKind = 'hypothesis' | 'event'
/** What became of a placing. */
export type PlacingStep = 'moved' | 'taken-away' | 'contested'

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    'home.incidents_diamond_placing': {
      id: string
      incident: string
      about_kind: SubjectKind
      /** The hypothesis, or the event as it was worded then. */
      about: string
      place: Place
      kind: ItemKind
      /** Identifier of an object, id of anything else as it was worded then. */
      item: string
      confidence: string
      why: string
      /** Item of evidence. */
      rests_on: string | null
      compartment: string | null
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_diamond_step': {
      id: string
      incident: string
      of_placing: string
      kind: PlacingStep
      into_place: Place | null
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_diamond_features': {
      id: string
      incident: string
      about_kind: SubjectKind
      about: string
      phase: string | null
      direction: string | null
      result: string | null
      method: string
      resources: string
      compartment: string | null
      by_person: string
      at: number
      ordinal: Generated<number>
    }
  }
}
