import type { KeyFiles } from './key-files.ts'
import { hourMs, keyOfHour } from './room-key.ts'
import type { OffRecordStore, RoomRow } from './store.ts'

/** Files of drafts that were never sent go after this long. */
const abandonedMs = 60 * 24 * hourMs

/** When the last honest copy of what is said in an hour of a room is gone. */
export function forgottenAt(room: Pick<RoomRow, 'opened_at' | 'keep_ms'>, hour: number): number {
  return room.opened_at + (hour + 1) * hourMs + room.keep_ms
}

/** Nothing is said in a room from then on. */
export function endOf({ until, closed_at }: Pick<RoomRow, 'until' | 'closed_at'>): number {
  return Math.min(until, closed_at ?? until)
}

/**
 * Lets go of every hour and every room whose time has passed: rows, and the keys that alone could open them.
 *
 * @returns how many rooms are left.
 */
export async function forgetWhatIsDue(
  { store, files }: { store: OffRecordStore; files: KeyFiles },
  now: number,
): Promise<number> {
  const rooms = await store.unforgotten()
  let left = rooms.length
  for (const room of rooms) {
    // The key first: rows without it are noise.
    if (now >= endOf(room) + room.keep_ms + hourMs) {
      await store.alone(room.room, async () => files.forget(room.own))
      await store.forget(room.room, now)
      left -= 1
      continue
    }
    const first = Math.floor((now - room.opened_at - room.keep_ms) / hourMs)
    if (first <= room.first_hour) continue
    // Alone: whoever writes the file from what it read before would bring the earlier key back.
    await store.alone(room.room, async () => {
      const file = await files.read(room.own)
      if (file?.room && file.room.hour < first)
        await files.write(room.own, { ...file, room: keyOfHour(file.room, first, room.room) })
    })
    await store.forgetBefore(room.room, first)
  }
  return left
}

export async function forgetAbandoned(
  { store, files }: { store: OffRecordStore; files: KeyFiles },
  now: number,
): Promise<void> {
  const names = files.untouchedSince(now - abandonedMs)
  if (names.length === 0) return
  const used = new Set((await store.unforgotten()).map(({ own }) => own))
  for (const name of names) if (!used.has(name)) files.forget(name)
}
