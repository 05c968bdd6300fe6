import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { SpaceKind } from '../../protocol/index.ts'
import type { ClockSource, Logger, Settings } from '../config/types.ts'
import type { Identity, PartySnapshot } from '../identity/index.ts'
import type { KnownParty, LogLedger, SpaceHead } from '../log/index.ts'
import type { Outbox, Route, Tenders } from '../module/types.ts'
import type { Sources } from '../scrub/index.ts'
import type { Database } from '../storage/index.ts'
import type { Blobs, Reader } from '../storage/types.ts'
import { createAskingMembers } from './asking-members.ts'
import { createAnnouncing } from './announcing.ts'
import { createCarrying } from './carrying.ts'
import { createFollowing } from './following.ts'
import { createFrontDoor } from './front-door.ts'
import { createMendingSources } from './mending-sources.ts'
import { createLargeBlobs } from './large-blobs.ts'
import { createHandingOver } from './handing-over.ts'
import { createOutbox } from './outbox.ts'
import { createOutboxStore, outboxChannel } from './outbox-store.ts'
import { createGossip, type Gossip } from './gossip.ts'
import { createInFlight, type Pace, usualPace } from './pace.ts'
import { createPeerBook } from './peer-book.ts'
import { createPeerClient, readJson } from './peer-client.ts'
import { createPeers, type PeersWithKeys } from './peers.ts'
import { createReplication } from './replication.ts'
import type { FederationRoute } from './route.ts'
import { createRoutes } from './routes.ts'
import { createSubmitter } from './submitter.ts'
import { createTakeoverNews } from './takeover-news.ts'
import { createTendering } from './tendering.ts'
import { createTenders } from './tenders.ts'
import { createTenderStore, type TenderedRow } from './tender-store.ts'
import { createUploads } from './uploads.ts'
import { createHttpWire, type Wire } from './wire.ts'

export interface FederationOptions {
  database: Pick<Database, 'db' | 'listen' | 'notify'>
  blobs: Blobs
  clock: ClockSource
  log: Logger
  identity: Identity
  ledger: LogLedger
  settings: Pick<Settings, 'peerUrl' | 'publicUrl' | 'submitWaitMs' | 'maxUploadBytes'>
  /** How other nodes are reached; real HTTP unless given. */
  wire?: Wire
  pace?: Partial<Pace>
  /** Further routes behind the same door. */
  further?: readonly FederationRoute[]
  /** Further members of `/.well-known/chancery`. */
  selfDescription?: () => Promise<Record<string, unknown>>
}

export interface Federation {
  outbox: Outbox
  tenders: Tenders
  peers: PeersWithKeys
  /** What other nodes ask, for the table of routes; each checks signature, membership and limits itself. */
  routes: Route[]
  /** The same without a server around it: answers one request of another node, 404 for any other path. */
  handle(request: Request): Promise<Response>
  /** For {@link LedgerOptions}: what is known of a party. */
  knownParty(party: string, reader?: Reader): Promise<KnownParty | undefined>
  /** For {@link LedgerOptions}: keys of a pinned peer for `space.opened`. */
  snapshotOf(party: string): Promise<PartySnapshot | undefined>
  /** For {@link LedgerOptions}: newest checkpoints members hold; answers within 2 s. */
  askMembers(space: string): Promise<{ party: string; size: number; root: string }[]>
  /** What other members hold of our spaces, for the scrub to mend from. */
  sources: Sources
  /** Follows all peers and carries what a former process left queued. Call once routes are served. */
  start(): Promise<void>
  /** Ends all traffic; what is queued stays queued. */
  stop(): Promise<void>
  /** Fetches what is missing of a space from a peer. */
  pull(space: string, party: string): Promise<void>
  /** Our cosignature lines, brought to the host of a space. */
  handIn(space: string, party: string, cosigned: { size: number; lines: string[] }): Promise<void>
  /**
   * A signed request to a route of `further` at a peer; gives the JSON of its answer.
   *
   * @throws an error with `status` where the answer is not 2xx, another one where none came.
   */
  ask(party: string, request: { path: string; body: object; timeoutMs: number }): Promise<unknown>
  /** What a peer says of itself at its known address; undefined when it cannot be had. */
  descriptionOf(party: string): Promise<unknown>
  /** Resolves once nothing is on its way from here. For tests and an orderly end. */
  idle(): Promise<void>
}

const maxRequestsPerPeer = 200
const lastAnswersMs = 2_000
const growthChannel = 'chancery_growth'

/** Joins this node to others: peers, outbox, replication and the routes other nodes use. */
export function createFederation(options: FederationOptions): Federation {
  const { database, blobs, clock, log, identity, ledger, settings } = options
  const { db } = database
  const pace: Pace = { ...usualPace, ...options.pace }
  const book = createPeerBook(db)
  const inFlight = createInFlight()
  const client = createPeerClient({
    wire: options.wire ?? createHttpWire(),
    key: identity.keys.node,
    formerKey: identity.formerNode,
    clock,
    log,
    book,
    gossip: () => gossip,
  })
  const gossip: Gossip = createGossip({
    ledger,
    log,
    pace,
    toldOfMore,
    heardClaim: (space, claimant) => news.heardClaim(space, claimant),
  })
  const uploads = createUploads({ db, blobs, ledger })
  const announcing = createAnnouncing({
    party: identity.party,
    register: identity.register,
    ledger,
    book,
    client,
    log,
    pace,
  })
  const large = createLargeBlobs({ db, blobs, client, clock, pace })
  const replication = createReplication({ db, blobs, large, ledger, client, log, onPulled: noteGrowth })
  const askMembers = createAskingMembers({
    ledger,
    client,
    log,
    party: identity.party,
    holders: ({ space, kind }) => holders(space, kind),
    pull: followAnother,
  })
  const store = createOutboxStore(db)
  const tenderStore = createTenderStore(db)
  const tenderListeners = new Set<(space: string) => void>()
  const tendering = createTendering({
    db,
    blobs,
    ledger,
    outbox: store,
    store: tenderStore,
    client,
    clock,
    log,
    pace,
    party: identity.party,
    anchor,
    changed: tenderChanged,
    tendered: (row) => decided(row),
  })
  const submitter = createSubmitter({
    db,
    blobs,
    large,
    ledger,
    store,
    client,
    clock,
    log,
    pace,
    pull: replication.pull,
    decided: (row, as) => {
      decided(row, as)
      if (carrying.isKeeping(row.space)) void settleTender(row).catch(() => undefined)
    },
    bringFirst,
    stalled: tendering.stalled,
    answered: tendering.answered,
  })
  const carrying = createCarrying({
    ledger,
    store: tenderStore,
    client,
    log,
    party: identity.party,
    handIn: submitter.handIn,
    pull: replication.pull,
    vouch,
    changed: tenderChanged,
  })
  const { outbox, decided } = createOutbox({
    db,
    ledger,
    store,
    tenders: tenderStore,
    clock,
    submitWaitMs: settings.submitWaitMs,
    kick: (space) => {
      tendering.nudge(space)
      return submitter.kick(space)
    },
  })
  const tenders = createTenders({ ledger, store: tenderStore, clock, listeners: tenderListeners })
  const handingOver = createHandingOver({
    db,
    blobs,
    ledger,
    outbox: store,
    tenders: tenderStore,
    client,
    log,
    party: identity.party,
    askMembers,
    pull: followAnother,
    delivered(space) {
      tendering.answered(space)
      void submitter.kick(space)
    },
    hosting,
  })
  const news = createTakeoverNews({
    db,
    blobs,
    ledger,
    outbox: store,
    tenders: tenderStore,
    client,
    replication,
    clock,
    log,
    pace,
    party: identity.party,
    left(space) {
      tendering.answered(space)
      void submitter.kick(space)
      void carrying.carry(space)
      tenderChanged(space)
    },
  })
  const following = createFollowing({
    book,
    client,
    log,
    pace,
    heardOf: async (party, space, size, { isFirst, newest }) =>
      newest && isNext(space, party, newest.from)
        ? replication.pull(space, party, newest)
        : heardOf(party, space, size, isFirst),
  })
  const people = createPeers({ identity, ledger, book, client, clock, log, met, pull: replication.pull })
  const routes = createRoutes({
    identity,
    names: identity.names,
    baseUrl: settings.peerUrl,
    db,
    blobs,
    ledger,
    uploads,
    tenders: tenderStore,
    tenderChanged,
    hosting,
    announcing,
    clock,
    log,
    maxBlobBytes: settings.maxUploadBytes,
    heardOf: (party, space, size) => heardOf(party, space, size, true),
    describe: options.selfDescription,
  }).concat(options.further ?? [])
  const handle = createFrontDoor({
    routes,
    book,
    clock,
    log,
    ownUrls: [settings.peerUrl, settings.publicUrl],
    stopping: client.stopping,
    sawLife: client.sawLife,
    gossip,
    inFlight,
  })
  const endings: (() => void | Promise<void>)[] = []

  function met(party: string): void {
    following.follow(party)
    following.wake(party)
  }

  /** What this process appended was told and cosigned as it was committed; a replica is announced by its host. */
  function isAnnounced(space: string): boolean {
    const known = ledger.recall(space)
    if (!known) return false
    return known.host !== identity.party || (known.cosigned && announcing.isTold(space, known.size))
  }

  /** As far as memory knows, what begins there comes from this host, and is what we wait for or have already. */
  function isNext(space: string, party: string, from: number): boolean {
    const known = ledger.recall(space)
    return known?.host === party && known.size >= from
  }

  /** Somebody says that a space has this size: fetch it, or let it wait until its opener is pinned. */
  async function heardOf(party: string, space: string, size: number, mayLackLines: boolean): Promise<void> {
    const head = await ledger.head(space)
    if (head?.frozen) return
    if (head) {
      if (head.host !== party) return heardOfAnother(head, party, size)
      if (size < head.size) return
      if (size > head.size || (mayLackLines && head.kind !== 'register')) await replication.pull(space, party)
      return
    }
    const peer = await book.find(party)
    if (!peer) return
    const isOwnRegister = peer.register.space === space
    if (!isOwnRegister && peer.state !== 'pinned') {
      await book.addRequest({ space, party, now: clock.now(), limit: maxRequestsPerPeer })
      // Somebody may have pinned the party meanwhile: then nothing was kept, and nothing has to wait.
      if ((await book.find(party))?.state !== 'pinned') return
    }
    await replication.pull(space, party)
  }

  /** The host says what is newest. Whoever else does either orders the space now, or did while we were cut off. */
  async function heardOfAnother(head: SpaceHead, party: string, size: number): Promise<void> {
    if (head.kind === 'register') return
    if (size > head.size) await followAnother(head.space, party)
    else await news.heardClaim(head.space, party)
  }

  /** What follows our record is fetched; where another record does, both are compared. */
  async function followAnother(space: string, party: string): Promise<void> {
    await replication.pull(space, party).catch((error) => log.info('handover.pull', { space, error: String(error) }))
    if ((await ledger.head(space))?.host !== party) await news.heardClaim(space, party)
  }

  /** The host first; what it keeps back, any member has. */
  async function toldOfMore(party: string, space: string, size: number): Promise<void> {
    const head = await ledger.head(space)
    if (!head || head.hosted || client.stopping.aborted) return
    await replication.pull(space, head.host).catch(() => undefined)
    const after = await ledger.head(space)
    if (after && !after.frozen && after.size < size && party !== head.host) await replication.pull(space, party)
  }

  async function compareRefusals(space: string): Promise<void> {
    for (const refusal of await store.refusedYetOnRecord(space)) await ledger.witnessRefusal(space, refusal)
  }

  function tenderChanged(space: string): void {
    carrying.keeps(space)
    for (const listener of tenderListeners) listener(space)
    handingOver.consider(space)
  }

  /** We order the space now: its members hear of it, and what waits for a host goes on the record. */
  function hosting(space: string): void {
    announceSoon(space)
    void carrying.carry(space)
    void submitter.kick(space)
    tenderChanged(space)
  }

  /** Others' acts that ours answer are handed in first; gives those that still wait for that. */
  async function bringFirst(space: string, after: string[]): Promise<string[]> {
    if ((await tenderStore.heldAmong(db, space, after)).length === 0) return []
    await carrying.carry(space)
    return tenderStore.heldAmong(db, space, after)
  }

  /** What became of an act of ours that others keep too. */
  async function settleTender({ hash, space }: { hash: string; space: string }): Promise<void> {
    const row = await store.find(hash)
    if (row?.state === 'on-record') await tenderStore.markOnRecord([hash])
    if (row?.state === 'refused')
      await tenderStore.markRefused(hash, { rule: row.rule ?? '', detail: row.detail ?? '' })
    if (await tenderStore.find(hash)) tenderChanged(space)
  }

  /** The node's own word since when it held an act of another member, on the record of the space. */
  async function vouch({ hash, space, author, since, statement }: TenderedRow): Promise<void> {
    const [act, better, members] = await Promise.all([
      ledger.findAct(hash),
      db
        .selectFrom('view.tender')
        .select('idx')
        .where('space', '=', space)
        .where('act', '=', hash)
        .where('at', '<=', since)
        .limit(1)
        .executeTakeFirst(),
      ledger.members(space),
    ])
    const me = members.find((member) => member.party === identity.party && member.until === undefined)
    if (!act || act.time <= since || better || !me || me.role === 'observer') return
    const id = automaticId(identity.party, 'space.tender-recorded', hash)
    await db.transaction().execute((tx) =>
      outbox.enqueue(tx, {
        space,
        type: 'space.tender-recorded',
        id,
        office: registrar,
        body: { act: hash, author, tendered: since },
        marking: statement.marking,
        refs: [{ act: hash }],
        after: [hash],
      }),
    )
    void submitter.kick(space)
  }

  /** Our register, which our peers hold, says that the act existed. */
  async function anchor(space: string, act: string): Promise<void> {
    const { register, party } = identity
    await db.transaction().execute(async (tx) => {
      const { hash } = await outbox.enqueue(tx, {
        space: register,
        type: 'register.anchored',
        id: automaticId(party, 'register.anchored', act),
        office: registrar,
        body: { act, space },
        marking: { tlp: 'CLEAR' },
      })
      await tenderStore.addAnchor(tx, { act, space, anchored_by: hash, at: clock.now() })
    })
    void submitter.kick(register)
  }

  function noteGrowth(space: string, kind: SpaceKind): void {
    void compareRefusals(space).catch((error) => log.warn('outbox.refusals', { space, error: String(error) }))
    if (kind === 'register')
      void people.refresh(space).catch((error) => log.warn('peer.refresh', { space, error: String(error) }))
  }

  /** Who has a copy: members, and of our register everybody we know. */
  async function holders(space: string, kind: SpaceKind): Promise<string[]> {
    if (kind === 'register') return (await book.list()).map((peer) => peer.party)
    return (await ledger.members(space)).filter((member) => member.until === undefined).map((member) => member.party)
  }

  /** Spaces hosted here also get the cosignature of this party. */
  async function announce(space: string): Promise<void> {
    const head = await ledger.head(space)
    if (!head?.hosted) return
    // Whoever waits for the act comes first.
    await announcing.grew(space, head.size)
    await ledger.cosign(space)
  }

  function announceSoon(space: string): void {
    if (client.stopping.aborted) return
    inFlight.track(announce(space)).catch((error) => log.warn('announce.failed', { space, error: String(error) }))
  }

  /** One after the other: there may be many. */
  async function announceAll(spaces: readonly string[]): Promise<void> {
    for (const space of spaces) {
      if (client.stopping.aborted) return
      await announce(space).catch((error) => log.warn('announce.failed', { space, error: String(error) }))
    }
  }

  async function listen(): Promise<void> {
    const me = identity.keys.node.kid.slice(0, 8) + process.pid
    endings.push(
      ledger.onHandedOver(handingOver.deliver),
      // Whoever put a name there: a member, this party, or a witness from outside long after.
      ledger.onCosigned(announcing.cosigned),
      ledger.onAppended(announcing.appended),
      ledger.onProjected((space, acts) => {
        if (!isAnnounced(space)) announceSoon(space)
        if (acts.some((act) => act.statement.type === 'space.host-changed'))
          news.newHost(space).catch((error) => log.warn('handover.promised', { space, error: String(error) }))
        carrying.projected(space, acts).catch((error) => log.warn('tender.projected', { space, error: String(error) }))
        void database.notify(growthChannel, `${me} ${space}`).catch(() => undefined)
      }),
    )
    endings.push(
      await database.listen(growthChannel, (message) => {
        const [from, space] = message.split(' ')
        if (from !== me && space) announceSoon(space)
      }),
    )
    endings.push(
      await database.listen(
        outboxChannel,
        (space) => void submitter.kick(space),
        () => void sweep(),
      ),
    )
    endings.push(
      client.onLife((party) => {
        following.wake(party)
        submitter.wake()
        void carrying.carryAll().catch(() => undefined)
        replication.sendUnsent(party)
        announcing.cameBack(party)
        void handingOver.deliverAll().catch(() => undefined)
      }),
    )
  }

  async function sweep(): Promise<void> {
    try {
      await submitter.kickAll()
      await carrying.carryAll()
      await handingOver.deliverAll()
      for (const space of await tenderStore.heldSpaces()) handingOver.consider(space)
      for (const { space, by } of ledger.gate().blocked) if (by?.includes('.')) void news.heardClaim(space, by)
      await uploads.sweep(clock.now())
    } catch (error) {
      if (!client.stopping.aborted) log.warn('outbox.sweep', { error: String(error) })
    }
  }

  return {
    outbox,
    tenders,
    peers: people.peers,
    routes: routes.map((route) => mounted(route, handle)),
    handle,
    knownParty: people.knownParty,
    snapshotOf: people.snapshotOf,
    askMembers,
    pull: replication.pull,
    async handIn(space, party, cosigned) {
      await client.ask(party, { method: 'POST', path: `/fed/v1/spaces/${space}/cosignatures`, body: cosigned })
    },
    async ask(party, request) {
      return readJson(await client.ask(party, { method: 'POST', maxBytes: 64 * 1024, ...request }))
    },
    async descriptionOf(party) {
      const peer = await book.recall(party)
      if (!peer || peer.url === '') return undefined
      const answer = await client
        .askPublic(peer.url, { method: 'GET', path: '/.well-known/chancery', maxBytes: 64 * 1024 })
        .catch(() => undefined)
      return answer?.status === 200 ? readJson(answer) : undefined
    },
    sources: createMendingSources({ db, client, party: identity.party, register: identity.register }),
    async start() {
      await listen()
      const timer = setInterval(() => void sweep(), pace.sweepMs)
      timer.unref()
      endings.push(() => clearInterval(timer))
      await following.start()
      void inFlight.track(announceAll(await ledger.uncosigned()))
      inFlight
        .track(submitter.compareLeftOver())
        .catch((error) => log.warn('outbox.receipts', { error: String(error) }))
      await submitter.kickAll()
      await carrying.carryAll()
      await handingOver.deliverAll()
    },
    async stop() {
      announcing.stop()
      await client.stop()
      for (const end of endings.splice(0)) await end()
      await following.ended()
      await Promise.all([
        submitter.idle(),
        tendering.idle(),
        carrying.idle(),
        handingOver.idle(),
        news.idle(),
        replication.idle(),
        announcing.idle(),
        // A peer that sends its bytes slowly does not keep us: nothing is signed for it once the log is closed.
        Promise.race([inFlight.idle(), setTimeout(lastAnswersMs, undefined, { ref: false })]),
      ])
    },
    async idle() {
      for (let round = 0; round < 3; round += 1) {
        await submitter.idle()
        await tendering.idle()
        await carrying.idle()
        await handingOver.idle()
        await news.idle()
        await announcing.idle()
        await replication.idle()
      }
    },
  }
}

/** Office in whose name a node writes what it states by itself. */
const registrar = 'registrar'

/** The same act of one party for one matter, whatever process writes it. */
function automaticId(party: string, type: string, matter: string): string {
  return createHash('sha256').update(`${party}\n${type}\n${matter}`).digest('hex').slice(0, 32)
}

function mounted(route: FederationRoute, handle: (request: Request) => Promise<Response>): Route {
  const { method, path, summary } = route
  // The server must neither read a form nor ask for a session: the front door authenticates the node.
  return {
    method: method as Route['method'],
    path,
    permission: 'peer',
    summary,
    handle: ({ request }) => handle(request),
  }
}
