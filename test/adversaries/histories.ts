import { readEvidence } from '../../src/protocol/evidence/index.ts'
import type { SimNode } from '../simulation/house.ts'
import type { Adversary, Scene } from './scene.ts'
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

/** A member gets a receipt; everybody, it too, is shown one history, and its act is not in it. */
export const droppedReceipt: Adversary = {
  name: 'dropped receipted act',
  rows: [2, 9],
  evidence: 'two-histories',
  async strike(scene) {
    const { house, host, members, space } = scene
    const author = members[0]!
    const aside = await house.shadow(host)
    // What promises is heard by nobody but the author, and by it only in the receipt: gossip cannot convict.
    for (const { name } of members) house.wire.cut(aside.name, name)
    await secondHistory(scene)
    let isPromised = true
    const mayEnd = scene.random() < 0.5
    house.wire.door(host.name, async (from, request, inside) => {
      const isHandedIn = new URL(request.url).pathname === `/fed/v1/spaces/${space}/acts` && from === author.name
      if (!isHandedIn || isPromised) return inside(request)
      const answer = await aside.now.federation.handle(request)
      if (!answer.ok) return answer
      const { answers } = (await answer.json()) as { answers: { state: string }[] }
      isPromised = answers.some(({ state }) => state === 'on-record')
      // Who was promised something may end before it looks for it.
      if (isPromised && mayEnd) author.crashAt({ statements: 1 + Math.floor(scene.random() * 4), when: 'after' })
      return Response.json({ answers })
    })
    // Ended before it had noted the receipt, it was promised nothing that it knows of.
    for (let attempt = 0; attempt < 8 && !(await wasPromised(scene, author)); attempt += 1) {
      isPromised = false
      scene.send(author, 'promised')
      if (!(await house.run(60_000, async () => isPromised))) throw new Error('nothing was promised')
      await house.run(50)
      await author.restart()
    }
    aside.crash()
    house.wire.door(host.name, undefined)
    await sayOn(host, space, 'said instead')
  },
  demands(evidence) {
    const file = readEvidence(evidence)
    return file.kind === 'two-histories' && file.receipt ? undefined : 'without the act that was promised'
  },
}

/** Whether a member holds a receipt of an act that its host's record does not have. */
async function wasPromised({ host, space }: Scene, { now }: SimNode): Promise<boolean> {
  const rows = await now.database.db
    .selectFrom('home.outbox')
    .select('hash')
    .where('space', '=', space)
    .where('state', '=', 'on-record')
    .execute()
  for (const { hash } of rows) if (!(await host.now.ledger.findAct(hash))) return true
  return false
}
