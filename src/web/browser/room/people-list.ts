import type { Person } from './house-line.ts'
import type { LinkState } from './mesh.ts'

interface Row {
  row: HTMLElement
  sound: HTMLAudioElement
  name: string
  state: string
  /** When the state was first shown: ms of `performance.now()`. */
  since: number
  bytes: { sound: number; picture: number }
}

/** A connection that is not there by then does not come. */
const connectWithinMs = 20_000

/** The list of who is in the room: words for the state of each, told to screen readers when it changes. */
export function createPeopleList(box: HTMLElement, words: Record<string, string>, say: (text: string) => void) {
  const list = box.querySelector<HTMLElement>('[data-room-people]')!
  const template = box.querySelector<HTMLTemplateElement>('template')!
  const rows = new Map<string, Row>()

  const part = <E extends HTMLElement>(row: HTMLElement, name: string) => row.querySelector<E>(`[data-${name}]`)!

  function put(person: Person): void {
    if (rows.has(person.session)) return
    const row = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement
    const name = `${person.party}, ${person.by}`
    part(row, 'name').textContent = name
    part(row, 'face').textContent = person.by
    part(row, 'picture').ariaLabel = name
    list.append(row)
    rows.set(person.session, { row, sound: new Audio(), name, state: '', since: 0, bytes: { sound: 0, picture: 0 } })
    show(person.session, 'connecting')
  }

  function show(session: string, state: LinkState | 'silent'): void {
    const known = rows.get(session)
    if (!known || known.state === state) return
    known.state = state
    known.since = performance.now()
    known.row.dataset.state = state
    part(known.row, 'state').textContent = words[state] ?? ''
    say(`${known.name}: ${words[state] ?? ''}`)
  }

  /** Where no picture comes the name stands in its place. */
  function showPicture({ row, name }: Row, comes: boolean): void {
    const picture = part(row, 'picture')
    if (picture.hidden !== comes) return
    picture.hidden = !comes
    part(row, 'face').hidden = comes
    say(`${name}: ${(comes ? words.picture : words['no-picture']) ?? ''}`)
  }

  return {
    put,
    show,
    remove(session: string): void {
      const known = rows.get(session)
      if (!known) return
      known.sound.srcObject = null
      known.row.remove()
      rows.delete(session)
      say(`${known.name}: ${words.gone ?? ''}`)
    },
    play(session: string, track: MediaStreamTrack): void {
      const known = rows.get(session)
      if (!known) return
      const isSound = track.kind === 'audio'
      const player = isSound ? known.sound : part<HTMLVideoElement>(known.row, 'picture')
      player.srcObject = new MediaStream([track])
      player.play().catch(() => undefined)
    },
    /** Connected is not heard: says so where nothing came in since the last time. */
    compare(received: ReadonlyMap<string, { sound: number; picture: number }>): void {
      for (const [session, { state, since }] of rows)
        if (state === 'connecting' && performance.now() - since > connectWithinMs) show(session, 'lost')
      for (const [session, bytes] of received) {
        const known = rows.get(session)
        if (!known) continue
        const hears = bytes.sound > known.bytes.sound
        if (known.state === 'there' && !hears) show(session, 'silent')
        if (known.state === 'silent' && hears) show(session, 'there')
        showPicture(known, bytes.picture > known.bytes.picture)
        known.bytes = bytes
      }
    },
    isLost: () => [...rows.values()].some(({ state }) => state === 'lost'),
    clear(): void {
      for (const { row, sound } of rows.values()) {
        sound.srcObject = null
        row.remove()
      }
      rows.clear()
    },
  }
}
