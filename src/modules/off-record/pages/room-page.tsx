import type { HeardWords, RoomState } from '../../../core/off-record/types.ts'
import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import type { Marking } from '../../../protocol/types.ts'
import { formatDateTime, formatDuration, formatList } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Entry,
  ErrorSummary,
  Field,
  Form,
  FormLine,
  Hidden,
  LeavesStays,
  LiveRegion,
  PageHead,
  Pairs,
  Paper,
  Quiet,
  RadioGroup,
  Section,
  TextArea,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { hasJoined, type Room } from '../rooms.ts'
import type { RecordsRule } from '../rule.ts'
import { RuleNote } from './rule-note.tsx'

export interface RoomView {
  space: SpaceFacts
  room: Room
  marking: Marking
  state: RoomState | undefined
  heard: HeardWords[]
  rule: RecordsRule | undefined
  /** For the next words, so that a second click says nothing twice. */
  id: string
}

interface Props extends RoomView {
  visit: Visit<unknown>
  errors?: Record<string, string>
}

/** A room: before joining what it means, afterwards what is said in it, read anew from its key each time. */
export function RoomPage(props: Props) {
  const { visit, space, room, marking, state, heard, rule } = props
  const { services, t, language, viewer } = visit
  const zone = viewer.person.zone
  const nameOf = (party: string) => services.nameOf(party, language)
  const others = [room.opener, ...room.with_parties].filter((party) => party !== services.party)
  const title = t('off-record.title', { parties: formatList(others.map(nameOf), language) })
  const isIn = hasJoined(room, services.party)
  const address = `/spaces/${space.id}/off-record/${room.hash}`
  return (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill} marking={marking} unrecorded>
      <PageHead form={t('off-record.form')} title={title} lead={t('off-record.meaning')} />
      <Pairs
        items={[
          {
            term: t('off-record.room.state'),
            detail: t(`off-record.state.${isIn ? (state ?? 'waits-for-key') : 'asked'}`),
          },
          { term: t('off-record.room.kept'), detail: formatDuration(room.keep_ms, language) },
          { term: t('off-record.room.until'), detail: formatDateTime(room.until, zone, language) },
          { term: t('off-record.room.marking'), detail: <TlpLabel marking={marking} /> },
        ]}
      />
      {isIn ? (
        <>
          <LiveRegion topic={`space:${space.id}`} id="off-record">
            <Section title={t('off-record.said.title')}>
              {heard.length === 0 && <Quiet>{t('off-record.said.nothing')}</Quiet>}
              {heard.map((words) => (
                <Said key={words.id} words={words} visit={visit} />
              ))}
            </Section>
          </LiveRegion>
          {state === 'open' && viewer.may('off-record.words:send') && <Speak {...props} others={others} />}
          <Section title={t('off-record.rule.title')}>
            <RuleNote rule={rule} t={t} language={language} zone={zone} />
          </Section>
          {room.closed_at === null && state !== 'forgotten' && viewer.may('off-record.room-closed:send') && (
            <Section title={t('off-record.close.title')}>
              <p>{t('off-record.close.lead')}</p>
              <ButtonForm plain action={`${address}/close`} label={t('off-record.close.do')} />
            </Section>
          )}
        </>
      ) : (
        <Join {...props} others={others} />
      )}
    </Framed>
  )
}

function Said({ words, visit }: { words: HeardWords; visit: Visit<unknown> }) {
  const { services, t, language, viewer } = visit
  const { zone } = viewer.person
  const { from, by, at, form, title, words: text, forgottenAt, waitsFor, isForeign } = words
  const names = formatList(
    waitsFor.map((party) => services.nameOf(party, language)),
    language,
  )
  const margin = (
    <Pairs
      items={[
        { term: t('off-record.said.by'), detail: <bdi>{by}</bdi> },
        { term: t('off-record.said.at'), detail: formatDateTime(at, zone, language) },
        { term: t('off-record.said.gone'), detail: formatDateTime(forgottenAt, zone, language) },
        waitsFor.length > 0 && { term: t('off-record.said.waits'), detail: names },
      ]}
    />
  )
  const paragraphs = text.split(/\n\s*\n/).map((paragraph, index) => (
    <p key={index} dir="auto">
      {paragraph}
    </p>
  ))
  return (
    <Entry margin={margin} id={`said-${words.id}`}>
      <FormLine>
        {t(`off-record.said.${form}`)} · <bdi>{services.nameOf(from, language)}</bdi>
      </FormLine>
      {title && <h3 dir="auto">{title}</h3>}
      {isForeign && <Quiet>{t('off-record.said.foreign')}</Quiet>}
      {form === 'non-paper' ? <Paper>{paragraphs}</Paper> : paragraphs}
    </Entry>
  )
}

function Speak({ visit, space, room, id, errors, others }: Props & { others: string[] }) {
  const { services, t, language, viewer } = visit
  const typed = errors ? (visit.values ?? {}) : {}
  const value = (name: string) => (typeof typed[name] === 'string' ? typed[name] : undefined)
  const labels = {
    form: t('off-record.speak.form'),
    by: t('off-record.speak.by'),
    title: t('off-record.speak.heading'),
    words: t('off-record.speak.words'),
  }
  const names = formatList(
    others.filter((party) => hasJoined(room, party)).map((party) => services.nameOf(party, language)),
    language,
  )
  return (
    <Section title={t('off-record.speak.title')}>
      <ErrorSummary errors={errors} labels={labels} />
      <Form action={`/spaces/${space.id}/off-record/${room.hash}/say`} label={t('off-record.speak.title')}>
        <Hidden name="id" value={value('id') ?? id} />
        <RadioGroup
          name="form"
          label={labels.form}
          value={value('form') ?? 'remark'}
          error={errors?.form}
          options={(['remark', 'non-paper'] as const).map((one) => ({
            value: one,
            label: t(`off-record.said.${one}`),
            hint: t(`off-record.speak.${one}-hint`),
          }))}
        />
        <Field
          name="by"
          label={labels.by}
          hint={t('off-record.speak.by-hint')}
          value={value('by') ?? viewer.office.name[language] ?? Object.values(viewer.office.name)[0] ?? ''}
          error={errors?.by}
          maxlength={200}
          required
        />
        <Field
          name="title"
          label={labels.title}
          value={value('title')}
          error={errors?.title}
          maxlength={300}
          required={false}
        />
        <TextArea
          name="words"
          label={labels.words}
          value={value('words')}
          error={errors?.words}
          rows={6}
          maxlength={8_000}
          required
        />
        <p>{names === '' ? t('off-record.speak.to-nobody') : t('off-record.speak.to', { parties: names })}</p>
        <Button label={t('off-record.speak.do')} />
      </Form>
    </Section>
  )
}

function Join({ visit, space, room, rule, others }: Props & { others: string[] }) {
  const { services, t, language, viewer } = visit
  const hasEnded = room.closed_at !== null || services.clock.now() > room.until
  return (
    <>
      <Section title={t('off-record.rule.title')}>
        <RuleNote rule={rule} t={t} language={language} zone={viewer.person.zone} />
      </Section>
      {hasEnded && <Quiet>{t('off-record.join.too-late')}</Quiet>}
      {!hasEnded && viewer.may('off-record.room-joined:send') && rule?.allowed !== false && (
        <Section title={t('off-record.join.title')}>
          <LeavesStays
            leaves={[
              t('off-record.join.leaves', {
                parties: formatList(
                  others.map((party) => services.nameOf(party, language)),
                  language,
                ),
              }),
            ]}
            stays={[t('off-record.join.stays')]}
            staysTitle={t('off-record.join.stays-title')}
          />
          <ButtonForm action={`/spaces/${space.id}/off-record/${room.hash}/join`} label={t('off-record.join.do')} />
        </Section>
      )}
    </>
  )
}
