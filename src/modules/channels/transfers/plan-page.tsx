import { markingText, narrowest } from '../../../core/markings/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate, formatList } from '../../../text/index.ts'
import { Button, Form, Hidden, LinkButton, PageHead, Pairs, Quiet, Row, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { RegisterEntry } from '../register/list-documents.ts'
import { formWords, partyWords } from '../register/register-words.ts'
import { archive, type ShownTo } from './judge-acts.ts'
import type { PlannedTransfer } from './plan-transfer.ts'
import type { TransferTerms } from './transfer-facts.ts'

interface Props {
  visit: Visit<unknown>
  terms: TransferTerms
  plan: PlannedTransfer
}

/** What would leave, to whom and how marked, before anybody agrees to it. */
export function PlanPage({ visit, terms, plan }: Props) {
  const { t } = visit
  const title = t('channels.transfer.plan-title')
  const { code, from = '', to = '', archive, ceiling } = terms
  const again = new URLSearchParams({ code, from, to, archive, ceiling })
  const change = <LinkButton plain href={`/register/transfers?${again}`} label={t('channels.transfer.change')} />
  return (
    <Framed visit={visit} title={title} current="/register" marking={markingOf(plan)}>
      <PageHead title={title} lead={t('channels.transfer.plan-lead')} />
      <Terms visit={visit} terms={terms} />
      <Planned visit={visit} plan={plan} />
      {plan.leaves.length > 0 && (
        <Form action="/register/transfers" label={t('channels.transfer.propose')}>
          {Object.entries({ id: newId(), code, from, to, archive, ceiling, seen: plan.fingerprint }).map(
            ([name, value]) => (
              <Hidden key={name} name={name} value={value} />
            ),
          )}
          <Row>
            <Button label={t('channels.transfer.propose')} />
            {change}
          </Row>
        </Form>
      )}
      {plan.leaves.length === 0 && <Row>{change}</Row>}
    </Framed>
  )
}

/** What stands on the page is marked as the narrowest of it. */
export function markingOf({ leaves, stays }: PlannedTransfer) {
  const markings = [...leaves, ...stays].map(({ entry }) => entry.marking)
  return markings.length === 0 ? undefined : narrowest(markings)
}

export function Terms({ visit: { t, language }, terms }: { visit: Visit<unknown>; terms: TransferTerms }) {
  const day = (date: string | undefined) =>
    date === undefined ? '–' : formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', language)
  return (
    <Pairs
      items={[
        { term: t('channels.transfer.field.archive'), detail: <bdi>{terms.archive}</bdi> },
        { term: t('channels.transfer.field.code'), detail: terms.code },
        { term: t('channels.transfer.field.from'), detail: day(terms.from) },
        { term: t('channels.transfer.field.to'), detail: day(terms.to) },
        { term: t('channels.transfer.field.ceiling'), detail: `TLP:${terms.ceiling}` },
      ]}
    />
  )
}

/** Both lists, with the reason for whatever stays. */
export function Planned({ visit, plan }: { visit: Visit<unknown>; plan: PlannedTransfer }) {
  const { t, language } = visit
  const { leaves, stays, unproven } = plan
  const without = leaves.filter(({ entry }) => unproven.includes(entry.space ?? '')).length
  return (
    <>
      <Section title={t('channels.transfer.leaves', { count: leaves.length })}>
        {leaves.length === 0 ? (
          <Quiet>{t('channels.transfer.leaves-none')}</Quiet>
        ) : (
          <Table
            caption={t('channels.transfer.leaves', { count: leaves.length })}
            quietCaption
            head={[...headOf(visit), t('channels.register.column.marking'), t('channels.transfer.column.files')]}
            rows={leaves.map(({ entry, files, filesOut }) => [
              ...cellsOf(entry, visit),
              markingText(entry.marking),
              filesOut === 0 ? String(files) : t('channels.transfer.files-of', { in: files, out: filesOut }),
            ])}
          />
        )}
        {without > 0 && <p>{t('channels.transfer.unproven', { count: without })}</p>}
        <Quiet>{t('channels.transfer.stubs')}</Quiet>
      </Section>
      <Section title={t('channels.transfer.stays', { count: stays.length })}>
        {stays.length === 0 ? (
          <Quiet>{t('channels.transfer.stays-none')}</Quiet>
        ) : (
          <Table
            caption={t('channels.transfer.stays', { count: stays.length })}
            quietCaption
            head={[...headOf(visit), t('channels.transfer.column.why')]}
            rows={stays.map(({ entry, reason }) => [
              ...cellsOf(entry, visit),
              <>
                {t(`channels.transfer.why.${reason}`)}
                {reason === 'hold' && entry.retention.kept === 'held' && (
                  <>
                    {' '}
                    <bdi>{formatList(entry.retention.reasons, language)}</bdi>
                  </>
                )}
                {reason === 'not-asked' && entry.space !== undefined && (
                  <>
                    {' '}
                    <a href={askHref(entry)}>{t('channels.transfer.ask')}</a>
                  </>
                )}
              </>,
            ])}
          />
        )}
      </Section>
    </>
  )
}

/** The form of the existing request for consent, filled in. */
export const askHref = ({ id, space }: RegisterEntry, { purpose, audience }: ShownTo = archive): string =>
  `/spaces/${space}/write/spaces.disclosure-requested?${new URLSearchParams({ act: id, purpose, audience })}`

const headOf = ({ t }: Visit<unknown>) =>
  ['number', 'sent', 'party', 'form', 'subject'].map((name) => t(`channels.register.column.${name}`))

function cellsOf(entry: RegisterEntry, visit: Visit<unknown>) {
  const { t, language, viewer } = visit
  return [
    <a href={`/register/${entry.id}`}>{entry.ourRef ?? entry.stamp?.number ?? '–'}</a>,
    formatDate(entry.sentAt, viewer.person.zone, language),
    partyWords(entry, visit),
    formWords(entry, visit),
    entry.subject ?? t('channels.register.no-words'),
  ]
}
