import { formatPolicy, newId } from '../../../src/protocol/index.ts'
import { type PartyKey, parties } from '../../../src/cli/demo/parties.ts'
import type { ChanceryNode } from '../../../src/app/create-node.ts'
import type { PartyFile } from '../../../src/modules/entrance/index.ts'
import { type ComposedCase, type ComposedNode, composeNode } from './composed-case.ts'
import { partyKeys } from './what-nodes-hold.ts'

const doria: PartyFile = {
  ...parties.calenia,
  party: 'mfa.doria.example',
  names: { en: 'Doria', fr: 'Dorie', ar: 'دوريا' },
}

/** A fifth party, accredited with all others, whose node is off. */
export interface Sleeper extends ComposedNode {
  party: string
  /** The same request; where a person opens a directory, forum or channel, they tick this party's box too. */
  invite(request: Request): Promise<Request>
  /** The chair of a forum just opened asks the word of all others: a decision by silence would wait for the sleeper. */
  excuse(request: Request, response: Response): Promise<void>
}

/** Founds the fifth party, has everybody pin it and it everybody, and switches its node off. */
export async function seatSleeper(
  t: { after(end: () => Promise<void>): void },
  { nodes, wire, errors }: ComposedCase,
): Promise<Sleeper> {
  const composed = await composeNode(t, 'doria', doria, { wire, errors })
  for (const key of partyKeys) {
    await pin(composed.node, nodes[key].node, key)
    await pin(nodes[key].node, composed.node, 'doria')
  }
  wire.detach('doria')
  await composed.node.stop()
  return Object.assign(composed, {
    party: doria.party,
    async invite(request: Request): Promise<Request> {
      if (request.method !== 'POST' || new URL(request.url).pathname !== '/spaces/open') return request
      const typed = new URLSearchParams(await request.text())
      // A text of the case is agreed by all its members: there its silence would rightly stop everybody.
      if (typed.get('kind') !== 'case') typed.append('members', doria.party)
      return new Request(request, { body: typed })
    },
    async excuse(request: Request, response: Response): Promise<void> {
      const [, space] = /^\/spaces\/([0-9a-f]{32})/.exec(response.headers.get('location') ?? '') ?? []
      if (new URL(request.url).pathname !== '/spaces/open' || !space) return
      const { finality, ledger, outbox } = nodes.mosc.node.services
      if ((await ledger.find(space))?.kind !== 'forum') return
      const { policy } = await finality.policyOf(space)
      const witnesses = policy.witnesses.filter(({ name }) => name !== doria.party)
      const members = witnesses.map(({ name }) => name)
      const text = formatPolicy({
        logs: [],
        witnesses,
        groups: [{ name: 'awake', threshold: members.length, members }],
        quorum: 'awake',
      })
      await outbox.send({
        space,
        type: 'spaces.policy-set',
        id: newId(),
        office: 'secretariat',
        body: { policy: text },
        marking: { tlp: 'AMBER' },
      })
    },
  })
}

async function pin(node: ChanceryNode, other: ChanceryNode, name: PartyKey | 'doria'): Promise<void> {
  const { peers } = node.services
  const { party } = await peers.introduce(`http://${name}.test`)
  const fingerprint = await other.services.peers.ownFingerprint()
  await peers.pin(party, { person: 'p1', how: 'voice', fingerprint })
}
