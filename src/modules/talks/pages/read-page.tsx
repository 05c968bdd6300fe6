import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { Entry, LinkButton, writtenMoment, PageHead, Quiet, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { titleOf } from '../../spaces/index.ts'
import type { ReadCalendar, ReadEvent } from '../calendar/read-calendar.ts'
import { stateOf } from '../meetings.ts'
import { uidOf } from '../own-calendar.ts'
import type { MeetingRow } from '../tables.ts'
import { OptionTimes } from './option-times.tsx'

interface Props {
  visit: Visit<any>
  read: ReadCalendar
  spaces: readonly SpaceFacts[]
  meetings: readonly MeetingRow[]
}

const talkKinds: readonly SpaceFacts['kind'][] = ['case', 'channel', 'negotiation']
const answers = new Set(['ACCEPTED', 'DECLINED', 'TENTATIVE'])

/** What a calendar file says. Nothing of it is on any record: a person proposes from it, or confirms on the page of the talks. */
export function ReadPage(props: Props) {
  const { visit, read } = props
  const { t } = visit
  return (
    <Framed visit={visit} title={t('talks.read.title')} current="/talks">
      <PageHead form={t('talks.title')} title={t('talks.read.title')} lead={t('talks.read.lead')} />
      {read.events.length === 0 && read.busy.length === 0 && <Quiet>{t('talks.read.nothing')}</Quiet>}
      {read.events.map((event, at) => (
        <Event key={at} {...props} event={event} />
      ))}
      {read.busy.length > 0 && <Busy {...props} />}
    </Framed>
  )
}

function Event({ visit, spaces, meetings, event }: Props & { event: ReadEvent }) {
  const { t, viewer, language } = visit
  const { zone } = viewer.person
  const minutes = Math.min(1_440, Math.max(5, Math.round((event.until - event.from) / 60_000)))
  const known = meetings.find((row) => event.uid.startsWith(uidOf(row)))
  const local = writtenMoment(zone, event.from)
  const query = new URLSearchParams({
    subject: event.summary,
    zone,
    date1: local.date,
    time1: local.time,
    minutes: String(minutes),
    place: event.location,
    agenda: event.description.slice(0, 2_000),
  })
  const said = event.attendees.filter(({ answer }) => answers.has(answer))
  return (
    <Entry>
      <h2 dir="auto">{event.summary || t('talks.read.untitled')}</h2>
      <p>
        <OptionTimes option={{ at: event.from, minutes }} zones={[zone, 'UTC']} t={t} language={language} />
      </p>
      {event.isCancelled && <p>{t('talks.read.cancelled')}</p>}
      {event.repeats && <p>{t('talks.read.repeats')}</p>}
      {said.length > 0 && (
        <ul>
          {said.map(({ address, answer }) => (
            <li key={address}>
              <bdi>{address}</bdi>: {t('talks.read.answer', { answer })}
            </li>
          ))}
        </ul>
      )}
      {known ? (
        <p>
          {t('talks.read.known')} <a href={`/spaces/${known.space}/talks/${known.hash}`}>{t('talks.action.open')}</a>
        </p>
      ) : (
        !event.isCancelled &&
        viewer.may('talks.meeting-proposed:draft') && (
          <>
            <p>{t('talks.read.propose-in')}</p>
            <Row>
              {spaces
                .filter(({ kind, members }) => talkKinds.includes(kind) && members.length > 1)
                .slice(0, 20)
                .map((space) => (
                  <LinkButton
                    key={space.id}
                    plain
                    href={`/spaces/${space.id}/write/talks.meeting-proposed?${query}`}
                    label={titleOf(space, language)}
                  />
                ))}
            </Row>
          </>
        )
      )}
    </Entry>
  )
}

/** Which of the times that are proposed fall into what somebody says is taken. */
function Busy({ visit, read, meetings }: Props) {
  const { t, viewer, language } = visit
  const proposed = meetings.filter((row) => stateOf(row) === 'proposed')
  return (
    <Section title={t('talks.read.busy')}>
      {proposed.length === 0 && <Quiet>{t('talks.read.no-proposals')}</Quiet>}
      {proposed.map((row) => (
        <Entry key={row.hash}>
          <p>
            <a href={`/spaces/${row.space}/talks/${row.hash}`}>{t('talks.action.open')}</a>
          </p>
          <ol>
            {row.options.map((option) => (
              <li key={option.at}>
                <OptionTimes option={option} zones={[viewer.person.zone, 'UTC']} t={t} language={language} />:{' '}
                {t(`talks.read.${isTaken(option, read) ? 'taken' : 'free'}`)}
              </li>
            ))}
          </ol>
        </Entry>
      ))}
    </Section>
  )
}

function isTaken({ at, minutes }: { at: number; minutes: number }, { busy }: ReadCalendar): boolean {
  return busy.some(({ from, until }) => from < at + minutes * 60_000 && at < until)
}
