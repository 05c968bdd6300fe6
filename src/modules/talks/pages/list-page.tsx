import type { Visit } from '../../../core/module/types.ts'
import {
  Button,
  ClockChip,
  Entry,
  FileField,
  Form,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { CalendarEntry } from '../calendar/write-calendar.ts'
import { startOf, stateOf } from '../meetings.ts'
import type { MeetingRow } from '../tables.ts'
import { OptionTimes } from './option-times.tsx'

/** Talks ahead and lately held, and the way to and from calendars. */
export function ListPage({
  visit,
  meetings,
  entries,
}: {
  visit: Visit
  meetings: readonly MeetingRow[]
  entries: readonly CalendarEntry[]
}) {
  const { t, viewer, language } = visit
  return (
    <Framed visit={visit} title={t('talks.title')} current="/talks">
      <PageHead
        title={t('talks.title')}
        lead={t('talks.lead')}
        actions={<LinkButton plain href="/talks/calendar.ics" label={t('talks.calendar.take')} download />}
      />
      {meetings.length === 0 && <Quiet>{t('talks.none')}</Quiet>}
      {meetings.map((row) => {
        const state = stateOf(row)
        const subject = entries.find(({ url }) => url?.endsWith(row.hash))?.summary
        const option = row.options.find(({ at }) => at === startOf(row))!
        return (
          <Entry
            key={row.hash}
            margin={
              <ClockChip
                state={state === 'set' ? 'met' : state === 'proposed' ? 'running' : 'open'}
                text={t(`talks.state.${state}`)}
              />
            }
          >
            <h2>
              <a href={`/spaces/${row.space}/talks/${row.hash}`}>
                <bdi>{subject}</bdi>
              </a>
            </h2>
            <p>
              <OptionTimes option={option} zones={[viewer.person.zone, row.zone, 'UTC']} t={t} language={language} />
            </p>
          </Entry>
        )
      })}
      <Section title={t('talks.calendar.read-title')} id="read">
        <Form action="/talks/calendar" enctype="multipart/form-data">
          <FileField name="calendar" label={t('talks.calendar.file')} hint={t('talks.calendar.file-hint')} required />
          <Row>
            <Button plain label={t('talks.calendar.read')} />
          </Row>
        </Form>
      </Section>
    </Framed>
  )
}
