import { canonicalBytes, sha256, toBase64url, utf8 } from '../../../protocol/index.ts'
import type { RestedItem } from '../tables.ts'
import type { ItemWords, NamedItem } from './acts.ts'

/** What the hash of an item is over: its words with their salt, its number, grade and marking. */
export function itemHash(item: Omit<NamedItem, 'hash'>, { words, salt }: ItemWords): string {
  const { number, grade, tlp } = item
  return toBase64url(sha256(canonicalBytes({ number, grade, tlp, words, salt })))
}

/**
 * Items of evidence as an act names them. The salt comes of the item's id, which never leaves: the same draft saved
 * again says the same bytes, and nobody else can compute it.
 */
export function nameItems(draft: string, items: readonly RestedItem[]): { named: NamedItem[]; words: ItemWords[] } {
  const both = items.map(({ id, number, grade, tlp, words }) => {
    const salt = toBase64url(sha256(utf8(`attributions.evidence\n${draft}\n${id}`))).slice(0, 22)
    const text = { words, salt }
    return { named: { number, grade, tlp, hash: itemHash({ number, grade, tlp }, text) }, text }
  })
  return { named: both.map((one) => one.named), words: both.map((one) => one.text) }
}

/** Whether the words beside each item are those its hash is over. */
export const areItsWords = (named: readonly NamedItem[], words: readonly ItemWords[]): boolean =>
  named.length === words.length &&
  named.every((one, at) => {
    const text = words[at]
    return text !== undefined && itemHash(one, text) === one.hash
  })
