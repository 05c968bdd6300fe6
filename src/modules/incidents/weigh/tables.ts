import type { ColumnType, Generated } from 'kysely'
import type { Tlp } from '../../../protocol/types.ts'
import type { HypothesisStep, ConfidenceReasons, DissentStep, CheckedAssumption, RankedSnapshot } from '../tables.ts'

/** Rows of the weighing desk and of those who challenge it. */
type JsonColumn<T> = ColumnType<T, string, string>

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    'home.incidents_hypothesis': {
      id: string
      incident: string
      number: number
      words: string
      by_person: string
      at: number
    }
    'home.incidents_hypothesis_step': {
      id: string
      incident: string
      hypothesis: string
      kind: HypothesisStep
      /** Hypothesis that stands for both. */
      same_as: string | null
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_evidence': {
      id: string
      incident: string
      number: number
      words: string
      source: string
      reliability: string
      credibility: string
      stix_id: string | null
      tlp: Tlp
      by_person: string
      at: number
      withdrawn_at: number | null
      compartment: string | null
      /** Technical, political or legal; none where nobody said. */
      lens: ColumnType<string | null, string | null | undefined, string | null>
    }
    'home.incidents_mark': {
      evidence: string
      hypothesis: string
      consistency: string
      by_person: string
      at: number
    }
    'home.incidents_assessment': {
      id: string
      incident: string
      number: number
      hypothesis: string
      scheme: string
      word: string
      confidence: string
      why: string
      ranking: JsonColumn<RankedSnapshot[]>
      /** What the confidence rests on; none where it was recorded before that was asked. */
      reasons: JsonColumn<ConfidenceReasons> | null
      /** The band the word had that day, in per cent. */
      band: JsonColumn<{ from: number; to: number }> | null
      by_person: string
      at: number
    }
    'home.incidents_dissent': {
      id: string
      incident: string
      assessment: string
      words: string
      /** Hypothesis held instead. */
      alternative: string | null
      scheme: string | null
      word: string | null
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_dissent_step': {
      id: string
      incident: string
      dissent: string
      kind: DissentStep
      words: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_challenge': {
      id: string
      incident: string
      assessment: string
      method: string
      task: string
      asked: string
      /** `YYYY-MM-DD`. */
      due_on: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_challenge_end': {
      challenge: string
      incident: string
      outcome: string
      words: string
      assumptions: JsonColumn<CheckedAssumption[]>
      by_person: string
      at: number
    }
    'home.incidents_rested': {
      assessment: string
      incident: string
      evidence: string
      number: number
      words_hash: string
      reliability: string
      credibility: string
      tlp: Tlp
      /** Hypothesis → mark; null where nobody had judged. */
      marks: JsonColumn<Record<string, string | null>>
    }
    'home.incidents_assessment_look': {
      id: string
      incident: string
      assessment: string
      /** Fingerprint of what had changed, as it was seen. */
      state: string
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_regrade': {
      ordinal: Generated<number>
      incident: string
      evidence: string
      compartment: string | null
      from_reliability: string
      from_credibility: string
      reliability: string
      credibility: string
      why: string
      by_person: string
      at: number
    }
    'home.incidents_responsibility': {
      id: string
      incident: string
      hypothesis: string
      step: string
      /** `YYYY-MM-DD`. */
      told_on: string
      source: string
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
  }
}
