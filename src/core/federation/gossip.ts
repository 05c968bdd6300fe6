import { fromBase64url, isId, peekCheckpoint, ProtocolError, toBase64url } from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { LogLedger } from '../log/index.ts'
import type { Pace } from './pace.ts'

/** Header in which members tell each other a checkpoint they hold: base64url of the signed note. */
export const checkpointHeader = 'chancery-checkpoint'
/** A longer one is not read. */
const maxHeaderLength = 24_000
const maxRemembered = 4_096

/**
 * One note goes with every request between members and with every answer. They
 * take turns over all spaces shared with that peer and all registers held here,
 * so that in the end each is compared by both sides, also after a partition.
 */
export type Gossip = ReturnType<typeof createGossip>

export function createGossip(options: {
  ledger: LogLedger
  log: Logger
  pace: Pace
  /** A peer holds more of a space than we do. */
  toldOfMore(party: string, space: string, size: number): Promise<void>
  /** A party that is not the host as we know it signed for a space as its host. */
  heardClaim(space: string, claimant: string): Promise<void>
}) {
  const { ledger, log, pace, toldOfMore } = options
  const turns = new Map<string, { notes: readonly string[]; next: number; until: number }>()
  /** Notes compared already: what members repeat costs a look-up. */
  const compared = new Set<string>()

  async function turnOf(party: string) {
    const known = turns.get(party)
    if (known && known.until > performance.now()) return known
    const fresh = {
      notes: await ledger.notesFor(party),
      next: known?.next ?? 0,
      until: performance.now() + pace.gossipMs,
    }
    turns.set(party, fresh)
    return fresh
  }

  async function compare(party: string, value: string): Promise<void> {
    const note = Buffer.from(fromBase64url(value)).toString('utf8')
    const { origin, size } = peekCheckpoint(note)
    const space = origin.slice(origin.lastIndexOf('/') + 1)
    if (!isId(space)) return
    const conflict = await ledger.witness(space, note)
    if (conflict) return
    const head = await ledger.head(space)
    if (!head || head.frozen) return
    if (origin !== head.origin && head.kind !== 'register')
      return void options.heardClaim(space, origin.slice(0, origin.indexOf('/')))
    if (head.hosted || size <= head.size) return
    void follow(party, { space, size, value })
  }

  /** Fetches what the note shows; where that fails, the same note counts again when it comes again. */
  async function follow(party: string, { space, size, value }: { space: string; size: number; value: string }) {
    try {
      await toldOfMore(party, space, size)
      if (((await ledger.head(space))?.size ?? size) < size) compared.delete(value)
    } catch (error) {
      compared.delete(value)
      log.info('gossip.not-followed', { party, space, error: String(error) })
    }
  }

  return {
    /** Value of the header for the next message to a peer; undefined while nothing is shared. */
    async next(party: string): Promise<string | undefined> {
      const turn = await turnOf(party)
      const note = turn.notes[turn.next % Math.max(1, turn.notes.length)]
      turn.next += 1
      return note === undefined ? undefined : toBase64url(Buffer.from(note))
    },

    /** Takes what a peer sent along; never rejects. A note that does not verify says nothing about anybody. */
    async heard(party: string, value: string | null | undefined): Promise<void> {
      if (!value || value.length > maxHeaderLength || compared.has(value)) return
      if (compared.size >= maxRemembered) compared.clear()
      compared.add(value)
      try {
        await compare(party, value)
      } catch (error) {
        // Compared again when it comes again.
        compared.delete(value)
        if (!(error instanceof ProtocolError)) log.warn('gossip.failed', { party, error: String(error) })
      }
    },
  }
}
