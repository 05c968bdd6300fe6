import { modules } from '../app/modules.ts'
import { createTranslator } from '../text/index.ts'

/** The words the pages use for an act type; undefined for types nobody here knows. */
export function nameOfType(type: string, language = 'en'): string | undefined {
  const face = modules()
    .flatMap((module) => module.faces ?? [])
    .find((one) => one.type === type)
  return face?.form(createTranslator(language))
}
