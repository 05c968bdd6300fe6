import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatList } from '../../../text/index.ts'
import { ButtonForm, Lead, LinkButton, PageHead, Pairs, Quiet, Row, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { AccessCopy } from './access-copy.ts'
import { CopyTermsList, passageName } from './access-plan-page.tsx'
import { copyGrounds } from './copy-words.ts'
import { fingerprintOf, linesOf, type PlannedCopy } from './plan-copy.ts'
import { groundWords } from './redacted-copy.ts'

interface Props {
  visit: Visit<unknown>
  copy: AccessCopy
  /** While it waits: the document as this reader may read it now. */
  plan?: PlannedCopy
}

/** One copy for an access request: what goes and what does not, confirmed by a second person, then had as often as needed. */
export function AccessCopyPage({ visit, copy, plan }: Props) {
  const { t, viewer } = visit
  const title = t('channels.access.one', { reference: copy.reference })
  const here = `/register/copies/${copy.id}`
  return (
    <Framed
      visit={visit}
      title={title}
      current="/register"
      drill={plan?.entry.drill === undefined ? undefined : { name: plan.entry.drill }}
      marking={plan?.entry.marking}
    >
      <PageHead title={title} />
      <Lead>{t(`channels.access.state.${copy.state}`)}</Lead>
      <Who {...{ visit, copy }} />
      {plan && <CopyTermsList {...{ visit, terms: copy, plan }} />}
      {plan && <Decided {...{ visit, copy, plan }} />}
      {plan && <Confirm {...{ visit, copy, plan, here }} />}
      {copy.state === 'made' && (
        <Row>
          <LinkButton href={`${here}/pdf`} label={t('channels.access.fetch-pdf')} download />
          <LinkButton plain href={`${here}/text`} label={t('channels.access.fetch-text')} download />
        </Row>
      )}
      <p>
        <a href={`/register/${copy.act}`}>{t('channels.access.card')}</a>
      </p>
      {viewer.may('register.access:draft') && copy.state !== 'withdrawn' && (
        <Section title={t('channels.transfer.withdraw')}>
          <p>{t(`channels.access.withdraw-${copy.state}`)}</p>
          <ButtonForm plain danger action={`${here}/withdraw`} label={t('channels.transfer.withdraw')} />
        </Section>
      )}
    </Framed>
  )
}

function Who({ visit, copy }: Pick<Props, 'visit' | 'copy'>) {
  const { t, language, viewer } = visit
  const by = (person: string, at: number) =>
    t('channels.transfer.by', { person, time: formatDateTime(at, viewer.person.zone, language) })
  const { requester, reference, proposedBy, confirmedBy, made, grounds } = copy
  return (
    <Pairs
      items={[
        { term: t('channels.access.field.requester'), detail: <bdi>{requester}</bdi> },
        { term: t('channels.access.field.reference'), detail: <bdi>{reference}</bdi> },
        {
          term: t('channels.access.grounds'),
          detail: grounds.length === 0 ? '–' : <bdi>{formatList(copyGrounds(visit, copy), language)}</bdi>,
        },
        { term: t('channels.transfer.who.proposed'), detail: by(proposedBy.name, proposedBy.at) },
        ...(confirmedBy
          ? [
              { term: t('channels.transfer.who.confirmed'), detail: by(confirmedBy.name, confirmedBy.at) },
              { term: t('channels.access.head.decided-by'), detail: <bdi>{confirmedBy.office}</bdi> },
            ]
          : []),
        ...(made
          ? [
              { term: t('channels.access.sha256-pdf'), detail: <code>{made.sha256}</code> },
              { term: t('channels.access.sha256-text'), detail: <code>{made.textSha256}</code> },
            ]
          : []),
      ]}
    />
  )
}

/** Every passage with what becomes of it, and the lines that the requester will read. */
function Decided({
  visit: { t, language },
  copy,
  plan,
}: {
  visit: Visit<unknown>
  copy: AccessCopy
  plan: PlannedCopy
}) {
  const { choice, otherWords } = copy
  const becomes = (id: string) => {
    const ground = choice[id]
    if (ground === undefined) return t('channels.access.goes')
    return t('channels.access.mark', { grounds: groundWords(plan.rules, ground, language, otherWords) })
  }
  return (
    <>
      {plan.passages.length > 0 && (
        <Table
          caption={t('channels.access.passages')}
          head={['passage', 'words', 'becomes'].map((name) => t(`channels.access.column.${name}`))}
          rows={plan.passages.map((passage) => [
            passageName(passage, t),
            <span dir="auto">{passage.text}</span>,
            becomes(passage.id),
          ])}
        />
      )}
      <Section title={t('channels.access.requester-reads')}>
        {linesOf(plan, copy, copy).map(({ name, text }, index) => (
          <p key={String(index)} dir="auto" lang={name === undefined ? undefined : copy.language}>
            {name === undefined ? text : `${name}: ${text}`}
          </p>
        ))}
      </Section>
    </>
  )
}

function Confirm({
  visit: { t, viewer },
  copy,
  plan,
  here,
}: {
  visit: Visit<unknown>
  copy: AccessCopy
  plan: PlannedCopy
  here: string
}) {
  if (copy.proposedBy.id === viewer.person.id || !viewer.may('register.access:release'))
    return <Quiet>{t('channels.transfer.waits')}</Quiet>
  return (
    <>
      <p>{t('channels.access.confirm-means')}</p>
      <ButtonForm
        action={`${here}/confirm`}
        fields={{ seen: fingerprintOf(plan, copy, copy) }}
        label={t('channels.access.confirm')}
      />
    </>
  )
}
