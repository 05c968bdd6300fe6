import type { PartyRecords, Services, Viewer } from '../../../core/module/types.ts'
import { listLetters } from '../list-letters.ts'
import { findParty } from './party.ts'

/** Our letters to a party that has or had no node; when it joins, they are linked from its page and stay what they are. */
export async function partyRecords(
  services: Services,
  viewer: Viewer,
  party: string,
): Promise<PartyRecords | undefined> {
  if (!viewer.may('letters:read') || !(await findParty(services, party))) return undefined
  const [peer, letters] = await Promise.all([services.peers.find(party), listLetters(services, viewer, party)])
  return {
    title: peer ? 'letters.before.title' : 'letters.before.title-without',
    lead: 'letters.before.lead',
    lines: letters.map((one) => ({
      href: `/letters/${one.act}`,
      form: `channels.form.${one.form}`,
      number: one.number,
      state: `letters.state.${one.state}`,
      at: one.sentAt,
    })),
  }
}
