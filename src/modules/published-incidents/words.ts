import type { Translate } from '../../text/index.ts'
import type { facetNames } from './list-published.ts'
import { codesOf } from './vocabulary.ts'

const sectors = new Set(codesOf('sectors'))

/** A value that a list is narrowed by, in words: coded ones in the reader's language, others as published. */
export function choiceLabel(name: (typeof facetNames)[number], value: string, t: Translate): string {
  if (name === 'type') return t(`published-incidents.type.${value}`)
  if (name === 'basis') return t(`published-incidents.basis.${value}`)
  if (name === 'category') return t(`published-incidents.category.${value}`)
  return name === 'sector' && sectors.has(value) ? t(`published-incidents.sector.${value}`) : value
}
