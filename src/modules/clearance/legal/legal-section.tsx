import type { Draft, DraftVersion, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate, formatDateTime, formatList } from '../../../text/index.ts'
import {
  Button,
  Details,
  ErrorSummary,
  Form,
  Hidden,
  Quiet,
  RadioGroup,
  Row,
  Section,
  Table,
  TextArea,
} from '../../../web/index.ts'
import { changesBetween } from '../../spaces/index.ts'
import { type Clearance, decisions, handsOf, type LegalStanding, legalPower } from './clearances.ts'
import { kindText } from './kind-text.ts'

interface Props {
  visit: Visit
  draft: Draft
  standing: LegalStanding
  versions: readonly DraftVersion[]
  officeName: (office: string) => string
  errors: Record<string, string>
}

/** Which clearance the house wants, what was said so far, by whom, and what changed since. */
export function LegalSection(props: Props) {
  const { visit, draft, standing, errors } = props
  const { t, viewer, language } = visit
  const { rule, clearances, now, who } = standing
  const isWaiting = draft.state === 'awaiting-release'
  const mayClear = isWaiting && viewer.may(legalPower) && !handsOf(draft).includes(viewer.person.id)
  if (!rule && clearances.length === 0 && !mayClear) return null
  return (
    <Section title={t('legal.title')} id="legal">
      {rule && (
        <p>
          {t('legal.wanted', {
            kind: kindText(visit, rule),
            day: formatDate(Date.parse(`${rule.from_day}T12:00:00Z`), 'UTC', language),
          })}{' '}
          {!now &&
            (who.length > 0 ? t('legal.missing', { people: formatList(who, language) }) : t('legal.missing-nobody'))}
        </p>
      )}
      {clearances.map((one) => (
        <Said key={one.id} {...props} one={one} />
      ))}
      {mayClear && <ClearForm visit={visit} draft={draft} errors={errors} />}
    </Section>
  )
}

function Said({ visit, draft, versions, officeName, one }: Props & { one: Clearance }) {
  const { t, language, viewer } = visit
  const version = versions.findLast(({ approval }) => approval === one.approval)
  const isSame = one.approval === draft.approval
  const changes = isSame || !version ? [] : changesBetween(version, draft)
  return (
    <div class="comment">
      <p>
        <strong>{t(`legal.decision.${one.decision}`)}</strong>{' '}
        {t('legal.by', {
          person: one.person_name,
          office: officeName(one.office),
          time: formatDateTime(one.at, viewer.person.zone, language),
        })}
      </p>
      {one.words !== null && <p dir="auto">{one.words}</p>}
      {isSame ? (
        <p class="small">{t('legal.unchanged')}</p>
      ) : (
        <Details summary={t('legal.void', { count: changes.length })}>
          {changes.length === 0 ? (
            <Quiet>{t('legal.readers-changed')}</Quiet>
          ) : (
            <Table
              caption={t('legal.void', { count: changes.length })}
              quietCaption
              head={[t('spaces.review.place'), t('spaces.review.before'), t('spaces.review.after')]}
              rows={changes.map((change) => [
                <code>{change.place}</code>,
                <del>{change.before}</del>,
                <ins>{change.after}</ins>,
              ])}
            />
          )}
        </Details>
      )}
    </div>
  )
}

function ClearForm({ visit: { t, values = {} }, draft, errors }: Pick<Props, 'visit' | 'draft' | 'errors'>) {
  const typed = (name: string) => (typeof values[name] === 'string' ? String(values[name]) : '')
  const own = Object.fromEntries(Object.entries(errors).filter(([name]) => name === 'decision' || name === 'remarks'))
  return (
    <>
      <ErrorSummary errors={own} labels={{ decision: t('legal.your-word'), remarks: t('legal.remarks') }} />
      <Form action={`/drafts/${draft.id}/clearance`} label={t('legal.title')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="approval" value={draft.approval} />
        <RadioGroup
          name="decision"
          label={t('legal.your-word')}
          value={typed('decision') || undefined}
          error={errors.decision}
          options={decisions.map((one) => ({ value: one, label: t(`legal.choice.${one}`) }))}
        />
        <TextArea
          name="remarks"
          label={t('legal.remarks')}
          hint={t('legal.remarks-hint')}
          value={typed('remarks')}
          error={errors.remarks}
          rows={3}
          maxlength={4000}
          required={false}
        />
        <Row>
          <Button label={t('legal.do')} />
        </Row>
      </Form>
    </>
  )
}
