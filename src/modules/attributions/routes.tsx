import { Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { gateOf } from '../response/index.ts'
import { DecidePage } from './decide/decide-page.tsx'
import { DecisionPage } from './decide/decision-page.tsx'
import { minuteDecision } from './decide/decisions.ts'
import { lookAgain } from './decide/looks.ts'
import { formRoute, incidentOf, path } from './form-route.ts'
import { jointRoutes } from './joint/joint-routes.ts'
import { startRoutes } from './joint/start-routes.tsx'
import * as inputs from './inputs.ts'
import { loadRegister } from './load-register.ts'
import type { Returned } from '../frame/index.ts'
import { ClaimPage } from './register/claim-page.tsx'
import { disputeClaim, keepClaim } from './register/claims.ts'
import { publishRoutes } from './publish/publish-routes.ts'
import { RegisterPage } from './register/register-page.tsx'
import { statementRoutes } from './release/statement-routes.tsx'

const decisionPower = 'incidents.attribution:release'

/** Attributions of an incident: kept by its desk, decided and released by whoever answers for them. */
export function attributionRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Who attributed an incident to whom, and what we decided',
      handle: (visit) => showRegister(visit),
    },
    formRoute({
      at: 'claims',
      permission: 'incidents:draft',
      input: inputs.claimInput,
      summary: 'Keep an attribution that somebody made, or correct one',
      show: (visit, returned) =>
        typeof returned.values.corrects === 'string' && returned.values.corrects !== ''
          ? showClaim(visit, returned.values.corrects, returned)
          : showRegister(visit, returned),
      async act({ services, viewer, input: { corrects, ...input }, ...visit }) {
        await keepClaim(services, viewer, incidentOf(visit), { ...input, ...(corrects !== undefined && { corrects }) })
        return '#register'
      },
    }),
    {
      method: 'GET',
      path: `${path}/claims/:claim`,
      permission: 'incidents:draft',
      summary: 'Correct an attribution, or note who contests it',
      handle: (visit) => showClaim(visit, visit.params.claim ?? ''),
    },
    formRoute({
      at: 'claims/:claim/disputes',
      permission: 'incidents:draft',
      input: inputs.disputeInput,
      summary: 'Note who contests an attribution',
      show: (visit, returned) => showClaim(visit, visit.params.claim ?? '', returned),
      async act({ services, viewer, params, input: { on: day, ...input } }) {
        await disputeClaim(services, viewer, incidentOf({ params }), { ...input, day, claim: params.claim ?? '' })
        return '#register'
      },
    }),
    ...decisionRoutes(),
    ...statementRoutes(),
    ...publishRoutes(),
    ...jointRoutes(),
    ...startRoutes(),
  ]
}

function decisionRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: `${path}/decide`,
      permission: decisionPower,
      summary: 'The form that minutes a decision on attribution',
      handle: (visit) => showDecide(visit),
    },
    formRoute({
      at: 'decide',
      permission: decisionPower,
      input: inputs.decisionInput,
      summary: 'Minute a decision: affirm, defer or decline',
      show: showDecide,
      async act({ services, viewer, params, input: { assessment, reviewOn, ...input } }) {
        await minuteDecision(services, viewer, incidentOf({ params }), {
          ...input,
          ...(assessment !== undefined && { assessment }),
          ...(reviewOn !== undefined && { reviewOn }),
        })
        return '#own'
      },
    }),
    {
      method: 'GET',
      path: `${path}/decisions/:decision`,
      permission: 'incidents:read',
      summary: 'A decision on attribution as minuted, and what became of its evidence',
      handle: (visit) => showDecision(visit),
    },
    formRoute({
      at: 'decisions/:decision/look',
      permission: decisionPower,
      input: inputs.lookInput,
      summary: 'Note why a decision stands although its evidence changed',
      show: showDecision,
      async act({ services, viewer, params, input }) {
        const decision = params.decision ?? ''
        await lookAgain(services, viewer, incidentOf({ params }), { ...input, decision })
        return `/decisions/${decision}#look`
      },
    }),
  ]
}

const load = (visit: Visit) => loadRegister(visit.services, visit.viewer, incidentOf(visit))

/** Parties we know, for whoever names one; none of them is proposed as accused. */
const partiesOf = async ({ services }: Visit) => (await services.peers.list()).map(({ party }) => party)

async function showRegister(visit: Visit, returned?: Returned): Promise<Answer> {
  const register = await load(visit)
  const { loaded, claims, decisions, statements, withheld, standings, published, between, joint } = register
  if (visit.wantsJson) {
    const changed = Object.fromEntries(standings.map((one) => [one.decision.id, one.changed]))
    const items = statements.map(({ evidence, ...one }) => ({ ...one, evidence: evidence.length }))
    const own = decisions.map(({ basis: { evidence, ...basis }, ...one }) => ({
      ...one,
      basis: { ...basis, evidence: evidence.length },
    }))
    return {
      data: {
        incident: loaded.incident.id,
        ...{ claims, withheld, decisions: own, changed, statements: items, published, between, joint },
      },
    }
  }
  return {
    page: <RegisterPage visit={visit} register={register} parties={await partiesOf(visit)} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}

async function showClaim(visit: Visit, named: string, returned?: Returned): Promise<Answer> {
  const { loaded, claims } = await load(visit)
  const claim = claims.find((one) => one.claim === named)
  if (!claim) throw new Refusal('attributions.claim-not-found')
  const parties = await partiesOf(visit)
  return {
    page: <ClaimPage visit={visit} incident={loaded.incident} claim={claim} parties={parties} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}

async function showDecide(visit: Visit, returned?: Returned): Promise<Answer> {
  const register = await load(visit)
  const gate = await gateOf(visit.services, register.loaded.incident.id)
  return {
    page: <DecidePage visit={visit} register={register} gate={gate} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}

async function showDecision(visit: Visit, returned?: Returned): Promise<Answer> {
  const register = await load(visit)
  const standing = register.standings.find(({ decision }) => decision.id === visit.params.decision)
  if (!standing) throw new Refusal('attributions.decision-not-found')
  return {
    page: <DecisionPage visit={visit} register={register} standing={standing} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}
