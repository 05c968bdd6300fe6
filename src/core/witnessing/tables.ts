/** Sizes up to which everything first reached a level; they only grow. */
interface FinalityTable {
  space: string
  level: string
  size: number
  /** When this node knew, ms. */
  at: number
  /** Checkpoint of exactly that size with lines that meet the level, where one checkpoint holds them all. */
  note: string | null
  apart: string | null
}

/** Newest checkpoint cosigned of a log this node only witnesses. */
interface WitnessedOriginTable {
  origin: string
  size: number
  root: Buffer
  note: string
  /** ms. */
  at: number
}

/** What a log signed that contradicts what this node cosigned of it. */
interface OriginConflictTable {
  origin: string
  held: string
  came: string
  detail: string
  found_at: number
}

/** How far a witness from outside has come with a space hosted here. */
interface SubmissionTable {
  witness: string
  space: string
  size: number
  state: string
  detail: string | null
  at: number
}

/** ML-DSA-44 keys of parties as they were first seen; nothing depends on them but the word "checked". */
interface MlDsaKeyTable {
  party: string
  key: string
  /** ms. */
  seen_at: number
}

interface PolicyTable {
  space: string
  idx: number
  hash: string
  author: string
  text: string
}

/** Who posted which policy where several have to; gone once it is in force. */
interface PolicyBackerTable {
  space: string
  text_hash: string
  text: string
  party: string
}

declare module '../storage/tables.ts' {
  interface Tables {
    'log.finality': FinalityTable
    'log.witnessed_origin': WitnessedOriginTable
    'log.origin_conflict': OriginConflictTable
    'home.submission': SubmissionTable
    'home.mldsa_key': MlDsaKeyTable
    'view.witnessing_policy': PolicyTable
    'view.witnessing_policy_backer': PolicyBackerTable
  }
}
