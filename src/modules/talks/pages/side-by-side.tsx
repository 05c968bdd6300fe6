import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Button, Form, FormLine, Hidden, LinkButton, Paper, Quiet, Row, Section, TextArea } from '../../../web/index.ts'
import type { Talks } from '../load-talks.ts'

interface Prose {
  subject?: string
  paragraphs?: string[]
}

function Words({ text, withheld }: { text?: Prose; withheld: string }) {
  if (!text?.paragraphs) return <Quiet>{withheld}</Quiet>
  return (
    <Paper>
      {text.subject && <h3 dir="auto">{text.subject}</h3>}
      {text.paragraphs.map((paragraph, at) => (
        <p key={at} dir="auto">
          {paragraph}
        </p>
      ))}
    </Paper>
  )
}

/** Minutes that each side proposed for that day, beside each other; they stand once the others confirm them. */
export function SideBySide({ visit, talks }: { visit: Visit<any>; talks: Talks }) {
  const { t, services, language, viewer } = visit
  const { minutes, contents, space } = talks
  return (
    <Section title={t('talks.minutes.title')} id="minutes">
      <Quiet>{t(minutes.length === 0 ? 'talks.minutes.none' : 'talks.minutes.lead')}</Quiet>
      <div class="leaves-stays">
        {minutes.map(({ hash, author }) => (
          <section key={hash} class="box">
            <FormLine>{services.nameOf(author, language)}</FormLine>
            <Words text={contents.get(hash)?.text} withheld={t('talks.withheld')} />
            <p>
              <a href={actHref(space.id, hash)}>{t('talks.minutes.where')}</a>
            </p>
          </section>
        ))}
      </div>
      {viewer.may('channels.minutes-proposed:draft') && (
        <Row>
          <LinkButton
            plain
            href={`/spaces/${space.id}/write/channels.minutes-proposed`}
            label={t('talks.minutes.propose')}
          />
        </Row>
      )}
    </Section>
  )
}

/** Our read-out, kept at home, beside those that were given to each other. */
export function ReadOuts({ visit, talks, id }: { visit: Visit<any>; talks: Talks; id: string }) {
  const { t, services, language, viewer } = visit
  const { own, said, contents, space, row } = talks
  const given = said.filter(({ kind }) => kind === 'read-out')
  const href = `/spaces/${space.id}/talks/${row.hash}`
  return (
    <Section title={t('talks.read-outs.title')} id="read-outs">
      <p>
        <a href={`/spaces/${space.id}/acts/${row.hash}/read-outs`}>{t('talks.read-outs.compare')}</a>
      </p>
      <div class="leaves-stays">
        <section class="box">
          <FormLine>{t('talks.read-outs.ours')}</FormLine>
          {own && <p class="small">{formatDateTime(own.at, viewer.person.zone, language, { short: true })}</p>}
          {viewer.may('talks.read-out-given:send') ? (
            <Form action={`${href}/read-out`}>
              <Hidden name="id" value={id} />
              <TextArea
                name="account"
                label={t('talks.read-outs.words')}
                hint={t('talks.read-outs.hint')}
                value={own?.words ?? ''}
                required
                rows={6}
              />
              <Row>
                <Button plain label={t('talks.read-outs.keep')} />
              </Row>
            </Form>
          ) : (
            <p dir="auto">{own?.words ?? t('talks.read-outs.none')}</p>
          )}
        </section>
        <section class="box">
          <FormLine>{t('talks.read-outs.given')}</FormLine>
          {given.length === 0 && <Quiet>{t('talks.read-outs.none')}</Quiet>}
          {given.map((one) => (
            <div key={one.hash}>
              <p class="small">
                {services.nameOf(one.author, language)},{' '}
                {formatDateTime(one.at, viewer.person.zone, language, { short: true })}
              </p>
              <Words text={contents.get(one.hash)?.text} withheld={t('talks.withheld')} />
            </div>
          ))}
          {viewer.may('talks.read-out-given:draft') && (
            <Row>
              <LinkButton
                plain
                href={`/spaces/${space.id}/write/talks.read-out-given?proposal=${row.hash}`}
                label={t('talks.read-outs.give')}
              />
            </Row>
          )}
        </section>
      </div>
    </Section>
  )
}
