import { createHash } from 'node:crypto'
import { addDuration } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { findAskable } from './find-channels.ts'
import { activeParties, networkKinds } from './projection.ts'
import './tables.ts'

export const lengths = ['P1D', 'P3D', 'P7D', 'P14D'] as const
export const cadences = ['P1M', 'P3M', 'P6M', 'P12M'] as const

export interface CampaignTerms {
  id: string
  network: string
  announced: boolean
  /** Kind of contact that is asked; undefined: any. */
  kind?: string
  /** How many parties are drawn; undefined: all. */
  sample?: number
  within: string
  lasts: string
  /** Undefined: once. */
  cadence?: string
}

export type CampaignRow = {
  id: string
  network: string
  office: string
  announced: boolean
  kind: string | null
  sample: number | null
  within: string
  lasts: string
  cadence: string | null
  zone: string
  first_at: number
  ended_at: number | null
}

/** 32 hex digits made of a name: the same in every process. */
export const namedId = (...parts: (string | number)[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)

export const roundId = (campaign: string, number: number): string => namedId('round', campaign, number)

/** A space in whose name checks can be made: of several parties, where we have a voice. */
export async function findNetwork(services: Pick<Services, 'ledger' | 'party'>, id: string): Promise<SpaceFacts> {
  const space = await services.ledger.find(id)
  if (!space || !isNetwork(space, services.party)) throw new Refusal('checks-no-such-network')
  return space
}

export function isNetwork(space: SpaceFacts, party: string): boolean {
  const parties = activeParties(space)
  return (networkKinds as readonly string[]).includes(space.kind) && parties.includes(party) && parties.length > 1
}

/** Drawn anew for every round from its id, so that every process draws the same, and nobody else can tell whom. */
export function drawSample(round: string, parties: readonly string[], size?: number): string[] {
  const drawn = parties.toSorted((a, b) => (namedId('draw', round, a) < namedId('draw', round, b) ? -1 : 1))
  return size === undefined ? drawn : drawn.slice(0, size)
}

/**
 * Starts a campaign with its first round; challenges follow as the hours of each contact begin.
 * The same id again changes nothing.
 *
 * @throws Refusal `checks-no-such-network`; `checks-nobody-to-ask` where we have no channel with any party of it
 */
export async function startCampaign(
  services: Pick<Services, 'db' | 'ledger' | 'party' | 'outbox'>,
  viewer: Viewer,
  terms: CampaignTerms,
): Promise<void> {
  const network = await findNetwork(services, terms.network)
  const { askable } = await findAskable(services, network)
  if (askable.size === 0) throw new Refusal('checks-nobody-to-ask')
  const campaign: CampaignRow = {
    id: terms.id,
    network: network.id,
    office: viewer.office.id,
    announced: terms.announced,
    kind: terms.kind ?? null,
    sample: terms.sample ?? null,
    within: terms.within,
    lasts: terms.lasts,
    cadence: terms.cadence ?? null,
    zone: viewer.person.zone,
    first_at: await services.ledger.scenarioNow(network),
    ended_at: null,
  }
  await services.db.transaction().execute(async (tx) => {
    const first = await tx
      .insertInto('home.checks_campaign')
      .values({ ...campaign, started_by: viewer.person.id })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (first) await beginRound(services, tx, campaign, 1, askable)
  })
}

/** When a round of a campaign begins: whole months after the first, on the calendar of whoever started it. */
export function opensAt({ first_at, cadence, zone }: CampaignRow, number: number): number {
  if (!cadence || number === 1) return first_at
  const months = Temporal.Duration.from(cadence).months * (number - 1)
  return addDuration(first_at, `P${months}M`, zone)
}

/** Writes down whom a round asks, and announces it if the campaign is announced. A round begins once. */
export async function beginRound(
  { outbox }: Pick<Services, 'outbox'>,
  tx: Tx,
  campaign: CampaignRow,
  number: number,
  askable: ReadonlyMap<string, SpaceFacts>,
): Promise<void> {
  const id = roundId(campaign.id, number)
  const opens = opensAt(campaign, number)
  const closes = addDuration(opens, campaign.lasts, campaign.zone)
  const row = { id, campaign: campaign.id, number, opens_at: opens, closes_at: closes }
  const isNew = await tx
    .insertInto('home.checks_round')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  const drawn = drawSample(id, [...askable.keys()], campaign.sample ?? undefined)
  if (!isNew || drawn.length === 0) return
  await tx
    .insertInto('home.checks_target')
    .values(drawn.map((party) => ({ round: id, party, channel: askable.get(party)?.id ?? '' })))
    .execute()
  if (!campaign.announced) return
  await outbox.enqueue(tx, {
    space: campaign.network,
    type: 'checks.campaign-announced',
    id: namedId('announced', id),
    office: campaign.office,
    body: { round: id, opensAt: opens, closesAt: closes, within: campaign.within },
    marking: { tlp: 'AMBER' },
  })
}

/** No more rounds and no more challenges; what was asked can still be answered. */
export async function endCampaign({ db, clock }: Pick<Services, 'db' | 'clock'>, id: string): Promise<void> {
  await db
    .updateTable('home.checks_campaign')
    .set({ ended_at: clock.now() })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
}
