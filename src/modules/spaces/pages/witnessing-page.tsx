import type { ComponentChildren } from 'preact'
import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Answer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { howPolicyIsSet, type SpacePolicy, type UnfitPolicy, unfitFor } from '../../../core/witnessing/index.ts'
import { formatPolicy, meetsPolicy, newId, parsePolicy, type Policy, PolicyError } from '../../../protocol/index.ts'
import { formatDateTime, formatList } from '../../../text/index.ts'
import {
  Button,
  ErrorSummary,
  Form,
  Hidden,
  Notice,
  PageHead,
  Quiet,
  Row,
  Section,
  Table,
  TextArea,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace } from '../find-space.ts'
import { titleOf } from '../space-words.ts'

export const witnessingInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  policy: z
    .string()
    .min(1)
    .max(64 * 1024),
  step: z.enum(['preview', 'edit', 'set']).default('preview'),
})
type WitnessingInput = z.infer<typeof witnessingInput>

/** Whose word makes an act of this space witnessed, how far each has come, and the form that changes it. */
export async function showWitnessing(
  visit: Visit,
  given: { text?: string; errors?: Record<string, string> } = {},
): Promise<Answer> {
  const { services, t, language, viewer } = visit
  const space = await getSpace(services, visit.params.space)
  const { finality, party } = services
  const [set, reach, proposed] = await Promise.all([
    finality.policyOf(space.id),
    finality.reach(space.id),
    finality.proposedPolicies(space.id),
  ])
  const title = t('spaces.witnessing.title', { space: titleOf(space, language) })
  const way = howPolicyIsSet(space, party)
  const maySet = way !== 'not-entitled' && viewer.may('spaces.policy-set:send')
  const page = (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
      <PageHead form={t(`spaces.kind.${space.kind}`)} title={title} lead={t('spaces.witnessing.lead')} />
      {given.errors && <ErrorSummary errors={given.errors} labels={{ policy: t('spaces.witnessing.policy') }} />}
      <Section title={t('spaces.witnessing.now')}>
        <p>{sourceText(visit, set)}</p>
        <PolicyTree visit={visit} policy={set.policy} />
        <p>
          {t('spaces.witnessing.reach', {
            size: space.size,
            witnessed: reach.witnessed,
            confirmed: reach['confirmed-by-all'],
          })}
        </p>
        {await cosignerTable(visit, space, set.policy)}
      </Section>
      {proposed.map((one) => (
        <Section key={one.hash} title={t('spaces.witnessing.proposed')}>
          <p>{t('spaces.witnessing.proposed-by', { parties: names(visit, one.parties) })}</p>
          <PolicyTree visit={visit} policy={parsePolicy(one.text)} />
          {maySet && !one.parties.includes(party) && (
            <PolicyForm visit={visit} space={space} text={one.text}>
              <Hidden name="step" value="preview" />
              <Button label={t('spaces.witnessing.preview')} plain />
            </PolicyForm>
          )}
        </Section>
      ))}
      <Section title={t('spaces.witnessing.change')}>
        <Quiet>{t(`spaces.witnessing.how-${way}`)}</Quiet>
        {maySet && (
          <Form action={`/spaces/${space.id}/witnessing`} label={t('spaces.witnessing.change')}>
            <Hidden name="id" value={newId()} />
            <Hidden name="step" value="preview" />
            <TextArea
              name="policy"
              label={t('spaces.witnessing.policy')}
              hint={t('spaces.witnessing.policy-hint')}
              value={given.text ?? textOf(set.policy)}
              error={given.errors?.policy}
              required
              rows={10}
            />
            <Row>
              <Button label={t('spaces.witnessing.preview')} />
            </Row>
          </Form>
        )}
      </Section>
      <p>
        <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
      </p>
    </Framed>
  )
  if (visit.wantsJson) return { data: { policy: textOf(set.policy), act: set.act, reach, proposed } }
  return given.errors ? { page, status: 422 } : { page }
}

/** First shows what a policy would do; sets it only from there. */
export async function setPolicy(visit: Visit<WitnessingInput>): Promise<Answer> {
  const { services, viewer, input, t } = visit
  const space = await getSpace(services, visit.params.space)
  if (howPolicyIsSet(space, services.party) === 'not-entitled') throw new Refusal('not-permitted')
  if (input.step === 'edit') return showWitnessing(visit, { text: input.policy })
  const policy = readPolicy(visit)
  if (typeof policy === 'string') {
    if (visit.wantsJson) throw InvalidInput.at('policy', 'spaces.witnessing.problem.no-quorum')
    return showWitnessing(visit, { text: input.policy, errors: { policy } })
  }
  if (input.step === 'preview') return previewPolicy(visit, space, policy)
  const submission = await services.outbox.send({
    space: space.id,
    type: 'spaces.policy-set',
    id: input.id,
    office: viewer.office.id,
    body: { policy: input.policy },
    marking: { tlp: 'AMBER' },
  })
  if (submission.state === 'refused') throw new Refusal('spaces.act-refused', { rule: submission.rule })
  return {
    redirect: `/spaces/${space.id}/witnessing`,
    data: { id: input.id, actHash: submission.hash, state: submission.state },
    notice: t(`spaces.witnessing.${submission.state}`),
  }
}

/** The policy, or the sentence that says what is wrong and where. */
function readPolicy({ input, t }: Visit<WitnessingInput>): Policy | string {
  try {
    const policy = parsePolicy(input.policy)
    const unfit: UnfitPolicy | undefined = unfitFor(policy)
    return unfit ? t(`spaces.witnessing.unfit.${unfit}`) : policy
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return t(`spaces.witnessing.problem.${error.problem}`, { line: error.line, word: error.word })
  }
}

async function previewPolicy(visit: Visit<WitnessingInput>, space: SpaceFacts, policy: Policy): Promise<Answer> {
  const { services, t, input } = visit
  const title = t('spaces.witnessing.preview-title')
  const [then, now] = await Promise.all([services.finality.reach(space.id, policy), services.finality.reach(space.id)])
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead form={titleOf(space, visit.language)} title={title} />
        <PolicyTree visit={visit} policy={policy} />
        <ul>
          <li>{t('spaces.witnessing.effect-reach', { count: then.witnessed, now: now.witnessed })}</li>
          {policy.quorum === 'none' && <li>{t('spaces.witnessing.effect-none')}</li>}
          {indispensable(policy).map((name) => (
            <li key={name}>{t('spaces.witnessing.effect-stop', { name: nameOf(visit, policy, name) })}</li>
          ))}
          {unnamed(space, policy).length > 0 && (
            <li>{t('spaces.witnessing.effect-unnamed', { parties: names(visit, unnamed(space, policy)) })}</li>
          )}
        </ul>
        <Notice>{t('spaces.witnessing.leaves')}</Notice>
        <p>{t(`spaces.witnessing.how-${howPolicyIsSet(space, services.party)}`)}</p>
        <PolicyForm visit={visit} space={space} text={input.policy} id={input.id}>
          <Row>
            <Button label={t('spaces.witnessing.set')} name="step" value="set" />
            <Button label={t('spaces.witnessing.back')} name="step" value="edit" plain />
          </Row>
        </PolicyForm>
      </Framed>
    ),
  }
}

function PolicyForm({
  visit: { t },
  space,
  text,
  id,
  children,
}: {
  visit: Visit
  space: SpaceFacts
  text: string
  id?: string
  children: ComponentChildren
}) {
  return (
    <Form action={`/spaces/${space.id}/witnessing`} label={t('spaces.witnessing.change')}>
      <Hidden name="id" value={id ?? newId()} />
      <Hidden name="policy" value={text} />
      {children}
    </Form>
  )
}

/** The quorum as nested lists: who, and how many of them. */
function PolicyTree({ visit, policy, name = policy.quorum }: { visit: Visit; policy: Policy; name?: string }) {
  const { t } = visit
  if (name === 'none') return <p>{t('spaces.witnessing.nobody')}</p>
  const group = policy.groups.find((one) => one.name === name)
  if (!group) return <bdi>{nameOf(visit, policy, name)}</bdi>
  const { threshold, members } = group
  const count = threshold === members.length ? 'all-of' : threshold === 1 ? 'any-of' : 'some-of'
  return (
    <>
      {t(`spaces.witnessing.${count}`, { count: threshold })}
      <ul>
        {members.map((member) => (
          <li key={member}>
            <PolicyTree visit={visit} policy={policy} name={member} />
          </li>
        ))}
      </ul>
    </>
  )
}

async function cosignerTable(visit: Visit, space: SpaceFacts, policy: Policy) {
  const { services, t, language, viewer } = visit
  if (space.size === 0) return null
  const [standingAt, outside] = await Promise.all([
    services.finality.standings(space, space.size - 1, space.size - 1),
    services.finality.outside(space.id),
  ])
  const { holders, witnesses } = standingAt(space.size - 1)
  const at = (ms: number | undefined) =>
    ms === undefined ? '' : formatDateTime(ms, viewer.person.zone, language, { short: true })
  const signed = new Map([
    ...holders.map((one) => [one.party, one.at] as const),
    ...witnesses.map((one) => [one.name, one.at] as const),
  ])
  const members = space.members.filter((one) => one.until === undefined && one.party !== space.host)
  const others = policy.witnesses
    .map(({ key }) => key.name)
    .filter((name) => !members.some((one) => one.party === name))
  const row = (name: string, kind: string, state?: string) => [
    <bdi>{services.nameOf(name, language)}</bdi>,
    state === undefined ? kind : `${kind} · ${state}`,
    signed.has(name) ? String(space.size - 1) : '–',
    at(signed.get(name)),
  ]
  return (
    <Table
      caption={t('spaces.witnessing.cosigners')}
      head={[
        t('spaces.witnessing.cosigner'),
        t('spaces.witnessing.as'),
        t('spaces.witnessing.has'),
        t('spaces.witnessing.when'),
      ]}
      rows={[
        ...members.map((one) => row(one.party, t('spaces.witnessing.member'))),
        ...[...new Set([...others, ...outside.map(({ name }) => name)])].map((name) => {
          const state = outside.find((one) => one.name === name)?.state
          return row(name, t('spaces.witnessing.outside-witness'), state && t(`spaces.witnessing.state.${state}`))
        }),
      ]}
    />
  )
}

function sourceText({ services, t, language }: Visit, { policy, act }: SpacePolicy): string {
  if (act) {
    return t('spaces.witnessing.by-act', { party: services.nameOf(act.author, language), number: act.index })
  }
  const [group] = policy.groups
  if (!group) return t('spaces.witnessing.nobody')
  const isAll = group.threshold === group.members.length
  return t(`spaces.witnessing.by-default-${isAll ? 'all' : 'quorum'}`, { count: group.threshold })
}

/** Witnesses without whom all others together are not enough. */
function indispensable(policy: Policy): string[] {
  const all = policy.witnesses.map(({ name }) => name)
  return all.filter((name) => !meetsPolicy(policy, new Set(all.filter((other) => other !== name))))
}

function unnamed(space: SpaceFacts, { witnesses }: Policy): string[] {
  return space.members
    .filter((one) => one.until === undefined && one.party !== space.host)
    .map((one) => one.party)
    .filter((party) => !witnesses.some(({ key }) => key.name === party))
}

function nameOf({ services, language }: Visit, { witnesses }: Policy, name: string): string {
  return services.nameOf(witnesses.find((one) => one.name === name)?.key.name ?? name, language)
}

function names({ services, language }: Visit, parties: readonly string[]): string {
  return formatList(
    parties.map((party) => services.nameOf(party, language)),
    language,
  )
}

/** What may stand in an act: the policy without its log. */
function textOf(policy: Policy): string {
  return formatPolicy({ ...policy, logs: [] })
}
