import type { Envelope } from '../../protocol/types.ts'
import { readRefusal } from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { LogLedger, SpaceHead } from '../log/index.ts'
import type { LoggedAct } from '../module/types.ts'
import type { ActAnswer } from './messages.ts'
import { createSingle } from './pace.ts'
import type { PeerClient } from './peer-client.ts'
import type { TenderedRow, TenderStore } from './tender-store.ts'

const batchSize = 64
/** Refusals that say nothing about the act itself: what it needs may come with the next carrier. */
const passing: ReadonlySet<string> = new Set(['after-missing', 'seen-future', 'part-missing'])

/** Takes acts that we keep for other members to the host, and vouches for their time once they are on the record. */
export function createCarrying(options: {
  ledger: LogLedger
  store: TenderStore
  client: PeerClient
  log: Logger
  party: string
  handIn(head: SpaceHead, acts: TenderedRow[]): Promise<{ answers: ActAnswer[] }>
  pull(space: string, party: string): Promise<void>
  /** Puts on the record since when we held an act. */
  vouch(row: TenderedRow): Promise<void>
  changed(space: string): void
}) {
  const { ledger, store, client, log, party: own, changed } = options
  const runs = createSingle<void>(carrySpace)
  /** Spaces in which something is kept, as far as this process knows. */
  const keeping = new Set<string>()

  async function carrySpace(space: string): Promise<void> {
    const held = (await store.held(space)).filter((row) => row.author !== own)
    const recorded: string[] = []
    for (const row of held) if ((await ledger.findAct(row.hash))?.space === space) recorded.push(row.hash)
    await settle(space, recorded)
    const rest = held.filter((row) => !recorded.includes(row.hash))
    if (rest.length === 0) return
    const head = await ledger.head(space)
    if (!head || head.frozen) return
    for (let at = 0; at < rest.length; at += batchSize) await handOver(head, rest.slice(at, at + batchSize))
    if (!head.hosted) await options.pull(space, head.host).catch(() => undefined)
  }

  async function handOver(head: SpaceHead, batch: TenderedRow[]): Promise<void> {
    const answers = head.hosted
      ? await ledger.sequence(
          head.space,
          batch.map(({ envelope }) => ({ envelope })),
        )
      : (await options.handIn(head, batch)).answers
    for (const [place, row] of batch.entries()) {
      const answer = answers[place]
      if (answer?.state !== 'refused' || passing.has(answer.rule)) continue
      await refuse(head, row, answer)
    }
  }

  /** Only the host's own word ends our keeping. */
  async function refuse(
    head: SpaceHead,
    row: TenderedRow,
    answer: { rule: string; detail: string; refusal: Envelope },
  ): Promise<void> {
    const said = readRefusal(answer.refusal, head.hostKey)
    if (said?.act !== row.hash || said.space !== head.space) return
    // It came by another way while this answer was under way, or the other copy of it is there already.
    if (said.rule === 'act-twice') return
    await store.markRefused(row.hash, answer)
    log.warn('tender.not-recorded', { space: head.space, hash: row.hash, rule: said.rule })
    changed(head.space)
  }

  async function settle(space: string, hashes: readonly string[]): Promise<void> {
    const settled = await store.markOnRecord(hashes)
    if (settled.length === 0) return
    changed(space)
    for (const row of settled) {
      if (row.author === own) continue
      await options
        .vouch(row)
        .catch((error) => log.info('tender.not-vouched', { hash: row.hash, error: String(error) }))
    }
  }

  /** Hands in what is kept for a space; never rejects. */
  function carry(space: string): Promise<void> {
    if (client.stopping.aborted) return Promise.resolve()
    return runs.go(space, undefined).catch((error) => {
      if (!client.stopping.aborted) log.info('tender.carrying', { space, error: String(error) })
    })
  }

  return {
    carry,
    /** Something is kept in this space from now on. */
    keeps: (space: string) => void keeping.add(space),
    isKeeping: (space: string) => keeping.has(space),
    async carryAll(): Promise<void> {
      for (const space of await store.heldSpaces()) {
        keeping.add(space)
        const head = await ledger.head(space)
        if (head && (head.hosted || !client.isDown(head.host))) void carry(space)
      }
    },
    /** What a host ordered: acts we keep among it are kept no longer. */
    async projected(space: string, acts: readonly LoggedAct[]): Promise<void> {
      if (!keeping.has(space)) return
      await settle(
        space,
        acts.map((act) => act.hash),
      )
    },
    idle: runs.idle,
  }
}
