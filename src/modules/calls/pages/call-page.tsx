import { actHref } from '../../../core/module/act-href.ts'
import type { LoggedAct, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ClockChip,
  Entry,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Quiet,
  RadioGroup,
  Row,
  Section,
  Time,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { callSentence, standing } from '../call-words.ts'
import type { OtherSide } from '../other-sides.ts'
import type { CallRow } from '../queries.ts'

export interface CallPageProps {
  visit: Visit
  space: SpaceFacts
  act: LoggedAct
  /** What the message is called; undefined where this reader may not see it. */
  headline?: string
  sides: readonly OtherSide[]
  calls: readonly CallRow[]
  /** Id of the act that logging makes. */
  id: string
  errors?: Record<string, string>
}

/** One message by telephone: whom to call, the code to compare, and the call logged with the second tap. */
export function CallPage({ visit, space, act, headline, sides, calls, id, errors }: CallPageProps) {
  const { t, viewer } = visit
  const title = t('calls.title')
  return (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill} marking={act.statement.marking}>
      <PageHead
        form={t('calls.about')}
        title={title}
        lead={<a href={actHref(space.id, act.hash)}>{headline ?? t('calls.withheld')}</a>}
      />
      {errors && (
        <ErrorSummary errors={errors} labels={{ words: t('calls.log.words'), result: t('calls.code.title') }} />
      )}
      {sides.length === 0 && <Quiet>{t('calls.nobody')}</Quiet>}
      {sides.map((side) => (
        <Side key={side.party} visit={visit} side={side} />
      ))}
      {sides.length > 0 && <Quiet>{t('calls.code.meaning')}</Quiet>}
      {sides.length > 0 && viewer.may('calls.call-logged:send') && (
        <LogForm visit={visit} space={space} act={act} sides={sides} id={id} errors={errors} />
      )}
      <Section title={t('calls.list.title')}>
        {calls.length === 0 && <Quiet>{t('calls.list.none')}</Quiet>}
        {calls.map((call) => (
          <CallLine key={call.hash} visit={visit} call={call} />
        ))}
      </Section>
    </Framed>
  )
}

function Side({ visit: { services, viewer, t, language }, side }: { visit: Visit; side: OtherSide }) {
  const { party, code, contact, from } = side
  const number = contact?.text?.emergency ?? contact?.text?.telephone
  const time = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  return (
    <Section title={services.nameOf(party, language)}>
      <Pairs
        items={[
          {
            term: t('calls.contact'),
            detail: contact ? (contact.text?.post ?? t('calls.withheld')) : t('calls.no-contact'),
          },
          contact !== undefined && from !== undefined && { term: t('calls.answers-from'), detail: time(from) },
          number !== undefined && {
            term: t('calls.telephone'),
            detail: (
              <a href={`tel:${number.replace(/[^+\d]/g, '')}`} dir="ltr">
                {number}
              </a>
            ),
          },
        ]}
      />
      {code ? (
        <>
          <p class="form">{t('calls.code.title')}</p>
          <p class="reg fingerprint" dir="ltr">
            {`${code[0]} · ${code[1]}`}
          </p>
          <p>{t('calls.code.how')}</p>
        </>
      ) : (
        <Quiet>{t('calls.code.none')}</Quiet>
      )}
    </Section>
  )
}

function LogForm({
  visit: { services, t, language, values },
  space,
  act,
  sides,
  id,
  errors,
}: Pick<CallPageProps, 'visit' | 'space' | 'act' | 'sides' | 'id' | 'errors'>) {
  const typed = (name: string) => (typeof values?.[name] === 'string' ? String(values[name]) : undefined)
  const [only] = sides
  return (
    <Section title={t('calls.log.title')} id="log">
      <Form action={`/spaces/${space.id}/acts/${act.hash}/call`}>
        <Hidden name="id" value={id} />
        {sides.length === 1 && only ? (
          <Hidden name="with" value={only.party} />
        ) : (
          <RadioGroup
            name="with"
            label={t('calls.log.with')}
            value={typed('with')}
            error={errors?.with}
            options={sides.map(({ party }) => ({ value: party, label: services.nameOf(party, language) }))}
          />
        )}
        <RadioGroup
          name="direction"
          label={t('calls.log.direction')}
          value={typed('direction') ?? 'we-called'}
          error={errors?.direction}
          options={['we-called', 'they-called'].map((value) => ({ value, label: t(`calls.log.${value}`) }))}
        />
        <Field
          name="words"
          label={t('calls.log.words')}
          hint={t('calls.log.words-hint')}
          value={typed('words')}
          error={errors?.words}
          required={false}
          maxlength={300}
        />
        <p class="hint">
          {t('calls.log.leaves', { parties: sides.map((one) => services.nameOf(one.party, language)).join(', ') })}
        </p>
        <Row>
          {(['agreed', 'differed', 'lost', 'not-compared'] as const).map((result, at) => (
            <Button key={result} name="result" value={result} plain={at > 0} label={t(`calls.log.do-${result}`)} />
          ))}
        </Row>
      </Form>
    </Section>
  )
}

function CallLine({ visit, call }: { visit: Visit; call: CallRow }) {
  const { viewer, language } = visit
  const { state, text } = standing(call, visit)
  return (
    <Entry margin={<ClockChip state={state} text={text} />}>
      <p>
        <a href={actHref(call.space, call.hash)}>{callSentence(call, visit)}</a>
      </p>
      <p class="small">
        <Time ms={call.at} zone={viewer.person.zone} language={language} />
      </p>
    </Entry>
  )
}
