import type { Peers } from '../core/module/types.ts'

type Names = Record<string, string>

/** Names of parties as pages need them: at once, without a query each. */
export interface PartyNames {
  /** For our pages: what this house calls the party in that language, else the signed name. */
  nameOf(party: string, language: string): string
  /** From the party's register; the domain where nobody told us. */
  signedNameOf(party: string, language: string): string
  /** Reads both again; call when a party was met or named. */
  refresh(): Promise<void>
}

/** Names of our own party and of everybody we know, from their registers and from what this house calls them. */
export function createPartyNames(options: {
  party: string
  names: Names
  peers: Pick<Peers, 'list'>
  /** What this house itself calls parties. */
  given(): Promise<Map<string, Names>>
}): PartyNames {
  const own = [options.party, options.names] as const
  let signed = new Map([own])
  let given = new Map<string, Names>()
  let begun = 0
  let shown = 0

  function signedNameOf(party: string, language: string): string {
    const names = signed.get(party)
    return names?.[language] ?? names?.en ?? Object.values(names ?? {})[0] ?? party
  }

  return {
    signedNameOf,
    nameOf: (party, language) => given.get(party)?.[language] ?? signedNameOf(party, language),
    async refresh() {
      begun += 1
      const turn = begun
      const [peers, names] = await Promise.all([options.peers.list(), options.given()])
      // A slow reading that began before a change must not undo what a later one found.
      if (turn < shown) return
      shown = turn
      signed = new Map([own, ...peers.map((peer) => [peer.party, peer.name] as const)])
      given = names
    },
  }
}
