import type { Services, SpaceFacts } from '../../core/module/types.ts'
import { activeParties } from './projection.ts'

/**
 * The channel of each other party with us alone, by party; where there are several, the one last written in.
 * A drill finds channels of the same drill and no others.
 */
export async function findChannels(
  { ledger, party }: Pick<Services, 'ledger' | 'party'>,
  network: SpaceFacts,
): Promise<Map<string, SpaceFacts>> {
  const spaces = await ledger.list({ kind: 'channel', member: party })
  const ours = spaces.filter((space) => space.drill?.name === network.drill?.name)
  const found = new Map<string, SpaceFacts>()
  for (const space of ours.toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))) {
    const parties = activeParties(space)
    const [other, ...more] = parties.filter((one) => one !== party)
    if (other !== undefined && more.length === 0 && parties.includes(party)) found.set(other, space)
  }
  return found
}

/** Parties of a network whom a campaign of ours can ask, and those with whom we have no channel. */
export async function findAskable(
  services: Pick<Services, 'ledger' | 'party'>,
  network: SpaceFacts,
): Promise<{ askable: Map<string, SpaceFacts>; without: string[] }> {
  const channels = await findChannels(services, network)
  const others = activeParties(network).filter((party) => party !== services.party)
  return {
    askable: new Map(others.flatMap((party) => (channels.has(party) ? [[party, channels.get(party)!] as const] : []))),
    without: others.filter((party) => !channels.has(party)),
  }
}
