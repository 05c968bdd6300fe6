import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { Button, ButtonForm, Details, Field, Form, Quiet } from '../../../web/index.ts'
import { legalPower } from '../../clearance/index.ts'
import { type Returned, returnedTo, Signature } from '../../frame/index.ts'
import type { OwnReadOut, ReadOuts } from './read-outs.ts'

interface Props {
  visit: Visit
  /** Address of the page of the read-outs. */
  at: string
  own: OwnReadOut
  readOuts: ReadOuts
  /** Whether anybody of the house can give a legal clearance. */
  hasAdviser: boolean
  nameOf(person: string): string
  returned?: Returned | undefined
}

/** Whether a legal adviser clears ours too, who asked for it, and what they said; or the form that asks for it. */
export function LegalClearance(props: Props) {
  const { visit, readOuts, own, nameOf, hasAdviser } = props
  const { t, viewer, language } = visit
  const { wanted } = readOuts
  if (!wanted) return <AskForIt {...props} />
  const me = viewer.person.id
  const mayClear = !own.legal && own.by !== me && own.cleared?.by !== me && viewer.may(legalPower)
  const day = wanted.since && formatDate(Date.parse(`${wanted.since}T12:00:00Z`), 'UTC', language)
  return (
    <>
      {day && <Quiet>{t('read-outs.legal.rule', { day })}</Quiet>}
      {wanted.asked && (
        <p>
          {t('read-outs.legal.asked')} <bdi>{wanted.asked.why}</bdi>{' '}
          <Signature visit={visit} by={nameOf(wanted.asked.by)} at={wanted.asked.at} />
        </p>
      )}
      <p>
        {own.legal ? (
          <>
            {t('read-outs.legal.cleared')} <Signature visit={visit} by={nameOf(own.legal.by)} at={own.legal.at} />
          </>
        ) : (
          <strong>{t(hasAdviser ? 'read-outs.legal.missing' : 'read-outs.legal.nobody')}</strong>
        )}
      </p>
      {mayClear && (
        <ButtonForm action={`${props.at}/legal-clear`} label={t('read-outs.legal.clear')} fields={{ seen: own.id }} />
      )}
    </>
  )
}

function AskForIt(props: Props) {
  const { visit, hasAdviser, returned } = props
  const { t, viewer } = visit
  if (!hasAdviser || !viewer.may('talks.read-out-given:send')) return null
  const { value, error } = returnedTo(returned, 'legal')
  return (
    <Details summary={t('read-outs.legal.ask')} open={returned?.form === 'legal'}>
      <Form action={`${props.at}/legal`} label={t('read-outs.legal.ask')}>
        <Field
          name="legalWhy"
          label={t('read-outs.field.legalWhy')}
          value={value('legalWhy')}
          error={error('legalWhy')}
          required
          maxlength={1_000}
        />
        <Button plain label={t('read-outs.legal.ask')} />
      </Form>
    </Details>
  )
}
