import { listRecoveries } from '../../core/auth/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { spillNeeds } from './classification/spills.ts'
import { damageNeeds } from './storage-notices.ts'

/** What waits for an administrator: damage nobody else can put right, a second yes to a recovery, parties nobody has compared yet. */
export async function needs(services: Services, viewer: Viewer): Promise<Need[]> {
  return [
    ...(await damageNeeds(services, viewer)),
    ...(await spillNeeds(services, viewer)),
    ...(await recoveryNeeds(services, viewer)),
    ...(await requestNeeds(services, viewer)),
  ]
}

async function recoveryNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('people:manage')) return []
  const waiting = await listRecoveries(services)
  const mine = waiting.filter(
    (recovery) => recovery.askedBy !== viewer.person.id && recovery.person !== viewer.person.id,
  )
  return Promise.all(
    mine.map(async (recovery) => ({
      key: `administration:recovery:${recovery.id}`,
      verb: 'administration.recovery.approve',
      form: 'administration.recovery.title',
      headline: (await services.people.find(recovery.person))?.name ?? recovery.person,
      href: '/people#recoveries',
      waitsFor: 'me' as const,
    })),
  )
}

async function requestNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('peers:manage')) return []
  const parties = new Set((await services.peers.requests()).map((request) => request.party))
  return [...parties].map((party) => ({
    key: `administration:request:${party}`,
    verb: 'entrance.set-up.peer.pin',
    form: 'administration.peers.title',
    from: party,
    headline: services.nameOf(party, viewer.person.language),
    href: '/peers#requests',
    waitsFor: 'me' as const,
  }))
}
