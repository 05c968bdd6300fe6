import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import type { PlanContent } from './plan/content.ts'

type JsonColumn<T> = ColumnType<T, string, string>

declare module '../../core/storage/tables.ts' {
  interface Tables {
    /** Each saving of a plan is a row; none is changed. */
    'home.preparedness_writing': {
      ordinal: Generated<number>
      id: string
      /** Id of its first writing. */
      plan: string
      marking: Tlp
      content: JsonColumn<PlanContent>
      by_person: string
      at: number
    }
    /** A second person brought a writing into force as a version. */
    'home.preparedness_version': {
      plan: string
      number: number
      writing: string
      by_person: string
      at: number
    }
    'home.preparedness_clearance': {
      plan: string
      text: string
      /** Of the words that were cleared: another wording is not cleared. */
      fingerprint: string
      by_person: string
      at: number
    }
    'home.preparedness_run': {
      id: string
      incident: string
      plan: string
      annexes: string[]
      /** Drill space whose clock it runs on. */
      clock_space: string | null
      /** Zone in which its working days are counted. */
      zone: string
      /** Scenario ms on the clock of a drill, else real ms; so are all moments of a run. */
      started_at: number
      by_person: string
    }
    /** What a run follows: what it began with, and each version it was moved over to. */
    'home.preparedness_follows': {
      ordinal: Generated<number>
      id: string
      run: string
      writing: string
      /** Null where nobody had approved it when the run began to follow it. */
      version: number | null
      reason: string
      by_person: string
      at: number
    }
    'home.preparedness_mark': {
      ordinal: Generated<number>
      id: string
      run: string
      step: string
      /** `done`, `otherwise` or `open` (taken back). */
      state: string
      words: string
      by_person: string
      at: number
    }
    'home.preparedness_assignment': {
      ordinal: Generated<number>
      id: string
      run: string
      role: string
      /** `person:<id>` or `office:<id>`. */
      who: string
      by_person: string
      at: number
    }
    'home.preparedness_lesson': {
      ordinal: Generated<number>
      id: string
      run: string
      plan: string
      incident: string
      step: string | null
      words: string
      by_person: string
      at: number
    }
    'home.preparedness_lesson_answer': {
      lesson: string
      /** Version that takes it up; null where it was set aside. */
      version: number | null
      words: string
      by_person: string
      at: number
    }
  }
}
