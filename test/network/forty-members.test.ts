import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/protocol/index.ts'
import { startNetwork } from '../support/network.ts'
import { note, noteActs } from '../support/notes.ts'
import { policySet } from '../../src/core/witnessing/index.ts'

const count = 40
const names = ['host', ...Array.from({ length: count - 1 }, (_, at) => `member${at + 1}`)] as const

test('forty members: an act is confirmed by all, and all know it, for a bounded number of requests', async (t) => {
  const network = await startNetwork(t, names, {
    modules: [{ name: 'trial', acts: [...noteActs, policySet] }],
    accredited: 'with-first',
    poolSize: 4,
    // What is said because time passes must not be counted with what is said because of an act.
    pace: { pollMs: 600_000, gossipMs: 600_000, sweepMs: 600_000, cosignatureMs: 150, retryLongestMs: 1_000 },
    // Second lines come by the clock of the machine, whatever is said.
    witnessPace: { mlDsaMs: 86_400_000 },
    submitWaitMs: 60_000,
  })
  const nodes = names.map((name) => network.nodes[name]!)
  const host = nodes[0]!
  const space = newId()
  await host.ledger.open({
    id: space,
    kind: 'forum',
    title: { en: 'Plenary' },
    purpose: 'trial',
    office: 'desk',
    ownRole: 'chair',
    members: nodes.slice(1).map(({ party }) => ({ party, role: 'member' as const })),
  })
  const confirmedAt = async (index: number) => {
    const facts = await Promise.all(nodes.map((node) => node.ledger.find(space)))
    const words = await Promise.all(
      nodes.map(async (node, at) =>
        facts[at] && facts[at].size > index
          ? (await node.witnessing.finality.standings(facts[at], index, index))(index).word
          : undefined,
      ),
    )
    return words.filter((word) => word === 'confirmed-by-all').length
  }
  const until = async (index: number) => {
    const end = performance.now() + 120_000
    for (let done = 0; done < count; done = await confirmedAt(index)) {
      assert.ok(performance.now() < end, `${done} of ${count} know that entry ${index} is confirmed by all`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  await until(0)
  await network.settled()
  const before = network.wire.sent.length
  const sent = await nodes[7]!.outbox.send(note(space, 'one'))
  assert.ok(sent.state === 'on-record')
  await until(sent.index)
  await network.settled()
  const said = network.wire.sent.slice(before)
  const kinds = Map.groupBy(said, ({ method, path }) => `${method} ${path.replace(space, '…').split('?')[0]}`)
  const counts = Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]))
  t.diagnostic(JSON.stringify(counts))
  const most = (kind: string, each: number) => {
    const found = counts[kind] ?? 0
    assert.ok(found <= each * count, `${kind}: ${found} for ${count} members`)
  }
  // Once for the entry, and a few rounds in which lines that were gathered are told: never once for each line.
  most('POST /fed/v1/spaces/…/cosignatures', 1)
  most('GET /fed/v1/changes', 2)
  most('POST /fed/v1/hints', 8)
  most('GET /fed/v1/spaces/…/newest', 10)
  assert.ok(said.length <= 22 * count, `${said.length} requests in all`)
})
