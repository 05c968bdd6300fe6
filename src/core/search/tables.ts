import type { ColumnType } from 'kysely'
import type { Marking } from '../../protocol/types.ts'

declare module '../storage/tables.ts' {
  interface Tables {
    /** Words of acts, to be found by. Fed after projection; see docs/decisions/0048-search.md. */
    'view.search_act': {
      space: string
      idx: number
      /** Act hash. */
      act: string
      /** Leaf time, ms. */
      at: number
      /** Key of `view.search_marking`. */
      marking: string
      /** `tsvector`. */
      words: string
      /** A part of it has not arrived here yet. */
      waiting: boolean
      /** Something of it was erased: to be read again. */
      stale: boolean
    }
    /** Every marking that stands in the index, so that the gate is asked once for each and not for each act. */
    'view.search_marking': { space: string; key: string; marking: ColumnType<Marking, string, never> }
    /** Files of acts that carry a class of their own. */
    'view.search_file': { space: string; act: string; part: string; marking: ColumnType<Marking, string, never> }
    /** How far each space is in the index. */
    'view.search_cursor': { space: string; size: number }
  }
}
