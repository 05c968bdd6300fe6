import { actHref } from '../../../core/module/act-href.ts'
import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import type { ActDraft, Answer, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, ErrorSummary, Form, Hidden, PageHead, Quiet, Row, TextArea } from '../../../web/index.ts'
import { listDisclosures, unanswered } from '../disclosures.ts'
import { Framed } from '../../frame/index.ts'
import { getAct, getSpace } from '../find-space.ts'
import { listAuthors } from '../list-authors.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
export const consentInput = z.object({ id })
export const refuseInput = z.object({ id, reason: z.string().trim().min(1).max(10_000) })

/** Our consent: the acts of ours that the request names may be shown for that purpose to that audience. */
export async function consent(visit: Visit<{ id: string }>): Promise<Answer> {
  return answer(visit, { type: 'spaces.disclosure-consented', id: visit.input.id })
}

export async function refuse(visit: Visit<{ id: string; reason: string }>): Promise<Answer> {
  const { id, reason } = visit.input
  return answer(visit, { type: 'spaces.disclosure-refused', id, text: { reason } })
}

async function answer(visit: Visit, act: Pick<ActDraft, 'type' | 'id' | 'text'>): Promise<Answer> {
  const { services, viewer, params, t } = visit
  const space = await getSpace(services, params.space)
  const request = await getAct(services, space, params.request)
  await requireOurs(visit, space.id, request.hash, act.id)
  const sent = await services.outbox.send({
    ...act,
    space: space.id,
    office: viewer.office.id,
    body: { request: request.hash },
    marking: request.statement.marking,
    refs: [{ act: request.hash }],
  })
  if (sent.state === 'refused') throw new Refusal('spaces.act-refused', { rule: sent.rule })
  return {
    redirect: actHref(space.id, request.hash),
    data: { id: act.id, actHash: sent.hash, state: sent.state },
    notice: t(`spaces.sent.${sent.state}`),
  }
}

/**
 * A second click names the act that answered already and is let through to it.
 *
 * @throws Refusal `spaces.not-ours-to-answer`, `spaces.already-answered`
 */
async function requireOurs({ services }: Visit, space: string, request: string, id: string): Promise<void> {
  const all = (await listDisclosures(services.db, [space])).filter((one) => one.request === request)
  const given = all.flatMap((one) => one.answers).find((one) => one.party === services.party)
  if (given) {
    const answered = await services.ledger.findAct(given.hash)
    if (answered?.statement.id !== id) throw new Refusal('spaces.already-answered')
    return
  }
  const authors = await listAuthors(
    services,
    all.flatMap((one) => one.acts),
  )
  if (unanswered(all, services.party, authors).length === 0) throw new Refusal('spaces.not-ours-to-answer')
}

/** A refusal gives its reason. */
export async function refuseForm(visit: Visit, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, params, t } = visit
  const space = await getSpace(services, params.space)
  const request = await getAct(services, space, params.request)
  const title = t('spaces.disclosure.refuse')
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead title={title} />
        <ErrorSummary errors={errors} labels={{ reason: t('spaces.disclosure.reason') }} />
        <Form action={`/spaces/${space.id}/disclosures/${request.hash}/refuse`}>
          <Hidden name="id" value={String(visit.values?.id ?? newId())} />
          <TextArea
            name="reason"
            label={t('spaces.disclosure.reason')}
            value={String(visit.values?.reason ?? '')}
            error={errors.reason}
            rows={5}
            maxlength={10_000}
            required
          />
          <Row>
            <Button label={t('spaces.disclosure.refuse')} />
          </Row>
          <Quiet small>{t('spaces.disclosure.goes-out')}</Quiet>
        </Form>
        <p>
          <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
        </p>
      </Framed>
    ),
  }
}
