import type { Marking, Tlp } from '../../protocol/types.ts'

/** Every way out of the node. */
export type Exit = 'page' | 'api' | 'mail' | 'notification' | 'federation' | 'dossier' | 'print'

/** Who stands behind an exit: a person at home, a peer party, or a stranger. */
export interface MarkingReader {
  /** Party the reader belongs to; undefined for a stranger. */
  party?: string
  /** Highest TLP the reader may see; for a party that is member of the space: RED. */
  ceiling: Tlp
  /** The party is a member of the space the thing was said in: audience and caveats bind what it does next, not its copy. */
  member?: boolean
  /** Classifications the reader is cleared for, by ladder and level; a thing of any other class stays shut. */
  classes?: readonly string[]
  /** What is shown will lie on a device: nothing that its originator controls does. */
  onDevice?: boolean
  /** `YYYY-MM-DD`, UTC: a class that ended before it binds no longer. Without it none has ended. */
  today?: string
}

/** What the caller knows beside exit and reader. */
export interface GateFacts {
  /** The originator's consent to this way out is on record (or the originator is ourselves). */
  consented?: boolean
}

export type Withheld = 'tlp' | 'audience' | 'caveat' | 'class' | 'exit'

/** A value that cannot be read before the gate was asked. Only core/markings can open one. */
export interface Marked<T> {
  readonly marking: Marking
  /** Phantom; there is no such property at run time. */
  readonly __value?: T
}

export type Revealed<T> =
  | { shown: true; value: T; marking: Marking }
  | { shown: false; marking: Marking; reason: Withheld }
