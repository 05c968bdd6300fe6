import type { Services, SpaceFacts } from '../../core/module/types.ts'
import { listTexts } from '../agreements/index.ts'
import { type Evidence, listEvidence } from './list-evidence.ts'

/** What two parties have with each other, as far as spaces of ours show it. */
export interface Tie {
  parties: readonly [string, string]
  channels: SpaceFacts[]
  /** Texts that both agreed to. */
  agreements: number
  /** Answered checks within the last twelve months, and when the newest was, ms. */
  checks: number
  newestCheck?: number
}

export interface PartnerNetwork {
  /** Ourselves first, then the others by domain. */
  parties: string[]
  ties: Tie[]
}

const yearMs = 365 * 24 * 3_600_000

/** Who has channels, agreements and checks with whom, as we see it: other ties exist that we do not. */
export async function loadNetwork(
  services: Pick<Services, 'db' | 'ledger' | 'clock' | 'party'>,
  drill?: string,
): Promise<PartnerNetwork> {
  const spaces = (await services.ledger.list({ member: services.party })).filter((one) => one.drill?.name === drill)
  const [texts, evidence] = await Promise.all([
    listTexts(services.db, { spaces: spaces.map(({ id }) => id) }),
    listEvidence(services, drill),
  ])
  const agreed = texts
    .filter(({ supersededBy }) => supersededBy === undefined)
    .map(({ parties }) => parties.filter(({ agreedBy }) => agreedBy !== undefined).map(({ party }) => party))
  return drawTies(services.party, spaces, agreed, evidence, services.clock.now())
}

/** The same from plain facts. */
export function drawTies(
  party: string,
  spaces: readonly SpaceFacts[],
  agreed: readonly string[][],
  evidence: readonly Evidence[],
  now: number,
): PartnerNetwork {
  const ties = new Map<string, Tie>()
  const tie = (a: string, b: string): Tie => {
    const parties = (a < b ? [a, b] : [b, a]) as [string, string]
    const found = ties.get(parties.join(' ')) ?? { parties, channels: [], agreements: 0, checks: 0 }
    ties.set(parties.join(' '), found)
    return found
  }
  const channels = spaces.filter(({ kind }) => kind === 'channel')
  for (const space of channels) for (const [a, b] of pairs(membersOf(space))) tie(a, b).channels.push(space)
  for (const parties of agreed) for (const [a, b] of pairs(parties)) tie(a, b).agreements += 1
  const recent = evidence.filter(({ kind, at }) => kind === 'check' && at > now - yearMs)
  for (const { space, at } of recent) {
    const members = membersOf(channels.find(({ id }) => id === space))
    // In a channel of several the answer does not say by itself whom it assured.
    const [a, b, ...more] = members
    if (a === undefined || b === undefined || more.length > 0) continue
    const found = tie(a, b)
    found.checks += 1
    found.newestCheck = Math.max(found.newestCheck ?? 0, at)
  }
  const others = new Set([...spaces.flatMap(membersOf), ...[...ties.values()].flatMap((one) => one.parties)])
  others.delete(party)
  return { parties: [party, ...[...others].toSorted()], ties: [...ties.values()] }
}

const membersOf = (space: SpaceFacts | undefined): string[] =>
  (space?.members ?? []).filter(({ until }) => until === undefined).map((member) => member.party)

function pairs(parties: readonly string[]): [string, string][] {
  const sorted = [...new Set(parties)].toSorted()
  return sorted.flatMap((a, at) => sorted.slice(at + 1).map((b): [string, string] => [a, b]))
}
