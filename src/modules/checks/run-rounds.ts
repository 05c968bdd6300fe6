import type { Services } from '../../core/module/types.ts'
import { listPromises, type Promised } from '../directory/index.ts'
import type { Attempt } from './acts.ts'
import { beginRound, type CampaignRow, namedId, opensAt } from './campaign.ts'
import { findAskable } from './find-channels.ts'
import { type Plan, planChallenge } from './plan-challenge.ts'
import { askedIn, listRounds, listTargets, type RoundRow, type TargetRow } from './queries.ts'

type Needed = Pick<Services, 'db' | 'ledger' | 'outbox' | 'party' | 'clock'>

/** Begins the rounds that are due and sends every challenge whose hour has come. Twice is as good as once. */
export async function runRounds(services: Needed): Promise<void> {
  await beginDueRounds(services)
  const rounds = (await listRounds(services.db)).filter(({ ended_at }) => ended_at === null)
  const running = await filterRunning(services, rounds)
  if (running.length === 0) return
  const ids = running.map(({ id }) => id)
  const [targets, asked, contactsOf] = await Promise.all([
    listTargets(services.db, ids),
    askedIn(services.db, services.party, ids),
    readContacts(services),
  ])
  for (const target of targets) {
    const round = running.find(({ id }) => id === target.round)
    const channel = round && (await services.ledger.find(target.channel))
    if (!round || !channel) continue
    const sent = [target.first, target.second, target.deputy].filter((hash) => hash !== null).length
    const before = asked(round.id, target.party)
    // What was signed and is not on the record yet has to stand there before anything follows from it.
    if (sent > before.length) continue
    const now = await services.ledger.scenarioNow(channel)
    const contacts = contactsOf(target.party, round, channel.drill?.name)
    const plan = planChallenge(before, contacts, { within: round.within, closesAt: round.closes_at }, now)
    if (plan.step === 'send') await sendChallenge(services, round, target, plan)
  }
}

async function filterRunning({ ledger }: Needed, rounds: readonly RoundRow[]): Promise<RoundRow[]> {
  const running = await Promise.all(
    rounds.map(async (round) => {
      const network = await ledger.find(round.network)
      const now = network && (await ledger.scenarioNow(network))
      return now !== undefined && round.opens_at <= now && now < round.closes_at ? [round] : []
    }),
  )
  return running.flat()
}

/** Contacts of a party that a round may ask: of its kind, and from a directory of the same drill or of none. */
export async function readContacts(
  services: Pick<Services, 'db' | 'ledger' | 'clock'>,
): Promise<(party: string, round: Pick<RoundRow, 'kind'>, drill: string | undefined) => Promised[]> {
  const [promises, directories] = await Promise.all([
    listPromises(services),
    services.ledger.list({ kind: 'directory' }),
  ])
  const drillOf = new Map(directories.map(({ id, drill }) => [id, drill?.name]))
  return (party, { kind }, drill) =>
    promises.filter(
      (one) => one.party === party && (kind === null || one.kind === kind) && drillOf.get(one.space) === drill,
    )
}

async function sendChallenge(
  { db, outbox }: Needed,
  round: RoundRow,
  target: TargetRow,
  { attempt, contact, openings }: Plan & { step: 'send' },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const column: Attempt = attempt
    const act = await outbox.enqueue(tx, {
      space: target.channel,
      type: 'checks.challenge-sent',
      // The same in every process: whoever comes second signs nothing new.
      id: namedId('challenge', round.id, target.party, attempt),
      office: round.office,
      body: {
        round: round.id,
        attempt,
        contact: contact.contact,
        within: round.within,
        openings: openings.map(({ from, until }) => ({ from, until })),
      },
      marking: { tlp: 'AMBER' },
    })
    await tx
      .updateTable('home.checks_target')
      .set({ [column]: act.hash })
      .where('round', '=', round.id)
      .where('party', '=', target.party)
      .execute()
  })
}

/** Rounds that come again: the newest that is due begins; those that a node slept through are left out. */
async function beginDueRounds(services: Needed): Promise<void> {
  const campaigns = await services.db
    .selectFrom('home.checks_campaign as c')
    .selectAll('c')
    .select((eb) =>
      eb
        .selectFrom('home.checks_round as r')
        .whereRef('r.campaign', '=', 'c.id')
        .select(({ fn }) => fn.max('r.number').as('last'))
        .as('last'),
    )
    .where('ended_at', 'is', null)
    .where('cadence', 'is not', null)
    .execute()
  for (const { last, ...campaign } of campaigns) await beginNext(services, campaign, last ?? 0)
}

async function beginNext(services: Needed, campaign: CampaignRow, last: number): Promise<void> {
  const network = await services.ledger.find(campaign.network)
  if (!network) return
  const now = await services.ledger.scenarioNow(network)
  let due = last
  while (opensAt(campaign, due + 1) <= now) due += 1
  if (due === last) return
  const { askable } = await findAskable(services, network)
  await services.db.transaction().execute((tx) => beginRound(services, tx, campaign, due, askable))
}
