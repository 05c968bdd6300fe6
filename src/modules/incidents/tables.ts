import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Tlp } from '../../protocol/types.ts'
import type { BundleFault } from '../exchange/index.ts'
import type { SeverityResult } from './severity/assess.ts'
import './weigh/tables.ts'
import './diamond/tables.ts'
import type { Consent, ParticularKind, ParticularValue } from './facts/particular.ts'

/** What became of a hypothesis. */
export type HypothesisStep = 'dropped' | 'taken-up' | 'same-as'

/** Why an analyst is as confident as they say, apart from how likely something is. */
export interface ConfidenceReasons {
  /** Quality of the sources. */
  sources: string
  /** How many there are, and whether they are independent of one another. */
  independence: string
  /** What is assumed. */
  assumptions: string
  /** What is not known. */
  gaps: string
}

/** What became of a dissent. */
export type DissentStep = 'answered' | 'upheld' | 'given-up'

/** An assumption that a challenge looked at, and what it found. */
export interface CheckedAssumption {
  words: string
  finding: string
}

type JsonColumn<T> = ColumnType<T, string, string>

/** Where an incident was opened from. */
export type IncidentSource =
  | { kind: 'form' }
  | { kind: 'split'; incident: string }
  /** Without the identifier of the bundle where that was read after the incident was opened. */
  | { kind: 'bundle'; file: string; bundle?: string }
  | { kind: 'act'; space: string; act: string; part: string; party: string; bundle?: string }

/** What a person said of two incidents that may be the same. */
export type AlikeWord = 'same' | 'related' | 'not-same'

/** Ids of the rows that a split took along. */
export interface MovedRows {
  facts: string[]
  entries: string[]
  particulars: string[]
  /** Numbers go along; none in splits that were made before evidence went too. */
  evidence?: { id: string; number: number }[]
  /** Identifiers of objects. */
  objects?: string[]
  /** Relationships that join objects of both sides, and stayed. */
  torn?: number
}

/** One hypothesis as a recorded assessment saw it. `points` is the weighted inconsistency. */
export interface RankedSnapshot {
  hypothesis: string
  place: number
  points: number
  support: number
}

/** What can be moved between compartments. */
export const movedKinds = ['fact', 'particular', 'entry', 'evidence'] as const
export type MovedKind = (typeof movedKinds)[number]

/** Who could see an item: everybody cleared for the incident, or its lead and these. */
export interface Knew {
  house: boolean
  lead: string
  readers: { kind: 'person' | 'office'; who: string }[]
}

/** What became of a bundle that is read by a job. */
export type BundleState = 'reading' | 'done' | 'refused' | 'stopped'

/** Why a bundle was refused, to be said in any language. */
export interface RefusedBundle {
  code: string
  facts: Record<string, string | number>
  faults: BundleFault[]
}

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.incidents_bundle': {
      id: string
      incident: string
      file: string
      /** Label of objects that carry none. */
      unmarked: Tlp
      size: number
      /** Until it was read. */
      bytes: Buffer | null
      state: BundleState
      objects_all: number
      objects_done: number
      /** How many of them were not there before. */
      added: number
      refused: JsonColumn<RefusedBundle | null>
      by_person: string
      at: number
      ended_at: number | null
    }
    /** What was read of a bundle before all of it comes into the incident at once. */
    'home.incidents_bundle_object': {
      bundle: string
      place: number
      stix_id: string
      version: string
      type: string
      name: string
      tlp: Tlp
      marked_by: string
      mentions: string[]
      ends: string[]
      text: string
    }
    'home.incidents_incident': {
      id: string
      /** Of the series of the house; none while an incident was only ever known to named readers. */
      number: number | null
      year: number
      code_name: string
      title: string
      summary: string
      category: string
      drill: boolean
      ceiling: Tlp
      marking: Tlp
      state: 'open' | 'contained' | 'closed'
      source: JsonColumn<IncidentSource>
      opened_by: string
      /** Who decides on its readers. */
      lead: string
      /** Known to the lead and named readers only. */
      restricted: boolean
      office: string
      opened_at: number
      touched_at: number
    }
    'home.incidents_object': {
      incident: string
      ordinal: number
      stix_id: string
      version: string
      type: string
      name: string
      tlp: Tlp
      marked_by: string
      mentions: string[]
      ends: string[]
      text: string
    }
    'home.incidents_fact': {
      id: string
      incident: string
      state: 'known' | 'unknown' | 'contested'
      words: string
      by_person: string
      since: number
      ended_at: number | null
      replaces: string | null
      act: string | null
      compartment: string | null
    }
    'home.incidents_entry': {
      id: string
      incident: string
      /** What happened, ms; `written_at` is when it was written down. */
      at: number
      written_at: number
      by_person: string
      kind: string
      words: string | null
      facts: JsonColumn<Record<string, string | number>>
      compartment: string | null
    }
    'home.incidents_bottom_line': {
      id: string
      incident: string
      first: string
      second: string
      third: string
      by_person: string
      at: number
    }
    'home.incidents_severity': {
      id: string
      incident: string
      scheme: string
      answers: JsonColumn<Record<string, string>>
      why: string
      figure: number | null
      level: string | null
      /** As it was shown; none of what was answered before there were files of rules. */
      result: JsonColumn<SeverityResult> | null
      rules_dated: string | null
      /** Fingerprint of the scheme it was computed by. */
      rules_print: string | null
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_severity_told': {
      id: string
      incident: string
      /** Who told it, as it was written down. */
      teller: string
      scale: string
      level: string
      source: string
      /** `YYYY-MM-DD`. */
      told_on: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_link': { incident: string; space: string; by_person: string; at: number }
    'home.incidents_taken_up': { act: string; incident: string; fact: string; by_person: string; at: number }
    'home.incidents_compartment': { id: string; incident: string; name: string; by_person: string; at: number }
    'home.incidents_reader': {
      id: string
      incident: string
      /** Of this set of items only; of the incident where there is none. */
      compartment: string | null
      kind: 'person' | 'office'
      who: string
      by_person: string
      at: number
      until: number | null
      ended_at: number | null
      ended_by: string | null
    }
    /** Lines of the record that were written into letters. */
    'home.incidents_carried': {
      draft: string
      incident: string
      kind: 'fact' | 'particular'
      item: string
      space: string
      words: string
      by_person: string
      at: number
    }
    /** Title, code name and summary as searches fold them. */
    'home.incidents_words': { incident: string; words: string }
    'home.incidents_particular': {
      id: string
      incident: string
      compartment: string | null
      kind: ParticularKind
      value: JsonColumn<ParticularValue>
      known_by: string
      known_since: string
      consent: Consent
      embargo: string | null
      by_person: string
      at: number
      corrects: string | null
      ended_at: number | null
      /** Out of `value`, for counting: its code; of an event its day, and whether that is exact. */
      code: GeneratedAlways<string | null>
      began: GeneratedAlways<string | null>
      began_exactly: GeneratedAlways<boolean | null>
      ordinal: Generated<number>
    }
    'home.incidents_dispute': {
      id: string
      incident: string
      particular: string
      disputed_by: string
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_source': {
      evidence: string
      identity: string
      handler: string
      deputy: string | null
      at: number
    }
    /** Items moved between compartments; one row per item of a move. */
    'home.incidents_move': {
      id: string
      incident: string
      kind: MovedKind
      item: string
      from_compartment: string | null
      into_compartment: string | null
      why: string
      knew: JsonColumn<Knew>
      by_person: string
      at: number
    }
    'home.incidents_source_step': {
      id: string
      evidence: string
      kind: 'handler' | 'deputy'
      who: string | null
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    'home.incidents_merge': {
      id: string
      /** It stays as it is and is read through the other. */
      incident: string
      into_incident: string
      why: string
      by_person: string
      at: number
      undone_by: string | null
      undone_at: number | null
      undone_why: string | null
    }
    'home.incidents_alike': {
      ordinal: Generated<number>
      id: string
      /** The smaller id of the two. */
      incident: string
      other: string
      word: AlikeWord
      by_person: string
      at: number
    }
    'home.incidents_split': {
      id: string
      incident: string
      into_incident: string
      why: string
      moved: JsonColumn<MovedRows>
      by_person: string
      at: number
    }
    'home.incidents_break_glass': {
      id: string
      /** As it was typed: whether there is such an incident is not looked at before a second person agrees. */
      asked_for: string
      why: string
      asked_by: string
      asked_at: number
      agreed_by: string | null
      agreed_at: number | null
      refused_by: string | null
      incident: string | null
      until: number | null
      /** When the lead took note of it. */
      seen_at: number | null
    }
    'view.incidents_contest': {
      space: string
      hash: string
      idx: number
      author: string
      about: string
      about_author: string
      ground: string
      at: number
    }
    'view.incidents_preservation': {
      space: string
      hash: string
      idx: number
      author: string
      addressee: string
      deletion_date: string
      keep_until: string
      source: string
      asked_at: number
      confirmed_by: string | null
      confirmed_at: number | null
      kept_until: string | null
    }
  }
}
