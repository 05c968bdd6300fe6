import { z } from 'zod'
import { audit } from '../../core/auth/index.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Peer, Route, Visit } from '../../core/module/types.ts'
import { titleOf } from '../spaces/index.ts'
import type { Outcome } from './pages/administration-frame.tsx'
import { PeerPage } from './pages/peer-page.tsx'
import { PeersPage, type PeersPageProps, waysToCompare } from './pages/peers-page.tsx'
import { statusOf, withRefusal } from './people-routes.tsx'

const introduceInput = z.object({ url: z.url({ protocol: /^https?$/ }).max(500) })
const pinInput = z.object({
  party: z.string().max(253),
  fingerprint: z
    .string()
    .trim()
    .regex(/^[\d\s-]{20,200}$/, 'administration.peers.digits'),
  how: z.enum(waysToCompare),
})

const letGoInput = z.object({ fingerprint: z.string().max(200) })

/** Meeting other parties and comparing fingerprints. */
export const peerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/peers',
    permission: 'peers:manage',
    summary: 'Peers, their fingerprints, and requests',
    handle: (visit) => showPeers(visit),
  },
  {
    method: 'POST',
    path: '/peers',
    permission: 'peers:manage',
    input: introduceInput,
    summary: 'Ask the node at an address who it is',
    handle: (visit) => withRefusal(visit, introduce, showPeers),
    onInvalid: (visit, errors) => showPeers(visit, { errors }),
  },
  {
    method: 'POST',
    path: '/peers/pin',
    permission: 'peers:manage',
    input: pinInput,
    summary: 'Pin a peer whose fingerprint was compared',
    handle: (visit) => withRefusal(visit, pin, showPeers),
    onInvalid: (visit, errors) => showPeers(visit, { errors }),
  },
  {
    method: 'GET',
    path: '/peers/:party',
    permission: 'peers:manage',
    summary: 'One peer and the history of its keys',
    handle: (visit) => showPeer(visit),
  },
  {
    method: 'POST',
    path: '/peers/:party/let-go',
    permission: 'peers:manage',
    input: letGoInput,
    summary: 'Give up the identity of a peer that lost its keys for good',
    handle: (visit) => withRefusal(visit, letGo, showPeer),
    onInvalid: (visit, errors) => showPeer(visit, { errors }),
  },
]

/** The identity as the page showed it: after a second click there is another one, or none. */
async function letGo({ services, viewer, params, input }: Visit<z.infer<typeof letGoInput>>): Promise<Answer> {
  const party = params.party ?? ''
  const peer = await services.peers.find(party)
  if (peer?.state === 'pinned' && peer.fingerprint === input.fingerprint) {
    await services.peers.letGo(party)
    await audit(services.db, { at: services.clock.now(), person: viewer.person.id, what: 'peer-let-go', about: party })
  }
  return { redirect: `/peers/${party}`, notice: 'administration.keys.let-go-done' }
}

async function showPeer(visit: Visit<any>, outcome: Outcome = {}): Promise<Answer> {
  const peer = await visit.services.peers.find(visit.params.party ?? '')
  if (!peer) throw new Refusal('peer.not-found', { party: visit.params.party ?? '' })
  return { page: <PeerPage visit={visit} peer={peer} {...outcome} />, status: statusOf(outcome) }
}

async function introduce({ services, viewer, input }: Visit<z.infer<typeof introduceInput>>): Promise<Answer> {
  const peer = await services.peers.introduce(input.url)
  await audit(services.db, {
    at: services.clock.now(),
    person: viewer.person.id,
    what: 'peer-introduced',
    about: peer.party,
  })
  return { redirect: `/peers#${peer.party}`, data: { party: peer.party, state: peer.state } }
}

async function pin({ services, viewer, input }: Visit<z.infer<typeof pinInput>>): Promise<Answer> {
  const { party, fingerprint, how } = input
  const peer = await services.peers.pin(party, { person: viewer.person.id, how, fingerprint })
  await audit(services.db, {
    at: services.clock.now(),
    person: viewer.person.id,
    what: 'peer-pinned',
    about: party,
    facts: { how },
  })
  return { redirect: `/peers#${party}`, data: { party, state: peer.state } }
}

/** Members of our spaces that were never introduced here, with the spaces that brought them. */
async function listMet({ services, language }: Visit, known: readonly Peer[]): Promise<PeersPageProps['met']> {
  const { ledger, party: own } = services
  const peers = new Set([own, ...known.map((peer) => peer.party)])
  const met = (await ledger.list({ member: own }))
    .filter((space) => space.kind !== 'register')
    .flatMap((space) => space.members.map(({ party }) => ({ party, id: space.id, title: titleOf(space, language) })))
    .filter(({ party }) => !peers.has(party))
  return [...Map.groupBy(met, (one) => one.party)]
    .map(([party, spaces]) => ({ party, spaces }))
    .toSorted((a, b) => (a.party < b.party ? -1 : 1))
}

async function showPeers(visit: Visit<any>, outcome: Outcome = {}): Promise<Answer> {
  const { peers, people } = visit.services
  const known = await peers.list()
  const facts = {
    own: await peers.ownFingerprint(),
    peers: known,
    requests: await peers.requests(),
    met: await listMet(visit, known),
  }
  const names = new Map((await people.list()).map((person) => [person.id, person.name]))
  return { page: <PeersPage visit={visit} {...facts} people={names} {...outcome} />, status: statusOf(outcome) }
}
