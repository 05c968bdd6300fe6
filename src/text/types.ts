/** Puts a catalogue message into the reader's language (ICU MessageFormat). Unknown keys throw in development and tests. */
export interface Translate {
  (key: string, facts?: Record<string, string | number | Date>): string
  language: string
  direction: 'ltr' | 'rtl'
}
