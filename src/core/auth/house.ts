import { type Classification, noClassification } from '../markings/index.ts'
import type { Reader, Tx } from '../storage/types.ts'

/** What the party says about itself at its door; set at set-up, changed by administrators. */
export interface House {
  /** Public telephone of the duty desk. */
  publicTelephone?: string
  /** Who stands in when the duty desk does not answer. */
  deputy?: string
  /** When the duty desk is staffed, in the party's own words per language. */
  hours?: 'always' | 'office'
  /** Set when the whole node serves an exercise: its name. */
  drill?: string
  /** One person may release in an emergency, to be confirmed or disowned by another. */
  emergencyRelease?: boolean
  /** The party's own ladder, what foreign levels are handled as, and how far this node is accredited. */
  classification?: Classification
  /** Whether people may keep pages on their devices, and which. */
  offline?: OfflineRule
}

/** What may lie on devices of people of this house. */
export interface OfflineRule {
  allowed: boolean
  /** Nothing above it. */
  ceiling: 'CLEAR' | 'GREEN' | 'AMBER'
  /** What is said in sealed spaces too. */
  sealed: boolean
}

/** Reads what the sign-in page may show to a stranger. */
export async function readHouse(db: Reader): Promise<House> {
  const rows = await db.selectFrom('home.house').selectAll().execute()
  return Object.fromEntries(rows.map((row) => [row.key, row.value])) as House
}

/** What this house says of classification; nothing unless somebody set it. */
export async function readClassification(db: Reader): Promise<Classification> {
  return (await readHouse(db)).classification ?? noClassification
}

/** Sets what is given and leaves the rest. */
export async function writeHouse(tx: Tx, house: House): Promise<void> {
  for (const [key, value] of Object.entries(house)) {
    if (value === undefined) continue
    await tx
      .insertInto('home.house')
      .values({ key, value: JSON.stringify(value) })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: JSON.stringify(value) }))
      .execute()
  }
}
