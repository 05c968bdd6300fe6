import { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { isId } from '../../../protocol/index.ts'
import { getDraft, reviewDraft } from '../../spaces/index.ts'
import { clear, decisions, legalPower } from './clearances.ts'
import { endRule, kindsOfDocuments, listRules, setRule } from './rules.ts'
import { kindValue, RulesPage } from './rules-page.tsx'

const id = z.string().refine(isId)
const clearInput = z.object({
  id,
  approval: z.string().min(1).max(64),
  decision: z.enum(decisions),
  remarks: z.string().trim().max(4000).default(''),
})
const ruleInput = z.object({
  id,
  kind: z.string().min(1).max(200),
  from: z.iso.date(),
  until: z.union([z.literal('').transform(() => undefined), z.iso.date()]).optional(),
})

/** The step of the legal adviser, and the rules that ask for it. */
export const legalRoutes: Route[] = [
  {
    method: 'POST',
    path: '/drafts/:id/clearance',
    permission: legalPower,
    input: clearInput,
    summary: 'Clear a draft that waits for release, with or without remarks, or refuse it with the reason',
    handle: clearDraft,
    onInvalid: (visit, errors) => reviewDraft(visit as Visit, errors),
  },
  {
    method: 'GET',
    path: '/legal-clearance',
    permission: 'powers:manage',
    summary: 'For which documents this house wants a legal clearance, from when to when',
    handle: (visit) => showRules(visit),
  },
  {
    method: 'POST',
    path: '/legal-clearance',
    permission: 'powers:manage',
    input: ruleInput,
    summary: 'Ask for a legal clearance of a kind of document',
    handle: addRule,
    onInvalid: showRules,
  },
  {
    method: 'POST',
    path: '/legal-clearance/:rule/end',
    permission: 'powers:manage',
    summary: 'Ask for it no longer',
    async handle({ services, viewer, params }) {
      await endRule(services, viewer, params.rule ?? '')
      return { redirect: '/legal-clearance', data: { ended: params.rule ?? '' } }
    },
  },
]

async function clearDraft(visit: Visit<z.infer<typeof clearInput>>): Promise<Answer> {
  const { services, viewer, input, t } = visit
  const draft = await getDraft(visit)
  const { remarks: words, ...said } = input
  await clear(services, viewer, { ...said, draft, words })
  services.live.publish(`draft:${draft.id}`)
  return {
    redirect: `/drafts/${draft.id}/review#legal`,
    data: { id: draft.id, decision: said.decision },
    notice: t(`legal.said.${said.decision}`),
  }
}

async function addRule(visit: Visit<z.infer<typeof ruleInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const kind = kindsOfDocuments(services).find((one) => kindValue(one) === input.kind)
  if (!kind) throw InvalidInput.at('kind', 'legal.invalid.kind')
  if (input.until !== undefined && input.until < input.from) throw InvalidInput.at('until', 'legal.invalid.until')
  const { id: rule, from, until } = input
  await setRule(services, viewer, { id: rule, ...kind, from, ...(until !== undefined && { until }) })
  return { redirect: '/legal-clearance', data: { id: rule } }
}

async function showRules(visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const { services } = visit
  const rules = await listRules(services.db)
  if (visit.wantsJson && !errors) return { data: { rules } }
  const holders = await services.people.holding(legalPower)
  const names = await Promise.all(holders.map(async (one) => (await services.people.find(one))?.name ?? one))
  return {
    page: <RulesPage visit={visit} rules={rules} who={names.toSorted()} {...(errors && { errors })} />,
    status: errors ? 422 : 200,
  }
}
