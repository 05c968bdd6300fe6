import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import type { AnswerGiven } from './between/acts.ts'
import type { Basis, Choice, Kind, Level, Maker } from './vocabulary.ts'

type JsonColumn<T> = ColumnType<T, string, string>

/** An attribution that somebody made, as one entry of the register says it. */
export interface ClaimContent {
  maker: Maker
  /** Name of whoever made it; the domain of a party of the network. Empty for us and the attacker. */
  name: string
  /** In a person's words; empty where the attribution names nobody. */
  accused: string
  basis: Basis
  kind: Kind
  /** `2026`, `2026-11` or `2026-11-10`: no more exact than it is known. */
  day: string
  source: string
}

/** An item of evidence as it stood when something was rested on it. */
export interface RestedItem {
  id: string
  number: number
  words: string
  grade: string
  tlp: Tlp
}

/** The inputs of a decision as they stood when it was minuted. */
export interface DecisionBasis {
  assessment?: {
    number: number
    hypothesis: { number: number; words: string }
    scheme: string
    word: string
    confidence: string
    by: string
  }
  ranking: { hypothesis: number; words: string; place: number; points: number }[]
  /** Rung of the legal gate; empty where it was not given. */
  gate: string
  evidence: RestedItem[]
}

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.attributions_claim': {
      ordinal: Generated<number>
      id: string
      /** Entries of one attribution: the first one's id. */
      claim: string
      incident: string
      content: JsonColumn<ClaimContent>
      tlp: Tlp
      /** Why it replaces the entry before it; empty for the first. */
      why: string
      by_person: string
      at: number
    }
    'home.attributions_dispute': {
      ordinal: Generated<number>
      id: string
      claim: string
      disputed_by: string
      day: string
      words: string
      by_person: string
      at: number
    }
    'home.attributions_decision': {
      id: string
      incident: string
      number: number
      choice: Choice
      accused: string
      why: string
      dissent: string
      basis: JsonColumn<DecisionBasis>
      decided_on: string
      decided_by: string
      /** Day a deferral is looked at again. */
      review_on: string | null
      by_person: string
      at: number
    }
    'home.attributions_look': {
      ordinal: Generated<number>
      id: string
      decision: string
      /** What had become of the evidence, as it was seen. */
      state: string
      why: string
      by_person: string
      at: number
    }
    /** Which words of ours went into which draft, by the id of the draft and its act. */
    'home.attributions_said': {
      act_id: string
      incident: string
      statement: string
      space: string
      by_person: string
      at: number
    }
    'view.attributions_stated': {
      space: string
      hash: string
      act_id: string
      idx: number
      author: string
      choice: Choice
      basis: Basis
      kind: Kind
      at: number
      replaced_by: string | null
      replaced_at: number | null
      withdrawn_by: string | null
      withdrawn_at: number | null
    }
    'view.attributions_answer': {
      space: string
      hash: string
      idx: number
      statement: string
      author: string
      answer: AnswerGiven
      at: number
    }
    'view.attributions_contest': {
      space: string
      hash: string
      idx: number
      statement: string
      author: string
      ground: string
      at: number
      withdrawn_by: string | null
      withdrawn_at: number | null
    }
    'view.attributions_joint': {
      space: string
      hash: string
      idx: number
      author: string
      text_hash: string
      languages: string[]
      authentic: string
      embargo: number | null
      superseded_by: string | null
      at: number
    }
    'view.attributions_signature': {
      space: string
      proposal: string
      party: string
      signed_by: string
      signed_at: number
      withdrawn_by: string | null
      withdrawn_at: number | null
    }
    'view.attributions_published': {
      space: string
      hash: string
      idx: number
      proposal: string
      party: string
      at: number
      /** Before the embargo was over. */
      early: boolean
    }
    'view.attributions_break': {
      space: string
      hash: string
      idx: number
      proposal: string
      author: string
      party: string | null
      seen_at: number
    }
    /** Spaces in which this house speaks to everybody, by the name of the drill; empty outside drills. */
    'home.attributions_bulletin': { drill: string; space: string }
    'home.attributions_statement': {
      id: string
      incident: string
      decision: string
      level: Level
      /** Of this house, within the year; given at release. */
      number: number | null
      year: number | null
      tlp: Tlp
      language: string
      subject: string
      text: string
      evidence: JsonColumn<RestedItem[]>
      /** Items of the decision that are marked too narrow for this level. */
      left_out: number
      /** SHA-256, base64url, of what a second person releases. */
      hash: string
      corrects: string | null
      proposed_by: string
      proposed_at: number
      released_by: string | null
      released_at: number | null
      returned_by: string | null
      returned_at: number | null
      returned_why: string | null
      withdrawn_by: string | null
      withdrawn_at: number | null
      withdrawn_why: string | null
    }
  }
}
