/** One part of a sheet, set in its own language where it names one. Sizes are points. */
export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; text: string; language?: string; align?: Align }
  | {
      kind: 'paragraph'
      text: string
      language?: string
      align?: Align
      size?: number
      quiet?: boolean
      mono?: boolean
      /** Its direction follows its first letter and not its language: addresses, names. */
      auto?: boolean
    }
  | { kind: 'list'; items: readonly string[]; language?: string }
  | {
      kind: 'table'
      head: readonly string[]
      rows: readonly (readonly string[])[]
      /** Shares of the width, column by column; equal where not said. */
      shares?: readonly number[]
      language?: string
    }
  | { kind: 'rule' }
  | { kind: 'gap'; height: number }
  /** What follows begins on a page of its own. */
  | { kind: 'page' }

/** Along the line in its reading direction: `start` is the right in Arabic. */
export type Align = 'start' | 'center' | 'end'

/** A document to be printed or handed over. The same sheet is always the same bytes. */
export interface Sheet {
  title: string
  /** Of the document as a whole; blocks may differ. */
  language: string
  /** Who issues it: a party, never a person. */
  issuer: string
  /** Time of the document, ms; the clock of the machine is not asked. */
  at: number
  /** At head and foot of every page: the marking, and the drill where there is one. */
  banner: readonly string[]
  /** At the foot of every page, beside the page's number. */
  foot: string
  /** "Page 1 of 3" in the language of the sheet. */
  pageWords(page: number, of: number): string
  blocks: readonly Block[]
  /** Share of the usual size of everything that is set. */
  scale?: number
  /** Bytes: the file is as long as the next multiple of it, so that its length tells little of what stands in it. */
  sizeClass?: number
}
