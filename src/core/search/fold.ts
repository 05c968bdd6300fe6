/** Letters that stand for another when somebody types in a hurry, and that Unicode does not take apart itself. */
const alike: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
  ـ: '',
  ء: '',
}
const toReplace = new RegExp(`[${Object.keys(alike).join('')}٠-٩۰-۹]`, 'gu')
const wordPattern = /[\p{L}\p{N}]+/gu
/** What a word may be made of before it is folded: marks above and below letters belong to it. */
const rawWordPattern = /[\p{L}\p{N}\p{M}ـ]+/gu
const longestWord = 64

/** Text without what readers pass over: case, accents, hamza forms, vowel marks, stretched letters, other digits. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(toReplace, (letter) => alike[letter] ?? String((letter.codePointAt(0) ?? 0) & 0xf))
}

/** Words of a text in order, each as it stands in the index. */
export function wordsOf(text: string): string[] {
  return [...fold(text).matchAll(wordPattern)].map(([word]) => stem(word.slice(0, longestWord)))
}

/** Pieces of a text in order, each with the words it stands for; what lies between words has none. */
export function piecesOf(text: string): { text: string; words: string[] }[] {
  const pieces: { text: string; words: string[] }[] = []
  let end = 0
  for (const match of text.matchAll(rawWordPattern)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), words: [] })
    pieces.push({ text: match[0], words: wordsOf(match[0]) })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), words: [] })
  return pieces
}

/**
 * What several forms of a word have in common: the plural in English and French, the article and the commonest
 * endings in Arabic. Applied to what is stored and to what is asked alike, so that it only ever brings forms together.
 */
function stem(word: string): string {
  if (/^\p{Script=Arabic}/u.test(word)) return arabicStem(word)
  if (/\p{N}/u.test(word) || word.length < 4) return word
  const singular = word.length > 4 ? word.replace(/[sx]$/, '') : word
  if (singular.endsWith('y')) return `${singular.slice(0, -1)}i`
  return singular.length > 4 ? singular.replace(/e$/, '') : singular
}

const arabicBeginnings = ['وال', 'بال', 'كال', 'فال', 'ال', 'لل', 'و']
const arabicEndings = ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي']

function arabicStem(word: string): string {
  const beginning = arabicBeginnings.find((one) => word.startsWith(one) && word.length - one.length >= 3) ?? ''
  const bare = word.slice(beginning.length)
  const ending = arabicEndings.find((one) => bare.endsWith(one) && bare.length - one.length >= 3) ?? ''
  return bare.slice(0, bare.length - ending.length)
}

/** A register number or reference as it is compared: no case, no accents, no spaces, its own strokes kept. */
export function foldReference(reference: string): string {
  return fold(reference)
    .replace(/[^\p{L}\p{N}/.-]/gu, '')
    .slice(0, longestWord)
}
