import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import type { Answer, HistoryPlan, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Field, Form, Hidden, PageHead, Quiet, Row, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace } from '../find-space.ts'
import { findFace } from '../show-acts.ts'
import { isMember, titleOf } from '../space-words.ts'

export const historyInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** Entry from which the party is to read. */
  from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
})

/** Entries listed by name; beyond, the count says the rest. */
const listed = 200

/** What would become readable to a party that came later, entry by entry, before it is opened to it. */
export async function historyForm(visit: Visit): Promise<Answer> {
  const { services, t, language, query } = visit
  const { space, member } = await getLate(visit)
  const asked = Number(query.get('from') ?? 0)
  const from = Number.isSafeInteger(asked) && asked >= 0 ? asked : 0
  const plan = await services.ledger.planHistory(space.id, { to: member.party, from })
  const party = services.nameOf(member.party, language)
  const title = t('spaces.sealed.history.title', { party })
  const here = `/spaces/${space.id}/history/${member.party}`
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead
          form={titleOf(space, language)}
          title={title}
          lead={t('spaces.sealed.history.lead', { party, since: member.since })}
        />
        <Form action={here} method="get">
          <Field
            name="from"
            label={t('spaces.sealed.history.from')}
            hint={t('spaces.sealed.history.from-hint')}
            value={String(from)}
            inputmode="numeric"
            required
          />
          <Row>
            <Button label={t('spaces.sealed.history.show')} plain />
          </Row>
        </Form>
        <Opens visit={visit} plan={plan} party={party} />
        {plan.acts.length > 0 && (
          <Form action={here}>
            <Hidden name="id" value={newId()} />
            <Hidden name="from" value={from} />
            <p>{t('spaces.sealed.history.final')}</p>
            <Row>
              <Button label={t('spaces.sealed.history.grant', { party })} />
            </Row>
          </Form>
        )}
        <p>
          <a href={`/spaces/${space.id}/members`}>{t('spaces.members.link')}</a>
        </p>
      </Framed>
    ),
  }
}

function Opens({ visit, plan, party }: { visit: Visit; plan: HistoryPlan; party: string }) {
  const { services, t, language } = visit
  const others = plan.acts.filter((act) => act.author !== services.party).length
  return (
    <Section title={t('spaces.sealed.history.caption')}>
      <p>
        {t('spaces.sealed.history.opens', { count: plan.acts.length, party })}{' '}
        {others > 0 && t('spaces.sealed.history.others', { count: others })}
      </p>
      {plan.acts.length > 0 && (
        <Table
          caption={t('spaces.sealed.history.caption')}
          quietCaption
          head={['entry', 'author', 'kind'].map((name) => t(`spaces.sealed.history.${name}`))}
          rows={plan.acts
            .slice(0, listed)
            .map((act) => [
              <a href={`/spaces/${visit.params.space}/acts/${act.hash}`}>
                {t('spaces.act.number', { number: act.index })}
              </a>,
              services.nameOf(act.author, language),
              findFace(services, act.type)?.form(t) ?? <code>{act.type}</code>,
            ])}
        />
      )}
      {plan.readable > 0 && <Quiet>{t('spaces.sealed.history.readable', { count: plan.readable })}</Quiet>}
      {plan.dark > 0 && <Quiet>{t('spaces.sealed.history.dark', { count: plan.dark })}</Quiet>}
    </Section>
  )
}

/** Puts the grant on the record; the other node opens what it was given as soon as it has it. */
export async function grantHistory(visit: Visit<z.infer<typeof historyInput>>): Promise<Answer> {
  const { services, viewer, input, t, language } = visit
  const { space, member } = await getLate(visit)
  const grants = await services.ledger.wrapHistory(space.id, { to: member.party, from: input.from })
  for (const [part, wraps] of grants.entries()) {
    const sent = await services.outbox.send({
      space: space.id,
      type: 'space.history-granted',
      id: part === 0 ? input.id : partId(input.id, part),
      office: viewer.office.id,
      body: { to: member.party, from: input.from, wraps },
      marking: { tlp: 'AMBER' },
    })
    if (sent.state === 'refused') throw new Refusal('spaces.act-refused', { rule: sent.rule })
  }
  return {
    redirect: `/spaces/${space.id}/members`,
    data: { id: input.id, acts: grants.length },
    notice: t('spaces.sealed.history.done', { party: services.nameOf(member.party, language) }),
  }
}

/** A long history takes several acts: each has its own id, the same for a second click. */
function partId(id: string, part: number): string {
  return createHash('sha256').update(`${id} ${part}`).digest('hex').slice(0, 32)
}

/** A sealed space of ours and a member that came after its opening. */
async function getLate(visit: Visit): Promise<{ space: SpaceFacts; member: SpaceFacts['members'][number] }> {
  const { services, params } = visit
  const space = await getSpace(services, params.space)
  const member = space.members.find((one) => one.party === params.party && one.until === undefined)
  if (!space.sealed || !member || member.since === 0 || !isMember(space, services.party)) throw new Refusal('not-found')
  return { space, member }
}
