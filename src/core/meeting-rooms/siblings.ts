import { newId } from '../../protocol/index.ts'
import type { HeldSeat } from './seats.ts'
import type { RoomSignal } from './types.ts'

/** What processes of one node tell each other, so that it does not matter which of them a browser reached. */
export type SiblingMessage =
  | { kind: 'seat'; seat: HeldSeat }
  | { kind: 'gone'; session: string }
  | { kind: 'signal'; from: string; to: string; signal: RoomSignal }
  /** Asked by a process that knows nothing yet, or may have missed something; `known` answers it. */
  | { kind: 'who'; process: string }
  | { kind: 'known'; process: string; seats: HeldSeat[] }

export interface Channel {
  notify(channel: string, message: string): Promise<void>
  /** `gap` is called when messages may have been missed. */
  listen(channel: string, hear: (message: string) => void, gap?: () => void): Promise<() => Promise<void>>
}

const channelName = 'chancery_meeting_room'
/** PostgreSQL takes 8,000 bytes at once; what is said here may hold letters of three. */
const pieceLength = 2_400
const mostUnfinished = 64
/** A database that does not pass messages on by then holds up nobody. */
const heardBackWithinMs = 1_000

/** Messages over NOTIFY, in pieces where they are long. What is lost is said again, or tried again by a person. */
export function createSiblings(options: {
  channel?: Channel
  hear: (message: SiblingMessage) => void
  /** Everything this process knows. */
  known: () => HeldSeat[]
}) {
  const { channel, hear } = options
  const own = newId()
  const unfinished = new Map<string, string[]>()
  const heardBack = new Map<string, () => void>()
  let isListening = false

  function take(text: string): void {
    const [from = '', id = '', at = '', of = ''] = text.split(' ', 4)
    if (from === own) {
      if (Number(at) + 1 === Number(of)) heardBack.get(id)?.()
      return
    }
    const piece = text.slice(`${from} ${id} ${at} ${of} `.length)
    const pieces = [...(unfinished.get(id) ?? []), piece]
    unfinished.delete(id)
    if (pieces.length < Number(of)) {
      unfinished.set(id, pieces)
      if (unfinished.size > mostUnfinished) unfinished.delete(unfinished.keys().next().value!)
    } else takeWhole(JSON.parse(pieces.join('')) as SiblingMessage)
  }

  function takeWhole(message: SiblingMessage): void {
    if (message.kind === 'who') tell({ kind: 'known', process: message.process, seats: options.known() })
    else if (message.kind !== 'known' || message.process === own) hear(message)
  }

  function tell(message: SiblingMessage): string {
    const text = JSON.stringify(message)
    const of = Math.ceil(text.length / pieceLength)
    const id = newId()
    // One after the other in one turn: they go out together and in order.
    for (let at = 0; at < of; at += 1)
      void channel
        ?.notify(channelName, `${own} ${id} ${at} ${of} ${text.slice(at * pieceLength, (at + 1) * pieceLength)}`)
        .catch(() => undefined)
    return id
  }

  const ask = () => void tell({ kind: 'who', process: own })

  return {
    tell,
    /** Tells, and resolves once this process has heard all that others said before it: NOTIFY keeps one order for all. */
    async tellInOrder(message: SiblingMessage): Promise<void> {
      const id = tell(message)
      if (!isListening) return
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((done) => {
        heardBack.set(id, done)
        timer = setTimeout(done, heardBackWithinMs)
      })
      clearTimeout(timer)
      heardBack.delete(id)
    },
    async start() {
      const end = await channel?.listen(channelName, take, ask)
      isListening = channel !== undefined
      ask()
      return end
    },
  }
}
