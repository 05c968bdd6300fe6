import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Button, Form, LinkButton, PageHead, Paper, Quiet, Section, Select } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { audiences, lineKinds } from '../kinds.ts'
import type { Sayable, SayQuestion } from '../list-sayable.ts'
import { narrowest } from '../../../core/markings/index.ts'
import { languageText } from './parts.tsx'

interface Props {
  visit: Visit
  asked: SayQuestion
  sayable: readonly Sayable[]
  /** In which anything is written. */
  languages: readonly string[]
  /** Of the one incident that was asked for. */
  codeName?: string
}

/** What may be said now, to be read aloud, copied or printed; and how many lines are kept back, and why. */
export function SayPage({ visit, asked, sayable, languages, codeName }: Props) {
  const { t, services, viewer, language } = visit
  const at = asked.incident === undefined ? '/lines' : `/incidents/${asked.incident}/lines/say`
  const query = new URLSearchParams({ language: asked.language, audience: asked.audience }).toString()
  const marking = narrowest(
    sayable.flatMap(({ incident, lines }) => [
      { tlp: incident.marking },
      ...lines.map(({ line }) => ({ tlp: line.wording.marking })),
    ]),
  )
  const choices = [...new Set([asked.language, ...languages])].toSorted()
  const title = codeName === undefined ? t('lines.say.title') : `${t('lines.say.title')}: ${codeName}`
  return (
    <Framed visit={visit} title={title} current="/incidents" {...(sayable.length > 0 && { marking })}>
      <PageHead
        form={t('lines.title')}
        title={t('lines.say.title')}
        lead={t('lines.say.as-of', {
          time: formatDateTime(services.clock.now(), viewer.person.zone, language),
          audience: t(`lines.audience.${asked.audience}`),
        })}
        actions={
          <>
            <LinkButton plain href={`${at}/pdf?${query}`} label={t('lines.say.pdf')} />
            <LinkButton plain href={`${at}/text?${query}`} label={t('lines.say.text')} />
          </>
        }
      />
      <Form action={at} method="get" label={t('lines.say.which')}>
        <Select
          name="language"
          label={t('lines.field.language')}
          value={asked.language}
          required
          options={choices.map((one) => ({ value: one, label: languageText(visit, one) }))}
        />
        <Select
          name="audience"
          label={t('lines.field.audience')}
          value={asked.audience}
          required
          options={audiences.map((one) => ({ value: one, label: t(`lines.audience.${one}`) }))}
        />
        <Button plain label={t('lines.say.show')} />
      </Form>
      {sayable.length === 0 && <Quiet>{t('lines.say.nothing')}</Quiet>}
      {sayable.map((one) => (
        <OfIncident key={one.incident.id} visit={visit} one={one} />
      ))}
    </Framed>
  )
}

function OfIncident({ visit, one: { incident, lines, kept } }: { visit: Visit; one: Sayable }) {
  const { t, viewer, language } = visit
  return (
    <Section title={`${incident.codeName} · ${incident.title}`} id={`of-${incident.id}`}>
      {incident.drill && (
        <p>
          <strong>{t('lines.say.drill')}</strong>
        </p>
      )}
      {lines.length === 0 && <Quiet>{t('lines.say.nothing')}</Quiet>}
      {lineKinds.map((kind) => {
        const said = lines.filter(({ line }) => line.kind === kind)
        if (said.length === 0) return null
        return (
          <div key={kind}>
            <h3>{t(`lines.kind.${kind}`)}</h3>
            <Paper>
              {said.map(({ line, said: one }) => (
                <div key={line.id}>
                  {one.question !== '' && (
                    <p dir="auto" lang={one.language}>
                      <strong>{one.question}</strong>
                    </p>
                  )}
                  <p dir="auto" lang={one.language}>
                    {one.words}
                  </p>
                  {line.wording.validUntil !== undefined && (
                    <Quiet small>
                      {t('lines.say.until', {
                        time: formatDateTime(line.wording.validUntil, viewer.person.zone, language),
                      })}
                    </Quiet>
                  )}
                </div>
              ))}
            </Paper>
          </div>
        )
      })}
      {Object.keys(kept).length > 0 && (
        <Quiet small>
          {t('lines.say.kept')}{' '}
          <a href={`/incidents/${incident.id}/lines`}>
            {Object.entries(kept)
              .map(([why, count]) => t('lines.say.kept-line', { count, why: t(`lines.state.${why}`) }))
              .join(' · ')}
          </a>
        </Quiet>
      )}
    </Section>
  )
}
