import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type LedgerNode, newChannel, newNote, sign, startLedgers, submit } from '../../../test/support/ledger.ts'

async function startHost(t: TestContext): Promise<{ node: LedgerNode; space: string }> {
  const nodes = await startLedgers(t, ['aurelia.example', 'borovia.example'])
  const node = nodes['aurelia.example'] as LedgerNode
  const { id } = await node.ledger.open(newChannel(['borovia.example']))
  return { node, space: id }
}

function guardOf(node: LedgerNode): string {
  return join(node.dataDir, 'guard')
}

test('a database put back from before is not signed for again until the operator says so', async (t) => {
  const { node, space } = await startHost(t)
  await submit(node, node, newNote(space))
  const ahead = `${space} 9 ${(await node.ledger.head(space))?.root}\n`
  await node.ledger.close()
  writeFileSync(join(guardOf(node), 'node.log'), ahead, { flag: 'a' })
  const restarted = node.another({ instance: 'node' })
  const report = await restarted.start()
  assert.deepEqual(report, {
    open: false,
    blocked: [{ space, size: 2, seen: 9, by: 'node.log', reason: 'ahead' }],
  })
  const signed = await sign(node, newNote(space))
  const [refused] = await restarted.sequence(space, [{ envelope: signed.envelope }])
  assert.deepEqual(refused, { state: 'unavailable', hash: signed.hash, reason: 'gate-shut' })
  assert.equal(await restarted.cosign(space), undefined)
  assert.equal((await restarted.head(space))?.size, 2)
  assert.equal((await restarted.acceptRollback()).open, true)
  const [taken] = await restarted.sequence(space, [{ envelope: signed.envelope }])
  assert.equal(taken?.state, 'on-record')
  await restarted.close()
  const later = node.another({ instance: 'node' })
  assert.equal((await later.start()).open, true)
})

test('a guard that contradicts the database shuts the space, not the others', async (t) => {
  const { node, space } = await startHost(t)
  const other = await node.ledger.open(newChannel(['borovia.example']))
  await node.ledger.close()
  writeFileSync(join(guardOf(node), 'elsewhere.log'), `${space} 1 ${other.root}\n`)
  const restarted = node.another({ instance: 'node' })
  const { blocked } = await restarted.start()
  assert.deepEqual(
    blocked.map((one) => [one.space, one.reason, one.by]),
    [[space, 'contradicts', 'elsewhere.log']],
  )
  const signed = await sign(node, newNote(other.id))
  assert.equal((await restarted.sequence(other.id, [{ envelope: signed.envelope }]))[0]?.state, 'on-record')
})

test('a crash after commit and before the guard loses nothing: the same act gets its receipt', async (t) => {
  const { node, space } = await startHost(t)
  const before = join(node.dataDir, 'before')
  cpSync(guardOf(node), before, { recursive: true })
  const signed = await sign(node, newNote(space))
  const [answer] = await node.ledger.sequence(space, [{ envelope: signed.envelope }])
  await node.ledger.close()
  // The guard as it was before that batch, its last line cut short.
  rmSync(guardOf(node), { recursive: true })
  cpSync(before, guardOf(node), { recursive: true })
  writeFileSync(join(guardOf(node), 'node.log'), `${space} 2 cut`, { flag: 'a' })
  const restarted = node.another({ instance: 'node' })
  assert.equal((await restarted.start()).open, true)
  const [again] = await restarted.sequence(space, [{ envelope: signed.envelope }])
  assert.ok(answer?.state === 'on-record' && again?.state === 'on-record')
  assert.deepEqual(again.receipt, answer.receipt)
  assert.match(readFileSync(join(guardOf(node), 'node.log'), 'utf8'), new RegExp(`\n${space} 2 [A-Za-z0-9_-]{43}\n$`))
})

test('without guard files a majority of members has to agree first', async (t) => {
  const { node, space } = await startHost(t)
  const root = (await node.ledger.head(space))?.root as string
  await node.ledger.close()
  const start = async (answers: { party: string; size: number; root: string }[] | 'silence') => {
    rmSync(guardOf(node), { recursive: true, force: true })
    const restarted = node.another({
      instance: 'node',
      askMembers: async (asked) => {
        if (answers === 'silence') throw new Error('nobody')
        return asked === space ? answers : []
      },
    })
    const { blocked } = await restarted.start()
    await restarted.close()
    return blocked.filter((one) => one.space === space).map((one) => [one.reason, one.by])
  }
  assert.deepEqual(await start('silence'), [['no-guard', undefined]])
  assert.deepEqual(await start([{ party: 'borovia.example', size: 1, root }]), [])
  assert.deepEqual(await start([{ party: 'borovia.example', size: 2, root }]), [['ahead', 'borovia.example']])
  assert.deepEqual(await start([{ party: 'borovia.example', size: 0, root: '' }]), [])
})

test('a node put back without its guard stays shut at the second start too, until members have answered', async (t) => {
  const { node, space } = await startHost(t)
  const root = (await node.ledger.head(space))?.root as string
  await node.ledger.close()
  rmSync(guardOf(node), { recursive: true })
  let answers: { party: string; size: number; root: string }[] = []
  const start = async () => {
    const again = node.another({ instance: 'node', askMembers: async (asked) => (asked === space ? answers : []) })
    const { blocked } = await again.start()
    return { again, reason: blocked.find((one) => one.space === space)?.reason }
  }
  for (const count of ['first', 'second', 'third']) {
    const { again, reason } = await start()
    assert.equal(reason, 'no-guard', `the ${count} start`)
    await again.close()
  }
  const { again } = await start()
  answers = [{ party: 'borovia.example', size: 1, root }]
  assert.equal(await again.recheckGate(space), true)
  await again.close()
  answers = []
  const last = await start()
  assert.equal(last.reason, undefined)
  await last.again.close()
})

test('an accepted rollback keeps the old guard aside', async (t) => {
  const { node } = await startHost(t)
  await node.ledger.close()
  const restarted = node.another({ instance: 'second' })
  await restarted.start()
  await restarted.acceptRollback()
  const files = readdirSync(guardOf(node))
  assert.ok(files.includes('second.log'))
  assert.ok(files.some((file) => file.startsWith('node.log.set-aside-')))
})
