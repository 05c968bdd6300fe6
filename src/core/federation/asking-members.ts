import { peekCheckpoint, readCheckpoint, toBase64url } from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { LogLedger, SpaceHead } from '../log/index.ts'
import type { PeerClient } from './peer-client.ts'

/** What a member holds of a space, proved by the signature of whoever orders it. */
export interface MemberHolds {
  party: string
  size: number
  root: string
}

const answerWithinMs = 1_800

/** Asks the other members of a space for the newest checkpoint they hold; whoever is late has not answered. */
export function createAskingMembers(options: {
  ledger: LogLedger
  client: PeerClient
  log: Logger
  party: string
  holders(head: SpaceHead): Promise<string[]>
  pull(space: string, party: string): Promise<void>
}): (space: string) => Promise<MemberHolds[]> {
  const { ledger, client, log } = options

  async function ask(head: SpaceHead, party: string): Promise<MemberHolds | undefined> {
    const answer = await client.ask(party, {
      method: 'GET',
      path: `/fed/v1/spaces/${head.space}/checkpoint`,
      timeoutMs: answerWithinMs,
      maxBytes: 64 * 1024,
    })
    const note = Buffer.from(answer.body).toString('utf8')
    const ordering = await whoOrders(head, party, peekCheckpoint(note).origin)
    if (!ordering) return undefined
    const { size, root } = readCheckpoint(note, ordering.origin, ordering.hostKey)
    return { party, size, root: toBase64url(root) }
  }

  /**
   * A note under another name than the host's we know is worth nothing by itself: anybody can sign one.
   * It counts once the entries that gave the space to that party came along and were verified as any others.
   */
  async function whoOrders(head: SpaceHead, party: string, origin: string): Promise<SpaceHead | undefined> {
    if (origin === head.origin) return head
    await options.pull(head.space, party)
    const now = await ledger.head(head.space)
    if (now?.origin === origin) return now
    log.warn('gate.claim-unproved', { space: head.space, party, origin })
    return undefined
  }

  /** When a party let the time pass. It is not waited for again at once, however many spaces it is in. */
  const lateAt = new Map<string, number>()
  const isLate = (party: string) => performance.now() - (lateAt.get(party) ?? -Infinity) < answerWithinMs

  async function askInTime(head: SpaceHead, party: string): Promise<MemberHolds | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((done) => {
      timer = setTimeout(() => {
        lateAt.set(party, performance.now())
        done(undefined)
      }, answerWithinMs)
    })
    try {
      return await Promise.race([ask(head, party).catch(() => undefined), late])
    } finally {
      clearTimeout(timer)
    }
  }

  return async (space) => {
    const head = await ledger.head(space)
    if (!head) return []
    const parties = (await options.holders(head)).filter((party) => party !== options.party && !isLate(party))
    const answers = await Promise.all(parties.map((party) => askInTime(head, party)))
    return answers.flatMap((answer) => answer ?? [])
  }
}
