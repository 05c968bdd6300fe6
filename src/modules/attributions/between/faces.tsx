import { actHref } from '../../../core/module/act-href.ts'
import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { direction, formatDateTime, formatList } from '../../../text/index.ts'
import { ClockChip, FormLine, Pairs, Quiet, Trouble } from '../../../web/index.ts'
import type { AnsweredBody, ContestedBody, StatedBody, StatedText, StepText, WithdrawnBody } from './acts.ts'
import { areItsWords } from './named-items.ts'
import { type ContestRow, findStates, type StatedState } from './read-between.ts'
import { likelihoodText, StatedItems } from './stated-words.tsx'
import '../tables.ts'

type Props<B, T, F = unknown> = Omit<FaceProps<B, T>, 'facts'> & { facts?: F }

function StatedDocument({ shown, t, services, language }: Props<StatedBody, StatedText>) {
  const { body, text } = shown.content ?? {}
  if (!body) return null
  const party = services.nameOf(shown.act.statement.author, language)
  return (
    <>
      <FormLine>
        {t(`attributions.choice.${body.choice}`)}
        {body.number !== undefined && (
          <>
            {' '}
            · <bdi>{body.number}</bdi>
          </>
        )}
      </FormLine>
      <p>{t(`attributions.stated.sentence-${body.choice}`, { party })}</p>
      {text && (
        <div lang={body.language} dir={direction(body.language)}>
          <h3 dir="auto">{text.subject}</h3>
          {text.paragraphs.map((one, at) => (
            <p key={at} dir="auto">
              {one}
            </p>
          ))}
        </div>
      )}
      <Pairs
        items={[
          {
            term: t('attributions.claim.accused'),
            detail: text ? (text.accused ?? t('attributions.not-named')) : t('attributions.stated.withheld'),
          },
          { term: t('attributions.claim.basis'), detail: t(`published-incidents.basis.${body.basis}`) },
          { term: t('attributions.claim.kind'), detail: t(`published-incidents.kind.${body.kind}`) },
          body.assessment && {
            term: t('attributions.stated.likelihood-term'),
            detail: likelihoodText(t, body.assessment),
          },
        ]}
      />
      <h3>{t('attributions.statement.evidence')}</h3>
      <StatedItems t={t} items={body.evidence} words={text?.evidence ?? []} />
      {text && !areItsWords(body.evidence, text.evidence) && <Trouble what={t('attributions.stated.hash-differs')} />}
      {body.replaces !== undefined && (
        <Quiet small>
          <a href={actHref(shown.space.id, body.replaces)}>{t('attributions.stated.replaces-this')}</a>
        </Quiet>
      )}
    </>
  )
}

/** How a statement stands: with whom, against whom, or not any more. */
export function standingWords(
  { row, answers, contests }: StatedState,
  { t, language, services }: Pick<Props<unknown, unknown>, 't' | 'language' | 'services'>,
): { state: string; contestedBy: string; answers: string[] } {
  const names = (parties: string[]) =>
    formatList(
      [...new Set(parties)].map((one) => services.nameOf(one, language)),
      language,
    )
  const by = contests.filter((one) => one.withdrawn_by === null).map(({ author }) => author)
  const state = row.withdrawn_by !== null ? 'withdrawn' : row.replaced_by !== null ? 'replaced' : 'stands'
  return {
    state: t(`attributions.between.${state}`),
    contestedBy: by.length === 0 ? '' : names(by),
    answers: answers.map(({ author, answer }) =>
      t('attributions.answer.line', {
        party: services.nameOf(author, language),
        answer: t(`attributions.answer.${answer}`),
      }),
    ),
  }
}

export const statedFace: ActFace<StatedBody, StatedText> = {
  type: 'attributions.attribution-stated',
  form: (t) => t('attributions.stated.form'),
  headline: ({ shown, t }) => shown.content?.text?.subject ?? t('attributions.stated.withheld'),
  Document: StatedDocument,
  load: async (services, acts, viewer) =>
    findStates(
      services,
      viewer,
      acts.map(({ act }) => act.hash),
    ),
  async margin(props: Props<StatedBody, StatedText, StatedState>) {
    const { facts, t, viewer, language } = props
    if (!facts) return null
    const { row } = facts
    const words = standingWords(facts, props)
    const endedAt = row.withdrawn_at ?? row.replaced_at
    const ending = row.withdrawn_by ?? row.replaced_by
    return (
      <>
        <ClockChip state={ending === null ? 'done' : 'open'} text={words.state} />
        {ending !== null && endedAt !== null && (
          <p>
            <a href={actHref(row.space, ending)}>{formatDateTime(endedAt, viewer.person.zone, language)}</a>
          </p>
        )}
        <Pairs
          items={[
            words.contestedBy !== '' && { term: t('attributions.register.contested'), detail: words.contestedBy },
            words.answers.length > 0 && { term: t('attributions.answer.title'), detail: words.answers.join(' ') },
          ]}
        />
      </>
    )
  },
  async actions({ shown, services, viewer, facts }: Props<StatedBody, StatedText, StatedState>): Promise<ActAction[]> {
    if (!facts || facts.row.withdrawn_by !== null) return []
    const at = `/spaces/${shown.space.id}/write`
    const { author, hash, replaced_by: replaced } = facts.row
    const action = (name: string, field: string, primary = false): ActAction[] =>
      viewer.may(`attributions.attribution-${name}:draft` as never)
        ? [
            {
              label: `attributions.action.${name}`,
              method: 'GET',
              href: `${at}/attributions.attribution-${name}?${field}=${hash}`,
              ...(primary && { primary }),
            },
          ]
        : []
    if (author === services.party) return action('withdrawn', 'act')
    const isAnswered = facts.answers.some((one) => one.author === services.party)
    return replaced === null
      ? [...action('answered', 'statement', !isAnswered), ...action('contested', 'statement')]
      : []
  },
}

const Paragraphs = ({ words }: { words: StepText | undefined }) => (
  <>
    {words?.paragraphs.map((one, at) => (
      <p key={at} dir="auto">
        {one}
      </p>
    ))}
  </>
)

const SeeStatement = ({ space, act, text }: { space: string; act: string; text: string }) => (
  <p>
    <a href={actHref(space, act)}>{text}</a>
  </p>
)

export const answeredFace: ActFace<AnsweredBody, StepText> = {
  type: 'attributions.attribution-answered',
  form: (t) => t('attributions.answer.form'),
  headline: ({ shown, t }) =>
    shown.content?.body ? t(`attributions.answer.${shown.content.body.answer}`) : t('attributions.stated.withheld'),
  Document: ({ shown, t }) => {
    const { body, text } = shown.content ?? {}
    if (!body) return null
    return (
      <>
        <p>{t(`attributions.answer.${body.answer}-means`)}</p>
        <Paragraphs words={text} />
        <SeeStatement space={shown.space.id} act={body.statement} text={t('attributions.step.see')} />
      </>
    )
  },
}

export const contestedFace: ActFace<ContestedBody, StepText & { subject: string }> = {
  type: 'attributions.attribution-contested',
  form: (t) => t('attributions.contest.form'),
  headline: ({ shown, t }) => shown.content?.text?.subject ?? t('attributions.stated.withheld'),
  Document: ({ shown, t }) => {
    const { body, text } = shown.content ?? {}
    if (!body) return null
    return (
      <>
        {text && <h3 dir="auto">{text.subject}</h3>}
        <Pairs items={[{ term: t('attributions.contest.on'), detail: t(`attributions.contest.${body.ground}`) }]} />
        <Paragraphs words={text} />
        <SeeStatement space={shown.space.id} act={body.statement} text={t('attributions.step.see')} />
      </>
    )
  },
  async load({ db }, acts) {
    const rows = await db
      .selectFrom('view.attributions_contest')
      .selectAll()
      .where(
        'hash',
        'in',
        acts.map(({ act }) => act.hash),
      )
      .execute()
    return new Map(rows.map((row) => [row.hash, row]))
  },
  margin: async ({ facts, t }: Props<ContestedBody, unknown, ContestRow>) =>
    facts?.withdrawn_by ? (
      <p>
        <a href={actHref(facts.space, facts.withdrawn_by)}>{t('attributions.between.withdrawn')}</a>
      </p>
    ) : null,
  actions: async ({ shown, services, viewer, facts }: Props<ContestedBody, unknown, ContestRow>) =>
    facts?.author === services.party &&
    facts.withdrawn_by === null &&
    viewer.may('attributions.attribution-withdrawn:draft')
      ? [
          {
            label: 'attributions.action.withdrawn',
            method: 'GET',
            href: `/spaces/${shown.space.id}/write/attributions.attribution-withdrawn?act=${facts.hash}`,
          },
        ]
      : [],
}

export const withdrawnFace: ActFace<WithdrawnBody, StepText> = {
  type: 'attributions.attribution-withdrawn',
  form: (t) => t('attributions.withdrawal.form'),
  headline: ({ t }) => t('attributions.withdrawal.headline'),
  Document: ({ shown, t }) => {
    const { body, text } = shown.content ?? {}
    if (!body) return null
    return (
      <>
        <p>{t('attributions.withdrawal.stays')}</p>
        <Pairs
          items={[{ term: t('attributions.withdrawal.reason'), detail: t(`attributions.withdrawal.${body.reason}`) }]}
        />
        <Paragraphs words={text} />
        <SeeStatement space={shown.space.id} act={body.act} text={t('attributions.withdrawal.see')} />
      </>
    )
  },
}

export const betweenFaces: readonly ActFace[] = [statedFace, answeredFace, contestedFace, withdrawnFace]
