import { z } from 'zod'
import { Refusal } from '../../core/http/refusal.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { isId, newId } from '../../protocol/index.ts'
import { drawSample, endCampaign, findNetwork, isNetwork, roundId, startCampaign } from './campaign.ts'
import { type CampaignInput, campaignInput, termsOf } from './campaign-input.ts'
import { findAskable } from './find-channels.ts'
import { loadRound } from './load-round.ts'
import { CampaignPage } from './pages/campaign-page.tsx'
import { CampaignReviewPage } from './pages/campaign-review-page.tsx'
import { ChecksPage } from './pages/checks-page.tsx'
import { RoundPage } from './pages/round-page.tsx'
import { publishResults } from './publish-results.ts'
import { findChallenge, listAnnouncements, listChallengesTo, listResults, listRounds } from './queries.ts'
import { readContacts } from './run-rounds.ts'

const nothing = z.object({})
const mayRun = 'checks.challenge-sent:send'

async function listNetworks({ ledger, party }: Services) {
  const spaces = await ledger.list({ member: party })
  return spaces.filter((space) => isNetwork(space, party))
}

async function showForm(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  return {
    page: <CampaignPage visit={visit} networks={await listNetworks(services)} id={newId()} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

/** Exactly whom the first round would ask, over which channel, and who cannot be asked. */
async function review(services: Services, visit: Visit<CampaignInput>): Promise<Answer> {
  const terms = termsOf(visit.input)
  const network = await findNetwork(services, terms.network)
  const { askable, without } = await findAskable(services, network)
  if (askable.size === 0) throw new Refusal('checks-nobody-to-ask')
  const drawn = drawSample(roundId(terms.id, 1), [...askable.keys()], terms.sample)
  const contactsOf = await readContacts(services)
  const unlisted = drawn.filter(
    (party) => contactsOf(party, { kind: terms.kind ?? null }, network.drill?.name).length === 0,
  )
  return {
    page: (
      <CampaignReviewPage
        visit={visit}
        network={network}
        input={visit.input}
        drawn={drawn}
        {...{ askable, without, unlisted }}
      />
    ),
  }
}

async function load(services: Services) {
  const { db, party } = services
  const [asked, rounds, results, announcements] = await Promise.all([
    listChallengesTo(db, party, { open: false }),
    listRounds(db),
    listResults(db),
    listAnnouncements(db),
  ])
  const spaces = await services.ledger.list({
    among: [...rounds.map(({ network }) => network), ...results.map(({ space }) => space)],
  })
  return { asked, rounds, results, announcements, spaces: new Map(spaces.map((space) => [space.id, space])) }
}

export function checkRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/checks',
      permission: 'checks:read',
      summary: 'Communication checks: what was asked of us, campaigns of ours, results of our networks',
      async handle(visit) {
        const { asked, rounds, results, announcements, spaces } = await load(visit.services)
        if (visit.wantsJson) return { data: { asked, results, announcements } }
        return { page: <ChecksPage visit={visit} {...{ asked, rounds, results, announcements, spaces }} /> }
      },
    },
    {
      method: 'GET',
      path: '/checks/new',
      permission: mayRun,
      summary: 'Form for a campaign of communication checks',
      handle: (visit) => showForm(visit.services, visit),
    },
    {
      method: 'GET',
      path: '/checks/new/review',
      permission: mayRun,
      input: campaignInput,
      summary: 'Whom a campaign would ask, before it begins',
      handle: (visit) => review(visit.services, visit),
      onInvalid: (visit, errors) => showForm(visit.services, visit, errors),
    },
    {
      method: 'POST',
      path: '/checks',
      permission: mayRun,
      input: campaignInput,
      summary: 'Begin a campaign of communication checks',
      async handle(visit: Visit<CampaignInput>) {
        await startCampaign(visit.services, visit.viewer, termsOf(visit.input))
        const round = roundId(visit.input.id, 1)
        return { redirect: `/checks/rounds/${round}`, notice: 'checks.notice.begun', data: { round } }
      },
      onInvalid: (visit, errors) => showForm(visit.services, visit, errors),
    },
    {
      method: 'GET',
      path: '/checks/rounds/:round',
      permission: 'checks:read',
      summary: 'A round of a campaign of ours, party by party: kept at home',
      async handle(visit) {
        const loaded = await loadRound(visit.services, visit.params.round ?? '')
        return visit.wantsJson ? { data: loaded } : { page: <RoundPage visit={visit} loaded={loaded} /> }
      },
    },
    {
      method: 'POST',
      path: '/checks/campaigns/:campaign/end',
      permission: mayRun,
      input: nothing,
      summary: 'End a campaign: no more rounds, no more challenges',
      async handle({ params, services }) {
        await endCampaign(services, params.campaign ?? '')
        return { redirect: '/checks', notice: 'checks.notice.ended' }
      },
    },
    {
      method: 'POST',
      path: '/checks/rounds/:round/publish',
      permission: 'checks.results-published:send',
      input: nothing,
      summary: 'Tell the network how a round went, without showing single parties',
      async handle({ services, viewer, params }) {
        const submission = await publishResults(services, viewer, params.round ?? '')
        return {
          redirect: `/checks/rounds/${params.round}`,
          notice: submission.state === 'on-record' ? 'checks.notice.published' : 'channels.notice.signed',
          data: { ...submission },
        }
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/challenges/:act/answer',
      permission: 'channels.check-answered:send',
      input: nothing,
      summary: 'Answer a check of a campaign',
      handle: (visit) => answerChallenge(visit.services, visit),
    },
  ]
}

async function answerChallenge(services: Services, { viewer, params }: Visit): Promise<Answer> {
  const { space = '', act = '' } = params
  const challenge = isId(space) ? await findChallenge(services.db, act) : undefined
  if (challenge?.space !== space) throw new Refusal('not-found')
  if (challenge.addressee !== services.party) throw new Refusal('channels-own-act')
  const submission = await takeStep(services, viewer, {
    space,
    type: 'checks.challenge-answered',
    about: challenge.hash,
    body: { challenge: challenge.hash },
    marking: { tlp: 'AMBER' },
  })
  return {
    redirect: actHref(space, challenge.hash),
    notice: `channels.notice.${submission.state === 'refused' ? 'signed' : submission.state}`,
    data: { ...submission },
  }
}
