import { limits, tilePath, tileWidth } from '../../protocol/index.ts'
import { readBundle, type Sources } from '../scrub/index.ts'
import type { Db } from '../storage/types.ts'
import { PeerAnswerError, type PeerClient } from './peer-client.ts'
import { WireError } from './wire.ts'

/** What other members hold of our spaces, for the scrub to mend from. What they give is believed by nobody unchecked. */
export function createMendingSources({
  db,
  client,
  party: own,
  register,
}: {
  db: Db
  client: PeerClient
  party: string
  /** Space id of our own register. */
  register: string
}): Sources {
  async function bytes(party: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    try {
      return (await client.ask(party, { method: 'GET', path, maxBytes, timeoutMs: 30_000 })).body
    } catch (error) {
      if (error instanceof PeerAnswerError || error instanceof WireError) return undefined
      throw error
    }
  }

  /** Who may hold our register, which has no other member: whoever knows us. Those we compared with come first. */
  async function peers(): Promise<string[]> {
    const rows = await db.selectFrom('home.peer').select(['party', 'state']).where('url', '!=', '').execute()
    const isPinned = ({ state }: { state: string }) => Number(state === 'pinned')
    return rows.toSorted((a, b) => isPinned(b) - isPinned(a)).map((row) => row.party)
  }

  return {
    // By the views: the log of the space is what cannot be relied on.
    async membersOf(space) {
      if (space === register) return peers()
      const rows = await db
        .selectFrom('view.member as m')
        .innerJoin('view.space as s', 's.space', 'm.space')
        .select(['m.party', 's.host'])
        .where('m.space', '=', space)
        .where('m.until', 'is', null)
        .execute()
      // A host that is no member holds all of it too, sealed as it is.
      const hosts = rows.slice(0, 1).map((row) => row.host)
      return [...new Set([...hosts, ...rows.map((row) => row.party)])].filter((party) => party !== own)
    },
    async checkpoint(party, space) {
      const note = await bytes(party, `/fed/v1/spaces/${space}/checkpoint`, 64 * 1024)
      return note && Buffer.from(note).toString('utf8')
    },
    async entries(party, space, index, width) {
      const path = `/fed/v1/spaces/${space}/${tilePath('entries', index, width)}`
      const bundle = await bytes(party, path, tileWidth * (limits.leaf + 2))
      return bundle && readBundle(bundle, width)
    },
    blob: (party, space, commitment) =>
      bytes(party, `/fed/v1/spaces/${space}/blobs/${commitment}`, limits.attachment + 32),
  }
}
