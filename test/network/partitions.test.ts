import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NetworkNode, startNetwork } from '../support/network.ts'
import { hostChange, note, noteActs, openChannel, until, untilSize } from '../support/notes.ts'
import { seededRandom, shuffled, testSeed } from './case/random.ts'

const rounds = Number(process.env.CHANCERY_TEST_PARTITIONS ?? 2)
const patienceMs = 60_000

test('five nodes cut in two again and again, hosts killed and replaced: one record, nothing lost, nothing twice, nobody accused', async (t) => {
  const seed = testSeed(20_261_122)
  const random = seededRandom(seed)
  const { nodes, wire, settled } = await startNetwork(t, ['aurelia', 'borovia', 'calenia', 'doria', 'mosc'], {
    acts: noteActs,
    pace: { tenderAfterMs: 20, gossipMs: 50, sweepMs: 200 },
    submitWaitMs: 500,
  })
  const all = Object.values(nodes)
  const { id: space } = await openChannel(nodes.mosc, [nodes.aurelia, nodes.borovia, nodes.calenia, nodes.doria])
  await Promise.all(all.map((node) => untilSize(node, space, 1)))
  const said: { hash: string; id: string; author: NetworkNode; receipted: boolean }[] = []
  const story: string[] = []

  const hostOf = async (node: NetworkNode) => (await node.ledger.head(space))?.host
  async function say(author: NetworkNode): Promise<void> {
    const draft = note(space, `${said.length}`)
    const sent = await author.outbox.send(draft)
    said.push({ hash: sent.hash, id: draft.id, author, receipted: sent.state === 'on-record' })
    story.push(`${author.name} says ${said.length - 1}: ${sent.state}`)
  }
  async function takeOver(side: readonly NetworkNode[]): Promise<void> {
    const [next] = side as [NetworkNode]
    for (const node of side) await node.outbox.send(hostChange(space, next))
    await until(async () => (await hostOf(next)) === next.party, `${next.name} orders the space`, patienceMs)
    story.push(`${next.name} took over with ${side.length}`)
  }

  try {
    for (let round = 0; round < rounds; round += 1) {
      const order = shuffled(all, random)
      const [few, many] = [order.slice(0, 2), order.slice(2)]
      const old = await currentHost()
      story.push(`round ${round}: ${few.map((one) => one.name)} | ${many.map((one) => one.name)}, host ${old.name}`)
      for (const here of few) for (const there of many) wire.cut(here.name, there.name)
      const isKilled = random() < 0.5
      if (isKilled) await old.kill()
      const awake = (node: NetworkNode) => !(isKilled && node === old)
      for (const side of [few, many]) await say(shuffled(side.filter(awake), random)[0]!)
      if (!many.includes(old) || isKilled) {
        const voices = many.filter(awake)
        if (voices.length * 2 > all.length) await takeOver(shuffled(voices, random))
      }
      for (const side of [few, many]) await say(shuffled(side.filter(awake), random)[0]!)
      wire.heal()
      if (isKilled) await old.restart()
      await until(agreed, 'all hold one record', patienceMs)
      await settled()
    }
    await until(
      async () => (await missing()).length === 0,
      'everything that was said stands on the record, or is shown as left',
      patienceMs,
    )
    await until(agreed, 'all hold one record', patienceMs)

    const acts = await all[0]!.ledger.acts(space, { limit: 1000 })
    for (const what of [acts.map((act) => act.hash), acts.map((act) => `${act.statement.author} ${act.statement.id}`)])
      assert.equal(new Set(what).size, what.length, 'an act stands twice')
    for (const node of all) {
      assert.deepEqual(await node.ledger.conflicts(), [], `${node.name} accuses somebody`)
      assert.equal((await node.ledger.head(space))?.frozen, false)
      assert.deepEqual(node.ledger.gate().blocked, [], `${node.name} may not sign`)
    }
    assert.equal(
      (await Promise.all(all.map((node) => node.ledger.head(space)))).filter((head) => head?.hosted).length,
      1,
    )
  } catch (error) {
    t.diagnostic(`CHANCERY_TEST_SEED=${seed}\n${story.join('\n')}\n${await heads()}`)
    throw error
  }

  async function heads(): Promise<string> {
    const lines = all.map(async (node) => {
      const head = await node.ledger.head(space)
      return `${node.name}: ${head?.host} ${head?.size} ${head?.root.slice(0, 8)} hosted ${head?.hosted} frozen ${head?.frozen}`
    })
    return (await Promise.all(lines)).join('\n')
  }
  async function currentHost(): Promise<NetworkNode> {
    const host = await hostOf(all[0]!)
    return all.find((node) => node.party === host)!
  }
  async function agreed(): Promise<boolean> {
    const found = await Promise.all(all.map((node) => node.ledger.head(space)))
    return new Set(found.map((head) => `${head?.host} ${head?.root}`)).size === 1
  }
  /** What neither stands on the record nor is shown to its author as left. */
  async function missing(): Promise<string[]> {
    const acts = await all[0]!.ledger.acts(space, { limit: 1000 })
    const standing = new Set(acts.map((act) => `${act.statement.author} ${act.statement.id}`))
    const rest = said.filter(({ author, id }) => !standing.has(`${author.party} ${id}`))
    const shown = await Promise.all(
      rest.map(async ({ author, hash }) => (await author.ledger.orphans(space)).some((one) => one.hash === hash)),
    )
    return rest.filter((_, at) => !shown[at]).map(({ hash }) => hash)
  }
})
