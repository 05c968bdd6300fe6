import { createDevices } from './devices.ts'
import { createHouseLine, type Person, RoomRefused } from './house-line.ts'
import { createMesh, type LinkState } from './mesh.ts'
import { createPeopleList } from './people-list.ts'
import { createRoomLog } from './room-log.ts'
import { sayInPlace } from './say-in-place.ts'

const compareMs = 2_000

/** The form that goes into the room, what is there while one is in, and the way out. Hidden until this runs. */
export function openRoom(box: HTMLElement): void {
  const words = JSON.parse(box.dataset.words ?? '{}') as Record<string, string>
  const find = <E extends HTMLElement>(name: string) => box.querySelector<E>(`[data-room-${name}]`)!
  const form = find<HTMLFormElement>('form')
  const say = createRoomLog(find('said'))
  const people = createPeopleList(box, words, say)
  let session = String(new FormData(form).get('id'))
  let leave: (() => void) | undefined

  find('without').hidden = true
  form.hidden = false
  if (!window.RTCPeerConnection || !navigator.mediaDevices) {
    form.hidden = true
    say(words.unable ?? '')
    return
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void goIn()
  })
  find('leave').addEventListener('click', () => out(words.left))
  find('again').addEventListener('click', () => {
    out('')
    void goIn()
  })
  addEventListener('pagehide', () => leave?.())
  addEventListener('beforeunload', (event) => {
    if (leave) event.preventDefault()
  })
  sayInPlace(document, words, say)

  /** Inside, the list of this browser's own connections stands in place of the house's. */
  function turnOut(isIn: boolean): void {
    const held = find('inside').contains(document.activeElement)
    form.hidden = isIn
    find('inside').hidden = !isIn
    // Whoever pressed a button that went away is at the next one.
    if (held && !isIn) form.querySelector('button')?.focus()
    const seated = document.getElementById('seated-list')
    if (seated) seated.hidden = isIn
  }

  function out(said = ''): void {
    leave?.()
    leave = undefined
    people.clear()
    // The next time is another session: nothing meant for this one reaches it.
    session = crypto.randomUUID().replaceAll('-', '')
    turnOut(false)
    say(said)
  }

  async function goIn(): Promise<void> {
    const button = form.querySelector('button')!
    button.disabled = true
    say(words.asking ?? '')
    let own: MediaStream | undefined
    try {
      own = await navigator.mediaDevices.getUserMedia({ audio: true })
      const house = createHouseLine(box.dataset.room ?? '', session)
      const { iceServers, unheard } = await house.enter(String(new FormData(form).get('by') ?? ''))
      say([words.in, ...unheard].join(' '))
      leave = inside(own, house, iceServers)
      turnOut(true)
      find('mute').focus()
    } catch (error) {
      for (const track of own?.getTracks() ?? []) track.stop()
      say(error instanceof RoomRefused ? error.message : ((own ? words.unreached : words.deaf) ?? ''))
    } finally {
      button.disabled = false
    }
  }

  function inside(own: MediaStream, house: ReturnType<typeof createHouseLine>, iceServers: RTCIceServer[]) {
    const [microphone] = own.getAudioTracks()
    const seats = new Map<string, LinkState>()
    const mesh = createMesh({ iceServers, microphone: microphone!, send: house.send, changed, arrived: people.play })
    const devices = createDevices({ find, words, say, microphone: microphone!, show: mesh.show })
    let isOpen = false

    function changed(other: string, state: LinkState): void {
      // Whose own house has lost them too is not on the way any more.
      people.show(other, state === 'connecting' && seats.get(other) === 'lost' ? 'lost' : state)
      find('again').hidden = !people.isLost()
    }
    // Of two, the one with the lower session calls, as soon as the line of both is open: never both at once.
    function callWhoIsThere(): void {
      if (!isOpen) return
      for (const [other, state] of seats) if (state === 'there' && session < other && !mesh.has(other)) mesh.call(other)
    }
    function gone(other: string): void {
      seats.delete(other)
      mesh.close(other)
      people.remove(other)
      find('again').hidden = !people.isLost()
    }

    house.listen({
      open() {
        isOpen = true
        callWhoIsThere()
      },
      lost: () => say(words.away ?? ''),
      seat(person: Person) {
        seats.set(person.session, person.state)
        people.put(person)
        if (!mesh.has(person.session)) people.show(person.session, person.state === 'lost' ? 'lost' : 'connecting')
        callWhoIsThere()
      },
      gone,
      signal: (from, signal) => mesh.take(from, signal),
      ended: () => out(words.ended),
    })
    const comparing = setInterval(async () => {
      people.compare(await mesh.received())
      find('again').hidden = !people.isLost()
    }, compareMs)
    return () => {
      clearInterval(comparing)
      devices.stop()
      mesh.closeAll()
      house.leave()
    }
  }
}
