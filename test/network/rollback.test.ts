import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createScrub, migrations as scrubMigrations, type Scrub } from '../../src/core/scrub/index.ts'
import { newId, sha256, signCheckpoint } from '../../src/protocol/index.ts'
import { noteSent, trialTables } from '../support/ledger.ts'
import { type Network, type NetworkNode, startNetwork } from '../support/network.ts'
import { hostChange, sendUntil, until } from '../support/notes.ts'
import { copyDatabase } from '../support/put-back.ts'
import { seededRandom, testSeed } from './case/random.ts'

const module = {
  name: 'trial',
  migrations: [...scrubMigrations, trialTables],
  views: ['view.trial_note'],
  acts: [noteSent],
}

// Hosts are off here again and again.
const submitWaitMs = 300

const noteOf = (space: string, number: number) => ({
  space,
  type: 'trial.note-sent',
  id: newId(),
  office: 'desk',
  body: { number },
  text: { subject: `No. ${number}` },
  marking: { tlp: 'AMBER' as const },
})

function scrubOf(node: NetworkNode): Scrub {
  return createScrub({
    ...node,
    sources: node.federation.sources,
    mended: (space) => node.ledger.project(space),
    gate: {
      shut: () => node.ledger.gate().blocked.map(({ space, reason }) => ({ space, isBehind: reason === 'ahead' })),
      recheck: (space) => node.ledger.recheckGate(space),
    },
  })
}

async function openChannel<Name extends string>(
  network: Network<Name>,
  host: NetworkNode,
  members: readonly NetworkNode[],
): Promise<string> {
  const { id } = await host.ledger.open({
    id: newId(),
    kind: members.length > 1 ? 'forum' : 'channel',
    title: { en: 'Trial' },
    purpose: 'Trying',
    office: 'desk',
    members: members.map(({ party }) => ({ party, role: 'member' as const })),
  })
  await network.settled()
  return id
}

/** Sends, and waits until it is on record however slow the machine is. */
async function sendSurely(node: NetworkNode, space: string, number: number): Promise<void> {
  await sendUntil(node, noteOf(space, number), 'on-record')
}

/** Who answered too late is asked again, as a running node does by itself. */
async function untilOpen(node: NetworkNode): Promise<void> {
  await until(async () => {
    for (const { space } of node.ledger.gate().blocked) await node.ledger.recheckGate(space)
    return node.ledger.gate().open
  }, `${node.name} signs again`)
  assert.deepEqual(node.ledger.gate(), { open: true, blocked: [] })
}

/** Aurelia hosts; its database is put back to when three acts stood, after six were receipted. */
async function rollBack(t: TestContext, { withGuard }: { withGuard: boolean }) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: [module], submitWaitMs })
  const { aurelia, borovia } = network.nodes
  const space = await openChannel(network, aurelia, [borovia])
  const send = async (node: NetworkNode, number: number) => {
    await sendSurely(node, space, number)
    await network.settled()
  }
  for (const number of [1, 2, 3]) await send(aurelia, number)
  const putBack = await copyDatabase(aurelia.db)
  for (const number of [4, 5, 6]) await send(number % 2 ? aurelia : borovia, number)
  const before = await borovia.ledger.entries(space, 0, 100)
  await aurelia.kill()
  await putBack()
  if (!withGuard) rmSync(join(aurelia.dataDir, 'guard'), { recursive: true })
  await aurelia.restart()
  return { network, aurelia, borovia, space, before }
}

for (const withGuard of [true, false])
  test(`a host put back from a copy ${withGuard ? 'beside' : 'without'} its guard signs nothing until it holds again what its members hold`, async (t) => {
    const { network, aurelia, borovia, space, before } = await rollBack(t, { withGuard })
    const [blocked] = aurelia.ledger.gate().blocked.filter((one) => one.space === space)
    assert.deepEqual(
      [blocked?.reason, blocked?.size, blocked?.seen, blocked?.by],
      ['ahead', 4, 7, withGuard ? 'node.log' : borovia.party],
    )
    const late = await borovia.outbox.send(noteOf(space, 7))
    assert.equal(late.state, 'signed')
    assert.equal((await aurelia.ledger.head(space))?.size, 4)

    assert.equal(await scrubOf(aurelia).bringBack(space), true)
    await sendSurely(aurelia, space, 8)
    await network.settled()
    const after = await borovia.ledger.entries(space, 0, 100)
    assert.deepEqual(after.slice(0, before.length), before, 'what was receipted is gone')
    assert.deepEqual(await aurelia.ledger.entries(space, 0, 100), after)
    assert.deepEqual(await borovia.ledger.conflicts(), [])
  })

for (const withGuard of [true, false])
  test(`a member that claims a longer record under its own name keeps no honest host from signing, ${withGuard ? 'beside' : 'without'} its guard`, async (t) => {
    const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia', 'mosc'], {
      modules: [module],
      submitWaitMs,
    })
    const { aurelia, borovia, calenia, mosc } = network.nodes
    const space = await openChannel(network, aurelia, [borovia, calenia, mosc])
    await sendSurely(aurelia, space, 1)
    await network.settled()
    await aurelia.kill()
    if (!withGuard) rmSync(join(aurelia.dataDir, 'guard'), { recursive: true })
    const origin = `${borovia.party}/spaces/${space}`
    const lie = signCheckpoint({ origin, size: 99, root: sha256(Buffer.from('none')) }, borovia.identity.keys.host)
    const lies = { told: 0 }
    network.wire.attach('borovia', async (request) => {
      if (!new URL(request.url).pathname.endsWith(`${space}/checkpoint`)) return borovia.handle(request)
      lies.told += 1
      return new Response(lie)
    })
    await aurelia.restart()
    assert.equal(lies.told > 0, true)
    await untilOpen(aurelia)
    await sendSurely(aurelia, space, 2)
  })

test('a host put back from before its members gave the space to another finds out by what that one shows, and signs nothing', async (t) => {
  const network = await startNetwork(t, ['mosc', 'aurelia', 'borovia', 'calenia'], {
    modules: [module],
    submitWaitMs,
    pace: { tenderAfterMs: 20 },
  })
  const { mosc, aurelia, borovia, calenia } = network.nodes
  const space = await openChannel(network, mosc, [aurelia, borovia, calenia])
  await sendSurely(borovia, space, 1)
  await network.settled()
  await mosc.kill()
  for (const node of [aurelia, borovia, calenia]) await node.outbox.send(hostChange(space, aurelia))
  await until(async () => (await aurelia.ledger.head(space))?.hosted === true, 'aurelia orders the space')
  await sendSurely(calenia, space, 2)
  await network.settled()
  rmSync(join(mosc.dataDir, 'guard'), { recursive: true })
  await mosc.restart()
  const head = await mosc.ledger.head(space)
  assert.deepEqual([head?.hosted, head?.host], [false, 'aurelia.example'])
  await untilOpen(mosc)
  await sendSurely(mosc, space, 3)
  for (const node of Object.values(network.nodes)) assert.deepEqual(await node.ledger.conflicts(), [])
})

test('a node put back from before its keys changed signs nothing on its register until peers gave it back, and goes on under the new key', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: [module], submitWaitMs })
  const { aurelia, borovia } = network.nodes
  const space = await openChannel(network, borovia, [aurelia])
  await sendSurely(aurelia, space, 1)
  await network.settled()
  const putBack = await copyDatabase(aurelia.db)
  await aurelia.keys.rotate()
  await sendSurely(aurelia, space, 2)
  await network.settled()
  const { register } = aurelia.identity
  const { kid } = aurelia.identity.keys.act
  await until(async () => (await borovia.ledger.head(register))?.size === 2, 'borovia holds the new register')
  await aurelia.kill()
  await putBack()
  await aurelia.restart()
  const shut = () => aurelia.ledger.gate().blocked.filter((one) => one.space === register)
  assert.deepEqual(
    shut().map(({ reason, size, seen }) => [reason, size, seen]),
    [['ahead', 1, 2]],
  )
  // Another event now would make a second register under the same name.
  await assert.rejects(aurelia.keys.rotate())
  assert.equal((await aurelia.ledger.head(register))?.size, 1)
  assert.equal(await scrubOf(aurelia).bringBack(register), true)
  assert.deepEqual(shut(), [])
  await until(async () => {
    await aurelia.keys.resume()
    return (await aurelia.keys.overview()).underWay === undefined
  }, 'what was asked for meanwhile is done')
  const { events } = await aurelia.keys.overview()
  assert.deepEqual(
    [events[0]?.kind, events[0]?.began],
    ['rotated', kid],
    'the entry that was lost is the one that came back',
  )
  await sendSurely(aurelia, space, 3)
  await network.settled()
  assert.deepEqual([...(await borovia.ledger.conflicts()), ...(await aurelia.ledger.conflicts())], [])
})

test('four nodes that reboot together without their guards open for each other, whatever the wire does', async (t) => {
  const names = ['aurelia', 'borovia', 'calenia', 'mosc'] as const
  const network = await startNetwork(t, names, { modules: [module], submitWaitMs })
  const nodes: NetworkNode[] = names.map((name) => network.nodes[name])
  const spaces: string[] = []
  for (const host of nodes)
    spaces.push(
      await openChannel(
        network,
        host,
        nodes.filter((node) => node !== host),
      ),
    )
  for (const seed of [1, 2, 3].map((one) => testSeed(20_261_122) + one)) {
    const random = seededRandom(seed)
    await Promise.all(nodes.map((node) => node.kill()))
    for (const { dataDir } of nodes) rmSync(join(dataDir, 'guard'), { recursive: true, force: true })
    network.wire.rule(() => ({
      dropRequest: random() < 0.2,
      dropAnswer: random() < 0.1,
      delayTurns: Math.floor(random() * 40),
    }))
    await Promise.all(nodes.map((node) => node.restart()))
    const allOpen = async () => {
      await Promise.all(
        nodes.map(async (node) => {
          const scrub = scrubOf(node)
          for (const { space } of node.ledger.gate().blocked) await scrub.bringBack(space)
        }),
      )
      return nodes.every((node) => node.ledger.gate().open)
    }
    await until(allOpen, `all four open, seed ${seed}`, 120_000)
    network.wire.rule(undefined)
    for (const [at, node] of nodes.entries()) {
      assert.deepEqual(node.ledger.gate(), { open: true, blocked: [] }, `${node.name}, seed ${seed}`)
      await sendSurely(node, spaces[at]!, seed % 1000)
    }
    await network.settled()
  }
})
