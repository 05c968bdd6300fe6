import type { Json } from '../../core/module/types.ts'
import { type AskedWords, isHit, piecesOf, saidIn } from '../../core/search/index.ts'

/** A stretch of text; hits are what was looked for. */
export interface Stretch {
  text: string
  isHit: boolean
}

const before = 90
const longest = 260

/** Two lines of an act's text around the first word that was looked for, else from its beginning. */
export function excerptOf(text: Json | undefined, words: AskedWords | undefined): Stretch[] {
  const said = saidIn(text).filter(({ weight }) => weight === 'D')
  const found =
    words && said.find((one) => piecesOf(one.text).some((piece) => piece.words.some((w) => isHit(words, w))))
  const chosen = found?.text ?? said.find((one) => one.text.length > 40)?.text ?? said[0]?.text
  return chosen === undefined ? [] : cut(marked(chosen, words))
}

/** A line with the words that were looked for told apart. */
export function marked(line: string, words: AskedWords | undefined): Stretch[] {
  const stretches: Stretch[] = []
  for (const piece of piecesOf(line)) {
    const hit = words !== undefined && piece.words.some((word) => isHit(words, word))
    const last = stretches.at(-1)
    if (last && last.isHit === hit) last.text += piece.text
    else stretches.push({ text: piece.text, isHit: hit })
  }
  return stretches
}

function cut(stretches: readonly Stretch[]): Stretch[] {
  const first = stretches.findIndex(({ isHit: hit }) => hit)
  const from = Math.max(0, first - 1)
  const kept: Stretch[] = []
  let length = 0
  for (const [at, stretch] of stretches.slice(from).entries()) {
    const isLead = first > 0 && at === 0
    const shortened = isLead ? lastWords(stretch.text, before) : firstWords(stretch.text, longest - length)
    kept.push({ ...stretch, text: shortened })
    length += shortened.length
    if (length >= longest) break
  }
  return kept
}

function firstWords(text: string, most: number): string {
  if (text.length <= most) return text
  const end = text.lastIndexOf(' ', most)
  return `${text.slice(0, end > most / 2 ? end : most)} …`
}

function lastWords(text: string, most: number): string {
  if (text.length <= most) return text
  const start = text.indexOf(' ', text.length - most)
  return `… ${text.slice(start < 0 ? text.length - most : start + 1)}`
}
