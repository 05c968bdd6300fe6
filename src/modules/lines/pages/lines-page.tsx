import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  ButtonForm,
  Entry,
  Field,
  Form,
  FormLine,
  Hidden,
  LinkButton,
  LiveRegion,
  Quiet,
  Row,
  Section,
  Select,
  TlpLabel,
} from '../../../web/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import type { LineGround } from '../grounds/line-ground.ts'
import { lineKinds } from '../kinds.ts'
import type { Line } from '../read-lines.ts'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { languageText, StateWords, WordingFields } from './parts.tsx'

interface Props {
  visit: Visit
  incident: Incident
  lines: readonly Line[]
  /** What a line can rest on now. */
  grounds: readonly LineGround[]
  nameOf(person: string): string
  returned?: Returned | undefined
}

/** Lines to take of one incident, in the order people gave them, each with whether it may be said. */
export function LinesPage(props: Props) {
  const { visit, incident, lines, returned } = props
  const { t, viewer } = visit
  const mayWrite = incident.state !== 'closed' && viewer.may('incidents:draft')
  const withdrawn = lines.filter((one) => one.withdrawn)
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('lines.title')}
      lead={t('lines.lead')}
      actions={
        <>
          <LinkButton href={`/incidents/${incident.id}/lines/say`} label={t('lines.say.action')} />
          <LinkButton plain href={`/incidents/${incident.id}/brief`} label={t('brief.action')} />
        </>
      }
    >
      <WhatIsWrong returned={returned} />
      <LiveRegion topic={`incident:${incident.id}`} id="lines">
        <Standing {...props} mayWrite={mayWrite} />
        {withdrawn.length > 0 && (
          <Section title={t('lines.withdrawn')}>
            <ul>
              {withdrawn.map(({ id, wording }) => (
                <li key={id}>
                  <a href={`/incidents/${incident.id}/lines/${id}`}>
                    <del dir="auto">{wording.words}</del>
                  </a>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </LiveRegion>
      {mayWrite && <WriteForm {...props} />}
    </RecordFrame>
  )
}

function Standing({ visit, incident, lines, nameOf, mayWrite }: Props & { mayWrite: boolean }) {
  const { t } = visit
  const standing = lines.filter((one) => !one.withdrawn)
  const move = (line: Line, at: number, by: 'up' | 'down') => (
    <ButtonForm
      plain
      action={`/incidents/${incident.id}/lines/${line.id}/move`}
      label={t(`lines.move.${by}`, { number: at + 1 })}
      fields={{ seen: String(at), by }}
    />
  )
  return (
    <Section title={t('lines.standing')} id="standing">
      {standing.length === 0 && <Quiet>{t('lines.none')}</Quiet>}
      {standing.map((line, at) => (
        <Entry
          key={line.id}
          id={`line-${line.id}`}
          margin={
            <>
              <TlpLabel marking={{ tlp: line.wording.marking }} />
              <Signed visit={visit} by={nameOf(line.wording.by)} at={line.wording.at} />
            </>
          }
        >
          <FormLine>
            {at + 1} · {t(`lines.kind.${line.kind}`)} · {t(`lines.audience.${line.wording.audience}`)}
          </FormLine>
          {line.wording.question !== '' && <p dir="auto">{line.wording.question}</p>}
          <p dir="auto" lang={line.language}>
            <a href={`/incidents/${incident.id}/lines/${line.id}`}>{line.wording.words}</a>
          </p>
          <ul>
            {[line.wording, ...line.translations].map(({ language }) => (
              <li key={language}>
                {languageText(visit, language)}: <StateWords visit={visit} line={line} language={language} />
              </li>
            ))}
          </ul>
          {mayWrite && standing.length > 1 && (
            <Row>
              {at > 0 && move(line, at, 'up')}
              {at < standing.length - 1 && move(line, at, 'down')}
            </Row>
          )}
        </Entry>
      ))}
    </Section>
  )
}

function WriteForm({ visit, incident, grounds, returned }: Props) {
  const { t, language } = visit
  const { value, error } = returnedTo(returned, 'write')
  return (
    <Section title={t('lines.write')} id="write">
      <Form action={`/incidents/${incident.id}/lines`} label={t('lines.write')}>
        <Hidden name="id" value={newId()} />
        <Select
          name="kind"
          label={t('lines.field.kind')}
          value={value('kind')}
          error={error('kind')}
          required
          placeholder={t('incidents.write.choose')}
          options={lineKinds.map((one) => ({
            value: one,
            label: t(`lines.kind.${one}`),
          }))}
        />
        <Field
          name="language"
          label={t('lines.field.language')}
          hint={t('lines.field.language-hint')}
          value={value('language', language)}
          error={error('language')}
          required
          width="short"
          maxlength={35}
          list={['en', 'fr', 'ar']}
        />
        <WordingFields visit={visit} form="write" returned={returned} grounds={grounds} marking={incident.marking} />
        <Button label={t('lines.save')} />
      </Form>
    </Section>
  )
}
