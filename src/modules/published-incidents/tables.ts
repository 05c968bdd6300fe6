import type { ColumnType } from 'kysely'
import type { FileCount, Problem } from './read-set.ts'
import type { Statistics } from './statistics.ts'
import type { FileKind } from './vocabulary.ts'

/** Read as JSON, written as text of JSON. */
type JsonColumn<T> = ColumnType<T, string, string>

/**
 * `reading`, then `read` (waits for a person) or `failed` (a header nobody knows), then `standing`; `replaced` by a
 * later one of its set, `removed` by a person, `discarded` before it stood.
 */
export type BatchState = 'reading' | 'read' | 'failed' | 'standing' | 'replaced' | 'removed' | 'discarded'

/** How many incidents of a batch show each value that can be chosen. */
export type Choices = Record<string, [value: string, count: number][]>

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.published_incidents_batch': {
      id: string
      /** Code of the set in addresses: one batch of it stands. */
      set_code: string
      name: string
      edition: string
      source: string
      licence: string
      state: BatchState
      files: JsonColumn<FileCount[]>
      rows_all: number
      rows_done: number
      remarks: number
      choices: JsonColumn<Choices>
      by_person: string
      at: number
      stood_at: number | null
      ended_by: string | null
      ended_at: number | null
    }
    'home.published_incidents_file': { batch: string; kind: FileKind; name: string; text: string }
    'home.published_incidents_incident': {
      batch: string
      ref: string
      name: string
      started_on: string | null
      ended_on: string | null
      intensity: number | null
      types: string[]
      victims: string[]
      initiators: string[]
      categories: string[]
      /** `victim:…`, `initiator:…`, `category:…`, `type:…`, `sector:…`, `basis:…`: what lists are narrowed by. */
      facets: string[]
      digest: string
    }
    /** Words of an incident, apart: rows that lists count stay narrow. */
    'home.published_incidents_words': { batch: string; ref: string; started_on: string | null; words: string }
    'home.published_incidents_text': {
      batch: string
      ref: string
      description: string
      sources: string[]
      cells: JsonColumn<Record<string, string>>
    }
    'home.published_incidents_attribution': {
      batch: string
      place: number
      ref: string
      attribution: string | null
      day: string | null
      kind: string | null
      basis: string | null
      actor: string | null
      company: string | null
      by_country: string | null
      initiator: string | null
      country: string | null
      category: string | null
    }
    'home.published_incidents_receiver': {
      batch: string
      place: number
      ref: string
      country: string | null
      regions: string | null
      name: string | null
      sector: string | null
      subsector: string | null
    }
    'home.published_incidents_response': {
      batch: string
      place: number
      ref: string
      legal: boolean
      day: string | null
      type: string | null
      subtype: string | null
      country: string | null
      actor: string | null
    }
    /** Figures as they were counted when the batch was read; `method` names the way of counting. */
    'home.published_incidents_figures': { batch: string; method: string; figures: JsonColumn<Statistics> }
    /** The id an incident of ours has that is opened from a published one. */
    'home.published_incidents_own': { batch: string; ref: string; own_id: string }
    'home.published_incidents_problem': {
      batch: string
      place: number
      file: FileKind
      line: number
      column_name: string
      value: string
      reason: Problem['reason']
      expected: string
      unread: boolean
      text: string | null
    }
  }
}
