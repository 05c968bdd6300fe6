import type { Marking } from '../../protocol/types.ts'
import type { NoteReading } from './faces.ts'

/** What a room keeps about an incident and other records can rest on. Whoever does keeps `stamp`: another one means that something about it changed. */
export interface KeptGround {
  incident: string
  kind: 'attribution' | 'statement'
  id: string
  stamp: string
  /** When it last changed, ms. */
  at: number
  state: 'stands' | 'contested' | 'replaced' | 'withdrawn'
  /** Of its words as they stand. */
  marking: Marking
  href: string
  /** As they are said in a list; the caller asks the gate. */
  words(reading: Pick<NoteReading, 'services' | 't' | 'language'>): string
}
