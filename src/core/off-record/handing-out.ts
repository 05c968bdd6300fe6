import type { ClockSource, Logger } from '../config/types.ts'
import type { Wire } from '../federation/index.ts'
import type { KeyFiles } from './key-files.ts'
import { keyOfHour, wrapRoomKey } from './room-key.ts'
import type { OffRecordStore } from './store.ts'
import type { EphemeralMessage } from './wire-messages.ts'

const timeoutMs = 8_000
const longestMs = 60_000

/** Gives keys and words to the nodes of the others, again until they are taken or forgotten. */
export function createHandingOut(options: {
  store: OffRecordStore
  files: KeyFiles
  wire: Wire
  clock: ClockSource
  log: Logger
  party: string
  /** Address of a party's node; undefined where nobody knows it. */
  addressOf(party: string): Promise<string | undefined>
  /** Hours since the room was opened. */
  hourOf(room: string): Promise<number | undefined>
  firstRetryMs: number
  stopping: AbortSignal
}) {
  const { store, files, wire, clock, log, party: own, stopping } = options

  async function post(to: string, message: EphemeralMessage): Promise<boolean> {
    const address = await options.addressOf(to)
    if (address === undefined) return false
    try {
      const { status } = await wire.send({
        method: 'POST',
        url: `${address}/fed/v1/ephemeral`,
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(message)),
        timeoutMs,
        maxBytes: 4_096,
        signal: stopping,
      })
      return status === 202
    } catch (error) {
      if (!stopping.aborted) log.info('off-record.waits', { to, error: String(error) })
      return false
    }
  }

  const later = (tries: number) => clock.now() + Math.min(longestMs, options.firstRetryMs * 2 ** Math.min(tries, 16))

  async function handOutKeys(): Promise<void> {
    for (const { room, party, act, key, tries, own: name } of await store.unkeyed(own, clock.now())) {
      const [file, hour] = await Promise.all([files.read(name), options.hourOf(room)])
      if (!file?.own || !file.room || hour === undefined) continue
      // Who joins later reads from then on.
      const now = keyOfHour(file.room, Math.max(hour, file.room.hour), room)
      const sealed = wrapRoomKey(now, { room, joined: act, ours: file.own, theirs: key })
      if (await post(party, { v: 1, kind: 'key', room, joined: act, ...sealed })) {
        await store.keyed(room, party, clock.now())
        await forgetOwnKey(room, name)
      } else await store.keyLater(room, party, later(tries))
    }
  }

  /** Once everybody asked in has the key, nobody can be given it again: our half of the pairs has done its work. */
  async function forgetOwnKey(room: string, name: string): Promise<void> {
    const [parties, found] = await Promise.all([store.parties(room), store.room(room)])
    const isDone = found && parties.length === found.invited + 1
    if (!isDone || parties.some(({ party, keyed_at }) => party !== own && keyed_at === null)) return
    await store.alone(room, async () => {
      const file = await files.read(name)
      if (file?.room) await files.write(name, { room: file.room })
    })
  }

  async function handOutWords(): Promise<void> {
    const down = new Set<string>()
    for (const { room, id, party, tries, hour, nonce, box } of await store.due(clock.now())) {
      if (stopping.aborted) return
      // What was said first arrives first; nobody waits twice for one node.
      const taken = !down.has(party) && (await post(party, { v: 1, kind: 'words', room, hour, nonce, box }))
      if (taken) await store.delivered({ room, id, party })
      else {
        down.add(party)
        await store.tryLater({ room, id, party }, later(tries))
      }
    }
  }

  return async function handOut(): Promise<void> {
    await handOutKeys()
    await handOutWords()
  }
}
