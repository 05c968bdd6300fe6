import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  ButtonForm,
  ClockChip,
  Fingerprint,
  LinkButton,
  Pairs,
  Quiet,
  Row,
  Section,
  Trouble,
} from '../../../web/index.ts'
import type { StatedRow } from '../between/read-between.ts'
import type { Statement } from '../release/statements.ts'
import type { Published } from './find-published.ts'

interface Props {
  visit: Visit
  /** Page of the statement. */
  at: string
  statement: Statement
  published?: Published
  /** Of our register, as others compare it. */
  fingerprint?: string
}

/** Words released for everybody: how they are signed, and once they are, what is handed out and how it is checked. */
export function PublishSection(props: Props) {
  const { visit, statement, published } = props
  if (statement.level !== 'public') return null
  if (published?.row) return <OnRecord {...props} row={published.row} />
  if (statement.state !== 'released') return null
  return (
    <Section title={visit.t('attributions.publish.title')} id="publish">
      <p>{visit.t('attributions.publish.explained')}</p>
      <Begin {...props} />
    </Section>
  )
}

function Begin({ visit: { t, viewer }, at, published }: Props) {
  if (published)
    return (
      <Row>
        <LinkButton href={`/drafts/${published.draft}/review`} label={t('attributions.publish.draft')} />
      </Row>
    )
  if (!viewer.may('attributions.attribution-stated:draft')) return <Quiet>{t('attributions.publish.not-you')}</Quiet>
  return <ButtonForm action={`${at}/sign`} label={t('attributions.publish.begin')} />
}

/** How it stands on the record: what its author said last counts. */
export const standsAs = ({ withdrawn_by, replaced_by }: StatedRow): 'withdrawn' | 'replaced' | 'stands' =>
  withdrawn_by !== null ? 'withdrawn' : replaced_by !== null ? 'replaced' : 'stands'

function OnRecord({ visit, at, statement, row, fingerprint = '' }: Props & { row: StatedRow }) {
  const { t, viewer, language } = visit
  const stands = standsAs(row)
  const isToWithdraw = statement.state === 'withdrawn' && stands === 'stands'
  const endedAt = row.withdrawn_at ?? row.replaced_at
  const time = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const withdrawal = `/spaces/${row.space}/write/attributions.attribution-withdrawn?act=${row.hash}`
  return (
    <Section title={t('attributions.publish.title')} id="publish">
      {isToWithdraw && <Trouble what={t('attributions.publish.still-stands')} do={t('attributions.publish.say-so')} />}
      <ClockChip state={stands === 'stands' ? 'done' : 'open'} text={t(`attributions.publish.${stands}`)} />
      <Pairs
        items={[
          { term: t('attributions.publish.act'), detail: <a href={actHref(row.space, row.hash)}>{time(row.at)}</a> },
          { term: t('attributions.publish.hash'), detail: <code dir="ltr">{row.hash}</code> },
          endedAt !== null && { term: t(`attributions.publish.${stands}`), detail: time(endedAt) },
          { term: t('attributions.publish.fingerprint'), detail: <Fingerprint digits={fingerprint} /> },
        ]}
      />
      <p>{t('attributions.publish.check')}</p>
      <p>
        <code dir="ltr">npx chancery verify case.dossier.zip</code>
      </p>
      <Row>
        <LinkButton href={`${at}/file.pdf`} label={t('attributions.statement.pdf')} download />
        <LinkButton plain href={`${at}/file.txt`} label={t('attributions.statement.txt')} download />
        <LinkButton
          plain
          href={`/spaces/${row.space}/dossier?purpose=publication&audience=public&ceiling=CLEAR`}
          label={t('attributions.action.dossier')}
        />
        {stands !== 'withdrawn' && viewer.may('attributions.attribution-withdrawn:draft') && (
          <LinkButton plain href={withdrawal} label={t('attributions.publish.withdraw')} />
        )}
      </Row>
    </Section>
  )
}
