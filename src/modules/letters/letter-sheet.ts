import type { Services } from '../../core/module/types.ts'
import { type Align, type Block, makeSheet } from '../../core/sheets/index.ts'
import { createTranslator, languageName } from '../../text/index.ts'
import { signatureLine, translatedSignatureLine } from '../channels/index.ts'
import { type LetterWords, letterWords } from './letter-words.ts'
import type { Letter } from './load-letter.ts'

/** The letter as a PDF in the letterhead of its sender; the same letter is always the same bytes. */
export function letterPdf(services: Services, letter: Letter): Promise<Uint8Array> {
  const { body, text, act } = letter
  const words = letterWords(services, letter)
  const t = createTranslator(body.language)
  const [own] = words.names
  return makeSheet({
    title: `${words.form} ${body.number}: ${text.subject}`,
    language: body.language,
    issuer: own?.name ?? letter.note.author,
    at: act.time,
    banner: words.banner,
    foot: [...words.references, words.form].join(' · '),
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      ...head(words),
      ...letterText(letter, words),
      ...translations(letter),
      ...annexHashes(letter),
      ...proof(letter, words),
    ],
  })
}

/** File name without a word of what the letter says. */
export const fileName = ({ body }: Pick<Letter, 'body'>): string =>
  `${body.form}-${body.number.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-')}.pdf`

function head({ names, lines, copy }: LetterWords): Block[] {
  const [own, ...others] = names
  return [
    ...(own
      ? [
          {
            kind: 'heading' as const,
            level: 1 as const,
            text: own.name,
            language: own.language,
            align: 'center' as const,
          },
        ]
      : []),
    ...others.map(({ name, language }) => ({
      kind: 'paragraph' as const,
      text: name,
      language,
      align: 'center' as const,
    })),
    ...lines.map((text) => ({
      kind: 'paragraph' as const,
      text,
      align: 'center' as const,
      size: 9,
      quiet: true,
      auto: true,
    })),
    { kind: 'rule' },
    ...(copy ? [{ kind: 'paragraph' as const, text: copy, align: 'center' as const, size: 9 }] : []),
  ]
}

function letterText({ body, text }: Letter, words: LetterWords): Block[] {
  const line = (said: string | undefined, over: Partial<Extract<Block, { kind: 'paragraph' }>> = {}): Block[] =>
    said ? [{ kind: 'paragraph', text: said, ...over }] : []
  const titled = !text.opening
  return [
    ...words.references.flatMap((one) => line(one, { size: 9.5 })),
    ...(words.headStyle ? [...line(words.placeAndDate, { align: 'end' }), ...line(words.addressee)] : []),
    { kind: 'gap', height: 6 },
    ...(titled ? [{ kind: 'heading' as const, level: 2 as const, text: words.form, align: 'center' as const }] : []),
    { kind: 'heading', level: 3, text: text.subject },
    ...line(words.sides),
    ...line(text.opening),
    ...text.paragraphs.flatMap((one) => line(one)),
    ...line(words.noAttribution),
    ...line(text.closing),
    ...line(text.signatory, { align: 'end' }),
    ...line(signatureLine(body, text), { align: 'end' }),
    ...(words.headStyle
      ? []
      : [
          { kind: 'gap' as const, height: 8 },
          ...line(words.placeAndDate),
          ...line(body.form === 'bout-de-papier' ? undefined : words.addressee),
        ]),
    ...line(words.annexes, { size: 9.5 }),
    ...words.corrections.flatMap((one) => line(one, { size: 9.5 })),
  ]
}

/** Other languages, each on a page of its own under words that say what they are. */
function translations({ body, text }: Letter): Block[] {
  return (text.translations ?? []).flatMap((one): Block[] => {
    const { language } = one
    const t = createTranslator(language)
    const line = (said: string | undefined, align: Align = 'start'): Block[] =>
      said ? [{ kind: 'paragraph', text: said, language, align }] : []
    return [
      { kind: 'page' },
      { kind: 'heading', level: 2, text: t('channels.translation.courtesy'), language },
      {
        kind: 'paragraph',
        text: t('channels.translation.authentic', { language: languageName(body.language) }),
        language,
        size: 9.5,
        quiet: true,
      },
      { kind: 'rule' },
      { kind: 'heading', level: 3, text: one.subject, language },
      ...line(one.opening),
      ...one.paragraphs.flatMap((said) => line(said)),
      ...(body.impliesNoAttribution ? line(t('channels.note.no-attribution-sentence')) : []),
      ...line(one.closing),
      ...line(text.signatory, 'end'),
      ...line(translatedSignatureLine(body, text, one), 'end'),
    ]
  })
}

/** Each file with the hash by which whoever is handed it can tell that it is the one. */
function annexHashes({ annexes, body }: Letter): Block[] {
  const hashed = annexes.filter(({ sha256 }) => sha256 !== undefined)
  if (hashed.length === 0) return []
  const t = createTranslator(body.language)
  return [
    { kind: 'gap', height: 10 },
    { kind: 'paragraph', text: t('letters.annex-hashes'), size: 8.5, quiet: true },
    ...hashed.flatMap(({ name, sha256 = '' }): Block[] => [
      { kind: 'paragraph', text: name, size: 8.5, auto: true },
      { kind: 'paragraph', text: sha256, size: 8.5, mono: true, language: 'en' },
    ]),
  ]
}

function proof({ act }: Letter, { check }: LetterWords): Block[] {
  return [
    { kind: 'gap', height: 14 },
    { kind: 'rule' },
    { kind: 'paragraph', text: check, size: 8.5, quiet: true },
    { kind: 'paragraph', text: act.hash, size: 8.5, mono: true, language: 'en' },
  ]
}
