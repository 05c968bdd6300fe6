import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import { Quiet, Section, Table } from '../../../web/index.ts'
import { toldTime } from '../facts/particular-words.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { hypothesisShort } from '../weigh/weighing-labels.ts'
import { corners, edges } from './places.ts'
import { type Diamond, standingAt, type Subject, supportedEdges } from './read-diamonds.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  diamonds: readonly Diamond[]
}

/** Which diamonds an incident has, what of each is known and what is not. */
export function DiamondsPage({ visit, loaded, diamonds }: Props) {
  const { t, viewer } = visit
  const { incident } = loaded
  const of = (kind: Subject['kind']) => diamonds.filter(({ subject }) => subject.kind === kind)
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('diamond.title')}
      lead={t('diamond.lead')}
      back={{ href: `/incidents/${incident.id}/weighing`, label: t('incidents.weighing.title') }}
    >
      <Quiet>{t('diamond.never-adversary')}</Quiet>
      <Section title={t('diamond.hypotheses')} id="hypotheses">
        <List visit={visit} loaded={loaded} diamonds={of('hypothesis')} caption={t('diamond.hypotheses')} />
      </Section>
      <Section title={t('diamond.events')} id="events">
        <List visit={visit} loaded={loaded} diamonds={of('event')} caption={t('diamond.events')} />
        {viewer.may('incidents:draft') && incident.state !== 'closed' && (
          <p>
            <a href={`/incidents/${incident.id}/particulars?kind=event#state`}>{t('diamond.state-event')}</a>
          </p>
        )}
      </Section>
    </RecordFrame>
  )
}

function List({ visit, loaded, diamonds, caption }: Props & { caption: string }) {
  const { t, language } = visit
  if (diamonds.length === 0) return <Quiet>{t('diamond.none')}</Quiet>
  return (
    <Table
      cards
      caption={caption}
      quietCaption
      head={[
        t('diamond.of'),
        ...corners.map((corner) => t(`diamond.place.${corner}`)),
        t('diamond.edges-supported', { of: formatNumber(edges.length, language) }),
      ]}
      rows={diamonds.map((diamond) => [
        <a href={diamondHref(loaded.incident.id, diamond.subject)}>
          <SubjectWords visit={visit} subject={diamond.subject} />
        </a>,
        ...corners.map((corner) => {
          const count = standingAt(diamond, corner).length
          return count === 0 ? t('diamond.unknown') : formatNumber(count, language)
        }),
        formatNumber(supportedEdges(diamond).length, language),
      ])}
    />
  )
}

export const diamondHref = (incident: string, { id }: Pick<Subject, 'id'>) =>
  `/incidents/${incident}/weighing/diamond/${id}`

/** "H1 …", or an event with its time as it was told. */
function SubjectWords({ visit, subject }: { visit: Visit; subject: Subject }) {
  const { number, words, when, isStanding, kind } = subject
  return (
    <>
      {number !== undefined && `${hypothesisShort(visit, { number })} `}
      <bdi>{words}</bdi>
      {when && (
        <>
          {' '}
          <bdi>({toldTime(visit, when)})</bdi>
        </>
      )}
      {!isStanding && ` (${visit.t(`diamond.not-standing-${kind}`)})`}
    </>
  )
}
