import { actHref } from '../../../core/module/act-href.ts'
import { atHome, reveal } from '../../../core/markings/index.ts'
import type { ActFace, FaceProps, Services, ShownAct, Viewer } from '../../../core/module/types.ts'
import { formatDate, isMessageKey } from '../../../text/index.ts'
import { Quiet } from '../../../web/index.ts'
import { findFace } from '../../spaces/index.ts'
import type { CommitmentReportedBody } from '../acts.ts'

interface ReportText {
  subject: string
  paragraphs: string[]
}
type Props = FaceProps<CommitmentReportedBody, ReportText>
type Evidence = NonNullable<CommitmentReportedBody['evidence']>[number]

/** Acts that reports name, by hash, as this house holds them: nobody's word is taken for what stands in them. */
async function loadNamed(
  services: Services,
  reports: readonly ShownAct<CommitmentReportedBody>[],
  viewer: Viewer,
): Promise<Map<string, ShownAct>> {
  const hashes = [...new Set(reports.flatMap(({ content }) => content?.body?.evidence?.map(({ act }) => act) ?? []))]
  if (hashes.length === 0) return new Map()
  const [acts, contents] = await Promise.all([services.ledger.findActs(hashes), services.ledger.content(hashes)])
  const spaces = await services.ledger.list({ among: [...new Set(acts.map((act) => act.space))] })
  const reader = atHome(services, viewer)
  return new Map(
    acts.flatMap((act): [string, ShownAct][] => {
      const space = spaces.find(({ id }) => id === act.space)
      const marked = contents.get(act.hash)
      const revealed = marked && reveal(marked, reader, 'page')
      return space ? [[act.hash, { act, space, ...(revealed?.shown && { content: revealed.value }) }]] : []
    }),
  )
}

/** A report with what it names as evidence, each beside what our own copy of it says. */
export const reportFace: ActFace<CommitmentReportedBody, ReportText> = {
  type: 'agreements.commitment-reported',
  form: (t) => t('agreements.report.form'),
  headline: ({ shown, t }) => shown.content?.text?.subject ?? t('agreements.withheld'),
  async load(services, reports, viewer) {
    const named = await loadNamed(services, reports, viewer)
    return new Map(reports.map(({ act }) => [act.hash, named]))
  },
  Document: (props) => (
    <>
      {props.shown.content?.body && (
        <p>
          {props.t('agreements.report.sentence', {
            paragraph: props.shown.content.body.paragraph.slice(1),
            state: props.t(`agreements.commitment.${props.shown.content.body.state}`),
          })}
        </p>
      )}
      {props.shown.content?.text?.paragraphs.map((paragraph, index) => (
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
      <EvidenceList {...props} />
    </>
  ),
}

function EvidenceList(props: Props) {
  const { shown, t } = props
  const evidence = shown.content?.body?.evidence ?? []
  if (evidence.length === 0) return null
  return (
    <>
      <p>{t('agreements.evidence.named')}</p>
      <ul>
        {evidence.map((one) => (
          <li key={`${one.of} ${one.act}`}>
            <a href={actHref(one.space, one.act)}>{resultInWords(one.of, t)}</a>
            <OwnCopy {...props} evidence={one} />
          </li>
        ))}
      </ul>
    </>
  )
}

function resultInWords(of: string, t: Props['t']): string {
  const [, number] = /^measure-(\d+)$/.exec(of) ?? []
  if (number === undefined) return t('agreements.evidence.check')
  const title = `confidence.measure.${number}`
  return isMessageKey(title)
    ? t('agreements.evidence.measure', { number, title: t(title) })
    : t('confidence.number', { number })
}

/** What we hold of it; nothing where nobody looked, as before a draft is released. */
function OwnCopy({ evidence, ...props }: Props & { evidence: Evidence }) {
  const { shown, facts, services, viewer, t, language } = props
  if (facts === undefined) return null
  const own = (facts as Map<string, ShownAct>).get(evidence.act)
  if (own?.act.space !== evidence.space) return <Quiet small>{t('agreements.evidence.not-here')}</Quiet>
  const { statement, withoutEffect, scenarioTime } = own.act
  const isTheirs = statement.author === shown.act.statement.author
  if (!isTheirs || withoutEffect !== undefined) return <Quiet small>{t('agreements.evidence.shows-nothing')}</Quiet>
  const face = findFace(services, statement.type)
  const form = face?.form(t, own.content?.body) ?? statement.type
  return (
    <Quiet small>
      {t('agreements.evidence.as-held', {
        form,
        author: services.nameOf(statement.author, language),
        date: formatDate(scenarioTime, viewer.person.zone, language),
      })}
      {face && own.content?.body !== undefined && (
        <>
          {' '}
          <bdi>{face.headline({ ...props, shown: own, facts: undefined })}</bdi>
        </>
      )}
    </Quiet>
  )
}
