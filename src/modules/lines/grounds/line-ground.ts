import { atHome, mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import type { Marking } from '../../../protocol/types.ts'
import type { LineGroundKind } from '../kinds.ts'
import type { RestedOn } from '../tables.ts'

export interface LineGroundRef {
  kind: LineGroundKind
  /** Hash of an act; id of anything else; `newest` where an incident has one alone. */
  id: string
}

/** A ground as it stands now. Whoever rests on it keeps `stamp`: another one means that something about it changed. */
export interface LineGround extends LineGroundRef {
  stamp: string
  /** When it last changed, ms. */
  at: number
  state: string
  /** Of its words, where they are not those of the incident itself. */
  marking?: Marking
  /** This person may know that it stands there, and not what it says. */
  isWithheld?: true
  href?: string
  words(reading: Pick<Visit, 't' | 'language' | 'viewer' | 'services'>): string
}

export interface LineGrounds {
  /** What stands now, to be rested on: nothing that a reader of the incident could not read. */
  standing: LineGround[]
  /** What became of a ground; undefined where it cannot be found any more. */
  find(ref: LineGroundRef): LineGround | undefined
}

/** Whether this person may read words so marked; those of the incident itself bear no marking of their own. */
export const isShown = (services: Services, viewer: Viewer, marking: Marking | undefined): boolean =>
  marking === undefined || reveal(mark(true, marking), atHome(services, viewer), 'page').shown

/** What a line was rested on, as this person may read it: of what is marked too narrow for them, no word. */
export const asShown = (services: Services, viewer: Viewer, ground: RestedOn): RestedOn =>
  isShown(services, viewer, ground.marking) ? ground : { ...ground, words: '', isWithheld: true }
