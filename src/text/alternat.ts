import { alphabetical } from './format.ts'

/**
 * The order in which a joint text names its parties on one party's copy: itself first, then the others in the
 * alphabetical order of the language. A party that is not among them puts nobody first.
 */
export function alternat(
  parties: readonly string[],
  { own, language, nameOf }: { own: string; language: string; nameOf: (party: string) => string },
): string[] {
  const others = parties.filter((party) => party !== own).toSorted(alphabetical(language, nameOf))
  return parties.includes(own) ? [own, ...others] : others
}
