import { z } from 'zod'

/** What something in a file of rules is called, in every language of the house: a rule and its words change together. */
export const names = z.strictObject({
  en: z.string().min(1).max(600),
  fr: z.string().min(1).max(600),
  ar: z.string().min(1).max(600),
})
export type Names = z.output<typeof names>

/** The name in the reader's language, in English where that language is none of the file's. */
export const named = (of: Names, language: string): string => (of as Record<string, string>)[language] ?? of.en
