import type { Opening } from '../directory/index.ts'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.checks_announcement': {
      space: string
      round: string
      hash: string
      idx: number
      author: string
      opens_at: number
      closes_at: number
      within: string
    }
    'view.checks_challenge': {
      space: string
      hash: string
      idx: number
      author: string
      addressee: string
      round: string
      attempt: string
      contact: string
      within: string
      openings: Opening[]
      /** All times are scenario ms in a drill. */
      sent_at: number
      due_at: number
      answered_by: string | null
      answered_at: number | null
    }
    'view.checks_result': {
      space: string
      round: string
      hash: string
      idx: number
      author: string
      opens_at: number
      closes_at: number
      within: string
      asked: number | null
      at_least: number | null
      at_most: number | null
    }
    /** A campaign that this house runs, with each of its rounds. */
    'home.checks_campaign': {
      id: string
      network: string
      office: string
      started_by: string
      announced: boolean
      kind: string | null
      sample: number | null
      within: string
      lasts: string
      cadence: string | null
      zone: string
      first_at: number
      ended_at: number | null
    }
    'home.checks_round': {
      id: string
      campaign: string
      number: number
      opens_at: number
      closes_at: number
    }
    /** Whom a round asks, and over which channel of theirs and ours. */
    'home.checks_target': {
      round: string
      party: string
      channel: string
      /** Acts that asked it. */
      first: string | null
      second: string | null
      deputy: string | null
    }
  }
}
