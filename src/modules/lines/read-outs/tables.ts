import type { Generated } from 'kysely'

/** What a person found, comparing a paragraph of ours with one of theirs. */
export const findings = ['same', 'they-say', 'we-say', 'contradicts'] as const
export type Finding = (typeof findings)[number]

/** Who clears a read-out: each another person, and not its writer. */
export type ReadOutStage = 'second' | 'legal'

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
    /** One of our read-outs as it was cleared for publication, by a second person and by a legal adviser. */
    'home.lines_read_out_clearance': {
      read_out: string
      act: string
      stage: ReadOutStage
      by_person: string
      at: number
    }
    /** Of which act a legal adviser clears our read-out because somebody asked for it. */
    'home.lines_read_out_legal': { act: string; why: string; by_person: string; at: number }
  }
}
