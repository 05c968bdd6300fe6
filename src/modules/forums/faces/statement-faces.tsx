import { actHref } from '../../../core/module/act-href.ts'
import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { Quiet } from '../../../web/index.ts'

interface StatementBody {
  item: string
  kind: 'statement' | 'right-of-reply' | 'question' | 'answer'
  to?: string
  language: string
}

export const itemFace: ActFace<{ item: string }, { title: string }> = {
  type: 'forums.item-opened',
  form: (t) => t('forums.item.form'),
  headline: ({ shown, t }) => shown.content?.text?.title ?? t('forums.withheld'),
  Document: () => null,
}

export const statementFace: ActFace<StatementBody, { paragraphs: string[] }> = {
  type: 'forums.statement-made',
  form: (t, body) => t(`forums.kind.${body?.kind ?? 'statement'}`),
  headline: ({ shown, t }) => firstWords(shown.content?.text?.paragraphs[0]) ?? t('forums.withheld'),
  Document({ shown, t }: FaceProps<StatementBody, { paragraphs: string[] }>) {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    return (
      <>
        {text.paragraphs.map((paragraph, index) => (
          <p key={index}>{paragraph}</p>
        ))}
        {body.to && (
          <Quiet small>
            <a href={actHref(shown.space.id, body.to)}>{t(`forums.refers.${body.kind}`)}</a>
          </Quiet>
        )}
      </>
    )
  },
}

export const objectionFace: ActFace<{ sought: string }, { reason: string }> = {
  type: 'forums.objection-raised',
  form: (t) => t('forums.objection.form'),
  headline: ({ t }) => t('forums.objection.headline'),
  Document: ({ shown }) => (shown.content?.text ? <p dir="auto">{shown.content.text.reason}</p> : null),
}

function firstWords(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  return text.length <= 90 ? text : `${text.slice(0, text.lastIndexOf(' ', 88))} …`
}
