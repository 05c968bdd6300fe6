import { createTranslator } from '../../text/index.ts'
import type { NoteText } from './acts.ts'
import { formRules, type NoteForm } from './form-rules.ts'

/** The courtesies with which a form opens and closes in the language of the document; empty for a form without any. */
export function courtesies(options: { form: NoteForm; language: string; from: string; to: string }) {
  if (!formRules[options.form].courtesies) return { opening: '', closing: '' }
  const t = createTranslator(options.language)
  const facts = { from: options.from, to: options.to }
  return {
    opening: t(`channels.courtesy.${options.form}.opening`, facts),
    closing: t(`channels.courtesy.${options.form}.closing`, facts),
  }
}

// Words by which a writer speaks of itself. A note verbale and what is left behind after a talk are written in the third person (Satow, ch. 7).
const firstPerson: Record<string, RegExp> = {
  en: /(?<![\p{L}'’])(I|we|We|our|Our|ours|my|My|us|me)(?![\p{L}'’])/u,
  fr: /(?<![\p{L}])(je|nous|notre|nos|mon|ma|mes|moi)(?![\p{L}])/iu,
  ar: /(?<![\p{L}])(نحن|أنا|إننا|إنني)(?![\p{L}])/u,
}

/** The first word in a text of the third person that is not third person, with the number of its paragraph (from 1). */
export function findFirstPerson(language: string, text: Pick<NoteText, 'paragraphs'>) {
  const pattern = firstPerson[language]
  if (!pattern) return undefined
  for (const [index, paragraph] of text.paragraphs.entries()) {
    const found = pattern.exec(paragraph)
    if (found) return { word: found[0], paragraph: index + 1 }
  }
  return undefined
}
