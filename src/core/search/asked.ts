import { fold, wordsOf } from './fold.ts'

/** What somebody typed, as PostgreSQL asks for it. */
export interface AskedWords {
  /** Text of a `tsquery`. */
  query: string
  /** Words and beginnings of words that make a place in a text a hit. */
  words: ReadonlySet<string>
  beginnings: readonly string[]
}

/** Why what was typed finds nothing, whatever is stored. */
export type Unaskable = 'no-words' | 'only-excluded' | 'too-many-words' | 'beginning-too-short'

const mostTerms = 16
const shortestBeginning = 2

/**
 * Words that all have to be there; `"…"` in that very order, `-word` absent, `word*` as a beginning. What is joined
 * without a space (an address, a number, a reference) is looked for as it stands.
 */
export function askFor(typed: string): AskedWords | Unaskable {
  const terms = [...typed.matchAll(/(-?)(?:"([^"]*)(?:"|$)|(\S+))/gu)].map(([, minus, phrase, bare]) => ({
    isExcluded: minus === '-',
    isBeginning: bare?.endsWith('*') === true,
    words: wordsOf(phrase ?? bare ?? ''),
    length: fold(phrase ?? bare ?? '').length,
  }))
  const said = terms.filter(({ words }) => words.length > 0)
  if (said.length === 0) return 'no-words'
  if (said.reduce((sum, { words }) => sum + words.length, 0) > mostTerms) return 'too-many-words'
  if (said.every(({ isExcluded }) => isExcluded)) return 'only-excluded'
  if (said.some(({ isBeginning, length }) => isBeginning && length <= shortestBeginning)) return 'beginning-too-short'
  const sought = said.filter(({ isExcluded }) => !isExcluded)
  return {
    query: said.map(termText).join(' & '),
    words: new Set(sought.flatMap(({ words, isBeginning }) => (isBeginning ? words.slice(0, -1) : words))),
    beginnings: sought.flatMap(({ words, isBeginning }) => (isBeginning ? words.slice(-1) : [])),
  }
}

function termText({ words, isBeginning, isExcluded }: { words: string[]; isBeginning: boolean; isExcluded: boolean }) {
  const last = words.length - 1
  const text = words.map((word, at) => `'${word}'${isBeginning && at === last ? ':*' : ''}`).join(' <-> ')
  return `${isExcluded ? '!' : ''}(${text})`
}

/** Whether a word of a text is one that was asked for. */
export function isHit({ words, beginnings }: AskedWords, word: string): boolean {
  return words.has(word) || beginnings.some((beginning) => word.startsWith(beginning))
}
