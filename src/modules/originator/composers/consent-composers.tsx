import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { hash, isoDuration, partyName } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, Services, SpaceFacts } from '../../../core/module/types.ts'
import { alphabetical, formatDateTime } from '../../../text/index.ts'
import { CheckboxGroup, Field, Hidden, Quiet, Select, TextArea } from '../../../web/index.ts'
import { uses } from '../acts.ts'
import { findRequest, type Request } from '../consents.ts'
import { loadOrigin, originWords } from '../load-origin.ts'

const requestInput = z.object({
  act: hash,
  use: z.enum(uses),
  to: z.array(partyName).min(1).max(64),
  source: z.enum(['agreed', 'requested']).default('requested'),
  within: isoDuration.default('P7D'),
  reason: z.string().trim().min(1).max(10_000),
})

async function RequestFields({ services, viewer, space, values, errors, query, t, language }: ComposerProps) {
  const act = String(values.act ?? query.get('act') ?? '')
  if (act === '') return <Quiet>{t('originator.forward.from-timeline')}</Quiet>
  const { act: logged, content, number } = await loadOrigin(services, viewer, act)
  const { author: party, type } = logged.statement
  const others = (await services.peers.list()).map((one) => one.party).filter((one) => one !== party)
  const agreed = space.terms.consentWithin
  return (
    <>
      <Hidden name="act" value={act} />
      <Quiet>
        {t('originator.request.about', {
          what: originWords(services, { type, party, number }, { t, language, body: content.body }),
        })}
      </Quiet>
      <Select
        name="use"
        label={t('originator.request.use')}
        value={String(values.use ?? query.get('use') ?? 'copy')}
        error={errors.use}
        options={uses.map((one) => ({ value: one, label: t(`originator.use.${one}`) }))}
      />
      <CheckboxGroup
        name="to"
        label={t('originator.request.to')}
        error={errors.to}
        required
        values={[values.to ?? query.getAll('to')].flat().map(String)}
        options={others
          .toSorted(alphabetical(language, (one) => services.nameOf(one, language)))
          .map((one) => ({ value: one, label: services.nameOf(one, language) }))}
      />
      <Field
        name="within"
        label={t('originator.request.within')}
        hint={t('originator.request.within-hint')}
        value={String(values.within ?? agreed ?? 'P7D')}
        error={errors.within}
        required
        maxlength={20}
      />
      {agreed !== undefined && (
        <Select
          name="source"
          label={t('channels.note.deadline-source')}
          value={String(values.source ?? 'agreed')}
          error={errors.source}
          options={(['agreed', 'requested'] as const).map((one) => ({ value: one, label: t(`clocks.source.${one}`) }))}
        />
      )}
      <TextArea
        name="reason"
        label={t('originator.request.reason')}
        hint={t('originator.request.reason-hint')}
        value={String(values.reason ?? '')}
        error={errors.reason}
        rows={5}
        required
      />
    </>
  )
}

const present = ({ party }: Services, space: SpaceFacts): boolean =>
  space.members.some((one) => one.party === party && one.until === undefined)

/** "Ask the originator for consent": the refusal leads here. */
export const consentRequestComposer: Composer<z.infer<typeof requestInput>> = {
  type: 'originator.consent-requested',
  wish: 'originator.wish.request',
  begunAtAct: true,
  input: requestInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('originator.consent-requested:draft') && present(services, space),
  Fields: RequestFields,
  async compose(services, viewer, space, input) {
    const { act } = await loadOrigin(services, viewer, input.act)
    const { author } = act.statement
    if (act.space !== space.id) throw new Refusal('not-found')
    if (author === services.party) throw InvalidInput.at('act', 'originator.invalid.own')
    if (input.source === 'agreed' && space.terms.consentWithin !== input.within)
      throw InvalidInput.at('within', 'originator.invalid.not-agreed')
    return {
      body: {
        act: act.hash,
        originator: author,
        use: input.use,
        to: [...new Set(input.to)].sort(),
        deadline: { source: input.source, within: input.within },
      },
      text: { reason: input.reason },
      refs: [{ act: act.hash }],
    }
  },
}

/** @throws Refusal of what the log would leave without effect. */
async function getOurs(services: Services, space: SpaceFacts, request: string): Promise<Request> {
  const found = await findRequest(services.db, request)
  if (found?.space !== space.id) throw new Refusal('not-found')
  if (found.originator !== services.party) throw new Refusal('originator-not-ours-to-answer')
  return found
}

async function AboutRequest({ services, viewer, space, values, query, t, language }: ComposerProps) {
  const request = String(values.request ?? query.get('request') ?? '')
  if (request === '') return <Quiet>{t('originator.forward.from-timeline')}</Quiet>
  const { author, use, to_parties, requested_at } = await getOurs(services, space, request)
  return (
    <>
      <Hidden name="request" value={request} />
      <Quiet>
        {t('originator.answer.about', {
          party: services.nameOf(author, language),
          use: t(`originator.use.${use}`),
          to: to_parties.map((party) => services.nameOf(party, language)).join(', '),
          time: formatDateTime(requested_at, viewer.person.zone, language),
        })}
      </Quiet>
    </>
  )
}

const starts = (type: string) => (services: Services, viewer: { may(power: never): boolean }, space: SpaceFacts) =>
  Promise.resolve(viewer.may(`${type}:draft` as never) && present(services, space))

const givenInput = z.object({
  request: hash,
  conditions: z.string().trim().max(10_000).default(''),
  until: z.union([z.literal(''), z.iso.date()]).default(''),
})

export const consentGivenComposer: Composer<z.infer<typeof givenInput>> = {
  type: 'originator.consent-given',
  wish: 'originator.wish.consent',
  begunAtAct: true,
  input: givenInput,
  mayStart: starts('originator.consent-given'),
  async Fields(props) {
    const { values, errors, t } = props
    return (
      <>
        {await AboutRequest(props)}
        <TextArea
          name="conditions"
          label={t('originator.answer.conditions')}
          hint={t('originator.answer.conditions-hint')}
          value={String(values.conditions ?? '')}
          error={errors.conditions}
          rows={4}
          required={false}
        />
        <Field
          name="until"
          type="date"
          label={t('originator.answer.until')}
          value={String(values.until ?? '')}
          error={errors.until}
          required={false}
          width="medium"
        />
      </>
    )
  },
  async compose(services, _viewer, space, { request, conditions, until }) {
    const { answer } = await getOurs(services, space, request)
    if (answer !== null) throw new Refusal('originator-answered')
    return {
      body: { request, conditions: conditions !== '', ...(until !== '' && { until }) },
      text: { ...(conditions !== '' && { conditions }) },
      refs: [{ act: request }],
    }
  },
}

const reasonInput = z.object({ request: hash, reason: z.string().trim().min(1).max(10_000) })

function reasoned(verb: 'refused' | 'withdrawn', wish: string): Composer<z.infer<typeof reasonInput>> {
  const type = `originator.consent-${verb}`
  return {
    type,
    wish,
    begunAtAct: true,
    input: reasonInput,
    mayStart: starts(type),
    async Fields(props) {
      const { values, errors, t } = props
      return (
        <>
          {await AboutRequest(props)}
          {verb === 'withdrawn' && <Quiet>{t('originator.answer.withdraw-means')}</Quiet>}
          <TextArea
            name="reason"
            label={t('originator.answer.reason')}
            value={String(values.reason ?? '')}
            error={errors.reason}
            rows={4}
            required
          />
        </>
      )
    },
    async compose(services, _viewer, space, { request, reason }) {
      const { answer, withdrawn_at } = await getOurs(services, space, request)
      const isOpen = verb === 'refused' ? answer === null : answer === 'consented' && withdrawn_at === null
      if (!isOpen) throw new Refusal('originator-answered')
      return { body: { request }, text: { reason }, refs: [{ act: request }] }
    },
  }
}

export const consentRefusedComposer = reasoned('refused', 'originator.wish.refuse')
export const consentWithdrawnComposer = reasoned('withdrawn', 'originator.wish.withdraw')
