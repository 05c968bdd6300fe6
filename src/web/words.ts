import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { createTranslator, type Translate } from '../text/index.ts'

/** Language of the page being rendered; set by Layout and by `Paper`'s surroundings. */
export const PageLanguage = createContext('en')

/** Translator of the page being rendered, for the few words components bring themselves. */
export function useWords(): Translate {
  return createTranslator(useContext(PageLanguage))
}
