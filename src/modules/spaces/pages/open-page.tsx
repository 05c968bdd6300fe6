import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { isDuration, isZone } from '../../../core/clocks/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import type { Answer, NewSpace, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { languageName, languages } from '../../../text/index.ts'
import {
  Button,
  Checkbox,
  CheckboxGroup,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Quiet,
  RadioGroup,
  Row,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { escalatesTo } from '../agreed-escalation.ts'
import { TermFields, termNames } from './term-fields.tsx'

/** Kinds that people open here; the others come into being by other means. */
export const openableKinds = ['case', 'channel', 'forum', 'directory'] as const

const duration = z.string().max(40).refine(isDuration, 'spaces.invalid.duration').optional()

export const openInput = z
  .object({
    id: z.string().regex(/^[0-9a-f]{32}$/),
    kind: z.enum(openableKinds),
    purpose: z.string().trim().min(1).max(2000),
    members: z.array(partyName).min(1).max(100),
    chair: z.literal('yes').optional(),
    host: partyName.optional(),
    sealed: z.literal('yes').optional(),
    drill: z.literal('yes').optional(),
    drillName: z.string().trim().max(200).optional(),
    acknowledgeWithin: duration,
    replyWithin: duration,
    confirmWithin: duration,
    checkWithin: duration,
    objectWithin: duration,
    noticeOfChange: duration,
    refreshWithin: duration,
    nominatedBy: z.literal('members').optional(),
    reportsOpening: z.literal('yes').optional(),
    escalatesTo: z.union([z.literal('').transform(() => undefined), z.enum(escalatesTo)]).optional(),
    zone: z.string().max(64).refine(isZone, 'spaces.invalid.zone').optional(),
    under: z
      .string()
      .regex(/^[0-9a-f]{32}:[A-Za-z0-9_-]{43}$/)
      .optional(),
  })
  .catchall(z.string().trim().max(300))
type OpenInput = z.infer<typeof openInput>

/** The form of a new space; its address can carry kind, members, purpose, drill and the act it is opened under. */
export async function openForm(visit: Visit, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, t, query, viewer } = visit
  const values: Record<string, unknown> =
    visit.request.method === 'POST'
      ? { ...visit.values }
      : { ...Object.fromEntries(query), ...(query.has('members') && { members: query.getAll('members') }) }
  const peers = (await services.peers.list()).filter((peer) => peer.state === 'pinned')
  return {
    page: (
      <Framed visit={visit} title={t('spaces.open.title')} current="/spaces">
        <PageHead title={t('spaces.open.title')} lead={t('spaces.open.lead-any')} />
        <ErrorSummary errors={errors} labels={labelsOf(visit)} />
        {peers.length === 0 && (
          <Quiet>
            {t('spaces.open.no-peers')} <a href="/peers">{t('spaces.open.to-peers')}</a>
          </Quiet>
        )}
        <Form action="/spaces/open">
          <Hidden name="id" value={String(values.id ?? newId())} />
          {typeof values.under === 'string' && <Hidden name="under" value={values.under} />}
          <WhatFields visit={visit} values={values} errors={errors} />
          <CheckboxGroup
            name="members"
            label={t('spaces.open.members')}
            hint={t('spaces.open.members-hint')}
            error={errors.members}
            required
            values={[values.members ?? []].flat().map(String)}
            options={peers.map((peer) => ({ value: peer.party, label: services.nameOf(peer.party, visit.language) }))}
          />
          <Select
            name="host"
            label={t('spaces.open.host')}
            hint={t('spaces.open.host-hint')}
            value={String(values.host ?? '')}
            error={errors.host}
            options={[
              {
                value: '',
                label: t('spaces.open.host-ourselves', { host: services.nameOf(services.party, visit.language) }),
              },
              ...peers.map((peer) => ({ value: peer.party, label: services.nameOf(peer.party, visit.language) })),
            ]}
          />
          <Checkbox
            name="sealed"
            label={t('spaces.open.sealed')}
            hint={t('spaces.open.sealed-hint')}
            error={errors.sealed}
            checked={values.sealed === 'yes'}
          />
          <Checkbox
            name="chair"
            label={t('spaces.open.chair')}
            hint={t('spaces.open.chair-hint')}
            checked={values.chair === 'yes'}
          />
          <fieldset>
            <legend>{t('spaces.open.drill')}</legend>
            <Checkbox
              name="drill"
              label={t('spaces.open.is-drill')}
              hint={t('spaces.open.drill-hint')}
              checked={values.drill === 'yes'}
            />
            <Field
              name="drillName"
              label={t('spaces.open.drill-name')}
              value={String(values.drillName ?? '')}
              error={errors.drillName}
              required={false}
              maxlength={200}
            />
          </fieldset>
          <TermFields visit={visit} values={values} errors={errors} zone={viewer.person.zone} />
          <Row>
            <Button label={t('spaces.open.do')} />
          </Row>
          <Quiet small>{t('spaces.open.afterwards')}</Quiet>
        </Form>
      </Framed>
    ),
  }
}

function labelsOf({ t }: Visit): Record<string, string> {
  return {
    ...Object.fromEntries(
      ['kind', 'purpose', 'members', 'host', 'sealed', 'zone'].map((name) => [name, t(`spaces.open.${name}`)]),
    ),
    ...Object.fromEntries(
      languages().map((one) => [`title-${one}`, t('spaces.open.name', { language: languageName(one) })]),
    ),
    ...Object.fromEntries(termNames.map((name) => [name, t(`spaces.open.term.${name}`)])),
    drillName: t('spaces.open.drill-name'),
  }
}

interface FieldsProps {
  visit: Visit
  values: Record<string, unknown>
  errors: Record<string, string>
}

function WhatFields({ visit: { t, language }, values, errors }: FieldsProps) {
  const inOrder = [language, ...languages().filter((one) => one !== language)]
  return (
    <>
      <RadioGroup
        name="kind"
        label={t('spaces.open.kind')}
        error={errors.kind}
        required
        value={String(values.kind ?? 'case')}
        options={openableKinds.map((kind) => ({
          value: kind,
          label: t(`spaces.kind.${kind}`),
          hint: t(`spaces.open.about.${kind}`),
        }))}
      />
      {inOrder.map((one) => (
        <Field
          key={one}
          name={`title-${one}`}
          label={t('spaces.open.name', { language: languageName(one) })}
          value={String(values[`title-${one}`] ?? '')}
          error={errors[`title-${one}`]}
          language={one}
          required={one === language}
          maxlength={300}
        />
      ))}
      <TextArea
        name="purpose"
        label={t('spaces.open.purpose')}
        value={String(values.purpose ?? '')}
        error={errors.purpose}
        rows={3}
        maxlength={2000}
        required
      />
    </>
  )
}

/** Opens the space here: entry 0 is signed, members hear of it. The same id again is the same space. */
export async function openSpace(visit: Visit<OpenInput>): Promise<Answer> {
  const { services, viewer, input } = visit
  const opening = asNewSpace(visit, viewer.office.id)
  if (opening.host === undefined) {
    const space = await services.ledger.open(opening)
    return { redirect: `/spaces/${space.id}`, data: { id: space.id, kind: input.kind, size: space.size } }
  }
  const sent = await services.outbox.open(opening)
  if (sent.state === 'refused') throw new Refusal('spaces.act-refused', { rule: sent.rule })
  const data = { id: opening.id, kind: input.kind, state: sent.state }
  if (sent.state === 'on-record' && (await services.ledger.find(opening.id))) {
    return { redirect: `/spaces/${opening.id}`, data }
  }
  const host = services.nameOf(opening.host, visit.language)
  return { redirect: '/spaces', data, notice: visit.t('spaces.open.waits', { host }) }
}

function asNewSpace({ input, language, services }: Visit<OpenInput>, office: string): NewSpace {
  const title = titlesIn(input)
  if (Object.keys(title).length === 0) throw InvalidInput.at(`title-${language}`, 'http.invalid.required')
  if (input.drill && !input.drillName) throw InvalidInput.at('drillName', 'http.invalid.required')
  const host = input.host === services.party ? undefined : input.host
  if (host && !input.sealed && !input.members.includes(host)) {
    throw InvalidInput.at('sealed', 'spaces.invalid.host-must-not-read')
  }
  const [space, act] = input.under?.split(':') ?? []
  const agreed = [...termNames, ...talkTerms(input), ...(input.kind === 'directory' ? (['nominatedBy'] as const) : [])]
  const terms = Object.fromEntries(agreed.flatMap((name) => (input[name] ? [[name, input[name]]] : [])))
  return {
    id: input.id,
    kind: input.kind,
    title,
    purpose: input.purpose,
    office,
    members: input.members.map((party) => ({ party, role: 'member' })),
    ownRole: input.chair ? 'chair' : 'member',
    ...(host && { host }),
    ...(input.sealed && { sealed: true }),
    ...(input.drill && input.drillName && { drill: { name: input.drillName } }),
    ...(Object.keys(terms).length > 0 && { terms: { ...terms, zone: input.zone ?? 'Etc/UTC' } }),
    ...(space && act && { under: { space, act } }),
  }
}

/** What is agreed of notes, where notes are written; escalation needs a time to acknowledge. */
function talkTerms({ kind, acknowledgeWithin, escalatesTo: to }: OpenInput): ('reportsOpening' | 'escalatesTo')[] {
  if (to && !acknowledgeWithin) throw InvalidInput.at('acknowledgeWithin', 'delivery.invalid.escalates-from-nothing')
  return kind === 'case' || kind === 'channel' ? ['reportsOpening', 'escalatesTo'] : []
}

function titlesIn(input: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    languages().flatMap((one) => {
      const title = input[`title-${one}`]
      return typeof title === 'string' && title !== '' ? [[one, title]] : []
    }),
  )
}
