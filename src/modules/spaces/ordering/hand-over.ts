import { Refusal } from '../../../core/http/index.ts'
import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { type HostChange, loadOrdering } from './standing.ts'

/**
 * What our party signs so that another orders the space: its own offer, or word for word what that party offered.
 *
 * A party says so for one only, as long as the present host is it: two majorities must not overlap.
 *
 * @throws Refusal `spaces.host-already`, `spaces.host-voice-given`, `spaces.host-not-offered`, `spaces.host-not-a-member`
 */
export async function hostChangeFor(
  services: Services,
  viewer: Viewer,
  { space, to }: { space: SpaceFacts; to: string },
): Promise<HostChange> {
  const { host, members, offers, ours } = await loadOrdering(services, viewer, space)
  if (to === host) throw new Refusal('spaces.host-already', { field: 'to' })
  if (!members.includes(services.party) || !members.includes(to))
    throw new Refusal('spaces.host-not-a-member', { field: 'to' })
  if (ours !== undefined) throw new Refusal('spaces.host-voice-given', { field: 'to', party: ours })
  if (to === services.party) return { host: services.ledger.asHost(space.id) }
  const offer = offers.find((one) => one.party === to && one.isOffered)
  if (!offer) throw new Refusal('spaces.host-not-offered', { field: 'to' })
  return offer.body
}
