import { z } from 'zod'
import { grantDelegation, listDelegations, revokeDelegation } from '../../../core/auth/index.ts'
import { InvalidInput } from '../../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { isId } from '../../../protocol/index.ts'
import { languages } from '../../../text/index.ts'
import { dayEnd, dayStart } from '../days.ts'
import type { Outcome } from '../pages/administration-frame.tsx'
import { statusOf, withRefusal } from '../people-routes.tsx'
import { ActingPage } from './acting-page.tsx'

const style = z.string().trim().max(300).optional()
const grantInput = z.object({
  id: z.string().refine(isId),
  delegate: z.string().min(1).max(64),
  office: z.string().min(1).max(64),
  principal: z.union([z.literal('').transform(() => undefined), z.string().max(64)]).optional(),
  capacity: z.enum(['for', 'ad-interim']),
  'principal-en': style,
  'principal-fr': style,
  'principal-ar': style,
  'own-en': style,
  'own-fr': style,
  'own-ar': style,
  instrument: z.string().trim().min(3).max(300),
  from: z.iso.date(),
  until: z.iso.date(),
})
type GrantInput = z.infer<typeof grantInput>

/** Who acts for whom, by which instrument, from when to when. */
export const actingRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/acting',
    permission: 'delegations:read',
    summary: 'Who acts for an office or for a person, by which instrument, from when to when',
    handle: (visit) => showActing(visit),
  },
  {
    method: 'POST',
    path: '/acting',
    permission: 'delegations:manage',
    input: grantInput,
    summary: 'Let a person act for an office or for a person of it, between two days',
    handle: (visit) => withRefusal(visit, grant, showActing),
    onInvalid: (visit, errors) => showActing(visit, { errors }),
  },
  {
    method: 'POST',
    path: '/acting/:delegation/revoke',
    permission: 'delegations:manage',
    summary: 'End a delegation now',
    handle: (visit) =>
      withRefusal(
        visit,
        async ({ services, viewer, params }) => {
          await revokeDelegation(services, viewer, params.delegation ?? '')
          return { redirect: '/acting', data: { revoked: params.delegation ?? '' } }
        },
        showActing,
      ),
  },
]

async function grant(visit: Visit<GrantInput>): Promise<Answer> {
  const { services, viewer, input } = visit
  await requireKnown(visit)
  const { zone } = viewer.person
  await grantDelegation(services, viewer, {
    id: input.id,
    delegate: input.delegate,
    office: input.office,
    principal: input.principal ?? null,
    capacity: input.capacity,
    styles: stylesOf(input),
    instrument: input.instrument,
    from_at: dayStart(input.from, zone),
    until_at: dayEnd(input.until, zone),
  })
  return { redirect: '/acting', data: { id: input.id } }
}

async function requireKnown({ services, input }: Visit<GrantInput>): Promise<void> {
  const people = new Set((await services.people.list()).map(({ id }) => id))
  if (!people.has(input.delegate)) throw InvalidInput.at('delegate', 'acting.invalid.person')
  if (input.principal !== undefined && !people.has(input.principal))
    throw InvalidInput.at('principal', 'acting.invalid.person')
}

/** Styles per language; at least one, and whoever is acted for is named where the line names them. */
function stylesOf(input: GrantInput): Record<string, { principal: string; own: string }> {
  const given = languages().flatMap((language) => {
    const named = (what: string) => (input as Record<string, string | undefined>)[`${what}-${language}`] ?? ''
    const [principal, own] = [named('principal'), named('own')]
    if (own === '' && principal === '') return []
    if (own === '') throw InvalidInput.at(`own-${language}`, 'acting.invalid.own-style')
    if (input.capacity === 'for' && principal === '')
      throw InvalidInput.at(`principal-${language}`, 'acting.invalid.principal-style')
    return [[language, { principal, own }] as const]
  })
  if (given.length === 0) throw InvalidInput.at('own-en', 'acting.invalid.own-style')
  return Object.fromEntries(given)
}

async function showActing(visit: Visit<any>, outcome: Outcome = {}): Promise<Answer> {
  const { services } = visit
  const delegations = await listDelegations(services)
  if (visit.wantsJson && !outcome.errors && !outcome.refusal)
    return {
      data: {
        delegations: delegations.map((one) => ({
          id: one.id,
          delegate: one.delegateName,
          office: one.office,
          principal: one.principalName ?? null,
          instrument: one.instrument,
          from: new Date(one.from_at).toISOString(),
          until: new Date(one.until_at).toISOString(),
          isInForce: one.isInForce,
        })),
      },
    }
  const [people, offices] = await Promise.all([services.people.list(), services.people.offices()])
  return { page: <ActingPage {...{ visit, delegations, people, offices }} {...outcome} />, status: statusOf(outcome) }
}
