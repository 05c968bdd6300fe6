import type { Peers } from '../core/module/types.ts'

/** Names of parties as pages need them: at once, without a query each. */
export interface PartyNames {
  nameOf(party: string, language: string): string
  /** Reads the peers again; call when one was met or changed its name. */
  refresh(): Promise<void>
}

/** Names of our own party and of everybody we know, from their registers; the domain where nobody told us. */
export function createPartyNames(options: {
  party: string
  names: Record<string, string>
  peers: Pick<Peers, 'list'>
}): PartyNames {
  let known = new Map([[options.party, options.names]])
  return {
    nameOf(party, language) {
      const names = known.get(party)
      return names?.[language] ?? names?.en ?? Object.values(names ?? {})[0] ?? party
    },
    async refresh() {
      const peers = await options.peers.list()
      known = new Map([[options.party, options.names], ...peers.map((peer) => [peer.party, peer.name] as const)])
    },
  }
}
