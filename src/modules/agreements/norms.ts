import norms from './reference/norms.json' with { type: 'json' }

export interface Norm {
  letter: string
  title: Record<string, string>
}

/** The eleven UN norms of responsible behaviour (A/70/174, paragraph 13), in our own words. */
export function listNorms(): Norm[] {
  return norms.norms
}

export function normTitle(letter: string, language: string): string {
  const norm = norms.norms.find((one) => one.letter === letter)
  const titles: Record<string, string> = norm?.title ?? {}
  return titles[language] ?? titles.en ?? letter
}
