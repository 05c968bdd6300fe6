import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Button, Entry, Form, FormLine, Hidden, LiveRegion, Quiet, Row, Section, TextArea } from '../../../web/index.ts'
import type { Talks } from '../load-talks.ts'
import { partiesOf } from '../meetings.ts'

/** The floor on which talks always stand: written words, by pages that need no script. */
export function Conversation({
  visit,
  talks,
  id,
  errors,
  inRoom = false,
}: {
  visit: Visit<any>
  talks: Talks
  /** For the next remark. */
  id: string
  errors?: Record<string, string>
  /** Beside the room of the talks: who writes comes back there. */
  inRoom?: boolean
}) {
  const { t, services, viewer, language } = visit
  const { said, contents, row, space } = talks
  const remarks = said.filter(({ kind }) => kind === 'remark')
  return (
    <Section title={t('talks.say.title')} id="conversation">
      <Quiet>{t('talks.say.lead')}</Quiet>
      <LiveRegion topic={`space:${space.id}`} id="remarks">
        {remarks.length === 0 && <Quiet>{t('talks.say.none')}</Quiet>}
        {remarks.map((one) => (
          <Entry
            key={one.hash}
            id={`act-${one.hash}`}
            margin={formatDateTime(one.at, viewer.person.zone, language, { short: true, seconds: true })}
          >
            <FormLine>{services.nameOf(one.author, language)}</FormLine>
            <p dir="auto">{contents.get(one.hash)?.text?.words ?? t('talks.withheld')}</p>
          </Entry>
        ))}
      </LiveRegion>
      {viewer.may('talks.remark-made:send') && partiesOf(row).includes(services.party) && (
        <Form action={`/spaces/${space.id}/talks/${row.hash}/say`}>
          <Hidden name="id" value={id} />
          {inRoom && <Hidden name="from" value="room" />}
          <TextArea
            name="words"
            label={t('talks.say.words')}
            hint={t('talks.say.hint')}
            value={typeof visit.values?.words === 'string' ? visit.values.words : ''}
            error={errors?.words}
            required
            rows={3}
            maxlength={4000}
          />
          <Row>
            <Button label={t('talks.say.do')} />
          </Row>
        </Form>
      )}
    </Section>
  )
}
