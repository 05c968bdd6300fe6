import {
  bindMlDsaKey,
  cosignWithMlDsa44,
  type NoteKey,
  parseNoteKey,
  formatNoteKey,
  peekCheckpoint,
  type PqSigningKey,
  ProtocolError,
  readMlDsaBinding,
} from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import { type Identity, loadMlDsaCosigner } from '../identity/index.ts'
import type { LogLedger } from '../log/index.ts'
import type { Db } from '../storage/types.ts'
import type { WitnessPace } from './types.ts'
import './tables.ts'

export interface MlDsaContext {
  db: Db
  ledger: LogLedger
  identity: Identity
  clock: ClockSource
  log: Logger
  dataDir: string
  pace: WitnessPace
  /** What a peer says of itself; undefined when it cannot be had. */
  descriptionOf(party: string): Promise<unknown>
  handIn(space: string, party: string, cosigned: { size: number; lines: string[] }): Promise<void>
}

/** Second lines, by ML-DSA-44, on checkpoints this party cosigned. They never change a verdict. */
export interface MlDsaSigner {
  /** A checkpoint of the space was cosigned. */
  noticed(space: string): void
  /** Signs what is due now; run by a timer, and by tests. */
  signDue(): Promise<void>
  /** Note that binds our key, for `/.well-known/chancery`. */
  binding(): Promise<string>
  /** Keys of these parties as first seen and kept. */
  keysOf(parties: readonly string[]): Promise<NoteKey[]>
  /** Asks peers whose key is not known what it is. */
  learn(members: readonly { party: string; cosigner: string }[]): Promise<void>
  start(): void
  stop(): Promise<void>
}

const askAgainMs = 600_000
const mostAtOnce = 50

export function createMlDsaSigner(context: MlDsaContext): MlDsaSigner {
  const { db, ledger, identity, clock, log, pace } = context
  const dirty = new Set<string>()
  const signedAt = new Map<string, number>()
  const askedAt = new Map<string, number>()
  let loading: Promise<PqSigningKey> | undefined
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  const ownKey = () => (loading ??= loadMlDsaCosigner(context.dataDir))

  async function signOne(space: string): Promise<void> {
    // First the line every verifier reads: the second one says the same.
    const cosigned = await ledger.cosign(space)
    const head = cosigned && (await ledger.head(space))
    if (!cosigned || head?.size !== cosigned.size || head.kind === 'register') return
    const note = await ledger.checkpoint(space)
    if (peekCheckpoint(note).size !== cosigned.size) return
    const key = await ownKey()
    const line = cosignWithMlDsa44(note, { name: identity.party, key }, Math.floor(clock.now() / 1000))
    await ledger.addCosignatures(space, cosigned.size, [line])
    if (!head.hosted) await context.handIn(space, head.host, { size: cosigned.size, lines: [line] })
  }

  async function signAll(): Promise<void> {
    const due = [...dirty].filter((space) => clock.now() >= (signedAt.get(space) ?? 0) + pace.mlDsaMs)
    for (const space of due.slice(0, mostAtOnce)) {
      dirty.delete(space)
      signedAt.set(space, clock.now())
      await signOne(space).catch((error) => log.info('ml-dsa.waits', { space, error: String(error) }))
    }
    for (const [space, at] of signedAt)
      if (at + pace.mlDsaMs <= clock.now() && !dirty.has(space)) signedAt.delete(space)
  }

  async function learnOne(party: string, cosigner: string): Promise<void> {
    const description = (await context.descriptionOf(party)) as { witness?: { mldsa?: unknown } } | undefined
    const note = description?.witness?.mldsa
    if (typeof note !== 'string') return
    const key = readMlDsaBinding(note, party, cosigner)
    await db
      .insertInto('home.mldsa_key')
      .values({ party, key: formatNoteKey(key), seen_at: clock.now() })
      .onConflict((there) => there.doNothing())
      .execute()
  }

  return {
    noticed: (space) => void dirty.add(space),
    signDue: async () => {
      running ??= signAll().finally(() => {
        running = undefined
      })
      await running
    },
    binding: async () => bindMlDsaKey(identity.party, (await ownKey()).publicKey, identity.keys.cosigner),
    async keysOf(parties) {
      const { publicKey } = await ownKey()
      const rows =
        parties.length === 0
          ? []
          : await db.selectFrom('home.mldsa_key').select('key').where('party', 'in', parties).execute()
      return [{ name: identity.party, type: 'mlDsa44', publicKey }, ...rows.map(({ key }) => parseNoteKey(key))]
    },
    async learn(members) {
      const parties = members.map(({ party }) => party).filter((party) => party !== identity.party)
      if (parties.length === 0) return
      const known = await db.selectFrom('home.mldsa_key').select('party').where('party', 'in', parties).execute()
      for (const { party, cosigner } of members) {
        const isKnown = party === identity.party || known.some((one) => one.party === party)
        if (isKnown || clock.now() < (askedAt.get(party) ?? -askAgainMs) + askAgainMs) continue
        askedAt.set(party, clock.now())
        await learnOne(party, cosigner).catch((error) => {
          if (!(error instanceof ProtocolError)) throw error
          log.warn('ml-dsa.not-bound', { party, error: error.message })
        })
      }
    },
    start() {
      timer = setInterval(() => void this.signDue(), Math.max(1_000, pace.mlDsaMs / 12))
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
