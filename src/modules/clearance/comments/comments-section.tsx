import type { Draft, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Details,
  ErrorSummary,
  Form,
  Hidden,
  Quiet,
  Row,
  Section,
  Select,
  TextArea,
} from '../../../web/index.ts'
import type { Comment } from './comments.ts'
import { numberedParagraphs } from './paragraphs.ts'

interface Props {
  visit: Visit
  draft: Draft
  comments: readonly Comment[]
  errors: Record<string, string>
}

/** What colleagues say about the draft, beside its text, and the form to say more. */
export function CommentsSection({ visit, draft, comments, errors }: Props) {
  const { t } = visit
  const open = comments.filter(({ settled }) => !settled)
  const settled = comments.filter((one) => one.settled)
  const isOver = draft.state === 'sent' || draft.state === 'discarded'
  return (
    <Section title={t('comments.title', { count: open.length })} id="comments">
      <Quiet>{t('comments.stay-home')}</Quiet>
      {open.map((one) => (
        <OneComment key={one.id} visit={visit} draft={draft} comment={one} isOver={isOver} />
      ))}
      {settled.length > 0 && (
        <Details summary={t('comments.settled-count', { count: settled.length })}>
          {settled.map((one) => (
            <OneComment key={one.id} visit={visit} draft={draft} comment={one} isOver={isOver} />
          ))}
        </Details>
      )}
      {!isOver && <CommentForm {...{ visit, draft, comments: open, errors }} />}
    </Section>
  )
}

function OneComment({
  visit,
  draft,
  comment,
  isOver,
}: {
  visit: Visit
  draft: Draft
  comment: Comment
  isOver: boolean
}) {
  const { t, language, viewer } = visit
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  const said = (by: string, at: number) => (
    <>
      <bdi>{by}</bdi> · {when(at)}
    </>
  )
  return (
    <div class="comment" id={`comment-${comment.id}`}>
      <p class="small">
        {said(comment.by, comment.at)}
        {comment.paragraph !== undefined && (
          <>
            {' · '}
            {t('comments.on-paragraph', { number: comment.paragraph })} <q dir="auto">{comment.excerpt}</q>
          </>
        )}
      </p>
      <p dir="auto">{comment.words}</p>
      {comment.answers.map((one) => (
        <div class="answer" key={one.id}>
          <p class="small">{said(one.by, one.at)}</p>
          <p dir="auto">{one.words}</p>
        </div>
      ))}
      {comment.settled && (
        <p class="small">{t('comments.settled-by', { person: comment.settled.by, time: when(comment.settled.at) })}</p>
      )}
      {!isOver && (
        <ButtonForm
          plain
          action={`/drafts/${draft.id}/comments/${comment.id}/${comment.settled ? 'open' : 'settle'}`}
          label={t(comment.settled ? 'comments.open-again' : 'comments.settle')}
        />
      )}
    </div>
  )
}

function CommentForm({ visit: { t, values = {} }, draft, comments, errors }: Props) {
  const typed = (name: string) => (typeof values[name] === 'string' ? String(values[name]) : '')
  return (
    <Details summary={t('comments.add')} open={errors.comment !== undefined || errors.about !== undefined}>
      <ErrorSummary
        errors={Object.fromEntries(Object.entries(errors).filter(([name]) => name === 'comment' || name === 'about'))}
        labels={{ comment: t('comments.words'), about: t('comments.about') }}
      />
      <Form action={`/drafts/${draft.id}/comments`} label={t('comments.add')}>
        <Hidden name="id" value={newId()} />
        <Select
          name="about"
          label={t('comments.about')}
          value={typed('about') || 'whole'}
          error={errors.about}
          options={[
            { value: 'whole', label: t('comments.whole') },
            ...numberedParagraphs(draft.text).map(({ number, excerpt }) => ({
              value: `paragraph:${number}`,
              label: t('comments.paragraph', { number, excerpt }),
            })),
            ...comments.map(({ id, by, words }) => ({
              value: `comment:${id}`,
              label: t('comments.answer-to', { person: by, excerpt: words.slice(0, 60) }),
            })),
          ]}
        />
        <TextArea
          name="comment"
          label={t('comments.words')}
          value={typed('comment')}
          error={errors.comment}
          rows={3}
          maxlength={4000}
          required
        />
        <Row>
          <Button label={t('comments.do')} plain />
        </Row>
      </Form>
    </Details>
  )
}
