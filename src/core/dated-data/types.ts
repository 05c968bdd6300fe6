import { z } from 'zod'

/** How every file of rules begins: from when it is, where it was taken from, and whether anybody compared the two. */
export const datedHead = {
  /** Day of the state of things it describes. */
  dated: z.iso.date(),
  source: z.string().min(1).max(2_000),
  /** Not compared with the primary text. Pages say so beside every result. */
  unconfirmed: z.boolean(),
}
export interface DatedHead {
  dated: string
  source: string
  unconfirmed: boolean
}

/** A file of rules: as it is shipped, and where the house may lay its own. */
export interface DatedFile<T extends DatedHead> {
  /** Below `rules/` in the data folder: `response/measures.json`. */
  path: string
  schema: z.ZodType<T>
  shipped: unknown
}

/** What was read, and whether it is the house's own file that stands in the place of the shipped one. */
export interface DatedData<T extends DatedHead> {
  content: T
  own: boolean
  path: string
}
