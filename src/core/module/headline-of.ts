export interface Titled {
  subject?: string
  title?: string | Record<string, string>
}

/** What the words of an act call themselves: their subject or title, in this language where there are several. */
export function headlineOf(text: Titled | undefined, language: string): string | undefined {
  if (text?.subject !== undefined || typeof text?.title === 'string') return text.subject ?? (text.title as string)
  return text?.title && (text.title[language] ?? text.title.en ?? Object.values(text.title)[0])
}
