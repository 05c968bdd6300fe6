import type { Json } from '../../protocol/types.ts'
import { wordsOf } from './fold.ts'

/** What is said in an act, and how much it weighs: A what it is called, B what it refers to, D all else. */
export interface Said {
  text: string
  weight: 'A' | 'B' | 'D'
}

/** PostgreSQL takes 1 MB of words and places; what a longer text says after that is not found. */
const mostBytes = 900_000
/** No place beyond is told apart. */
const lastPlace = 16_000
/** Far enough that a phrase never spans two texts. */
const gap = 20
/** A subject or title weighs more than what stands under it. */
const headings = new Set(['subject', 'title'])

/** All words of a text part, wherever they stand in it, with their weight. */
export function saidIn(text: Json | undefined, isHeading = false): Said[] {
  if (typeof text === 'string') return text === '' ? [] : [{ text, weight: isHeading ? 'A' : 'D' }]
  if (Array.isArray(text)) return text.flatMap((one) => saidIn(one, isHeading))
  if (typeof text !== 'object' || text === null) return []
  return Object.entries(text).flatMap(([key, one]) => saidIn(one as Json, isHeading || headings.has(key)))
}

/** Text of a `tsvector`: words with place and weight, and facets, which hold a colon and so are no word. */
export function vectorOf(said: readonly Said[], facets: readonly string[]): string {
  const places = new Map<string, string[]>()
  const entries = [...new Set(facets)].map((facet) => `'${facet}'`)
  let bytes = entries.reduce((sum, entry) => sum + entry.length, 0)
  let place = 0
  for (const { text, weight } of said) {
    for (const word of wordsOf(text)) {
      place += 1
      const known = places.get(word)
      bytes += known ? 2 : Buffer.byteLength(word) + 8
      if (bytes > mostBytes) break
      if (!known) places.set(word, [`${Math.min(place, lastPlace)}${weight}`])
      // More places of one word than PostgreSQL keeps tell nothing more.
      else if (place < lastPlace && known.length < 200) known.push(`${place}${weight}`)
    }
    place += gap
  }
  return [...entries, ...[...places].map(([word, at]) => `'${word}':${at.join(',')}`)].join(' ')
}
