import table from './reference/regimes.json' with { type: 'json' }

export const refusalGrounds = [
  'political-offence',
  'essential-interests',
  'dual-criminality',
  'conditions-not-met',
  'no-basis',
  'not-competent',
  'no-capacity',
  'not-held',
  'third-party-confidence',
  'incomplete',
] as const
export type RefusalGround = (typeof refusalGrounds)[number]

export const postponementGrounds = [
  'own-proceedings',
  'capacity',
  'awaiting-information',
  'consultation-needed',
] as const

/** What holds for requests of a kind, by an edition of the table. */
export interface Regime {
  kind: string
  /** Grounds on which it can be refused. */
  refuse: readonly RefusalGround[]
  /** Data that is preserved is kept at least so long. */
  keepsDays?: number
  /** Kind of the request that has to follow while it is kept. */
  followedBy?: string
}

interface Edition {
  edition: string
  oral: { within: string; source: 'agreed' | 'law' | 'requested' }
  kinds: readonly Regime[]
}

/** Day of the table: answers name the edition by which they were given. */
export const regimesEdition = table.edition
export const regimesSource = table.source

// Editions that were ever released: rows do not change when the table does.
const editions: ReadonlyMap<string, Edition> = new Map([[table.edition, table as unknown as Edition]])

/** The rules of a kind by an edition; undefined where this version does not know the edition or the kind. */
export function regimeOf(kind: string | null, edition: string = regimesEdition): Regime | undefined {
  return editions.get(edition)?.kinds.find((one) => one.kind === kind)
}

/** Within what time what was asked orally has to be in writing; undefined where this version does not know the edition. */
export const oralRule = (edition: string = regimesEdition): Edition['oral'] | undefined => editions.get(edition)?.oral
