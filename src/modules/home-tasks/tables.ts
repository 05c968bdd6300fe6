import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import type { PartDecision, TaskKind } from './kinds.ts'
import type { ItemKind } from './items.ts'

type JsonColumn<T> = ColumnType<T, string, string>

/** What is said of a task besides its question, by kind. */
export type About = Record<string, string>

export type StepKind =
  | 'assigned'
  | 'extended'
  | 'legal-asked'
  | 'cleared'
  | 'sent-back'
  | 'answered'
  | 'transferred'
  | 'withdrawn'

/** A text as it was when the task was answered. */
export interface FrozenText {
  language: string
  words: string
}

/** What a step says; which of it is there follows from its kind. */
export interface StepFacts {
  person?: string
  reason?: string
  stage?: string
  as?: string
  on?: string
  to?: string
  dueOn?: string
  hash?: string
  texts?: FrozenText[]
  parts?: { title: string; decision: string; ground: string; words: string }[]
}

interface Signed {
  by_person: string
  at: number
  ordinal: Generated<number>
}

declare module '../../core/storage/tables.ts' {
  /** Rows of tasks are added and never changed. */
  interface Tables {
    'home.home_tasks_task': Signed & {
      id: string
      kind: TaskKind
      title: string
      /** What was asked, or what the brief is for. */
      asked: string
      /** Of its words, and the most anything drawn into it may carry. */
      marking: Tlp
      about: JsonColumn<About>
      received_on: string
      zone: string
      term: string | null
      due_on: string | null
      office: string
    }
    /** Who asked for access; read by few. */
    'home.home_tasks_applicant': Signed & { id: string; task: string; name: string; contact: string }
    'home.home_tasks_step': Signed & { id: string; task: string; kind: StepKind; facts: JsonColumn<StepFacts> }
    'home.home_tasks_text': Signed & { id: string; task: string; language: string; words: string }
    'home.home_tasks_link': Signed & { id: string; task: string; incident: string; linked: boolean }
    /** What a text was drawn from, as it said then; the newest row of an item stands. */
    'home.home_tasks_drawn': Signed & {
      id: string
      task: string
      incident: string
      kind: ItemKind
      item: string
      stamp: string
      words: string
      marking: Tlp
      drawn: boolean
      why: string
    }
    'home.home_tasks_part': Signed & {
      id: string
      task: string
      /** Id of its first row. */
      part: string
      title: string
      decision: PartDecision
      ground: string
      why: string
      words: string
    }
    /** Reminders sent, each once. */
    'home.home_tasks_rung': { task: string; rung: string; at: number }
  }
}
