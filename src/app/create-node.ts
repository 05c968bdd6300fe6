import { createAttachments } from '../core/attachments/index.ts'
import { createPeople, viewerOf } from '../core/auth/index.ts'
import { fulfilledAt, lapsedAct, views as clockViews } from '../core/clocks/index.ts'
import type { ClockSource, Logger, Settings } from '../core/config/types.ts'
import { createFederation, type Federation, type Pace, type Wire } from '../core/federation/index.ts'
import { createHttp, createLive, type Http } from '../core/http/index.ts'
import type { Identity } from '../core/identity/index.ts'
import { createKeys } from '../core/keys/index.ts'
import { createJobs, type JobRunner } from '../core/jobs/index.ts'
import { createLedger, type GateReport, type LogLedger } from '../core/log/index.ts'
import type { CheckSignatures } from '../protocol/index.ts'
import { askingOnce } from '../core/module/asking-once.ts'
import type { Module, Services, SpaceFacts, Viewer } from '../core/module/types.ts'
import { createMeetingRooms } from '../core/meeting-rooms/index.ts'
import { createOffRecord } from '../core/off-record/index.ts'
import { keepingViewer } from '../core/offline/index.ts'
import { createNotices, tasks as noticeTasks } from '../core/notify/index.ts'
import { tasks as pagingTasks } from '../core/paging/index.ts'
import { createDrafts, tasks as releaseTasks } from '../core/release/index.ts'
import { createScrub, type Scrub } from '../core/scrub/index.ts'
import { views as searchViews } from '../core/search/index.ts'
import { createBlobs, type Database } from '../core/storage/index.ts'
import { createWitnessing, type Witnessing, type WitnessPace, views as witnessViews } from '../core/witnessing/index.ts'
import { maySetUp } from '../modules/entrance/index.ts'
import { nameWrongFields, TroublePage } from '../modules/frame/index.ts'
import { createPartyNames } from './party-names.ts'
import { tellContradictions } from './tell-contradictions.ts'
import { startTicking } from './ticking.ts'

export interface NodeOptions {
  settings: Settings
  clock: ClockSource
  log: Logger
  database: Database
  identity: Identity
  modules: readonly Module[]
  /** How other nodes are reached; real HTTP unless given. */
  wire?: Wire
  pace?: Partial<Pace>
  witnessPace?: Partial<WitnessPace>
  /** Built css, scripts and fonts. */
  assetsFolder?: string
  /** Name of this process among those that share the data folder; see LedgerOptions. */
  instance?: string
  /** Checks signatures beside the main thread; see LedgerOptions. */
  checkSignatures?: CheckSignatures
  /** Tests turn timers off and call `tick` and `jobs.drain` themselves. */
  ticks?: boolean
}

/** One party's chancery, composed; nothing listens until the caller says so. */
export interface ChanceryNode {
  services: Services
  ledger: LogLedger
  federation: Federation
  witnessing: Witnessing
  jobs: JobRunner
  scrub: Scrub
  http: Http
  /** Opens the gate, projects what is behind, follows peers and starts timers. Call once routes are served. */
  start(): Promise<GateReport>
  /** What timers do about once a second; idempotent. */
  tick(): Promise<void>
  stop(): Promise<void>
}

const liveChannel = 'chancery_live'
const keysChannel = 'chancery_keys'
const namesChannel = 'chancery_names'

/** Composes the rooms of one node. */
export function createNode(options: NodeOptions): ChanceryNode {
  const { settings, clock, log, database, identity, modules } = options
  const { db } = database
  const blobs = createBlobs()
  const own = crypto.randomUUID()
  const live = createLive({
    // Other processes on the same database hear of it too; a lost hint only delays a page.
    passOn: (topic) => void database.notify(liveChannel, `${own} ${topic}`).catch(() => undefined),
  })
  const ledger: LogLedger = createLedger({
    db,
    blobs,
    clock,
    log,
    identity,
    dataDir: settings.dataDir,
    instance: options.instance,
    acts: [lapsedAct, ...modules.flatMap((module) => module.acts ?? [])],
    views: [...searchViews, ...clockViews, ...witnessViews, ...modules.flatMap((module) => module.views ?? [])],
    async fulfilledAt(tx, kept) {
      await fulfilledAt(tx, kept)
      for (const module of modules) await module.keptSince?.(tx, kept)
    },
    snapshotOf: (party) => federation.snapshotOf(party),
    knownParty: (party, reader) => federation.knownParty(party, reader),
    askMembers: (space) => federation.askMembers(space),
    damaged: (space) => scrub.suspect(space),
    outsiders: (space) => witnessing.outsiders(space),
    checkSignatures: options.checkSignatures,
    listen: database.listen,
  })
  const witnessing: Witnessing = createWitnessing({
    db,
    ledger,
    clock,
    log,
    identity,
    settings,
    instance: options.instance,
    wire: options.wire,
    pace: options.witnessPace,
    federation: {
      pull: (space, party) => federation.pull(space, party),
      handIn: (space, party, cosigned) => federation.handIn(space, party, cosigned),
      descriptionOf: (party) => federation.descriptionOf(party),
    },
    advanced: (space) => live.publish(`space:${space}`),
  })
  const offRecord = createOffRecord({
    db,
    dataDir: settings.dataDir,
    clock,
    log,
    party: identity.party,
    wire: options.wire,
    addressOf: async (party) => (await federation.peers.find(party))?.url,
    changed(space) {
      live.publish(`space:${space}`)
      live.publish('today')
    },
  })
  const meetingRooms = createMeetingRooms({
    clock,
    party: identity.party,
    isMember: async (space, party) => isMemberOf(await ledger.find(space), party),
    async factsOf(place) {
      for (const module of modules) {
        const facts = await module.roomOf?.({ db, clock }, place)
        if (facts) return facts
      }
    },
    ask: (party, request) => federation.ask(party, request),
    changed: (space) => live.publish(`space:${space}`),
    channel: database,
  })
  const federation: Federation = createFederation({
    database,
    blobs,
    clock,
    log,
    identity,
    ledger,
    settings,
    wire: options.wire,
    pace: options.pace,
    further: [...witnessing.routes, ...offRecord.routes, ...meetingRooms.routes],
    selfDescription: witnessing.selfDescription,
  })
  const scrub = createScrub({
    db,
    blobs,
    identity,
    clock,
    log,
    sources: federation.sources,
    mended: (space) => ledger.project(space),
    looked: () => live.publish('storage'),
    gate: {
      shut: () => ledger.gate().blocked.map(({ space, reason }) => ({ space, isBehind: reason === 'ahead' })),
      recheck: (space) => ledger.recheckGate(space),
    },
  })
  const names = createPartyNames({
    party: identity.party,
    names: identity.names,
    peers: federation.peers,
    async given() {
      const all = await Promise.all(modules.map((module) => module.namesOfParties?.(services)))
      return new Map(all.flatMap((one) => [...(one ?? [])]))
    },
  })
  const jobs = createJobs({ db, pool: database.pool, clock, log })

  const services = {
    party: identity.party,
    partyName: identity.names,
    settings,
    log,
    clock,
    db,
    blobs,
    ledger,
    finality: witnessing.finality,
    outbox: federation.outbox,
    tenders: federation.tenders,
    peers: {
      ...federation.peers,
      introduce: async (url: string) => federation.peers.introduce(url).finally(names.refresh),
      pin: async (...given: Parameters<Services['peers']['pin']>) =>
        federation.peers.pin(...given).finally(names.refresh),
    },
    people: createPeople({ db, clock }),
    jobs,
    live,
    stored: scrub,
    offRecord,
    meetingRooms,
    modules,
    nameOf: names.nameOf,
    signedNameOf: names.signedNameOf,
    async namesChanged() {
      await database.notify(namesChannel, own).catch(() => undefined)
      await names.refresh()
    },
  } as unknown as Services
  const keys = createKeys({
    db,
    blobs,
    clock,
    log,
    identity,
    ledger,
    outbox: federation.outbox,
    tell: () => void database.notify(keysChannel, own).catch(() => undefined),
  })
  services.keys = keys
  services.notices = createNotices(services)
  services.attachments = createAttachments({ db, clock, jobs, blobs })
  services.drafts = createDrafts(services)

  const tasks = {
    ...releaseTasks,
    ...noticeTasks,
    ...pagingTasks,
    ...Object.assign({}, ...modules.map((module) => module.tasks ?? {})),
  }
  jobs.handle(
    Object.fromEntries(
      Object.entries(tasks as typeof releaseTasks).map(([name, run]) => [name, (payload) => run(services, payload)]),
    ),
  )

  const http = createHttp({
    services,
    routes: modules.flatMap((module) => module.routes?.(services) ?? []),
    viewerOf: (request) => viewerOf(services, request),
    maySetUp: (request) => maySetUp(services, request),
    keeping: (request, viewer) => keepingViewer(services, request, viewer),
    reading: askingOnce,
    troublePage: (visit, trouble) => TroublePage({ visit, trouble }),
    nameWrongFields,
    mayListen: (viewer, topic) => mayListen(viewer, topic),
    assetsFolder: options.assetsFolder,
    federation: (request) => federation.handle(request),
  })

  const forget = ledger.onProjected((space) => {
    live.publish(`space:${space}`)
    live.publish('today')
    ticking.soon()
  })
  const forgetTenders = federation.tenders.onChanged((space) => {
    live.publish(`space:${space}`)
    live.publish('today')
  })
  const tellNow = () =>
    void tellContradictions(services, ledger).catch((error) => log.error('notices.failed', { error: String(error) }))
  const forgetContradictions = ledger.onConflict(tellNow)
  const ticking = startTicking({ services, modules, refresh: names.refresh, timers: options.ticks !== false })
  const endings: (() => Promise<void>)[] = []

  return {
    services,
    ledger,
    federation,
    witnessing,
    jobs,
    scrub,
    http,
    async start() {
      endings.push(
        await database.listen(liveChannel, (message) => {
          const [from, topic] = message.split(' ', 2)
          if (from !== own && topic) live.deliver(topic)
        }),
      )
      endings.push(
        await database.listen(keysChannel, (from) => {
          if (from !== own) keys.resume().catch((error) => log.error('keys.resume', { error: String(error) }))
        }),
      )
      endings.push(
        await database.listen(namesChannel, (from) => {
          // Missed or failed, the next tick reads them.
          if (from !== own) names.refresh().catch(() => undefined)
        }),
      )
      await meetingRooms.start()
      await names.refresh()
      const report = await ledger.start()
      await witnessing.start()
      // One found just before a crash was not told.
      tellNow()
      await federation.start()
      await keys.start()
      if (options.ticks !== false) await jobs.start()
      ticking.begin()
      if (options.ticks !== false) scrub.start()
      return report
    },
    tick: ticking.now,
    async stop() {
      forget()
      forgetContradictions()
      forgetTenders()
      await ticking.end()
      await scrub.stop()
      await jobs.stop()
      await keys.stop()
      await offRecord.stop()
      await services.attachments.close()
      await meetingRooms.stop()
      await witnessing.stop()
      await federation.stop()
      await ledger.close()
      for (const end of endings) await end()
    },
  }
}

function isMemberOf(space: SpaceFacts | undefined, party: string): boolean {
  return space?.members.some((member) => member.party === party && member.until === undefined) ?? false
}

/** Topics are hints without content; a person hears of spaces (all are the house's) and of their own list. */
function mayListen(viewer: Viewer, topic: string): boolean {
  if (topic.startsWith('today:')) return topic === `today:${viewer.person.id}`
  return /^(today|storage|space:[0-9a-f]{32}|draft:[0-9a-f]{32}|incident:[0-9a-f]{32}|transfer:[0-9a-f]{32})$/.test(
    topic,
  )
}
