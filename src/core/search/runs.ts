import { fold } from './fold.ts'

interface WordAt {
  word: string
  from: number
  to: number
}

/** What a word is made of before it is folded: marks above and below letters belong to it. */
const rawWord = /[\p{L}\p{N}\p{M}ـ]+/gu
/** Scripts that set no spaces between words: each of their letters stands alone. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
/** Soft hyphens, joiners and marks of direction: nobody sees them, and copies lose them. */
const unseen = /\p{Cf}/gu

/** Words of a text in order, as a copy keeps them whatever became of case, accents, spacing and punctuation. */
function wordsAt(text: string): WordAt[] {
  return [...text.matchAll(rawWord)].flatMap(({ 0: raw, index }) => {
    const parts = unspaced.test(raw) ? [...raw] : [raw]
    let from = index
    return parts.flatMap((part) => {
      const at = { word: fold(part), from, to: from + part.length }
      from = at.to
      return at.word === '' ? [] : [at]
    })
  })
}

/** Every so many words in a row of a text. */
export function runsOf(text: string, length: number): string[] {
  const words = wordsAt(text.replace(unseen, '')).map(({ word }) => word)
  return words.flatMap((_, at) => (at + length <= words.length ? [words.slice(at, at + length).join(' ')] : []))
}

/**
 * The longest passage of `text` that stands in a source in the same words, as `text` writes it; undefined where no
 * `length` words in a row do.
 *
 * @param runs - {@link runsOf} the source, of the same length.
 */
export function copiedPassage(text: string, runs: ReadonlySet<string>, length: number): string | undefined {
  const seen = text.replace(unseen, '')
  const words = wordsAt(seen)
  const isCopied = words.map((_, at) =>
    runs.has(
      words
        .slice(at, at + length)
        .map(({ word }) => word)
        .join(' '),
    ),
  )
  let longest: { first: number; last: number } | undefined
  for (let first = 0; first < words.length; first++) {
    if (!isCopied[first]) continue
    let last = first
    while (isCopied[last + 1]) last++
    if (!longest || last - first > longest.last - longest.first) longest = { first, last }
    first = last
  }
  if (!longest) return undefined
  return seen.slice(words[longest.first]?.from, words[longest.last + length - 1]?.to)
}
