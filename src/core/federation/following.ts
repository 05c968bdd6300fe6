import type { Logger } from '../config/types.ts'
import { changesMessage, type NewestMessage } from './messages.ts'
import { createPause, type Pace, type Pause, retryWait } from './pace.ts'
import type { PeerBook } from './peer-book.ts'
import { type PeerClient, readJson } from './peer-client.ts'
import { WireError } from './wire.ts'

/** Keeps one open `changes` request per peer: how a node hears of what it missed, and when a peer is back. */
export function createFollowing(options: {
  book: PeerBook
  client: PeerClient
  log: Logger
  pace: Pace
  /**
   * A peer says that a space has this size. Rejects when it could not be brought up to date.
   * `isFirst`: nothing was heard of this peer before, so cosignatures may be missing on either side.
   * `newest` is what it brought along.
   */
  heardOf(
    party: string,
    space: string,
    size: number,
    more: { isFirst: boolean; newest: NewestMessage | undefined },
  ): Promise<void>
}) {
  const { book, client, log, pace, heardOf } = options
  const loops = new Map<string, { pause: Pause; ended: Promise<void> }>()

  function follow(party: string): void {
    if (loops.has(party) || client.stopping.aborted) return
    const pause = createPause(client.stopping)
    loops.set(party, { pause, ended: loop(party, pause) })
  }

  async function loop(party: string, pause: Pause): Promise<void> {
    let cursor = ''
    let failures = 0
    while (!client.stopping.aborted) {
      try {
        const startedAt = performance.now()
        const next = await ask(party, cursor)
        // A peer that answers at once without news must not keep us busy.
        if (next === cursor && performance.now() - startedAt < pace.refusedMs) await pause.wait(pace.refusedMs)
        cursor = next
        failures = 0
      } catch (error) {
        if (client.stopping.aborted) return
        cursor = ''
        failures += 1
        log.info('peer.not-followed', { party, failures, error: String(error) })
        await waitToRetry(pause, failures, error)
      }
    }
  }

  async function waitToRetry(pause: Pause, failures: number, error: unknown): Promise<void> {
    const isLost = error instanceof WireError
    const startedAt = performance.now()
    await pause.wait(Math.max(retryWait(failures, pace), isLost ? 0 : pace.refusedMs))
    // Life wakes us early, but a peer that talks to us and refuses us is not asked in a circle.
    const rest = (isLost ? pace.retryFirstMs / 5 : pace.refusedMs) - (performance.now() - startedAt)
    if (rest > 0) await pause.wait(rest)
  }

  async function ask(party: string, cursor: string): Promise<string> {
    const answer = await client.ask(party, {
      method: 'GET',
      path: `/fed/v1/changes?since=${cursor}`,
      timeoutMs: pace.pollMs + 10_000,
    })
    const changes = changesMessage.parse(readJson(answer))
    const pulls = await Promise.allSettled(
      changes.spaces.map(({ space, size, newest }) => heardOf(party, space, size, { isFirst: cursor === '', newest })),
    )
    const failed = pulls.find((pull) => pull.status === 'rejected')
    if (failed) throw failed.reason
    return changes.cursor
  }

  return {
    follow,
    async start(): Promise<void> {
      for (const peer of await book.list()) if (peer.url !== '') follow(peer.party)
    },
    /** The peer was heard: a waiting retry is due now. */
    wake: (party: string) => loops.get(party)?.pause.wake(),
    ended: () => Promise.allSettled([...loops.values()].map((loop) => loop.ended)),
  }
}
