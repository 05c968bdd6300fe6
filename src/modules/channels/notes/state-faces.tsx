import { actHref } from '../../../core/module/act-href.ts'
import type { ActFace, FaceProps, Services, ShownAct } from '../../../core/module/types.ts'
import { createTranslator } from '../../../text/index.ts'
import type { CorrectionsText, RemarksText } from '../acts.ts'
import { listNumbers } from './note-states.ts'

interface Body {
  note: string
  language: string
  ground?: string
}
type Props<T> = FaceProps<Body, T> & { facts?: { number: string } }

/** Which note it is about, by its number. */
async function loadNumbers(services: Services, acts: ShownAct<Body>[]): Promise<Map<string, { number: string }>> {
  const notes = acts.flatMap(({ content }) => (content?.body ? [content.body.note] : []))
  const numbers = await listNumbers(services.db, notes)
  return new Map(
    acts.flatMap(({ act, content }) => {
      const number = content?.body && numbers.get(content.body.note)
      return number === undefined ? [] : [[act.hash, { number }] as const]
    }),
  )
}

/** What is said in the act's own name belongs to the document and is set in its language. */
function wordsOf({ shown, services }: Props<unknown>) {
  const language = shown.content?.body?.language ?? 'en'
  return { td: createTranslator(language), party: services.signedNameOf(shown.act.statement.author, language) }
}

function AboutNote(props: Props<unknown>) {
  const { shown, facts } = props
  const note = shown.content?.body?.note
  if (note === undefined) return null
  const { td } = wordsOf(props)
  return (
    <p>
      <a href={actHref(shown.space.id, note)}>
        {facts ? td('channels.change.about-number', { number: facts.number }) : td('channels.change.about-note')}
      </a>
    </p>
  )
}

function Remarks({ text }: { text?: RemarksText }) {
  return (
    <>
      {text?.paragraphs.map((paragraph, index) => (
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
    </>
  )
}

export const returnedFace: ActFace<Body, RemarksText> = {
  type: 'channels.note-returned',
  form: (t) => t('channels.returned.form'),
  headline: ({ shown, t }) => t('channels.returned.headline', { ground: groundOf(shown.content?.body, t) }),
  load: loadNumbers,
  Document(props) {
    const { td, party } = wordsOf(props)
    const { body, text } = props.shown.content ?? {}
    return (
      <>
        <p>{td('channels.returned.sentence', { party, ground: groundOf(body, td) })}</p>
        <Remarks text={text} />
        <AboutNote {...props} />
      </>
    )
  },
}

const groundOf = (body: Body | undefined, t: FaceProps['t']): string => t(`channels.ground.${body?.ground ?? 'other'}`)

export const withdrawnFace: ActFace<Body, RemarksText> = {
  type: 'channels.note-withdrawn',
  form: (t) => t('channels.withdrawn.form'),
  headline: ({ t }) => t('channels.withdrawn.headline'),
  load: loadNumbers,
  Document(props) {
    const { td, party } = wordsOf(props)
    return (
      <>
        <p>{td('channels.withdrawn.sentence', { party })}</p>
        <Remarks text={props.shown.content?.text} />
        <AboutNote {...props} />
      </>
    )
  },
}

export const correctedFace: ActFace<Body, CorrectionsText> = {
  type: 'channels.note-corrected',
  form: (t) => t('channels.corrected.form'),
  headline: ({ t }) => t('channels.corrected.headline'),
  load: loadNumbers,
  Document: (props) => (
    <>
      <Corrections corrections={props.shown.content?.text?.corrections ?? []} t={wordsOf(props).td} />
      <AboutNote {...props} />
    </>
  ),
}

/** "For … read …", one line each. */
export function Corrections({ corrections, t }: { corrections: CorrectionsText['corrections']; t: FaceProps['t'] }) {
  return (
    <ul>
      {corrections.map(({ instead, read }, index) => (
        <li key={index}>
          {t('channels.change.for')} <del dir="auto">{instead}</del> {t('channels.change.reads')}{' '}
          <ins dir="auto">{read}</ins>
        </li>
      ))}
    </ul>
  )
}
