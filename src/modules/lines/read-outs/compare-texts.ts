/** Words of one text, and whether the other has them in this place too. */
export interface Piece {
  text: string
  alone: boolean
}

/** A paragraph of ours with the one of theirs that is most like it; one of them is missing where there is none. */
export interface Pair {
  ours?: string
  theirs?: string
}

/** Paragraphs share at least so much of their words, or stand alone. */
const leastAlike = 0.3
/** Two paragraphs of more words than this on both sides are shown whole: nobody reads such a comparison. */
const mostCells = 4_000_000

const segmenter = new Intl.Segmenter('und', { granularity: 'word' })
const wordsIn = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment)

const setOf = (text: string): Set<string> =>
  new Set(
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  )

/** Share of words that two texts have in common, 0 to 1. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const words = one.size + other.size
  return words === 0 ? 0 : (2 * one.intersection(other).size) / words
}

/**
 * Two accounts paragraph by paragraph: ours in their order, each beside the paragraph of theirs it shares most words
 * with; what only they say stands where they say it. Which words a text has is all that is looked at: what it means is
 * for a person.
 */
export function pairParagraphs(ours: readonly string[], theirs: readonly string[]): Pair[] {
  const [own, other] = [ours.map(setOf), theirs.map(setOf)]
  const alike = own
    .flatMap((mine, i) => other.map((yours, j) => ({ i, j, score: likeness(mine, yours) })))
    .filter(({ score }) => score >= leastAlike)
    .toSorted((a, b) => b.score - a.score || a.i - b.i || a.j - b.j)
  const partner = new Map<number, number>()
  const taken = new Set<number>()
  for (const { i, j } of alike) {
    if (partner.has(i) || taken.has(j)) continue
    partner.set(i, j)
    taken.add(j)
  }
  const leadOf = new Map([...partner].map(([i, j]) => [j, i]))
  const alone = Map.groupBy(
    theirs.keys().filter((j) => !taken.has(j)),
    (j) => lastBefore(j, leadOf),
  )
  const onlyTheirs = (after: number): Pair[] => (alone.get(after) ?? []).map((j) => ({ theirs: theirs[j] as string }))
  return [
    ...onlyTheirs(-1),
    ...ours.flatMap((paragraph, i): Pair[] => {
      const j = partner.get(i)
      return [{ ours: paragraph, ...(j !== undefined && { theirs: theirs[j] as string }) }, ...onlyTheirs(i)]
    }),
  ]
}

/** The paragraph of ours beside the last one of theirs before `j` that stands beside any; -1 where none does. */
function lastBefore(j: number, leadOf: ReadonlyMap<number, number>): number {
  for (let at = j - 1; at >= 0; at -= 1) {
    const lead = leadOf.get(at)
    if (lead !== undefined) return lead
  }
  return -1
}

/** Two paragraphs word by word: which stretches of each the other does not have. */
export function wordsApart(one: string, other: string): { one: Piece[]; other: Piece[] } {
  const [a, b] = [wordsIn(one), wordsIn(other)]
  if (a.length * b.length > mostCells)
    return { one: [{ text: one, alone: one !== other }], other: [{ text: other, alone: one !== other }] }
  const shared = sharedWords(a, b)
  return {
    one: joined(a, new Set(shared.map(([i]) => i))),
    other: joined(b, new Set(shared.map(([, j]) => j))),
  }
}

/** The longest run of words, in order, that both have. */
function sharedWords(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const shared: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) shared.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return shared
}

function joined(words: readonly string[], shared: ReadonlySet<number>): Piece[] {
  const pieces: Piece[] = []
  for (const [at, text] of words.entries()) {
    const [alone, last] = [!shared.has(at), pieces.at(-1)]
    if (last?.alone === alone) last.text += text
    else pieces.push({ text, alone })
  }
  return pieces
}
