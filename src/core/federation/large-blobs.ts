import { sql } from 'kysely'
import { limits, sealedSizeOf } from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import {
  adoptStaged,
  appendStaged,
  beginStaged,
  digestStaged,
  findStaged,
  forgetStaged,
  type Staged,
} from '../storage/index.ts'
import type { Blobs, Db, Tx } from '../storage/types.ts'
import { createPause, type Pace, retryWait } from './pace.ts'
import { PeerAnswerError, type PeerClient, readJson } from './peer-client.ts'
import { WireError } from './wire.ts'

/** Larger payloads pass in pieces of this size, so that a lost line costs one piece and memory never holds the whole. */
export const pieceBytes = 4 * 1024 * 1024
const pieceTimeoutMs = 120_000
/** Pieces that brought nothing on, one after another, before the line counts as lost. */
const mostStalls = 5
/** Lines lost one after another, without a byte between, before whoever fetches waits for the next news of the space. */
const mostBreaks = 8
/** Half a payload that nobody went on with is forgotten. */
const keptMs = 24 * 3_600_000

export type LargeBlobs = ReturnType<typeof createLargeBlobs>

/** Carries payloads of many megabytes to another node and from it, going on where it stopped. */
export function createLargeBlobs({
  db,
  blobs,
  client,
  clock,
  pace,
}: {
  db: Db
  blobs: Blobs
  client: PeerClient
  clock: ClockSource
  pace: Pace
}) {
  /** @throws {PeerAnswerError} | {WireError} if the line was lost; what arrived there stays there. */
  async function send(space: string, party: string, commitment: string, total: number): Promise<void> {
    const path = `/fed/v1/spaces/${space}/blobs/${commitment}`
    const put = async (from: number, body: Uint8Array): Promise<number> => {
      const answer = await client.ask(party, {
        method: 'PUT',
        path: `${path}?from=${from}&of=${total}`,
        body,
        timeoutMs: pieceTimeoutMs,
      })
      const { state, have } = readJson(answer) as { state?: unknown; have?: unknown }
      if (state !== 'kept') return total
      if (typeof have === 'number' && Number.isSafeInteger(have) && have >= 0 && have < total) return have
      throw new PeerAnswerError(answer.status, 'the answer to a piece cannot be read')
    }
    // Nothing sent is the question how far it came before.
    let have = await put(0, new Uint8Array())
    for (let stalls = 0; have < total; ) {
      const next = await put(have, await piece(commitment, have, total))
      stalls = next > have ? 0 : stalls + 1
      if (stalls > mostStalls) throw new PeerAnswerError(202, 'the other side takes no further piece')
      have = next
    }
  }

  async function piece(commitment: string, from: number, total: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const one of blobs.range(db, commitment, { from, to: Math.min(total, from + pieceBytes) }))
      pieces.push(one)
    return Buffer.concat(pieces)
  }

  /** False where the party has it not. @throws as {@link send}; what arrived here stays here. */
  async function fetch(space: string, party: string, commitment: string): Promise<boolean> {
    const id = `from:${commitment}`
    let staged = await findStaged(db, id)
    for (let stalls = 0; !staged || staged.have < staged.total; ) {
      const from: number = staged?.have ?? 0
      const came = await askPatiently(space, party, commitment, from)
      if (!came) return false
      if (staged && came.total !== staged.total) return refuse(id, 'another size than before')
      staged = await db.transaction().execute(async (tx): Promise<Staged> => {
        // Asked for again should it be lost: its commitment is compared before it counts.
        await sql`set local synchronous_commit = off`.execute(tx)
        const now = clock.now()
        await beginStaged(tx, { id, total: came.total, now })
        return (await appendStaged(tx, id, { at: from, bytes: came.bytes, now })) ?? { total: came.total, have: 0 }
      })
      stalls = staged.have > from ? 0 : stalls + 1
      if (stalls > mostStalls) throw new PeerAnswerError(206, 'the pieces of a payload do not follow each other')
    }
    if ((await digestStaged(db, id)) !== commitment) return refuse(id, 'not what its commitment promises')
    await db.transaction().execute((tx) => adopt(tx, id, commitment))
    return true
  }

  /** A line that was lost is tried again here: nothing else may happen in the space for days. */
  async function askPatiently(space: string, party: string, commitment: string, from: number) {
    for (let breaks = 1; ; breaks++) {
      try {
        return await ask(space, party, commitment, from)
      } catch (error) {
        const isOver = client.stopping.aborted || breaks > mostBreaks
        if (isOver || !(error instanceof WireError) || error.fault === 'aborted') throw error
        await createPause(client.stopping).wait(retryWait(breaks, pace))
      }
    }
  }

  async function refuse(id: string, why: string): Promise<never> {
    await forgetStaged(db, id)
    throw new PeerAnswerError(200, `a payload is ${why}`)
  }

  async function ask(space: string, party: string, commitment: string, from: number) {
    try {
      const answer = await client.ask(party, {
        method: 'GET',
        path: `/fed/v1/spaces/${space}/blobs/${commitment}`,
        range: { from, to: from + pieceBytes },
        maxBytes: pieceBytes,
        timeoutMs: pieceTimeoutMs,
      })
      const said = /^bytes (\d{1,12})-\d{1,12}\/(\d{1,12})$/.exec(answer.headers['content-range'] ?? '')
      const total = Number(said?.[2])
      if (!said || Number(said[1]) !== from || total > sealedSizeOf(limits.attachment))
        throw new PeerAnswerError(answer.status, 'not the piece that was asked for')
      return { bytes: answer.body, total }
    } catch (error) {
      if (error instanceof PeerAnswerError && [404, 410].includes(error.status)) return undefined
      throw error
    }
  }

  return { send, fetch }
}

async function adopt(tx: Tx, id: string, commitment: string): Promise<void> {
  await adoptStaged(tx, id, commitment)
  await forgetStaged(tx, id)
}

/** What a member is sending us in pieces, before the act that names it. */
const incoming = (party: string, space: string, commitment: string) => `by:${party} ${space} ${commitment}`

/**
 * Keeps one piece of a payload of a member.
 *
 * @returns `wrong` when the whole is not what its commitment promises, `full` when too much of this party waits;
 *   nothing of it is kept then. `whole`: it was adopted in `tx` by `complete`.
 */
export async function keepPiece(
  db: Db,
  given: {
    party: string
    space: string
    commitment: string
    from: number
    total: number
    bytes: Uint8Array
    now: number
  },
  { mostBytes, complete }: { mostBytes: number; complete(tx: Tx): Promise<boolean> },
): Promise<{ state: 'kept'; have: number } | { state: 'whole' | 'wrong' | 'full' }> {
  const { party, space, commitment, from, total, bytes, now } = given
  const id = incoming(party, space, commitment)
  const staged = await db.transaction().execute(async (tx) => {
    await sql`set local synchronous_commit = off`.execute(tx)
    const { rows } = await sql<{ bytes: number }>`select coalesce(sum(total), 0)::bigint as bytes from home.staged
      where starts_with(id, ${`by:${party} `}) and id <> ${id}`.execute(tx)
    if (Number(rows[0]?.bytes ?? 0) + total > mostBytes) return undefined
    const begun = await beginStaged(tx, { id, total, now })
    return begun.total === total ? appendStaged(tx, id, { at: from, bytes, now }) : { total: begun.total, have: -1 }
  })
  if (!staged) return { state: 'full' }
  if (staged.have >= 0 && staged.have < staged.total) return { state: 'kept', have: staged.have }
  if (staged.have < 0 || (await digestStaged(db, id)) !== commitment) {
    await forgetStaged(db, id)
    return { state: 'wrong' }
  }
  const isKept = await db.transaction().execute(async (tx) => {
    const isIn = await complete(tx)
    if (isIn) await adoptStaged(tx, id, commitment)
    await forgetStaged(tx, id)
    return isIn
  })
  return { state: isKept ? 'whole' : 'full' }
}

/** Forgets pieces that nobody went on with. */
export async function sweepPieces(db: Db, now: number): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from home.staged
    where (starts_with(id, 'by:') or starts_with(id, 'from:')) and touched_at < ${now - keptMs} limit 1000`.execute(db)
  for (const { id } of rows) await forgetStaged(db, id)
}
