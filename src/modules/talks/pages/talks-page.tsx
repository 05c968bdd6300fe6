import { actHref } from '../../../core/module/act-href.ts'
import type { Marking, Visit } from '../../../core/module/types.ts'
import {
  Button,
  ButtonForm,
  ClockChip,
  Entry,
  ErrorSummary,
  Field,
  Form,
  FormLine,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  TextArea,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { delegationsOf, type Talks } from '../load-talks.ts'
import { partiesOf } from '../meetings.ts'
import { Conversation } from './conversation.tsx'
import { OptionTimes } from './option-times.tsx'
import { ReadOuts, SideBySide } from './side-by-side.tsx'

export interface TalksPageProps {
  visit: Visit<any>
  talks: Talks
  marking?: Marking
  /** One each for remark, delegation, cancellation, read-out. */
  ids: readonly [string, string, string, string]
  errors?: Record<string, string>
}

const typed = ({ values }: Visit<any>, name: string): string =>
  typeof values?.[name] === 'string' ? String(values[name]) : ''

/** One meeting from proposal to read-outs, in one place and in the order in which it is needed. */
export function TalksPage(props: TalksPageProps) {
  const { visit, talks, marking, errors } = props
  const { t, services, language } = visit
  const { row, space, state, text } = talks
  const others = partiesOf(row).filter((party) => party !== services.party)
  const title = text?.subject ?? t('talks.form')
  const labels = {
    words: t('talks.say.words'),
    people: t('talks.delegations.people'),
    account: t('talks.read-outs.words'),
    reason: t('talks.cancel.words'),
    women: t('talks.delegations.women'),
  }
  return (
    <Framed visit={visit} title={title} current="/talks" drill={space.drill} marking={marking}>
      <PageHead
        form={t('talks.with', { parties: others.map((one) => services.nameOf(one, language)).join(', ') })}
        title={<bdi>{title}</bdi>}
        lead={
          <ClockChip
            state={state === 'set' ? 'met' : state === 'proposed' ? 'running' : 'open'}
            text={t(`talks.state.${state}`)}
          />
        }
        actions={
          <>
            {state === 'set' && partiesOf(row).includes(services.party) && (
              <LinkButton href={`/spaces/${space.id}/talks/${row.hash}/room`} label={t('talks-room.to')} />
            )}
            <LinkButton plain href={actHref(space.id, row.hash)} label={t('talks.to-proposal')} />
            <LinkButton
              plain
              href={`/spaces/${space.id}/talks/${row.hash}/meeting.ics`}
              label={t('talks.calendar.take')}
              download
            />
          </>
        }
      />
      <ErrorSummary errors={errors} labels={labels} />
      <Times {...props} />
      {text && text.agenda.length > 0 && (
        <Section title={t('talks.agenda')} id="agenda">
          <ol dir="auto">
            {text.agenda.map((point, at) => (
              <li key={at}>{point}</li>
            ))}
          </ol>
        </Section>
      )}
      <Conversation visit={visit} talks={talks} id={props.ids[0]} errors={errors} />
      <Delegations {...props} />
      <SideBySide visit={visit} talks={talks} />
      <ReadOuts visit={visit} talks={talks} id={props.ids[3]} />
      <Ending {...props} />
    </Framed>
  )
}

function Times({ visit, talks }: TalksPageProps) {
  const { t, services, viewer, language } = visit
  const { row, state, zones, confirmations, text, space } = talks
  const href = `/spaces/${space.id}/talks/${row.hash}/confirm`
  const mayConfirm =
    state === 'proposed' && row.with_parties.includes(services.party) && viewer.may('talks.time-confirmed:send')
  return (
    <Section title={t('talks.times')} id="times">
      <ol>
        {row.options.map((option, at) => {
          const by = confirmations.filter((one) => one.option === at)
          return (
            <li key={option.at}>
              <OptionTimes option={option} zones={zones} t={t} language={language} />
              {row.chosen === at && <strong> {t('talks.chosen')}</strong>}
              {by.length > 0 && (
                <span>
                  {' '}
                  {t('talks.can-make', { parties: by.map(({ party }) => services.nameOf(party, language)).join(', ') })}
                </span>
              )}
              {mayConfirm && !by.some(({ party }) => party === services.party) && (
                <ButtonForm
                  action={href}
                  label={t('talks.action.confirm', { number: at + 1 })}
                  fields={{ option: String(at) }}
                  plain={at > 0}
                />
              )}
            </li>
          )
        })}
      </ol>
      {text?.place && <p dir="auto">{text.place}</p>}
      {state === 'replaced' && row.replaced_by !== null && (
        <p>
          <a href={`/spaces/${space.id}/talks/${row.replaced_by}`}>{t('talks.to-newer')}</a>
        </p>
      )}
    </Section>
  )
}

const counts = ['women', 'men', 'another', 'undeclared'] as const

function Delegations({ visit, talks, ids, errors }: TalksPageProps) {
  const { t, services, viewer, language } = visit
  const { row, space } = talks
  const delegations = delegationsOf(talks)
  return (
    <Section title={t('talks.delegations.title')} id="delegations">
      {delegations.length === 0 && <Quiet>{t('talks.delegations.none')}</Quiet>}
      {delegations.map(({ party, people, declared }) => (
        <Entry key={party}>
          <FormLine>{services.nameOf(party, language)}</FormLine>
          <ul dir="auto">
            {people.map((one, at) => (
              <li key={at}>{[one.style, one.name, one.post].filter((part) => part !== '').join(', ')}</li>
            ))}
          </ul>
          {declared && <p class="small">{t('talks.delegations.declared', declared)}</p>}
        </Entry>
      ))}
      {viewer.may('talks.delegation-named:send') && partiesOf(row).includes(services.party) && (
        <Form action={`/spaces/${space.id}/talks/${row.hash}/delegation`}>
          <Hidden name="id" value={ids[1]} />
          <TextArea
            name="people"
            label={t('talks.delegations.people')}
            hint={t('talks.delegations.people-hint')}
            value={typed(visit, 'people')}
            error={errors?.people}
            required
            rows={4}
          />
          <p class="hint">{t('talks.delegations.counts-hint')}</p>
          <Row>
            {counts.map((name) => (
              <Field
                key={name}
                name={name}
                type="number"
                inputmode="numeric"
                width="short"
                label={t(`talks.delegations.${name}`)}
                value={typed(visit, name)}
                error={errors?.[name]}
                min={0}
                max={200}
              />
            ))}
          </Row>
          <Row>
            <Button plain label={t('talks.delegations.do')} />
          </Row>
        </Form>
      )}
    </Section>
  )
}

function Ending({ visit, talks, ids }: TalksPageProps) {
  const { t, services, viewer } = visit
  const { row, space, state } = talks
  if (!partiesOf(row).includes(services.party) || state === 'replaced' || state === 'cancelled') return null
  return (
    <Section title={t('talks.change')} id="change">
      {viewer.may('talks.meeting-proposed:draft') && (
        <Row>
          <LinkButton
            plain
            href={`/spaces/${space.id}/write/talks.meeting-proposed?${new URLSearchParams({ supersedes: row.hash, subject: talks.text?.subject ?? '', agenda: talks.text?.agenda.join('\n').slice(0, 2_000) ?? '' })}`}
            label={t('talks.action.propose-other')}
          />
        </Row>
      )}
      {viewer.may('talks.meeting-cancelled:send') && (
        <Form action={`/spaces/${space.id}/talks/${row.hash}/cancel`}>
          <Hidden name="id" value={ids[2]} />
          <Field name="reason" label={t('talks.cancel.words')} required={false} maxlength={1000} />
          <Row>
            <Button plain label={t('talks.cancel.do')} />
          </Row>
        </Form>
      )}
    </Section>
  )
}
