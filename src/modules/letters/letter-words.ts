import { createTranslator, formatDate, type Translate } from '../../text/index.ts'
import { markingText } from '../../core/markings/index.ts'
import type { Services } from '../../core/module/types.ts'
import { addresseeName, type NoteBody } from '../channels/index.ts'
import type { Letter } from './load-letter.ts'

/** Letters and first-person notes bear addressee and date at the head, all that speaks in the third person at the foot. */
const atHead: ReadonlySet<NoteBody['form']> = new Set(['letter', 'first-person-note'])

/** What stands around the text, in the words of the document's language. */
export interface LetterWords {
  /** Of the sender, the document's language first, each with its own language. */
  names: { language: string; name: string }[]
  lines: readonly string[]
  form: string
  /** Of a request: between which offices it goes. */
  sides?: string
  references: string[]
  placeAndDate: string
  addressee: string
  headStyle: boolean
  /** Marking, drill, and that it stands no longer. */
  banner: string[]
  noAttribution?: string
  annexes?: string
  /** "For … read …". */
  corrections: string[]
  /** Of a letter that is not ours: that this is a copy. */
  copy?: string
  /** How whoever holds the sheet can check it. */
  check: string
}

/** The words around a letter. Everything in them was signed, stands in our letterhead, or follows from the record. */
export function letterWords(services: Services, letter: Letter): LetterWords {
  const { body, note, act, space, letterhead } = letter
  const { language } = body
  const t = createTranslator(language)
  const from = services.signedNameOf(note.author, language)
  const addressee = addresseeName(services, space, note.addressee, language)
  const date = formatDate(act.scenarioTime, space.terms.zone ?? 'Etc/UTC', language)
  const place = letterhead?.place[language]
  return {
    names: namesOf(letter, from),
    lines: letterhead?.lines ?? [],
    form: t(body.request ? `requests.kind.${body.request.kind}` : `channels.form.${body.form}`),
    ...(body.request && { sides: requestSides(t, { from, to: addressee, request: body.request }) }),
    references: [
      t('letters.our-ref', { number: body.number }),
      ...(body.yourRef ? [t('letters.your-ref', { number: body.yourRef })] : []),
    ],
    placeAndDate: place ? t('letters.place-date', { place, date }) : date,
    addressee,
    headStyle: atHead.has(body.form),
    banner: [
      markingText(letter.marking),
      ...(space.drill ? [t('letters.drill', { name: space.drill.name })] : []),
      ...(note.ended ? [t(`letters.ended.${note.ended}`)] : []),
    ],
    ...(body.impliesNoAttribution && { noAttribution: t('channels.note.no-attribution-sentence') }),
    ...(letter.annexes.length > 0 && {
      annexes: t('letters.annexes', { names: letter.annexes.map(({ name }) => name).join(', ') }),
    }),
    corrections: letter.corrections.flatMap((one) =>
      (one.corrections ?? []).map(({ instead, read }) => t('letters.correction', { instead, read })),
    ),
    ...(!letter.isOurs && { copy: t('letters.copy', { party: services.signedNameOf(services.party, language) }) }),
    check: t('letters.check', { party: from, date }),
  }
}

function requestSides(
  t: Translate,
  { from, to, request }: { from: string; to: string; request: NonNullable<NoteBody['request']> },
): string {
  return t('requests.sides', {
    from: t(`directory.kind.${request.from.kind}`),
    sender: from,
    to: t(`directory.kind.${request.to.kind}`),
    addressee: to,
  })
}

function namesOf({ names, body }: Letter, otherwise: string): LetterWords['names'] {
  const own = { language: body.language, name: names[body.language] ?? otherwise }
  const others = Object.entries(names)
    .filter(([language, name]) => language !== body.language && name !== own.name)
    .map(([language, name]) => ({ language, name }))
  return [own, ...others]
}
