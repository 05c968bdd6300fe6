import type { Answer, Draft, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { PageHead, Quiet, Section, TlpLabel } from '../../../web/index.ts'
import { mayLeave } from '../../../core/markings/index.ts'
import { Framed } from '../../frame/index.ts'
import { findFace, readerOf } from '../show-acts.ts'
import { titleOf } from '../space-words.ts'
import { draftData } from './review-page.tsx'

const states = ['awaiting-release', 'held', 'drafting'] as const

/** Drafts this person wrote, may write on, or could release. */
export async function listDrafts(visit: Visit): Promise<Answer> {
  const { services, viewer, t } = visit
  const reader = readerOf(services, viewer)
  const all = await services.drafts.listFor(viewer)
  const drafts = all.filter((one) => mayLeave(one.marking, { exit: 'page', reader }).allowed)
  if (visit.wantsJson) return { data: { drafts: drafts.map(draftData) } }
  const spaces = new Map((await services.ledger.list()).map((space) => [space.id, space]))
  const line = (draft: Draft) => {
    const space = spaces.get(draft.space)
    return (
      <li key={draft.id}>
        <a href={`/drafts/${draft.id}/review`}>{findFace(services, draft.type)?.form(t, draft.body) ?? draft.type}</a>
        {` · ${space ? titleOf(space, visit.language) : draft.space} · `}
        {formatDateTime(draft.updatedAt, viewer.person.zone, visit.language, { short: true })}{' '}
        <TlpLabel marking={draft.marking} />
        {draft.returnedWhy && <span class="small"> {t('spaces.drafts.came-back')}</span>}
      </li>
    )
  }
  return {
    page: (
      <Framed visit={visit} title={t('spaces.drafts.title')} current="/spaces">
        <PageHead title={t('spaces.drafts.title')} lead={t('spaces.drafts.lead')} />
        <p>
          <a href="/acting">{t('acting.title')}</a>
        </p>
        {drafts.length === 0 && <Quiet>{t('spaces.drafts.none')}</Quiet>}
        {states.map((state) => {
          const ofState = drafts.filter((one) => one.state === state)
          return (
            ofState.length > 0 && (
              <Section key={state} title={t(`spaces.drafts.state.${state}`)}>
                <ul>{ofState.map(line)}</ul>
              </Section>
            )
          )
        })}
      </Framed>
    ),
  }
}
