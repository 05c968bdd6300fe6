import { Refusal } from '../../core/http/refusal.ts'
import type { Services, SpaceFacts } from '../../core/module/types.ts'
import { type CoarseCount, coarseCount } from './coarse-count.ts'
import { type Asked, type Outcome, outcomeOf, type Plan, planChallenge } from './plan-challenge.ts'
import { askedIn, listResults, listRounds, listTargets, type ResultRow, type RoundRow } from './queries.ts'
import { readContacts } from './run-rounds.ts'

export interface AskedParty {
  party: string
  channel: string
  asked: (Asked & { hash: string; space: string })[]
  outcome: Outcome
  /** What comes next; undefined where the channel is not here any more. */
  plan?: Plan
}

export interface LoadedRound {
  round: RoundRow
  network: SpaceFacts
  parties: AskedParty[]
  /** Scenario now of the network. */
  now: number
  isOver: boolean
  /** Parties to whom at least one challenge went, and how many answered while one ran. */
  asked: number
  inTime: number
  /** What all others are told; undefined where any figure would show single parties. */
  figures?: CoarseCount
  result?: ResultRow
}

/** A round of ours with all that this house, as its organiser, knows of every party. */
export async function loadRound(services: Services, id: string): Promise<LoadedRound> {
  const [round] = await listRounds(services.db, { round: id })
  const network = round && (await services.ledger.find(round.network))
  if (!round || !network) throw new Refusal('not-found')
  const [targets, asked, contactsOf, results, now] = await Promise.all([
    listTargets(services.db, [id]),
    askedIn(services.db, services.party, [id]),
    readContacts(services),
    listResults(services.db, [id]),
    services.ledger.scenarioNow(network),
  ])
  const terms = { within: round.within, closesAt: round.closes_at }
  const parties = await Promise.all(
    targets.map(async ({ party, channel: channelId }): Promise<AskedParty> => {
      const channel = await services.ledger.find(channelId)
      const before = asked(id, party)
      const plan = channel && {
        plan: planChallenge(
          before,
          contactsOf(party, round, channel.drill?.name),
          terms,
          await services.ledger.scenarioNow(channel),
        ),
      }
      return { party, channel: channelId, asked: before, outcome: outcomeOf(before, round.closes_at), ...plan }
    }),
  )
  const count = parties.filter(({ outcome }) => outcome !== 'not-asked').length
  const inTime = parties.filter(({ outcome }) => outcome === 'in-time').length
  return {
    round,
    network,
    parties,
    now,
    isOver: now >= round.closes_at,
    asked: count,
    inTime,
    figures: coarseCount(count, inTime),
    result: results.find(({ space }) => space === network.id),
  }
}
