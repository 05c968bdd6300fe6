import type { ClockSource, Logger } from '../config/types.ts'
import { createHttpWire, createSingle, type Wire } from '../federation/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Db } from '../storage/types.ts'
import { endOf, forgetAbandoned, forgottenAt, forgetWhatIsDue } from './forgetting.ts'
import { createHandingOut } from './handing-out.ts'
import { createKeyFiles } from './key-files.ts'
import { hourMs, keyOfHour, newKeyPair, newRoomKey, openWords, publicKeyOf, sealWords } from './room-key.ts'
import { createOffRecordStore, type RoomRow } from './store.ts'
import { createTaking } from './taking.ts'
import type { HeardWords, OffRecord, OffRecordWords, RoomFacts, RoomState } from './types.ts'
import { limits, sealedWords } from './wire-messages.ts'

/** The rooms of one node whose words leave no proof. */
export function createOffRecord(options: {
  db: Db
  dataDir: string
  clock: ClockSource
  log: Logger
  party: string
  /** How other nodes are reached; real HTTP unless given. */
  wire?: Wire
  addressOf(party: string): Promise<string | undefined>
  /** Something of this space is new to look at. */
  changed(space: string): void
  firstRetryMs?: number
}): OffRecord {
  const { db, clock, log, party, changed } = options
  const store = createOffRecordStore(db)
  const files = createKeyFiles(options.dataDir)
  const wire = options.wire ?? createHttpWire()
  const stopping = new AbortController()
  const handOut = createHandingOut({
    store,
    files,
    wire,
    clock,
    log,
    party,
    addressOf: options.addressOf,
    hourOf: async (room) => {
      const found = await store.room(room)
      return found && hourNow(found)
    },
    firstRetryMs: options.firstRetryMs ?? 1_000,
    stopping: stopping.signal,
  })
  const handingOut = createSingle<void>(handOut)
  /** What the record last said of each room, so that a row is only written when that changed. */
  const noted = new Map<string, string>()
  let filesSweptAt = 0
  let isEmpty = false

  const hourOf = (room: RoomRow, at: number) => Math.max(0, Math.floor((at - room.opened_at) / hourMs))
  const hourNow = (room: RoomRow) => hourOf(room, clock.now())

  /** Runs beside whoever asked; a node that is slow to answer keeps nobody else waiting. */
  function handOutSoon(): void {
    if (stopping.signal.aborted) return
    handingOut.go('', undefined).catch((error) => log.warn('off-record.failed', { error: String(error) }))
  }

  async function stateOf(room: RoomRow): Promise<RoomState> {
    if (room.forgotten_at !== null) return 'forgotten'
    const file = await files.read(room.own)
    if (!file?.room) return file?.own ? 'waits-for-key' : 'no-key'
    return clock.now() >= endOf(room) ? 'ended' : 'open'
  }

  async function open(id: string): Promise<RoomRow> {
    const room = await store.room(id)
    if (!room || (await stateOf(room)) !== 'open') throw new Refusal('off-record-not-open')
    return room
  }

  async function note(facts: RoomFacts): Promise<void> {
    const { own } = facts
    const said = JSON.stringify(facts)
    if (own === undefined || noted.get(facts.room) === said) return
    if ((await store.room(facts.room))?.forgotten_at != null) return
    if (facts.opener === party) await store.alone(facts.room, () => beginKey(own))
    await store.note({ ...facts, own })
    noted.set(facts.room, said)
  }

  /** Whoever opens a room makes its key. */
  async function beginKey(name: string): Promise<void> {
    const file = await files.read(name)
    if (file?.own && !file.room) await files.write(name, { ...file, room: newRoomKey() })
  }

  async function hear(id: string): Promise<HeardWords[]> {
    const room = await store.room(id)
    const file = room && room.forgotten_at === null ? await files.read(room.own) : undefined
    if (!room || !file?.room) return []
    const [rows, undelivered] = await Promise.all([store.words(id), store.undelivered(id)])
    const keys = new Map<number, ReturnType<typeof newRoomKey>>()
    let last = file.room
    for (const hour of [...new Set(rows.map((row) => row.hour))].toSorted((a, b) => a - b)) {
      if (hour < last.hour) continue
      last = keyOfHour(last, hour, id)
      keys.set(hour, last)
    }
    const heard = rows.flatMap((row) => {
      const key = keys.get(row.hour)
      const words = key && sealedWords.safeParse(openWords(key, id, row)).data
      if (!words) return []
      const waitsFor = undelivered.filter((one) => one.id === row.id).map((one) => one.party)
      const gone = Math.min(forgottenAt(room, row.hour), forgottenAt(room, hourOf(room, endOf(room))))
      return [{ ...words, forgottenAt: gone, waitsFor, isForeign: words.from === party && !row.ours }]
    })
    return heard.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  }

  async function say(id: string, words: OffRecordWords): Promise<void> {
    const room = await open(id)
    const file = await files.read(room.own)
    if (!file?.room) throw new Refusal('off-record-not-open')
    const now = clock.now()
    const hour = Math.max(hourNow(room), file.room.hour)
    const { title, ...rest } = words
    const content = { ...rest, ...(title && { title }), from: party, at: now }
    const sealed = sealWords(keyOfHour(file.room, hour, id), id, content)
    const others = (await store.parties(id)).map((one) => one.party).filter((one) => one !== party)
    const row = { room: id, id: words.id, hour, ours: true, ...sealed, stored_at: now }
    if (!(await store.keep(row, limits.kept, others))) throw new Refusal('off-record-full', { most: limits.kept })
    changed(room.space)
    handOutSoon()
  }

  return {
    async prepare(name) {
      const file = await files.read(name)
      if (file?.own) return publicKeyOf(file.own)
      const { privateKey, publicKey } = newKeyPair()
      await files.write(name, { own: privateKey })
      return publicKey
    },
    async follow(rooms) {
      const now = clock.now()
      if (now - filesSweptAt > 24 * hourMs) {
        filesSweptAt = now
        await forgetAbandoned({ store, files }, now)
      }
      if (rooms.length === 0 && isEmpty) return
      for (const facts of rooms) await note(facts)
      isEmpty = (await forgetWhatIsDue({ store, files }, now)) === 0
      if (!isEmpty) handOutSoon()
    },
    async state(id) {
      const room = await store.room(id)
      return room && stateOf(room)
    },
    say,
    hear,
    unseen: store.unseen,
    looked: (room, person) => store.looked(room, person, clock.now()),
    routes: [createTaking({ store, files, clock, party, changed })],
    idle: handingOut.idle,
    async stop() {
      stopping.abort()
      await handingOut.idle()
      if (!options.wire) await wire.close()
    },
  }
}
