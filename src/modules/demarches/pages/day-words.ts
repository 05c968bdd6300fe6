import { formatDate } from '../../../text/index.ts'

/** A day as it was given (YYYY-MM-DD), in the words of a language; no zone moves it. */
export const dayWords = (day: string, language: string): string =>
  formatDate(Date.parse(`${day}T12:00:00Z`), 'UTC', language)
