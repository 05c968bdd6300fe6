import reference from './reference/eurepoc-1.1.json' with { type: 'json' }

export const fileKinds = ['incidents', 'attributions', 'receivers'] as const
export type FileKind = (typeof fileKinds)[number]

/** Coded values of a set: what is kept, by the words the files say it with. */
export type VocabularyName =
  | 'types'
  | 'bases'
  | 'kinds'
  | 'initiatorCategories'
  | 'sectors'
  | 'responses'
  | 'legalResponses'

export const columnsOf: Readonly<Record<FileKind, readonly string[]>> = reference.columns
export const vocabularies: Readonly<Record<VocabularyName, Readonly<Record<string, string>>>> = reference
export const basisGroups: Readonly<Record<string, readonly string[]>> = reference.basisGroups
export const codesOf = (name: VocabularyName): string[] => Object.keys(vocabularies[name])

const nothing = new Set(reference.nothing)
const codeByWords = new Map(
  Object.entries(vocabularies).flatMap(([name, codes]) =>
    typeof codes === 'object' && !Array.isArray(codes)
      ? Object.entries(codes).map(([code, words]) => [`${name} ${words}`, code] as const)
      : [],
  ),
)
const names = ['types', 'bases', 'kinds', 'initiatorCategories', 'sectors', 'responses', 'legalResponses'] as const
/** Words of any vocabulary that are too long to be the name of something else. */
const distinctive = new Set(
  names.flatMap((name) => Object.values(vocabularies[name])).filter((word) => word.length > 14),
)
const anyWord = new Set(names.flatMap((name) => Object.values(vocabularies[name])))

/** Whether a cell says that nothing is said: empty, not available, unknown. */
export const saysNothing = (value: string): boolean => value === '' || (value.length < 40 && nothing.has(value.trim()))

const codeInAnyCase = new Map([...codeByWords].map(([words, code]) => [words.toLowerCase(), code]))

/** The code of published words, in whatever case they are written; undefined where they are none of the vocabulary. */
export const codeOf = (name: VocabularyName, words: string): string | undefined =>
  codeByWords.get(`${name} ${words.trim()}`) ?? codeInAnyCase.get(`${name} ${words.trim()}`.toLowerCase())

/** No word of a vocabulary is longer: prose is not compared. */
const longest = Math.max(...[...anyWord].map((word) => word.length)) + 10

export const isDistinctive = (value: string): boolean => value.length < longest && distinctive.has(value.trim())
export const isAnyWord = (value: string): boolean => value.length < longest && anyWord.has(value.trim())
