import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import type { IncidentFilter } from '../read/list-own.ts'
import type { Hits } from './count-over.ts'
import type { AskedPicture } from './asked.ts'

/** A cell of a table under a picture: what the page shows, and what a program reads of it. */
export interface Cell {
  words: string
  /** Words that people or data gave: set apart in another direction of writing. */
  isGiven?: boolean
  /** A list of just these incidents. */
  href?: string
}

export interface PictureTable {
  caption: string
  head: string[]
  /** Columns that hold words; of the others only the first does. */
  words?: number[]
  rows: Cell[][]
}

/** A picture of many incidents, drawn for one reader. */
export interface Drawn {
  hits: Hits
  /** How it was counted, and what could not be. */
  method: string
  chart?: ComponentChildren
  tables: PictureTable[]
}

/** What a picture is drawn from. */
export interface Drawing {
  visit: Visit
  asked: AskedPicture
  filter: IncidentFilter
  say: Say
}

/** Incidents of which fewer are shown by no number to others: a number below it can point to single ones. */
export const fewest = 5

/**
 * So many lie at least in each quarter of what quartiles are told of to others: the middle one of a few is the number of
 * one incident.
 */
export const fewestOfQuartiles = 4 * fewest

export type Quartiles = readonly [number, number, number]

/**
 * How numbers are told. For others, small ones are not told and the rest are rounded, so that no difference of two
 * figures points to single incidents.
 */
export interface Say {
  n(count: number): number
  words(count: number): string
  /** As they are told and drawn, of `of` things; none where they are too few to tell. */
  quartiles(days: Quartiles | null, of: number): Quartiles | null
}

export function sayFor({ language, t }: Pick<Visit, 'language' | 't'>, forOthers: boolean): Say {
  const plain = (count: number) => formatNumber(count, language, { maximumFractionDigits: 1 })
  if (!forOthers) return { n: (count) => count, words: plain, quartiles: (days) => days }
  const isFew = (count: number) => count > 0 && count < fewest
  const rounded = (count: number) => Math.round(count / fewest) * fewest
  return {
    n: (count) => (isFew(count) ? 0 : rounded(count)),
    words: (count) => (isFew(count) ? t('incidents-picture.few', { fewest }) : plain(rounded(count))),
    quartiles: (days, of) =>
      days && of >= fewestOfQuartiles ? [rounded(days[0]), rounded(days[1]), rounded(days[2])] : null,
  }
}

export const given = (words: string, href?: string): Cell => ({ words, isGiven: true, ...(href && { href }) })
export const plain = (words: string, href?: string): Cell => ({ words, ...(href && { href }) })
