/** A name in the reader's language, else in English, else in any it has. */
export function nameIn(names: Record<string, string>, language: string, fallback: string): string {
  return names[language] ?? names.en ?? Object.values(names)[0] ?? fallback
}
