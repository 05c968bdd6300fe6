import type { Adversary } from './scene.ts'
import { sayOn, secondHistory, showTo } from './second-history.ts'

/** One member sees one history, the others another. */
export const splitView: Adversary = {
  name: 'split view',
  rows: [1, 16],
  evidence: 'two-histories',
  async strike(scene) {
    const { host, members, space } = scene
    const shadow = await secondHistory(scene)
    showTo(scene, shadow, new Set([members[Math.floor(scene.random() * members.length)]!.name]))
    await sayOn(host, space, 'for the many')
    await sayOn(shadow, space, 'for one alone')
  },
}

/** The host goes back to an older copy of its log and continues differently, for everybody. */
export const rolledBack: Adversary = {
  name: 'rollback',
  rows: [9, 10],
  evidence: 'two-histories',
  async strike(scene) {
    const { house, host, members, space } = scene
    const shadow = await secondHistory(scene)
    await sayOn(host, space, 'said and seen')
    const size = (await host.now.ledger.head(space))!.size
    const seen = async () =>
      (await Promise.all(members.map(({ now }) => now.ledger.head(space)))).some((head) => head?.size === size)
    await house.run(30_000, seen)
    showTo(scene, shadow, new Set(members.map(({ name }) => name)))
    await sayOn(shadow, space, 'said instead')
  },
}

/** A member gets a receipt; the history everybody is shown does not hold its act. */
export const droppedReceipt: Adversary = {
  name: 'dropped receipted act',
  rows: [2, 9],
  evidence: 'two-histories',
  async strike(scene) {
    const { house, host, members, space } = scene
    const shadow = await secondHistory(scene)
    const author = members[0]!
    house.wire.door(host.name, async (from, request, inside) => {
      const isHandedIn = new URL(request.url).pathname === `/fed/v1/spaces/${space}/acts` && from === author.name
      if (!isHandedIn) return shadow.now.federation.handle(request)
      const answer = await inside(request)
      const { newest: _, ...rest } = (await answer.json()) as { newest?: unknown }
      return Response.json(rest)
    })
    scene.send(author, 'promised')
    await house.run(5_000)
    await sayOn(shadow, space, 'said instead')
  },
}
