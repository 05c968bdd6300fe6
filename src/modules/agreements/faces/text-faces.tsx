import { actHref } from '../../../core/module/act-href.ts'
import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import {
  alphabetical,
  alternat,
  createTranslator,
  direction,
  formatDate,
  formatDateTime,
  formatList,
  isolate,
  languageName,
} from '../../../text/index.ts'
import { ClockChip, Details, JointText, Pairs, Quiet, Reg, Trouble } from '../../../web/index.ts'
import type { AgreedText, TextProposedBody } from '../acts.ts'
import { normTitle } from '../norms.ts'
import { listTexts, type TextState } from '../queries.ts'
import { hashOfText } from '../text-hash.ts'

type Props = Omit<FaceProps<TextProposedBody, AgreedText>, 'facts'> & { facts?: TextState }

const inLanguage = (words: Record<string, string>, language: string) =>
  words[language] ?? words.en ?? Object.values(words)[0] ?? ''

/** The text in the reader's language first, every other language folded under it, one hash for all. */
function TextDocument(props: Props) {
  const { shown, t, language } = props
  const { body, text } = shown.content ?? {}
  if (!body || !text) return null
  const first = body.languages.includes(language) ? language : (body.languages[0] ?? 'en')
  return (
    <>
      <Copy {...props} body={body} text={text} written={first} />
      {body.languages
        .filter((one) => one !== first)
        .map((one) => (
          <Details key={one} summary={t('agreements.text.in', { language: languageName(one) })}>
            <Copy {...props} body={body} text={text} written={one} />
          </Details>
        ))}
      {hashOfText(text) === body.hash ? (
        <Reg text={t('agreements.text.hash', { hash: body.hash })} />
      ) : (
        <Trouble what={t('agreements.text.hash-differs')} do={t('agreements.text.hash-differs-do')} />
      )}
    </>
  )
}

/**
 * One language of the text as our copy shows it: we are named first, as each side is on its own copy. Names stand
 * around the words that were agreed to and never in them.
 */
function Copy(props: Props & { body: TextProposedBody; text: AgreedText; written: string }) {
  const { body, text, written, services, viewer, t, language, facts } = props
  const nameOf = (party: string) => services.signedNameOf(party, written)
  const parties = alternat(body.parties, { own: services.party, language: written, nameOf })
  const inText = createTranslator(written)
  const wordOf = (party: string) => {
    const at = facts?.parties.find((one) => one.party === party)?.agreedAt
    return at === undefined
      ? inText('agreements.text.not-agreed')
      : inText('agreements.text.agreed', { time: formatDateTime(at, viewer.person.zone, written) })
  }
  return (
    <div lang={written} dir={direction(written)}>
      <JointText
        between={inText('agreements.text.between', { parties: formatList(parties.map(nameOf).map(isolate), written) })}
        sides={parties.map((party) => ({ name: nameOf(party), word: wordOf(party) }))}
        note={
          parties[0] === services.party && (
            <span lang={language} dir={direction(language)}>
              {t('agreements.text.alternat')}
            </span>
          )
        }
      >
        <TextIn language={written} body={body} text={text} services={services} t={t} reader={language} />
      </JointText>
    </div>
  )
}

function TextIn({
  language,
  body,
  text,
  services,
  t,
  reader,
}: { language: string; body: TextProposedBody; text: AgreedText; reader: string } & Pick<Props, 'services' | 't'>) {
  return (
    <div lang={language} dir="auto">
      <h3>{inLanguage(text.title, language)}</h3>
      <ol>
        {body.paragraphs.map((paragraph) => (
          <li key={paragraph.id}>
            <p>{inLanguage(text.paragraphs[paragraph.id] ?? {}, language)}</p>
            <p class="small quiet" lang={reader} dir="auto">
              {t('agreements.text.rests-on', {
                letter: paragraph.norm,
                title: normTitle(paragraph.norm, reader),
                owner: services.nameOf(paragraph.owner, reader),
                due: formatDate(Date.parse(`${paragraph.due}T12:00:00Z`), paragraph.zone, reader),
              })}
            </p>
          </li>
        ))}
      </ol>
      <p>
        <em>{inLanguage(text.disclaimer, language)}</em>
      </p>
    </div>
  )
}

export const textFace: ActFace<TextProposedBody, AgreedText> = {
  type: 'agreements.text-proposed',
  form: (t) => t('agreements.text.form'),
  headline: ({ shown, t, language }) =>
    shown.content?.text ? inLanguage(shown.content.text.title, language) : t('agreements.withheld'),
  Document: TextDocument,
  async load(services, acts) {
    const rows = await listTexts(services.db, { hashes: acts.map((one) => one.act.hash) })
    return new Map(rows.map((row) => [row.hash, row]))
  },
  async margin({ services, viewer, t, language, facts }: Props) {
    if (!facts) return null
    return (
      <>
        <ClockChip
          state={facts.agreedAt === undefined ? 'due' : 'done'}
          text={t(`agreements.state.${stateOf(facts)}`)}
        />
        <Pairs
          items={facts.parties.toSorted(byName(services, language)).map((one) => ({
            term: services.nameOf(one.party, language),
            detail:
              one.agreedAt === undefined
                ? t('agreements.text.not-agreed')
                : t('agreements.text.agreed', { time: formatDateTime(one.agreedAt, viewer.person.zone, language) }),
          }))}
        />
      </>
    )
  },
  async actions({ shown, services, viewer, facts }: Props): Promise<ActAction[]> {
    if (!facts || facts.supersededBy) return []
    const own = facts.parties.find((one) => one.party === services.party)
    const base = `/spaces/${shown.space.id}/write`
    const actions: ActAction[] = []
    if (own && own.agreedBy === undefined && viewer.may('agreements.text-agreed:draft'))
      actions.push({
        label: 'agreements.action.agree',
        method: 'GET',
        href: `${base}/agreements.text-agreed?proposal=${shown.act.hash}`,
        primary: true,
      })
    if (own && facts.agreedAt !== undefined && viewer.may('spaces.open:manage'))
      actions.push({
        label: 'agreements.action.open-under',
        method: 'GET',
        href: `/spaces/open?under=${shown.space.id}:${shown.act.hash}&kind=channel`,
      })
    if (own && facts.agreedAt === undefined && viewer.may('agreements.text-proposed:draft'))
      actions.push({
        label: 'agreements.action.another-text',
        method: 'GET',
        href: `${base}/agreements.text-proposed?supersedes=${shown.act.hash}`,
      })
    return actions
  },
}

const byName = (services: Props['services'], language: string) =>
  alphabetical<{ party: string }>(language, ({ party }) => services.nameOf(party, language))

export function stateOf(text: TextState): 'agreed' | 'superseded' | 'proposed' {
  if (text.agreedAt !== undefined) return 'agreed'
  return text.supersededBy === undefined ? 'proposed' : 'superseded'
}

export const agreedFace: ActFace<{ proposal: string; hash: string }> = {
  type: 'agreements.text-agreed',
  form: (t) => t('agreements.agreed.form'),
  headline: ({ t }) => t('agreements.agreed.headline'),
  Document: ({ shown, services, t, language }) => (
    <>
      <p>{t('agreements.agreed.sentence', { party: services.nameOf(shown.act.statement.author, language) })}</p>
      {shown.content?.body && (
        <>
          <Reg text={t('agreements.text.hash', { hash: shown.content.body.hash })} />
          <Quiet small>
            <a href={actHref(shown.space.id, shown.content.body.proposal)}>{t('agreements.agreed.which')}</a>
          </Quiet>
        </>
      )}
    </>
  ),
}
