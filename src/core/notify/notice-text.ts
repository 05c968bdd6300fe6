import { formatList, isolate } from '../../text/index.ts'
import type { Translate } from '../../text/types.ts'

interface Reading {
  t: Translate
  language: string
  nameOf(party: string, language: string): string
}

/**
 * The sentence of a notice for whoever reads it now. A fact `fromParties` (domains, separated by commas)
 * fills `from` with the parties' names in the reader's language; the others are taken as they are.
 */
export function noticeText(
  { message, facts }: { message: string; facts: Record<string, string | number> },
  { t, language, nameOf }: Reading,
): string {
  const filled: Record<string, string | number> = { ...facts }
  for (const [name, value] of Object.entries(facts)) {
    if (!name.endsWith('Parties')) continue
    const names = String(value)
      .split(',')
      .filter((party) => party !== '')
      .map((party) => isolate(nameOf(party, language)))
    filled[name.slice(0, -'Parties'.length)] = formatList(names, language)
  }
  return t(message, filled)
}
