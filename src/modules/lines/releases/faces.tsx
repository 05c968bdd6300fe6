import { actHref } from '../../../core/module/act-href.ts'
import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatDateTime, formatList, isolate } from '../../../text/index.ts'
import { ClockChip, Pairs } from '../../../web/index.ts'
import type { BrokenBody, ProposedBody, ProposedText } from './acts.ts'
import { releaseActions } from './release-actions.ts'
import { chipOf, findRelease, stateOf } from './releases.ts'

const proposedFace: ActFace<ProposedBody, ProposedText> = {
  type: 'lines.release-proposed',
  form: (t, body) => t(`lines.release.form.${body?.moves ? 'moved' : 'proposed'}`),
  headline({ shown, viewer, t, language }) {
    const { body, text } = shown.content ?? {}
    if (!body) return t('lines.release.form.proposed')
    const time = formatDateTime(body.at, viewer.person.zone, language)
    if (text && !body.moves) return t('lines.release.headline.subject', { subject: text.subject, time })
    return t(`lines.release.headline.${body.moves ? 'moved' : 'proposed'}`, { time })
  },
  Document({ shown, services, viewer, t, language }) {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    const sides = [shown.act.statement.author, ...body.with].map((one) => isolate(services.nameOf(one, language)))
    const zones = [viewer.person.zone, body.zone, 'UTC']
    const times = [...new Set(zones.map((zone) => formatDateTime(body.at, zone, language)))]
    return (
      <>
        <h3 dir="auto">{text.subject}</h3>
        <Pairs
          items={[
            {
              term: t('lines.release.not-before'),
              detail: formatList(times, language),
            },
            { term: t('lines.release.sides'), detail: formatList(sides, language) },
          ]}
        />
        {body.moves !== undefined && (
          <p>
            <a href={actHref(shown.space.id, body.moves)}>{t('lines.release.see-moved')}</a>
          </p>
        )}
        {text.words !== '' && <p dir="auto">{text.words}</p>}
      </>
    )
  },
  async margin({ shown, services, viewer, t, language }: FaceProps) {
    const row = await findRelease(services, shown.space.id, shown.act.hash)
    if (!row) return null
    const state = stateOf(row, await services.ledger.scenarioNow(shown.space))
    const time = formatDateTime(row.at_ms, viewer.person.zone, language)
    return (
      <>
        <ClockChip state={chipOf(state)} text={t(`lines.release.state.${state}`)} />
        {row.moved_by !== null && <p>{t('lines.release.moved-to', { time })}</p>}
        <p>
          <a href={`/spaces/${shown.space.id}/releases`}>{t('lines.releases.title')}</a>
        </p>
      </>
    )
  },
  async actions({ shown, services, viewer }) {
    const row = await findRelease(services, shown.space.id, shown.act.hash)
    if (!row) return []
    const now = await services.ledger.scenarioNow(shown.space)
    return releaseActions(row, { party: services.party, viewer, now })
  },
}

const stepFace = (verb: 'agreed' | 'declined' | 'withdrawn' | 'broken'): ActFace<any, { words: string }> => ({
  type: `lines.release-${verb}`,
  form: (t) => t(`lines.release.form.${verb}`),
  headline: ({ shown, services, t, language }) =>
    t(`lines.release.headline.${verb}`, { party: services.nameOf(shown.act.statement.author, language) }),
  Document({ shown, services, viewer, t, language }) {
    const { body, text } = shown.content ?? {}
    if (!body) return null
    const { party, at } = body as Partial<BrokenBody>
    return (
      <>
        {party !== undefined && at !== undefined && (
          <p>
            {t('lines.release.broken-by', {
              party: services.nameOf(party, language),
              time: formatDateTime(at, viewer.person.zone, language),
            })}
          </p>
        )}
        <p>
          <a href={actHref(shown.space.id, body.proposal)}>{t('lines.release.see-proposal')}</a>
        </p>
        {text?.words && <p dir="auto">{text.words}</p>}
      </>
    )
  },
})

export const releaseFaces: readonly ActFace[] = [
  proposedFace,
  stepFace('agreed'),
  stepFace('declined'),
  stepFace('withdrawn'),
  stepFace('broken'),
]
