import type { LinkState, Signal } from './mesh.ts'

/** Somebody else in the room, as the own house says. */
export interface Person {
  session: string
  party: string
  by: string
  state: LinkState
}

export interface Entered {
  iceServers: RTCIceServer[]
  /** Names of houses whose node did not answer. */
  unheard: string[]
}

/** What the house answered instead of yes, in its words. */
export class RoomRefused extends Error {}

/** The way to the own house: going in, what others say, what goes to them, leaving. */
export function createHouseLine(path: string, session: string) {
  let stream: EventSource | undefined
  // Candidates must not overtake the description they belong to.
  let turn: Promise<unknown> = Promise.resolve()

  return {
    enter: (by: string) => post(`${path}/enter`, { id: session, by }) as Promise<Entered>,
    listen(hear: {
      open(): void
      lost(): void
      seat(person: Person): void
      gone(session: string): void
      signal(from: string, signal: Signal): void
      ended(): void
    }): void {
      stream = new EventSource(`${path}/line?session=${session}`)
      const on = (event: string, take: (data: any) => void) =>
        stream?.addEventListener(event, (message) => take(JSON.parse((message as MessageEvent).data)))
      stream.addEventListener('open', hear.open)
      stream.addEventListener('error', () => (stream?.readyState === EventSource.CLOSED ? hear.ended() : hear.lost()))
      on('seat', (person) => hear.seat(person))
      on('gone', (data) => hear.gone(data.session))
      on('signal', (data) => hear.signal(data.from, data.signal))
      on('ended', hear.ended)
    },
    send(to: string, signal: Signal): Promise<void> {
      const sent = turn.then(() => post(`${path}/signal`, { session, to, signal }))
      turn = sent.catch(() => undefined)
      return sent.then(() => undefined)
    },
    /** Also while the page goes away. */
    leave(): void {
      stream?.close()
      navigator.sendBeacon(`${path}/leave`, new Blob([JSON.stringify({ session })], { type: 'application/json' }))
    },
    close: () => stream?.close(),
  }
}

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new RoomRefused(answer.detail ?? answer.title)
  return answer
}
