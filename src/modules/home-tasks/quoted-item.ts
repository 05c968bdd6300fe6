import type { Item } from './items.ts'

/** So many words in a row are no accident; an item of fewer counts where all of it is said. */
const run = 12
/** Shorter ones are said by chance. */
const shortest = 4

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []

/** All stretches of a text that would give an item away. */
function stretches(words: readonly string[]): string[] {
  if (words.length < shortest) return []
  const length = Math.min(run, words.length)
  return words.flatMap((_, at) => (at + length <= words.length ? [words.slice(at, at + length).join(' ')] : []))
}

/** The first paragraph that says what one of `kept` says, unless one of `open` says those words too. */
export function quotedItem(
  text: readonly string[],
  kept: readonly Item[],
  open: readonly string[],
): { paragraph: number; item: Item } | undefined {
  const free = open.map((one) => ` ${wordsOf(one).join(' ')} `)
  for (const [at, paragraph] of text.entries()) {
    const said = ` ${wordsOf(paragraph).join(' ')} `
    const item = kept.find(({ words }) =>
      stretches(wordsOf(words)).some(
        (one) => said.includes(` ${one} `) && !free.some((other) => other.includes(` ${one} `)),
      ),
    )
    if (item) return { paragraph: at + 1, item }
  }
  return undefined
}
