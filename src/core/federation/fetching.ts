import { decodeBundle, limits, sealedSizeOf, tilePath, tileWidth } from '../../protocol/index.ts'
import type { LogLedger } from '../log/index.ts'
import { type NewestMessage, newestMessage } from './messages.ts'
import { PeerAnswerError, type PeerClient, type PeerRequest, readJson } from './peer-client.ts'
import { readOrRefuse } from './read-or-refuse.ts'
import type { WireAnswer } from './wire.ts'

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

  /** What the ledger fetches of a space while it judges a delivery, in its transaction. */
  async function deliveryFrom(space: string, party: string) {
    const ask = await client.quietLine(party)

    /** Those given, and after them bundle by bundle what is missing up to a size. */
    async function* allEntries(given: Uint8Array[], from: number, size: number): AsyncGenerator<Uint8Array> {
      yield* given
      for (let next = from + given.length; next < size; ) {
        const index = Math.floor(next / tileWidth)
        const width = Math.min(tileWidth, size - index * tileWidth)
        const entries = entriesIn(await ask(bundleOf(space, tilePath('entries', index, width))))
        if (entries.length < width) throw new PeerAnswerError(200, 'an entry bundle is too short')
        yield* entries.slice(next - index * tileWidth, width)
        next = index * tileWidth + width
      }
    }

    return { allEntries, fetchBlob: (commitment: string) => blobIn(ask(blobOf(space, commitment))) }
  }

  return {
    fetchNewest,
    deliveryFrom,
    /** salt ‖ content as the party gives it; undefined where it has none. */
    fetchBlob: (space: string, party: string, commitment: string) =>
      blobIn(client.ask(party, blobOf(space, commitment))),
    /** Entries of one bundle as a party gives them. */
    entriesOf: async (space: string, party: string, path: string) =>
      entriesIn(await client.ask(party, bundleOf(space, path))),
  }
}

const blobOf = (space: string, commitment: string): PeerRequest => ({
  method: 'GET',
  path: `/fed/v1/spaces/${space}/blobs/${commitment}`,
  maxBytes: sealedSizeOf(limits.attachment),
  timeoutMs: 120_000,
})

async function blobIn(asked: Promise<WireAnswer>): Promise<Uint8Array | undefined> {
  try {
    return (await asked).body
  } catch (error) {
    if (error instanceof PeerAnswerError && [404, 410].includes(error.status)) return undefined
    throw error
  }
}

const bundleOf = (space: string, path: string): PeerRequest => ({
  method: 'GET',
  path: `/fed/v1/spaces/${space}/${path}`,
  maxBytes: tileWidth * (limits.leaf + 2),
  timeoutMs: 30_000,
})

const entriesIn = ({ body }: WireAnswer): Uint8Array[] => readOrRefuse(() => decodeBundle(body))
