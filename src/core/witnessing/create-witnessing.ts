import { cosignerKey, type NoteKey } from '../../protocol/index.ts'
import type { ClockSource, Logger, Settings } from '../config/types.ts'
import { createHttpWire, type Federation, type FederationRoute, type Wire } from '../federation/index.ts'
import type { Identity } from '../identity/index.ts'
import type { LogLedger } from '../log/index.ts'
import type { Db } from '../storage/types.ts'
import { demandLevel } from './demand-level.ts'
import { createMlDsaSigner, type MlDsaSigner } from './ml-dsa-signer.ts'
import { createOutsideWitnesses } from './outside-witnesses.ts'
import { reachOf, readSizes } from './reach.ts'
import { settleFinality } from './settle-finality.ts'
import { memberOfKey, readGround, readProposed } from './space-policy.ts'
import { readStandings } from './standings.ts'
import { type Finality, usualWitnessPace, type WitnessPace } from './types.ts'
import { createWitnessDoor, submissionPath } from './witness-door.ts'
import { createWitnessedOrigins } from './witnessed-origins.ts'

export interface WitnessingOptions {
  db: Db
  ledger: LogLedger
  clock: ClockSource
  log: Logger
  identity: Identity
  settings: Pick<Settings, 'dataDir' | 'witnesses' | 'witnessFor'>
  instance?: string | undefined
  /** How witnesses from outside are reached; real HTTP unless given. */
  wire?: Wire | undefined
  pace?: Partial<WitnessPace> | undefined
  federation: Pick<Federation, 'pull' | 'handIn' | 'descriptionOf'>
  /** A space came further: pages that show it are out of date. */
  advanced?(space: string): void
}

export interface Witnessing {
  finality: Finality
  /** For the table of routes other nodes use. */
  routes: FederationRoute[]
  /** Members of `/.well-known/chancery`. */
  selfDescription(): Promise<Record<string, unknown>>
  /** For {@link LedgerOptions}. */
  outsiders(space: string): Promise<readonly NoteKey[]>
  mlDsa: Pick<MlDsaSigner, 'signDue'>
  start(): Promise<void>
  acceptRollback(): Promise<void>
  /** Resolves once every level is written down and nothing is on its way to a witness. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const settleAfterMs = 150

/** Cosigning for others, being cosigned by others, and how far each act has come by it. */
export function createWitnessing(options: WitnessingOptions): Witnessing {
  const { db, ledger, clock, log, identity, settings, federation } = options
  const pace = { ...usualWitnessPace, ...options.pace }
  const wire = options.wire ?? createHttpWire()
  const ground = (space: string) => readGround({ db, ledger }, space)
  const origins = createWitnessedOrigins({
    db,
    clock,
    log,
    identity,
    dataDir: settings.dataDir,
    instance: options.instance,
  })
  const mlDsa = createMlDsaSigner({
    db,
    ledger,
    identity,
    clock,
    log,
    dataDir: settings.dataDir,
    pace,
    descriptionOf: federation.descriptionOf,
    handIn: federation.handIn,
  })
  const outside = createOutsideWitnesses({
    db,
    ledger,
    clock,
    log,
    wire,
    witnesses: settings.witnesses ?? [],
    pace,
    ground,
  })
  const soon = new Map<string, NodeJS.Timeout>()
  /** Parties met in spaces, and up to which size each space was read for them. */
  const members = new Map<string, { party: string; cosigner: string }>()
  const readUpTo = new Map<string, number>()
  const settling = createCoalesced(settle, (space, error) =>
    log.warn('finality.not-settled', { space, error: String(error) }),
  )
  const listeners = new Set<(space: string) => void>()
  const endings: (() => void)[] = []

  /** Late enough that an act first reaches whoever waits for it. */
  function settleSoon(space: string): void {
    if (soon.has(space)) return
    const timer = setTimeout(() => {
      soon.delete(space)
      settling.go(space)
    }, settleAfterMs)
    timer.unref()
    soon.set(space, timer)
  }

  async function settle(space: string): Promise<void> {
    const advanced = await settleFinality({ db, ledger, clock }, space)
    outside.noticed(space)
    for (const listener of listeners) listener(space)
    if (advanced) options.advanced?.(space)
  }

  async function outsiders(space: string): Promise<readonly NoteKey[]> {
    const of = await ground(space)
    if (!of) return outside.keys
    const named = of.set.policy.witnesses.map(({ key }) => key).filter((key) => !memberOfKey(of.members, key))
    const parties = of.members.map(({ party }) => party)
    return [...named, ...outside.keys, ...(await mlDsa.keysOf(parties))]
  }

  /** Resolves when a line came for the space, or after `ms`. */
  function nextChange(space: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        listeners.delete(listener)
        resolve()
      }
      const listener = (changed: string) => {
        if (changed === space) done()
      }
      const timer = setTimeout(done, ms)
      listeners.add(listener)
    })
  }

  return {
    finality: {
      standings: (space, from, to) => readStandings({ db, ledger }, space, { from, to }),
      async policyOf(space) {
        const of = await ground(space)
        if (!of) throw new Error(`space ${space} is not here`)
        return of.set
      },
      proposedPolicies: (space) => readProposed(db, space),
      async reach(space, policy) {
        const of = await ground(space)
        if (!of) return { witnessed: 0, 'confirmed-by-all': 0 }
        return reachOf(of, await readSizes(db, of, policy ?? of.set.policy), policy)
      },
      demand: (act, level, waitMs) => demandLevel({ db, ledger, clock, nextChange }, act, level, waitMs),
      outside: outside.states,
    },
    routes: [
      createWitnessDoor({
        db,
        ledger,
        identity,
        log,
        origins,
        witnessFor: settings.witnessFor ?? [],
        pull: federation.pull,
      }),
    ],
    selfDescription: async () => ({
      witness: {
        submission: submissionPath.replace(/\/add-checkpoint$/, ''),
        key: cosignerKey(identity.party, identity.keys.cosigner.publicKey),
        mldsa: await mlDsa.binding(),
      },
    }),
    outsiders,
    mlDsa,
    async start() {
      await origins.open()
      endings.push(
        ledger.onCosigned((space) => {
          mlDsa.noticed(space)
          settleSoon(space)
        }),
        ledger.onProjected((space) => settleSoon(space)),
      )
      mlDsa.start()
      for (const { space, hosted, kind } of await ledger.heads()) {
        if (hosted && kind !== 'register') outside.noticed(space)
      }
      const learning = setInterval(() => void learnKeys(), pace.mlDsaMs)
      learning.unref()
      endings.push(() => clearInterval(learning))
    },
    acceptRollback: origins.acceptRollback,
    async idle() {
      for (const [space, timer] of soon) {
        clearTimeout(timer)
        soon.delete(space)
        settling.go(space)
      }
      await settling.idle()
      await outside.idle()
      await settling.idle()
    },
    async stop() {
      for (const timer of soon.values()) clearTimeout(timer)
      soon.clear()
      for (const end of endings.splice(0)) end()
      await mlDsa.stop()
      await outside.stop()
      await settling.idle()
      await origins.close()
      if (!options.wire) await wire.close()
    },
  }

  async function learnKeys(): Promise<void> {
    try {
      for (const { space, kind, size } of await ledger.heads()) {
        // Members change by entries only.
        if (kind === 'register' || readUpTo.get(space) === size) continue
        for (const { party, cosigner, until } of await ledger.members(space)) {
          if (until === undefined) members.set(party, { party, cosigner })
        }
        readUpTo.set(space, size)
      }
      await mlDsa.learn([...members.values()])
    } catch (error) {
      log.info('ml-dsa.keys-not-learnt', { error: String(error) })
    }
  }
}

/** Work per key that never runs twice at once; asking during a run makes one more run after it. */
function createCoalesced(run: (key: string) => Promise<void>, failed: (key: string, error: unknown) => void) {
  const running = new Map<string, { again: boolean; ended: Promise<void> }>()
  async function loop(key: string): Promise<void> {
    // Lines and entries come in bursts: what came meanwhile is one run.
    await new Promise((resolve) => setImmediate(resolve))
    for (;;) {
      const state = running.get(key)
      if (state) state.again = false
      await run(key).catch((error) => failed(key, error))
      if (!running.get(key)?.again) break
    }
    running.delete(key)
  }
  return {
    go(key: string): void {
      const state = running.get(key)
      if (state) state.again = true
      else {
        const fresh = { again: false, ended: Promise.resolve() }
        running.set(key, fresh)
        fresh.ended = loop(key)
      }
    },
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all([...running.values()].map((state) => state.ended))
    },
  }
}
