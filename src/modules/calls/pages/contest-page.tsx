import { actHref } from '../../../core/module/act-href.ts'
import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { Button, ErrorSummary, Field, Form, LinkButton, PageHead, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { callSentence } from '../call-words.ts'
import type { CallRow } from '../queries.ts'

/** The other side's record of a call is not ours: one line of words, then it is on the record beside theirs. */
export function ContestPage({
  visit,
  space,
  call,
  errors,
}: {
  visit: Visit
  space: SpaceFacts
  call: CallRow
  errors?: Record<string, string>
}) {
  const { t, values } = visit
  const title = t('calls.contest.title')
  return (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
      <PageHead form={t('calls.form')} title={title} lead={callSentence(call, visit)} />
      {errors && <ErrorSummary errors={errors} labels={{ words: t('calls.contest.words') }} />}
      <Form action={`/spaces/${space.id}/calls/${call.hash}/contest`}>
        <Field
          name="words"
          label={t('calls.contest.words')}
          hint={t('calls.contest.hint')}
          value={typeof values?.words === 'string' ? values.words : ''}
          error={errors?.words}
          required
          maxlength={300}
        />
        <Row>
          <Button label={t('calls.contest.do')} />
          <LinkButton plain href={actHref(space.id, call.hash)} label={t('calls.contest.back')} />
        </Row>
      </Form>
    </Framed>
  )
}
