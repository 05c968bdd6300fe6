import type { Json } from '../../../core/module/types.ts'

/** A paragraph of a draft as people name it when they speak of it. */
export interface Numbered {
  number: string
  /** Its first words. */
  excerpt: string
}

const excerptLength = 80

/** Paragraphs of a text by number, or by the id a joint text gives them; none where a form has no paragraphs. */
export function numberedParagraphs(text: Json | undefined): Numbered[] {
  const { paragraphs } = (text ?? {}) as { paragraphs?: Json }
  if (Array.isArray(paragraphs))
    return paragraphs.map((one, index) => ({ number: String(index + 1), excerpt: firstWords(one) }))
  if (paragraphs === null || typeof paragraphs !== 'object') return []
  return Object.entries(paragraphs).map(([number, one]) => ({ number, excerpt: firstWords(one) }))
}

function firstWords(paragraph: Json): string {
  if (paragraph !== null && typeof paragraph === 'object') return firstWords(Object.values(paragraph)[0] ?? '')
  const words = String(paragraph).replaceAll(/\s+/g, ' ').trim()
  return words.length <= excerptLength ? words : `${words.slice(0, excerptLength)}…`
}
