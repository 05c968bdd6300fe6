import type { Marking, Tlp } from '../../protocol/types.ts'

/** Every way out of the node. */
export type Exit = 'page' | 'api' | 'mail' | 'notification' | 'federation' | 'dossier' | 'print'

/** Who stands behind an exit: a person at home, a peer party, or a stranger. */
export interface MarkingReader {
  /** Party the reader belongs to; undefined for a stranger. */
  party?: string
  /** Highest TLP the reader may see; for a party that is member of the space: RED. */
  ceiling: Tlp
}

/** A value that cannot be read before the gate was asked. Only core/markings can open one. */
export interface Marked<T> {
  readonly marking: Marking
  /** Phantom; there is no such property at run time. */
  readonly __value?: T
}

export type Revealed<T> = { shown: true; value: T; marking: Marking } | { shown: false; marking: Marking; reason: 'tlp' | 'audience' | 'caveat' | 'class' }
