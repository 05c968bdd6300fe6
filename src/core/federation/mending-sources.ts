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
}: {
  db: Db
  client: PeerClient
  party: string
}): Sources {
  async function bytes(party: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    try {
      return (await client.ask(party, { method: 'GET', path, maxBytes, timeoutMs: 30_000 })).body
    } catch (error) {
      if (error instanceof PeerAnswerError || error instanceof WireError) return undefined
      throw error
    }
  }

  return {
    // By the views: the log of the space is what cannot be relied on.
    async membersOf(space) {
      const rows = await db
        .selectFrom('view.member as m')
        .innerJoin('view.space as s', 's.space', 'm.space')
        .select(['m.party', 's.host'])
        .where('m.space', '=', space)
        .where('m.until', 'is', null)
        .execute()
      const others = rows.filter((row) => row.party !== own)
      return others.toSorted((a, b) => Number(b.party === b.host) - Number(a.party === a.host)).map((row) => row.party)
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
