import type { ClockSource } from '../config/types.ts'
import type { FederationRoute } from '../federation/index.ts'
import type { KeyFiles } from './key-files.ts'
import { hourMs, keyOfHour, openWords, unwrapRoomKey } from './room-key.ts'
import type { OffRecordStore, RoomRow } from './store.ts'
import { type EphemeralMessage, ephemeralMessage, limits, sealedWords } from './wire-messages.ts'

/** A sender's clock may be off by this much; a message of the hour before or after is still of its room. */
const maxAheadMs = 5 * 60_000

/**
 * Takes what other nodes say of rooms. Nobody signs it, so what counts is whether the room's key opens it; whoever
 * does not hold the key learns nothing, not even whether there is such a room.
 */
export function createTaking(options: {
  store: OffRecordStore
  files: KeyFiles
  clock: ClockSource
  party: string
  changed(space: string): void
}): FederationRoute {
  const { store, files, clock, party: own } = options

  async function take(message: EphemeralMessage): Promise<number> {
    const room = await store.room(message.room)
    if (!room || room.forgotten_at !== null) return 404
    return message.kind === 'key' ? takeKey(room, message) : takeWords(room, message)
  }

  async function takeKey(room: RoomRow, message: EphemeralMessage & { kind: 'key' }): Promise<number> {
    const [file, parties] = await Promise.all([files.read(room.own), store.parties(room.room)])
    // The answer to an earlier copy was lost.
    if (file?.room) return 202
    const opener = parties.find(({ party }) => party === room.opener)
    const ours = parties.find(({ party }) => party === own)
    if (!file?.own || !opener || ours?.act !== message.joined || room.opener === own) return 404
    const between = { room: room.room, joined: ours.act, ours: file.own, theirs: opener.key }
    const key = unwrapRoomKey(message, between)
    if (!key) return 404
    await files.write(room.own, { room: key })
    options.changed(room.space)
    return 202
  }

  async function takeWords(room: RoomRow, message: EphemeralMessage & { kind: 'words' }): Promise<number> {
    const file = await files.read(room.own)
    const now = clock.now()
    const lastHour = Math.floor((now + maxAheadMs - room.opened_at) / hourMs)
    if (!file?.room || message.hour < file.room.hour || message.hour > lastHour) return 404
    const content = openWords(keyOfHour(file.room, message.hour, room.room), room.room, message)
    if (content === undefined) return 404
    const words = sealedWords.safeParse(content)
    const isNamed = words.success && (await store.parties(room.room)).some(({ party }) => party === words.data.from)
    if (!words.success || !isNamed || words.data.at > now + maxAheadMs) return 422
    const { hour, nonce, box } = message
    // Never ours: whoever holds the key can write in our name, and the page says that this node did not.
    const row = { room: room.room, id: words.data.id, hour, ours: false, nonce, box, stored_at: now }
    if (!(await store.keep(row, limits.kept, []))) return 429
    options.changed(room.space)
    return 202
  }

  return {
    method: 'POST',
    path: '/fed/v1/ephemeral',
    permission: 'public',
    maxBodyBytes: limits.messageBytes,
    summary: 'Take words of an off-record room, sealed under its key and signed by nobody',
    async answer({ body }) {
      const message = ephemeralMessage.safeParse(readJson(body))
      const status = message.success ? await take(message.data) : 404
      return Response.json({ status }, { status, headers: { 'cache-control': 'no-store' } })
    },
  }
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}
