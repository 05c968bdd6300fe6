import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import type { When } from '../incidents/index.ts'
import type { Basis, EnoughState, LessonAnswer, Priority, State } from './vocabulary.ts'

type JsonColumn<T> = ColumnType<T, string, string>

/** A moment as it was written down, in its own zone: `2026-11-20T18:00`. */
export interface Moment {
  local: string
  zone: string
}

/** A service as one entry of the plan says it. Lengths are minutes. */
export interface ServiceContent {
  name: string
  /** `person:<id>` or `office:<id>` of this house. */
  owner: string
  operator: string
  /** Code of `incidents`; empty where none is said. */
  sector: string
  /** Services of the same plan that have to do before this one can. */
  needs: string[]
  priority: Priority
  /** From which state on it will do. */
  enough: EnoughState
  /** Recovery time objective: from the outage to the state that will do. */
  rto: number | null
  /** Recovery point objective: how much may be lost. */
  rpo: number | null
  /** Longest tolerable outage (MTPD, MTD). */
  mtpd: number | null
  /** A day and time agreed for it, in place of a length. */
  by: Moment | null
  /** Taken off the plan. */
  isOff: boolean
}

/** Who says it, and on what. Never leaves the house. */
export interface Told {
  saidBy: string
  basis: Basis
  note: string
}

export type ReportContent =
  | (Told & { kind: 'state'; state: State; when: When; dataAsOf: Moment | null })
  /** `expected` null: whoever answers for it cannot say. */
  | (Told & { kind: 'forecast'; expected: Moment | null })
  | { kind: 'struck'; report: string; why: string }

/** What a recovery taught, as it was written down. */
export interface LessonContent {
  happened: string
  /** What should change, in one line. */
  change: string
  /** `person:<id>` or `office:<id>` of this house. */
  owner: string
  /** Last day on which something should have become of it, in the zone of who wrote it. */
  due: string
  zone: string
  /** Services of the same plan. */
  services: string[]
}

/** A side of a stretch that nobody knows is null. */
type Side = number | null

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.recovery_service': {
      ordinal: Generated<number>
      id: string
      /** Entries of one service: the first one's id. */
      service: string
      incident: string
      content: JsonColumn<ServiceContent>
      tlp: Tlp
      /** Why it replaces the entry before it; empty for the first. */
      why: string
      by_person: string
      at: number
    }
    /** Services that came onto the plan of an incident from a response plan at work in it. */
    'home.recovery_planned': {
      service: string
      /** Run of the response plan, and the service as it is called there. */
      run: string
      item: string
    }
    'home.recovery_report': {
      ordinal: Generated<number>
      id: string
      service: string
      incident: string
      content: JsonColumn<ReportContent>
      tlp: Tlp
      by_person: string
      /** On the clock of the incident: scenario ms in a drill. */
      told_at: number
      at: number
    }
    'home.recovery_lesson': {
      ordinal: Generated<number>
      id: string
      incident: string
      content: JsonColumn<LessonContent>
      /** On the clock of the house, also where it is of a drill. */
      due_at: number
      tlp: Tlp
      by_person: string
      at: number
    }
    'home.recovery_lesson_answer': {
      lesson: string
      /** Of the form it came by: the same one twice is one answer. */
      id: string
      answer: LessonAnswer
      /** Run of a response plan that takes it in. */
      run: string | null
      words: string
      by_person: string
      at: number
    }
    'home.recovery_lesson_draft': {
      /** Id of the draft, and of the act it becomes; there may never be one. */
      draft: string
      lesson: string
      by_person: string
      at: number
    }
    'view.recovery_picture': {
      space: string
      picture: string
      author: string
      /** Act whose words stand. */
      newest: string
      as_of: number
      at: number
      ended_at: number | null
    }
    'view.recovery_told': {
      space: string
      picture: string
      key: string
      place: number
      state: State | null
      out_from: Side
      out_until: Side
      since_from: Side
      since_until: Side
      back_from: Side
      back_until: Side
      expected: number | null
      not_before: number | null
      needs: string[]
    }
    'home.recovery_shared': {
      /** Id of the draft, and of the act it becomes. */
      draft: string
      incident: string
      space: string
      services: string[]
      by_person: string
      at: number
    }
  }
}
