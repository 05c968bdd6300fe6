import { newId } from '../../protocol/index.ts'
import type { HeldSeat } from './seats.ts'
import type { RoomSignal } from './types.ts'

/** What processes of one node tell each other, so that it does not matter which of them a browser reached. */
export type SiblingMessage =
  | { kind: 'seat'; seat: HeldSeat }
  | { kind: 'gone'; session: string }
  | { kind: 'signal'; from: string; to: string; signal: RoomSignal }

export interface Channel {
  notify(channel: string, message: string): Promise<void>
  listen(channel: string, hear: (message: string) => void): Promise<() => Promise<void>>
}

const channelName = 'chancery_meeting_room'
/** PostgreSQL takes 8,000 bytes at once; what is said here may hold letters of three. */
const pieceLength = 2_400
const mostUnfinished = 64

/** Messages over NOTIFY, in pieces where they are long. What is lost is said again, or tried again by a person. */
export function createSiblings({ channel, hear }: { channel?: Channel; hear: (message: SiblingMessage) => void }) {
  const own = newId()
  const unfinished = new Map<string, string[]>()

  function take(text: string): void {
    const [from = '', id = '', at = '', of = ''] = text.split(' ', 4)
    if (from === own) return
    const piece = text.slice(`${from} ${id} ${at} ${of} `.length)
    const pieces = [...(unfinished.get(id) ?? []), piece]
    unfinished.delete(id)
    if (pieces.length < Number(of)) {
      unfinished.set(id, pieces)
      if (unfinished.size > mostUnfinished) unfinished.delete(unfinished.keys().next().value!)
    } else hear(JSON.parse(pieces.join('')) as SiblingMessage)
  }

  return {
    tell(message: SiblingMessage): void {
      const text = JSON.stringify(message)
      const of = Math.ceil(text.length / pieceLength)
      const id = newId()
      // One after the other in one turn: they go out together and in order.
      for (let at = 0; at < of; at += 1)
        void channel
          ?.notify(channelName, `${own} ${id} ${at} ${of} ${text.slice(at * pieceLength, (at + 1) * pieceLength)}`)
          .catch(() => undefined)
    },
    start: async () => channel?.listen(channelName, take),
  }
}
