import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { languageName, languages } from '../../../text/index.ts'
import { Button, Details, Field, Form, Hidden, Row, Select, TextArea } from '../../../web/index.ts'
import { wordKinds } from '../dispatch/words.ts'
import type { WithoutNode } from '../parties/party.ts'

interface Props {
  visit: Visit<unknown>
  act: string
  errors: Record<string, string>
}

/** What somebody typed, given back only to the form it was typed into. */
function fieldsOf({ visit: { t, values = {} }, errors }: Props, isThis: boolean) {
  return (name: string, over: { required?: boolean; maxlength?: number; type?: 'date' | 'email' } = {}) => (
    <Field
      name={name}
      label={t(`letters.field.${name}`)}
      value={isThis ? String(values[name] ?? '') : ''}
      error={isThis ? errors[name] : undefined}
      maxlength={200}
      {...over}
    />
  )
}

/** A letter that is handed over. */
export function HandForm(props: Props) {
  const { visit, act, errors } = props
  const { t, values = {} } = visit
  const isThis = Object.keys(errors).length > 0 && ('handedBy' in values || 'handedTo' in values)
  const field = fieldsOf(props, isThis)
  return (
    <Details summary={t('letters.dispatch.hand')} open={isThis}>
      <Form action={`/letters/${act}/hand`} label={t('letters.dispatch.hand')}>
        <Hidden name="id" value={newId()} />
        {field('handedBy', { required: true })}
        {field('handedTo', { required: true })}
        {field('on', { required: true, type: 'date' })}
        <Row>
          <Button plain label={t('letters.dispatch.note-hand')} />
        </Row>
      </Form>
    </Details>
  )
}

/** A mail that came back. */
export function BounceForm({ visit: { t }, action }: { visit: Visit<unknown>; action: string }) {
  return (
    <Details summary={t('letters.dispatch.came-back')}>
      <Form action={action} label={t('letters.dispatch.came-back')}>
        <Field name="reason" label={t('letters.field.reason')} maxlength={300} required />
        <Row>
          <Button plain label={t('letters.dispatch.note-bounced')} />
        </Row>
      </Form>
    </Details>
  )
}

/** A named official who is to read this letter. */
export function GuestForm(props: Props & { party: WithoutNode }) {
  const { visit, act, errors, party } = props
  const { t, values = {} } = visit
  const isThis = Object.keys(errors).length > 0 && ('official' in values || 'address' in values)
  const field = fieldsOf(props, isThis)
  return (
    <Details summary={t('letters.guest.invite')} open={isThis}>
      <Form action={`/letters/${act}/invitations`} label={t('letters.guest.invite')}>
        <Hidden name="id" value={newId()} />
        {field('official', { required: true })}
        {field('address', { required: true, type: 'email', maxlength: 254 })}
        <Select
          name="language"
          label={t('letters.guest.language')}
          value={String((isThis && values.language) || party.language)}
          options={languages().map((one) => ({ value: one, label: languageName(one) }))}
        />
        <p class="small">{t('letters.guest.vouching')}</p>
        <Row>
          <Button plain label={t('letters.guest.do-invite')} />
        </Row>
      </Form>
    </Details>
  )
}

/** What we note that the other side did. */
export function WordForm(props: Props) {
  const { visit, act, errors } = props
  const { t, values = {} } = visit
  const isThis = Object.keys(errors).length > 0 && 'kind' in values
  const field = fieldsOf(props, isThis)
  return (
    <Details summary={t('letters.word.add')} open={isThis}>
      <Form action={`/letters/${act}/words`} label={t('letters.word.add')}>
        <Hidden name="id" value={newId()} />
        <Select
          name="kind"
          label={t('letters.word.column-kind')}
          value={isThis ? String(values.kind) : 'delivered'}
          options={wordKinds.map((one) => ({ value: one, label: t(`letters.state.${one}`) }))}
        />
        {field('on', { required: true, type: 'date' })}
        {field('who', { required: false })}
        {field('theirRef', { required: false, maxlength: 60 })}
        <TextArea
          name="words"
          label={t('letters.field.words')}
          value={isThis ? String(values.words ?? '') : ''}
          error={isThis ? errors.words : undefined}
          rows={4}
          maxlength={4_000}
          required={false}
        />
        <Row>
          <Button plain label={t('letters.word.note')} />
        </Row>
      </Form>
    </Details>
  )
}
