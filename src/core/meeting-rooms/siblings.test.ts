import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { until } from '../../../test/support/notes.ts'
import { testDatabase } from '../../../test/support/postgres.ts'
import { newId } from '../../protocol/index.ts'
import { openDatabase } from '../storage/index.ts'
import { createMeetingRooms } from './create-meeting-rooms.ts'
import type { RoomEvent, RoomOwner, RoomSignal } from './types.ts'
import { roomLimits, roomSignal } from './wire-messages.ts'

const [ours, theirs] = ['aurelia.example', 'borovia.example']
const place = { space: newId(), room: 'r'.repeat(43) }

/** Two processes of one house on one database, one of another house; what they ask each other is carried at once. */
async function startHouses(t: TestContext) {
  const { url } = await testDatabase(t, [])
  const clock = { at: Date.UTC(2026, 10, 22, 9), now: () => clock.at }
  const doors = new Map<string, Process>()
  const answer = (from: string, to: string, body: object) =>
    doors.get(to)!.rooms.routes[0]!.answer({
      params: { space: place.space },
      peer: from,
      body: Buffer.from(JSON.stringify(body)),
    } as never)

  async function start(party: string) {
    const database = await openDatabase({ databaseUrl: url, poolSize: 2 })
    const rooms = createMeetingRooms({
      clock,
      party,
      isMember: async () => true,
      factsOf: async () => ({ parties: [ours, theirs], isOpen: true }),
      async ask(to, { body }) {
        const response = await answer(party, to, body)
        if (!response.ok) throw Object.assign(new Error(), { status: response.status })
        return response.json()
      },
      changed: () => undefined,
      // Each house has a database of its own.
      channel: {
        notify: (channel, message) => database.notify(`${party} ${channel}`, message),
        listen: (channel, ...hearing) => database.listen(`${party} ${channel}`, ...hearing),
      },
    })
    await rooms.start()
    t.after(() => database.close())
    /** As when it is killed: nobody is told. */
    return { rooms, kill: () => database.close() }
  }
  type Process = Awaited<ReturnType<typeof start>>
  const [first, second, other] = await Promise.all([start(ours), start(ours), start(theirs)])
  doors.set(ours, first)
  doors.set(theirs, other)
  return { clock, doors, start, first, second, other }
}

type Houses = Awaited<ReturnType<typeof startHouses>>
type Rooms = Houses['first']['rooms']

const owner = (person: string): RoomOwner => ({ ...place, session: newId(), person })

/** Goes in with a line of their own and writes down what comes of it. */
async function meet({ rooms }: { rooms: Rooms }, person: string) {
  const who = owner(person)
  await rooms.enter({ ...who, by: person })
  const heard: RoomEvent[] = []
  const hangUp = rooms.attend(who, (event) => heard.push(event))
  const hears = (holds: (event: RoomEvent) => boolean, what: string) =>
    until(async () => heard.some(holds), `${person} to hear ${what}`)
  return {
    who,
    session: who.session,
    heard,
    hangUp,
    hears,
    sees: (session: string, state = 'there') =>
      hears((one) => one.kind === 'seat' && one.seat.session === session && one.seat.state === state, state),
    hearsGone: (session: string) => hears((one) => one.kind === 'gone' && one.session === session, 'who is gone'),
  }
}

const sessionsIn = ({ rooms }: { rooms: Rooms }) =>
  rooms
    .seated(place.room)
    .map(({ session }) => session)
    .toSorted()

/** Resolves once the second process knows what the first said so far: a later word came through. */
async function passedOn(from: { rooms: Rooms }, to: { rooms: Rooms }): Promise<void> {
  const who = { ...owner('passing'), room: 'p'.repeat(43) }
  await from.rooms.enter({ ...who, by: 'passing' })
  await until(async () => to.rooms.seated(who.room).length > 0, 'a word to be passed on')
  await from.rooms.leave(who)
}

const longest = (() => {
  const head = `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}\r\n`
  const lines = Math.floor((roomLimits.sdp - head.length) / 9)
  return roomSignal.parse({ type: 'offer', sdp: head + 'a=\\"\\"\\\r\n'.repeat(lines) }) as RoomSignal
})()

test('people served by two processes of one house and one of another meet in one room, and descriptions of any length reach each', async (t) => {
  const houses = await startHouses(t)
  const { first, second, other } = houses
  const ada = await meet(first, 'ada')
  const bela = await meet(second, 'bela')
  const dora = await meet(other, 'dora')
  const all = [ada, bela, dora]
  const sessions = all.map(({ session }) => session).toSorted()
  for (const one of all) for (const { session } of all) if (session !== one.session) await one.sees(session)
  for (const house of [first, second, other]) assert.deepEqual(sessionsIn(house), sessions)

  assert.ok(JSON.stringify(longest).length > 2 * 8_000, 'more than PostgreSQL takes at once')
  for (const [from, by, to] of [
    [ada, first, bela],
    [bela, second, ada],
    // The other house asks the first process; the line of bela ends at the second.
    [dora, other, bela],
    [bela, second, dora],
  ] as const) {
    await by.rooms.signal(from.who, to.session, longest)
    await to.hears((one) => one.kind === 'signal' && one.from === from.session, 'the description')
    assert.deepEqual(to.heard.find((one) => one.kind === 'signal' && one.from === from.session)?.kind, 'signal')
  }
  const arrived = all.flatMap(({ heard }) => heard.flatMap((one) => (one.kind === 'signal' ? [one.signal] : [])))
  assert.deepEqual(arrived, Array(4).fill(longest))
})

test('a process that dies frees its places and says so; the others go on, and its people come in again by the process that is left', async (t) => {
  const { clock, doors, first, second, other } = await startHouses(t)
  const ada = await meet(first, 'ada')
  const bela = await meet(second, 'bela')
  const dora = await meet(other, 'dora')
  for (const one of [bela, dora]) await one.sees(ada.session)
  await ada.sees(dora.session)
  await first.kill()
  doors.set(ours, second)
  for (let passed = 0; passed <= 60; passed += 15) {
    for (const { rooms } of [second, other]) await rooms.sweep()
    clock.at += 15_000
  }
  await bela.hearsGone(ada.session)
  await dora.hearsGone(ada.session)
  for (const house of [second, other])
    await until(
      async () => sessionsIn(house).join() === [bela.session, dora.session].toSorted().join(),
      'the two that are left',
    )
  assert.ok(!bela.heard.some((one) => one.kind === 'gone' && one.session === dora.session))
  await dora.sees(bela.session)
  await other.rooms.signal(dora.who, bela.session, longest)
  await bela.hears((one) => one.kind === 'signal', 'the description')
  const again = await meet(second, 'ada')
  await dora.sees(again.session)
})

test('people of another house stay as long as any process of ours hears of them', async (t) => {
  const { clock, first, second, other } = await startHouses(t)
  const ada = await meet(first, 'ada')
  const dora = await meet(other, 'dora')
  await until(async () => sessionsIn(second).includes(dora.session), 'the second process to know of dora')
  for (let passed = 0; passed <= 60; passed += 15) {
    clock.at += 15_000
    // Their node says at the first process alone that dora is there.
    for (const { rooms } of [other, first]) await rooms.sweep()
    // What it heard meanwhile has come through once a later word has.
    await passedOn(first, second)
    await second.rooms.sweep()
  }
  assert.deepEqual(sessionsIn(second), [ada.session, dora.session].toSorted())
  assert.deepEqual(
    ada.heard.filter(({ kind }) => kind === 'gone'),
    [],
  )
})

test('a browser that reaches another process before the first knows that its line broke is there, not lost', async (t) => {
  const { first, second, other } = await startHouses(t)
  const ada = await meet(first, 'ada')
  const dora = await meet(other, 'dora')
  await until(async () => sessionsIn(second).length === 2, 'the second process to know of both')
  second.rooms.attend(ada.who, () => undefined)
  ada.hangUp()
  await dora.sees(ada.session, 'lost')
  for (const { rooms } of [other, first])
    await until(async () => rooms.seated(place.room).every(({ state }) => state === 'there'), 'ada to be there')
})

test('a process that starts while people talk knows at once who is there, and lets no fifth in', async (t) => {
  const { start, first, second, other } = await startHouses(t)
  const four = [
    await meet(first, 'ada'),
    await meet(second, 'bela'),
    await meet(other, 'dora'),
    await meet(other, 'emil'),
  ]
  const sessions = four.map(({ session }) => session).toSorted()
  const third = await start(ours)
  await until(async () => sessionsIn(third).join() === sessions.join(), 'the third process to know all four')
  await assert.rejects(third.rooms.enter({ ...owner('fay'), by: 'fay' }), { code: 'talks-room-full' })
})

test('two of one house who take the last place at two processes at once: never five in the room', async (t) => {
  const { first, second, other } = await startHouses(t)
  for (const [house, person] of [
    [first, 'ada'],
    [second, 'bela'],
    [other, 'dora'],
  ] as const)
    await meet(house, person)
  const tries = await Promise.allSettled([
    first.rooms.enter({ ...owner('emil'), by: 'emil' }),
    second.rooms.enter({ ...owner('fay'), by: 'fay' }),
  ])
  const inside = 3 + tries.filter(({ status }) => status === 'fulfilled').length
  assert.ok(inside <= 4, `${inside} are in`)
  for (const house of [first, second, other])
    await until(async () => sessionsIn(house).length === inside, `all to count ${inside}`)
})
