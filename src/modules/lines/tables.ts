import type { ColumnType, Generated } from 'kysely'
import type { Marking, Tlp } from '../../protocol/types.ts'
import type { Audience, LineGroundKind, LineKind } from './kinds.ts'

/** A ground as it stood when a person rested a line on it. */
export interface RestedOn {
  kind: LineGroundKind
  id: string
  stamp: string
  state: string
  words: string
  /** Of its words, where they are not those of the incident itself. */
  marking?: Marking
  /** Never kept: this reader may not have its words. */
  isWithheld?: true
}

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.lines_line': {
      id: string
      incident: string
      kind: LineKind
      /** Of the original; `und` where nobody said. */
      language: string
      place: number
      by_person: string
      at: number
      withdrawn_by: string | null
      withdrawn_at: number | null
    }
    'home.lines_wording': {
      id: string
      line: string
      language: string
      question: string
      words: string
      /** Of a translation: the original wording it renders. Its audience, marking and times are those of the original. */
      renders: string | null
      audience: Audience
      marking: Tlp
      valid_from: number
      valid_until: number | null
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.lines_resting': {
      id: string
      line: string
      grounds: ColumnType<RestedOn[], string, string>
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.lines_clearance': {
      id: string
      line: string
      language: string
      kind: 'second'
      /** The wordings that were cleared, original first. */
      cleared_as: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
  }
}
