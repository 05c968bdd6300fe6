import type { Generated } from 'kysely'

/** What a person found, comparing a paragraph of ours with one of theirs. */
export const findings = ['same', 'they-say', 'we-say', 'contradicts'] as const
export type Finding = (typeof findings)[number]

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    /** What another party published of talks, a call or a note, as somebody of the house found it. */
    'home.lines_published': {
      id: string
      act: string
      party: string
      source: string
      /** YYYY-MM-DD. */
      published_on: string
      words: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    /** Beside which paragraphs a person minuted what; the newest of a pair counts. */
    'home.lines_finding': {
      id: string
      act: string
      party: string
      /** Names exactly the two paragraphs. */
      pair: string
      ours: string
      theirs: string
      finding: Finding
      words: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    /** One of our read-outs as a second person cleared it for publication. */
    'home.lines_read_out_clearance': { read_out: string; act: string; by_person: string; at: number }
  }
}
