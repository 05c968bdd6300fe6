import { actHref } from '../../../core/module/act-href.ts'
import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import {
  alternat,
  createTranslator,
  direction,
  formatDateTime,
  formatList,
  isolate,
  languageName,
} from '../../../text/index.ts'
import { ClockChip, Details, JointText, Pairs, Quiet, Reg, Trouble } from '../../../web/index.ts'
import type { StepText } from '../between/acts.ts'
import type {
  EmbargoBrokenBody,
  JointWords,
  SignatureWithdrawnBody,
  TextProposedBody,
  TextPublishedBody,
  TextSignedBody,
} from './acts.ts'
import { hashOfJoint } from './acts.ts'
import { isJoint, isUnderEmbargo, type JointState, listJoint, signatories } from './read-joint.ts'

interface Facts {
  state: JointState
  now: number
}
type Props = Omit<FaceProps<TextProposedBody, JointWords>, 'facts'> & { facts?: Facts }

/** The text in the reader's language first; the others folded under it, one hash for all. */
function TextDocument(props: Props) {
  const { shown, t, language, viewer, facts } = props
  const { body, text } = shown.content ?? {}
  if (!body || !text) return null
  const isOver = facts !== undefined && !isUnderEmbargo(facts.state, facts.now)
  const first = body.languages.includes(language) ? language : body.authentic
  return (
    <>
      {body.embargo !== undefined && (
        <p>
          <strong>
            {t(isOver ? 'attributions.joint.embargo-was' : 'attributions.joint.embargo-until', {
              time: formatDateTime(body.embargo, viewer.person.zone, language),
            })}
          </strong>
        </p>
      )}
      <Copy {...props} body={body} text={text} written={first} />
      {body.languages
        .filter((one) => one !== first)
        .map((one) => (
          <Details key={one} summary={t('agreements.text.in', { language: languageName(one) })}>
            <Copy {...props} body={body} text={text} written={one} />
          </Details>
        ))}
      <Quiet small>{t('attributions.joint.file-authentic', { language: languageName(body.authentic) })}</Quiet>
      {hashOfJoint(text) === body.hash ? (
        <Reg text={t('agreements.text.hash', { hash: body.hash })} />
      ) : (
        <Trouble what={t('agreements.text.hash-differs')} do={t('agreements.text.hash-differs-do')} />
      )}
    </>
  )
}

/** One language of our copy: of those who signed, we are named first. */
function Copy(props: Props & { body: TextProposedBody; text: JointWords; written: string }) {
  const { text, written, services, viewer, facts } = props
  const nameOf = (party: string) => services.signedNameOf(party, written)
  const inText = createTranslator(written)
  const signed = facts?.state.signatures.filter((one) => one.withdrawn_by === null) ?? []
  const parties = alternat(
    signed.map(({ party }) => party),
    { own: services.party, language: written, nameOf },
  )
  const timeOf = (party: string) => signed.find((one) => one.party === party)?.signed_at ?? 0
  return (
    <div lang={written} dir={direction(written)}>
      <JointText
        between={
          parties.length === 0
            ? inText('attributions.joint.nobody')
            : inText('attributions.joint.by', { parties: formatList(parties.map(nameOf).map(isolate), written) })
        }
        sides={parties.map((party) => ({
          name: nameOf(party),
          word: inText('attributions.joint.signed', {
            time: formatDateTime(timeOf(party), viewer.person.zone, written),
          }),
        }))}
      >
        <h3>{text.title[written]}</h3>
        {(text.paragraphs[written] ?? []).map((one, at) => (
          <p key={at}>{one}</p>
        ))}
      </JointText>
    </div>
  )
}

/** How a joint text stands, in one word. */
export function jointState({ row, signatures }: Pick<JointState, 'row' | 'signatures'>, now: number): string {
  if (row.superseded_by !== null) return 'superseded'
  if (!isJoint({ signatures })) return 'proposed'
  return isUnderEmbargo({ row }, now) ? 'embargo' : 'joint'
}

/** Who broke the embargo by its own word, or by whose word of others. */
export function breakWords(
  { published, breaks }: JointState,
  { t, services, language, viewer }: Pick<Props, 't' | 'services' | 'language' | 'viewer'>,
): string[] {
  const time = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const name = (party: string) => services.nameOf(party, language)
  return [
    ...published
      .filter(({ early }) => early)
      .map((one) => t('attributions.joint.broken-itself', { party: name(one.party), time: time(one.at) })),
    ...breaks.map((one) =>
      t(one.party === null ? 'attributions.joint.broken-unknown' : 'attributions.joint.broken-said', {
        author: name(one.author),
        party: one.party === null ? '' : name(one.party),
        time: time(one.seen_at),
      }),
    ),
  ]
}

export const jointFace: ActFace<TextProposedBody, JointWords> = {
  type: 'attributions.text-proposed',
  form: (t) => t('attributions.joint.form'),
  headline: ({ shown, t, language }) => {
    const title = shown.content?.text?.title
    return title?.[language] ?? title?.en ?? Object.values(title ?? {})[0] ?? t('attributions.stated.withheld')
  },
  Document: TextDocument,
  async load(services, acts) {
    const states = await listJoint(services.db, { hashes: acts.map(({ act }) => act.hash) })
    const entries = await Promise.all(
      states.map(
        async (state) =>
          [state.row.hash, { state, now: await services.ledger.scenarioNow(state.row.space) }] satisfies [
            string,
            Facts,
          ],
      ),
    )
    return new Map(entries)
  },
  async margin(props: Props) {
    const { facts, t, services, language, viewer } = props
    if (!facts || !props.shown.content) return null
    const { state, now } = facts
    const word = jointState(state, now)
    const withdrawn = state.signatures.filter((one) => one.withdrawn_by !== null)
    return (
      <>
        <ClockChip state={word === 'joint' ? 'done' : 'due'} text={t(`attributions.joint.state.${word}`)} />
        <Pairs
          items={[
            ...withdrawn.map((one) => ({
              term: services.nameOf(one.party, language),
              detail: t('attributions.joint.unsigned', {
                time: formatDateTime(one.withdrawn_at ?? 0, viewer.person.zone, language),
              }),
            })),
            ...state.published.map((one) => ({
              term: services.nameOf(one.party, language),
              detail: t('attributions.joint.published', {
                time: formatDateTime(one.at, viewer.person.zone, language),
              }),
            })),
          ]}
        />
        {breakWords(state, props).map((words) => (
          <Trouble key={words} what={words} />
        ))}
      </>
    )
  },
  async actions({ shown, services, viewer, facts }: Props): Promise<ActAction[]> {
    if (!facts || facts.state.row.superseded_by !== null) return []
    const { state, now } = facts
    const { hash } = state.row
    const base = `/spaces/${shown.space.id}`
    const write = (name: string, label: string, primary = false): ActAction[] =>
      viewer.may(`attributions.${name}:draft` as never)
        ? [
            {
              label: `attributions.action.${label}`,
              method: 'GET',
              href: `${base}/write/attributions.${name}?proposal=${hash}`,
              ...(primary && { primary }),
            },
          ]
        : []
    const isSigned = signatories(state).includes(services.party)
    if (isUnderEmbargo(state, now))
      return [
        ...(isSigned ? write('signature-withdrawn', 'unsign') : write('text-signed', 'sign', true)),
        ...write('embargo-broken', 'break'),
      ]
    if (!isSigned) return write('text-signed', 'sign', true)
    if (!isJoint(state)) return write('signature-withdrawn', 'unsign')
    const isSaid = state.published.some(({ party }) => party === services.party)
    const files = (['pdf', 'txt'] as const).map(
      (kind): ActAction => ({
        label: `attributions.action.file-${kind}`,
        method: 'GET',
        href: `${base}/joint-attributions/${hash}/file.${kind}`,
      }),
    )
    const dossier: ActAction = {
      label: 'attributions.action.dossier',
      method: 'GET',
      href: `${base}/dossier?purpose=publication&audience=public&ceiling=CLEAR`,
    }
    return [
      ...(isSaid ? [] : write('text-published', 'publish', true)),
      ...(viewer.may('attributions.text-published:draft') ? files : []),
      dossier,
      ...write('signature-withdrawn', 'unsign'),
    ]
  },
}

const See = ({ space, proposal, t }: { space: string; proposal: string; t: Props['t'] }) => (
  <p>
    <a href={actHref(space, proposal)}>{t('attributions.joint.see')}</a>
  </p>
)

function stepFace<B extends { proposal: string }>(type: string, key: string): ActFace<B, StepText> {
  return {
    type,
    form: (t) => t('attributions.joint.form'),
    headline: ({ t }) => t(`attributions.joint.${key}`),
    Document: ({ shown, t, services, language }) => {
      const { body, text } = shown.content ?? {}
      if (!body) return null
      const party = services.nameOf(shown.act.statement.author, language)
      const hash = (body as B & { hash?: string }).hash
      return (
        <>
          <p>{t(`attributions.joint.${key}-sentence`, { party })}</p>
          {hash !== undefined && <Reg text={t('agreements.text.hash', { hash })} />}
          {text?.paragraphs.map((one, at) => (
            <p key={at} dir="auto">
              {one}
            </p>
          ))}
          <See space={shown.space.id} proposal={body.proposal} t={t} />
        </>
      )
    },
  }
}

export const jointFaces: readonly ActFace[] = [
  jointFace,
  stepFace<TextSignedBody>('attributions.text-signed', 'step-signed'),
  stepFace<SignatureWithdrawnBody>('attributions.signature-withdrawn', 'step-unsigned'),
  stepFace<TextPublishedBody>('attributions.text-published', 'step-published'),
  stepFace<EmbargoBrokenBody>('attributions.embargo-broken', 'step-broken'),
]
