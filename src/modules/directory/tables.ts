import type { ColumnType, Generated } from 'kysely'
import type { CalendarDay } from './acts.ts'
import type { Listed } from './lists/listed-contact.ts'
import type { DutySheet } from './rota/duty-sheet.ts'
import type { WeekSpan } from './office-hours.ts'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.directory_profile': {
      space: string
      party: string
      hash: string
      idx: number
      designation: Record<string, string>
      zone: string
      languages: string[]
    }
    'view.directory_contact': {
      space: string
      party: string
      contact: string
      hash: string
      idx: number
      kind: string
      zone: string
      languages: string[]
      hours: string
      week: WeekSpan[] | null
      entry: string | null
      /** First and last day of the nomination, 'YYYY-MM-DD'. */
      valid_from: string | null
      valid_until: string | null
      removed_by: string | null
    }
    /** Changes that are on the record and in force later, where the space asks for notice. */
    'view.directory_announced': {
      space: string
      party: string
      contact: string
      idx: number
      hash: string
      /** Scenario ms in a drill, else real ms. */
      in_force_at: number
      removal: boolean
      kind: string
      zone: string
      languages: string[]
      hours: string
      week: WeekSpan[] | null
      entry: string | null
      valid_from: string | null
      valid_until: string | null
    }
    /** The newest word of a party that an entry of its is still right. */
    'view.directory_confirmation': {
      space: string
      party: string
      contact: string
      /** Act hash of the entry that was confirmed. */
      nomination: string
      hash: string
      idx: number
      /** Scenario ms in a drill, else real ms. */
      at: number
    }
    'view.directory_calendar': {
      space: string
      party: string
      hash: string
      idx: number
      days: CalendarDay[]
    }
    /** Who is on duty at home: rank 1 is paged first, the next ranks follow when nobody acknowledges. */
    'home.directory_shift': {
      id: string
      person: string
      rank: number
      from_at: number
      until_at: number | null
      ended_at: number | null
      /** The name this person then had; null in rows from before it was kept. */
      person_name: string | null
      /** Why it ended before its time: `ended`, `handed-over`, `left`. */
      ended_why: string | null
    }
    /** From when until when somebody is not there, and who stands in. */
    'home.directory_absence': {
      id: string
      person: string
      deputy: string | null
      from_at: number
      until_at: number
      noted_by: string
      noted_at: number
      ended_at: number | null
    }
    /** A duty handed on with a note; the giver keeps it until the other has taken it. */
    'home.directory_hand_over': {
      id: string
      shift: string
      from_person: string
      from_name: string
      to_person: string
      to_name: string
      note: string
      given_at: number
      taken_at: number | null
      withdrawn_at: number | null
      /** What was open when it was offered; null in rows from before it was kept. */
      sheet: ColumnType<DutySheet | null, string, string>
    }
    /** What somebody told us of another party's contacts: ours alone, never its nomination. Each word is a row. */
    'home.directory_told': {
      number: Generated<number>
      id: string
      party: string
      /** Names the same entry in each list: its id, else party, kind and post. */
      entry: string
      contact: Listed
      told_by: string
      noted_by: string
      noted_by_name: string
      noted_at: number
      forgotten_at: number | null
    }
    /** What this house notes of its relation to a party: each change is a row, the highest number counts. */
    'home.directory_relation': {
      number: Generated<number>
      id: string
      party: string
      relation: string | null
      protecting: string | null
      level: string | null
      recalled: boolean
      recalled_on: string | null
      display_name: Record<string, string>
      note: string | null
      noted_by: string
      noted_by_name: string
      noted_at: number
    }
  }
}
