import assert from 'node:assert/strict'
import { type PartyKey, type RoleKey, parties } from '../../../src/cli/demo/parties.ts'
import { type Person, until } from '../../../src/cli/demo/person.ts'
import type { Stage } from '../../../src/cli/demo/stage.ts'

export const partyKeys: readonly PartyKey[] = ['aurelia', 'borovia', 'calenia', 'mosc']

/** Whose eyes see everything that a party holds. */
export const eyes: Record<PartyKey, RoleKey> = {
  aurelia: 'releaser',
  borovia: 'deskOfficer',
  calenia: 'delegate',
  mosc: 'secretary',
}

interface HeldAct {
  index: number
  hash: string
  id: string
  type: string
  author: string
}

export interface HeldSpace {
  id: string
  kind: string
  size: number
  root: string
  members: { party: string }[]
  acts: HeldAct[]
}

/** Every space a party holds with its acts, as its own node's API answers one of its people. */
export async function readHeld(person: Person): Promise<HeldSpace[]> {
  const { spaces } = await person.read<{ spaces: HeldSpace[] }>('/api/v1/spaces')
  const held: HeldSpace[] = []
  for (const space of spaces.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const acts: HeldAct[] = []
    for (let next: number | undefined = 0; next !== undefined; ) {
      const page: { acts: HeldAct[]; next?: number } = await person.read(
        `/api/v1/spaces/${space.id}/acts?from=${next}&limit=500`,
      )
      acts.push(...page.acts)
      next = page.next
    }
    held.push({ ...space, acts })
  }
  return held
}

export type Held = Record<PartyKey, HeldSpace[]>

/** Waits until the members of each space hold the same of it, then gives what everybody holds. */
export async function awaitAgreement(people: Stage['people'], withinMs = 30_000): Promise<Held> {
  let held: Held | undefined
  await until(
    'all members of each space to hold the same',
    async () => {
      const entries = await Promise.all(partyKeys.map(async (key) => [key, await readHeld(people[eyes[key]])] as const))
      held = Object.fromEntries(entries) as Held
      return Object.values(copiesBySpace(held)).every(agree)
    },
    withinMs,
  ).catch((error) => {
    for (const [space, copies] of Object.entries(copiesBySpace(held!)))
      assert.ok(agree(copies), `${space}: ${copies.map(({ key, held: one }) => `${key} ${one?.size} ${one?.root}`)}`)
    throw error
  })
  return held!
}

type Copy = { key: PartyKey; held: HeldSpace | undefined }

/** For each space, the copy of every member; undefined where a member has none. */
function copiesBySpace(held: Held): Record<string, Copy[]> {
  const known = new Map(Object.values(held).flatMap((spaces) => spaces.map((space) => [space.id, space] as const)))
  return Object.fromEntries(
    [...known].map(([id, { members }]) => [
      id,
      partyKeys
        .filter((key) => members.some((member) => member.party === parties[key].party))
        .map((key) => ({ key, held: held[key].find((space) => space.id === id) })),
    ]),
  )
}

function agree(copies: Copy[]): boolean {
  const first = copies[0]?.held
  return copies.every(({ held }) => held !== undefined && held.root === first?.root && held.size === held.acts.length)
}

/** How many acts of each type stand in each kind of space, e.g. `case channels.note-sent 2`. */
export function countActs(spaces: readonly HeldSpace[]): string[] {
  const counts = new Map<string, number>()
  for (const { kind, acts } of spaces)
    for (const { type } of acts) counts.set(`${kind} ${type}`, (counts.get(`${kind} ${type}`) ?? 0) + 1)
  return [...counts].map(([what, count]) => `${what} ${count}`).toSorted()
}

/** All members hold the same acts in the same order, and none of them twice. */
export function assertSameActsOnce(held: Held): void {
  for (const [space, copies] of Object.entries(copiesBySpace(held))) {
    const [first, ...others] = copies.map((copy) => copy.held?.acts.map(({ index, hash }) => `${index} ${hash}`))
    for (const other of others) assert.deepEqual(other, first, `members hold different acts of ${space}`)
    const acts = copies[0]?.held?.acts ?? []
    assert.deepEqual(
      acts.map((act) => act.index),
      [...acts.keys()],
      `${space} has a gap`,
    )
    for (const what of [acts.map((act) => act.hash), acts.map((act) => `${act.author} ${act.id}`)])
      assert.equal(new Set(what).size, what.length, `an act stands twice in ${space}`)
  }
}
