import type { Selectable } from 'kysely'
import { toBase64url } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { SpaceFacts } from '../module/types.ts'
import {
  cosignHead,
  findUncosigned,
  type CosigningContext,
  readCosigned,
  readFinality,
  storeCosignatures,
} from './cosigning/index.ts'
import { findMissingParts } from './missing-parts.ts'
import { adoptRecord, leftChannel } from './adopt.ts'
import { ignoredEvidence } from './ignored-evidence.ts'
import { readOrphans } from './left-records.ts'
import { realTimeOf, scenarioAt } from './drill-clock.ts'
import { createGate } from './gate.ts'
import { acceptOpening } from './accept-opening.ts'
import { planHistory, readGrants, wrapHistory } from './history.ts'
import { openHosted, type OpeningContext, signForeignOpening, storeHosted } from './opening.ts'
import { createPartReader } from './part-reader.ts'
import { createProjection } from './projection.ts'
import { takeOver } from './take-over.ts'
import { judgeAct } from './judge-act.ts'
import {
  contentsOf,
  readAct,
  readActById,
  readActsNamed,
  readActs,
  readAttachment,
  readAttachmentPieces,
  readConsistency,
  readContents,
  readEntries,
  readEnvelopeOf,
  readPayload,
  readReceipt,
  readTile,
} from './reading.ts'
import { readChain, readSnapshot, readStoredRegister } from './registers.ts'
import { createEvidenceFolder } from './evidence-folder.ts'
import { ingestDelivery, type ReplicaContext } from './replica.ts'
import { findSealedProof } from './sealed-proof.ts'
import { createSealing } from '../sealing/index.ts'
import { createSequencer } from './sequencer.ts'
import { signAgain, signDraft } from './sign-act.ts'
import { actKeyOf } from './signers.ts'
import { findSpaces, readClockSettings, readSpaceFacts } from './space-facts.ts'
import { createSpaceStates } from './space-state.ts'
import type { SpaceTable } from './tables.ts'
import { readNotesFor } from './notes-for.ts'
import { memberKeysOf } from './member-keys.ts'
import { ingestAtOnce } from './ingest-at-once.ts'
import { compareHeard, witnessNote, witnessRefusal } from './witnessing.ts'
import type { Appended, Conflict, LedgerOptions, LogLedger, Sequenced, SpaceHead } from './types.ts'

/** The log of this node: spaces it hosts, replicas of others, and the views both are read through. */
export function createLedger(options: LedgerOptions): LogLedger {
  const { db, blobs, clock, log, identity, dataDir, askMembers } = options
  const states = createSpaceStates(blobs, options.damaged)
  const gate = createGate({ db, log, dataDir, instance: options.instance ?? 'node', askMembers })
  const sealing = createSealing({
    blobs,
    clock,
    identity,
    grantsToUs: (from, space) => readGrants({ db: from, blobs, party: identity.party }, space),
  })
  const parts = createPartReader({ blobs, sealing })
  const reading = { db, blobs, parts }
  const definitions = new Map(options.acts.map((definition) => [definition.type, definition]))
  const signing = {
    blobs,
    clock,
    identity,
    sealing,
    states,
    isReviewed: (type: string) => (definitions.get(type)?.release ?? 'direct') !== 'direct',
  }
  const history = { db, blobs, sealing, states }
  const projection = createProjection({
    db,
    blobs,
    parts,
    sealing,
    log,
    party: identity.party,
    acts: options.acts,
    views: options.views,
    fulfilledAt: options.fulfilledAt,
  })
  const evidence = createEvidenceFolder({ db, log, dataDir })
  const cosignedListeners = new Set<(space: string, by: readonly string[]) => void>()
  const appendedListeners = new Set<(appended: Appended) => void>()
  const shared: CosigningContext & ReplicaContext = {
    db,
    blobs,
    clock,
    identity,
    states,
    gate,
    contradicted: evidence.contradicted,
    knownParty: options.knownParty,
    outsiders: options.outsiders,
    checkSignatures: options.checkSignatures,
    cosigned: (space, by) => {
      for (const listener of cosignedListeners) listener(space, by)
    },
  }
  const handoverListeners = new Set<(space: string) => void>()
  const opening: OpeningContext = {
    ...shared,
    log,
    snapshotOf: options.snapshotOf,
    knownParty: options.knownParty,
    ownSnapshot: () => getSnapshot(identity.register),
    committed: projection.offer,
    appended: (appended) => {
      for (const listener of appendedListeners) listener(appended)
    },
    handedOver: (space) => {
      for (const listener of handoverListeners) listener(space)
    },
  }
  const sequencer = createSequencer(opening)
  const replicaQueue = serialised()

  async function getSnapshot(register: string) {
    const snapshot = await readSnapshot(db, blobs, register)
    if (!snapshot) throw new Refusal('space.not-ready')
    return snapshot
  }

  async function project(space: string, upTo?: number): Promise<void> {
    try {
      await projection.project(space, upTo)
    } catch (error) {
      // What is on record stays so: the next act, or the next start, projects it.
      log.error('log.projection-waits', { space, error: String(error) })
    }
  }

  async function find(space: string): Promise<SpaceFacts | undefined> {
    return (await readSpaceFacts(db, [space]))[0]
  }

  async function clockOf(space: SpaceFacts | string) {
    const id = typeof space === 'string' ? space : space.id
    return (await readClockSettings(db, [id])).get(id) ?? []
  }

  async function storeRegister(): Promise<void> {
    const { founding, register } = identity
    const there = await db.selectFrom('log.space').select('space').where('space', '=', register).executeTakeFirst()
    if (!there) await storeHosted(opening, founding.leaf, founding.blobs)
  }

  /** What memory holds of a space is of a record that this node left, whichever of its processes did. */
  async function forgetLeft(space: string): Promise<void> {
    states.forget(space)
    projection.forget(space)
    await gate.left(space)
  }

  const forgetSoon = (space: string) =>
    void forgetLeft(space).catch((error) => log.error('log.left-record', { space, error: String(error) }))

  /** Other processes of this node leave records too; after a broken connection every one left so far counts. */
  async function hearOthers(): Promise<(() => Promise<void>) | undefined> {
    const all = async () => {
      const rows = await db.selectFrom('log.orphan').select('space').distinct().execute()
      for (const { space } of rows) forgetSoon(space)
    }
    const gap = () => void all().catch((error) => log.error('log.left-record', { error: String(error) }))
    return options.listen?.(leftChannel, forgetSoon, gap)
  }

  let endHearing: (() => Promise<void>) | undefined

  return {
    async start() {
      endHearing ??= await hearOthers()
      const hosted = await db.selectFrom('log.space').select('space').where('hosted', '=', true).limit(1).execute()
      await storeRegister()
      const report = await gate.open(hosted.length === 0)
      await evidence.writeMissing()
      // A crash may have come between storing entries and comparing them.
      const heard = await db.selectFrom('log.heard').select('space').distinct().execute()
      for (const { space } of heard) await compareHeard(shared, space)
      const behind = await db
        .selectFrom('log.space as s')
        .leftJoin('view.cursor as c', 'c.space', 's.space')
        .where((q) => q.or([q('c.size', 'is', null), q('c.size', '<', q.ref('s.size'))]))
        .select('s.space')
        .execute()
      for (const { space } of behind) await project(space)
      return report
    },
    async close() {
      await endHearing?.()
      endHearing = undefined
      await sequencer.idle()
      await projection.idle()
      await evidence.idle()
      await gate.close()
    },
    gate: gate.report,
    acceptRollback: gate.acceptRollback,
    recheckGate: gate.recheck,

    async open(space) {
      await openHosted(opening, space)
      await project(space.id)
      const facts = await find(space.id)
      if (!facts) throw new Error(`space ${space.id} was opened and cannot be read`)
      return facts
    },
    signAct: (tx, draft) => signDraft(signing, tx, draft),
    signAgain: (tx, old) => signAgain(signing, tx, old),
    signOpening: (tx, space) => signForeignOpening(opening, tx, space),
    async actKey(space) {
      const row = await db.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
      return row ? actKeyOf(identity, (await states.at(db, row)).admission) : identity.keys.act
    },
    async accept(space, offered) {
      const answer = await acceptOpening(opening, space, offered)
      if (answer.state === 'on-record') await project(space)
      return answer
    },
    async append(space, handed) {
      const answers = await sequencer.sequence(space, handed)
      if (answers.some((one) => one.state === 'on-record')) void project(space, sizeAfter(answers))
      return answers
    },
    async sequence(space, handed) {
      const answers = await sequencer.sequence(space, handed)
      if (answers.some((one) => one.state === 'on-record')) await project(space, sizeAfter(answers))
      return answers
    },
    async ingest(space, delivery) {
      const { answer, fresh } = await replicaQueue(space, async () => {
        return (await ingestAtOnce(shared, space, delivery)) ?? ingestDelivery(shared, space, delivery)
      })
      if (fresh) projection.offer(space, fresh)
      if (answer.state === 'stored') await project(space, answer.size)
      return answer
    },
    async takeOver(space, envelopes) {
      const taken = await takeOver(opening, space, envelopes)
      if (taken.state === 'hosting') await project(space)
      return taken
    },
    async adopt(space, delivery) {
      const adopting = { ...shared, restartViews: projection.restart }
      const adopted = await replicaQueue(space, () => adoptRecord(adopting, space, delivery))
      if (adopted.state === 'adopted') {
        await forgetLeft(space)
        await project(space)
      }
      return adopted
    },
    orphans: (space) => readOrphans(db, space),
    asHost: (space) => ({
      party: identity.party,
      origin: `${identity.party}/spaces/${space}`,
      key: identity.keys.host.publicKey,
    }),
    async hosts(space) {
      const row = await db.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
      return row ? (await states.at(db, row)).admission.hosts.map(({ party, from }) => ({ party, from })) : []
    },
    handovers: () =>
      db
        .selectFrom('log.handover as h')
        .innerJoin('log.space as s', 's.space', 'h.space')
        .where('s.hosted', '=', false)
        .where('s.host', '=', identity.party)
        .where('h.taken_at', 'is', null)
        .select(['h.space', 'h.act', 'h.envelope', 'h.to_party as to', 'h.size', 'h.root', 'h.at'])
        .execute(),
    async handoverTaken(space) {
      await db.updateTable('log.handover').set({ taken_at: clock.now() }).where('space', '=', space).execute()
    },
    onAppended(listener) {
      appendedListeners.add(listener)
      return () => void appendedListeners.delete(listener)
    },
    onHandedOver(listener) {
      handoverListeners.add(listener)
      return () => void handoverListeners.delete(listener)
    },
    project,
    rebuildViews: projection.rebuild,
    onProjected: projection.onProjected,

    find,
    list: async (filter = {}) => readSpaceFacts(db, await findSpaces(db, filter)),
    acts: (space, range) => readActs(db, space, range),
    findAct: (hash) => readAct(db, hash),
    findActs: (hashes) => readActsNamed(db, hashes),
    findById: (space, author, id) => readActById(db, space, author, id),
    content: (hashes) => readContents(reading, hashes),
    contentOf: (acts) =>
      contentsOf(
        reading,
        acts.map(({ hash, statement: { space, author, marking, parts } }) => ({
          act: hash,
          space,
          author,
          marking,
          parts,
        })),
      ),
    attachment: (act, partHash) => readAttachment(reading, act, partHash),
    attachmentPieces: (act, partHash) => readAttachmentPieces(reading, act, partHash),
    payload: (act, only) => readPayload(reading, act, only),
    sealedProof: (act) => findSealedProof({ db, blobs, sealing, identity, clock }, act),
    planHistory: (space, grant) => planHistory(history, space, grant),
    wrapHistory: (space, grant) => wrapHistory(history, space, grant),
    receipt: (hash) => readReceipt(db, hash),
    async checkpoint(space) {
      const cosigned = await readCosigned(shared, space)
      if (!cosigned) throw new Refusal('space.not-found')
      return cosigned.note
    },
    async cosigned(space) {
      const cosigned = await readCosigned(shared, space)
      if (!cosigned) throw new Refusal('space.not-found')
      return cosigned
    },
    onCosigned(listener) {
      cosignedListeners.add(listener)
      return () => void cosignedListeners.delete(listener)
    },
    finality: (space, index) => readFinality(db, space, index),
    scenarioNow: async (space) => scenarioAt(await clockOf(space), clock.now()),
    realTimeOf: async (space, scenario) => realTimeOf(await clockOf(space), scenario),

    head: async (space) => (await readHeads(options, [space]))[0],
    heads: () => readHeads(options),
    recall(space) {
      const known = states.recall(space)
      if (!known) return undefined
      const { size, host, kind } = known.admission
      return { size, host: host.party, kind, cosigned: known.cosigned === true }
    },
    tile: (space, path) => readTile(db, space, path),
    entries: (space, from, limit) => readEntries(db, space, from, limit),
    envelope: (hash) => readEnvelopeOf(db, hash),
    consistency: (space, from, to) => readConsistency(db, space, from, to),
    missingParts: (space, options) => findMissingParts(db, space, options),
    async hasPart(space, commitment) {
      const row = await db
        .selectFrom('log.part')
        .select('idx')
        .where('hash', '=', commitment)
        .where('space', '=', space)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    members: async (space) => (await readHeadWithMembers(shared, space))?.members ?? [],
    headWithMembers: (space) => readHeadWithMembers(shared, space),
    judge: (space, envelope) => judgeAct(shared, space, envelope),

    cosign: (space) => cosignHead(shared, space),
    uncosigned: () => findUncosigned(shared),
    addCosignatures: (space, size, lines) => storeCosignatures(shared, space, { size, lines }),
    conflicts: (space) => readConflicts(options, space),
    witness: (space, note, promised) => witnessNote(shared, space, note, promised),
    notesFor: (party) => readNotesFor(shared, party),
    witnessRefusal: (space, refusal) => witnessRefusal(shared, space, refusal),
    ignored: (space, tendered) => ignoredEvidence(shared, space, tendered),
    evidence: evidence.read,
    onConflict: evidence.onConflict,

    registerChain: (space) => readChain(db, blobs, space),
    register: (space) => readStoredRegister(db, blobs, space),
    snapshot: (register) => readSnapshot(db, blobs, register),
  }
}

/** Entries there are when the newest of these acts is counted. */
export function sizeAfter(answers: readonly Sequenced[]): number {
  return Math.max(...answers.map((one) => (one.state === 'on-record' ? one.index + 1 : 0)))
}

/** One after the other per key. */
function serialised(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).catch(() => undefined).then(work)
    last.set(key, mine)
    const forget = () => void (last.get(key) === mine && last.delete(key))
    mine.then(forget, forget)
    return mine
  }
}

async function readHeads({ db }: LedgerOptions, spaces?: string[]): Promise<SpaceHead[]> {
  let query = db.selectFrom('log.space').selectAll().orderBy('space')
  if (spaces) query = query.where('space', 'in', spaces)
  return (await query.execute()).map(headOf)
}

function headOf({ root, frozen, host_key, ...row }: Selectable<SpaceTable>): SpaceHead {
  return { ...row, root: toBase64url(root), frozen: frozen !== null, hostKey: host_key }
}

async function readHeadWithMembers({ db, states }: ReplicaContext, space: string) {
  const row = await db.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
  if (!row) return undefined
  const { admission } = await states.at(db, row)
  return { head: headOf(row), members: memberKeysOf(admission) }
}

async function readConflicts({ db }: LedgerOptions, space?: string): Promise<Conflict[]> {
  let query = db.selectFrom('log.conflict').selectAll().orderBy('found_at')
  if (space !== undefined) query = query.where('space', '=', space)
  return (await query.execute()).map(({ found_at, kind, file, evidence: _, ...row }) => ({
    ...row,
    kind: kind as Conflict['kind'],
    foundAt: found_at,
    ...(file === null ? {} : { file }),
  }))
}
