import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import type { Considered, DossierContent, Findings, SheetContent } from './types.ts'

type JsonColumn<T> = ColumnType<T, string, string>

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.response_answer': {
      /** In what order they were written: two moments can be the same. */
      ordinal: Generated<number>
      id: string
      incident: string
      question: string
      /** Empty: the answer was taken back. */
      value: string
      why: string
      by_person: string
      at: number
    }
    'home.response_override': {
      /** In what order they were written: two moments can be the same. */
      ordinal: Generated<number>
      id: string
      incident: string
      /** `rung`, or the rule it sets aside. */
      target: string
      /** The rung it gives, or `met`. */
      gives: string
      reason: string
      /** The answers as they stood: where one is another now, it no longer counts. */
      rests_on: JsonColumn<Record<string, string>>
      by_person: string
      at: number
      withdrawn_by: string | null
      withdrawn_at: number | null
    }
    'home.response_sheet': {
      /** In what order they were written: two moments can be the same. */
      ordinal: Generated<number>
      id: string
      incident: string
      measure: string
      content: JsonColumn<SheetContent>
      by_person: string
      at: number
    }
    'home.response_decision': {
      id: string
      incident: string
      number: number
      /** `YYYY-MM-DD`. */
      decided_on: string
      decided_by: string
      rung: string
      considered: JsonColumn<Considered[]>
      chosen: string[]
      why: string
      despite: string
      dissent: string
      review_on: string
      by_person: string
      at: number
    }
    'home.response_review': {
      /** In what order they were written: two moments can be the same. */
      ordinal: Generated<number>
      id: string
      decision: string
      findings: JsonColumn<Findings>
      next_on: string | null
      by_person: string
      at: number
    }
    'home.response_dossier': {
      ordinal: Generated<number>
      id: string
      /** Id of its first row; each writing is a row. */
      dossier: string
      incident: string
      number: number
      regime: string
      subject: string
      kind: string
      tlp: Tlp
      content: JsonColumn<DossierContent>
      by_person: string
      at: number
    }
  }
}
