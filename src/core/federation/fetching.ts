import { decodeBundle, limits, sealedSizeOf, tilePath, tileWidth } from '../../protocol/index.ts'
import type { LogLedger } from '../log/index.ts'
import { type NewestMessage, newestMessage } from './messages.ts'
import { PeerAnswerError, type PeerClient, readJson } from './peer-client.ts'
import { readOrRefuse } from './read-or-refuse.ts'

/** Asks one party for what it holds of a space: newest entries, bundles, payloads. Nothing is judged here. */
export type Fetching = ReturnType<typeof createFetching>

export function createFetching(options: {
  ledger: LogLedger
  client: PeerClient
  /** Newest checkpoint of a space as it came: what we tell others that we hold. */
  noteOf(space: string): string | undefined
}) {
  const { ledger, client, noteOf } = options

  /** What is newest, with the entries from an index on. */
  async function fetchNewest(space: string, party: string, from: number): Promise<NewestMessage> {
    const answer = await client.ask(party, {
      method: 'GET',
      path: `/fed/v1/spaces/${space}/newest?from=${from}`,
      ...(from === 0 ? {} : { checkpoint: noteOf(space) ?? (await ledger.checkpoint(space)) }),
    })
    const parsed = newestMessage.safeParse(readJson(answer))
    if (!parsed.success) throw new PeerAnswerError(answer.status, 'the answer to newest cannot be read')
    return parsed.data
  }

  /** Those given, and after them bundle by bundle what is missing up to a size. */
  async function* allEntries(
    space: string,
    party: string,
    given: Uint8Array[],
    from: number,
    size: number,
  ): AsyncGenerator<Uint8Array> {
    yield* given
    for (let next = from + given.length; next < size; ) {
      const index = Math.floor(next / tileWidth)
      const width = Math.min(tileWidth, size - index * tileWidth)
      const entries = await entriesOf(space, party, tilePath('entries', index, width))
      if (entries.length < width) throw new PeerAnswerError(200, 'an entry bundle is too short')
      yield* entries.slice(next - index * tileWidth, width)
      next = index * tileWidth + width
    }
  }

  /** salt ‖ content as the party gives it; undefined where it has none. */
  async function fetchBlob(space: string, party: string, commitment: string): Promise<Uint8Array | undefined> {
    try {
      const answer = await client.ask(party, {
        method: 'GET',
        path: `/fed/v1/spaces/${space}/blobs/${commitment}`,
        maxBytes: sealedSizeOf(limits.attachment),
        timeoutMs: 120_000,
      })
      return answer.body
    } catch (error) {
      if (error instanceof PeerAnswerError && [404, 410].includes(error.status)) return undefined
      throw error
    }
  }

  /** Entries of one bundle as a party gives them. */
  async function entriesOf(space: string, party: string, path: string): Promise<Uint8Array[]> {
    const answer = await client.ask(party, {
      method: 'GET',
      path: `/fed/v1/spaces/${space}/${path}`,
      maxBytes: tileWidth * (limits.leaf + 2),
      timeoutMs: 30_000,
    })
    return readOrRefuse(() => decodeBundle(answer.body))
  }

  return { fetchNewest, allEntries, fetchBlob, entriesOf }
}
