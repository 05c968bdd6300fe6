import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { newSigningKey, pendingRecovery } from '../../src/core/identity/index.ts'
import { writeDown } from '../../src/core/keys/change-register.ts'
import { didText } from '../../src/core/keys/index.ts'
import { prepareRotation } from '../../src/core/keys/prepare-event.ts'
import { kidOf } from '../../src/protocol/index.ts'
import { resolveForeign } from '../support/foreign-did.ts'
import { type NetworkNode, startNetwork, startOfTime } from '../support/network.ts'

/** Read by the foreign implementation on a day after everything here. */
async function readDid(t: TestContext, node: NetworkNode, options: Parameters<typeof resolveForeign>[1] = {}) {
  const published = await node.keys.did()
  assert.ok(published)
  t.mock.timers.enable({ apis: ['Date'], now: startOfTime + 86_400_000 })
  try {
    const resolved = await resolveForeign(didText(published), { ...options, requestedDid: published.did })
    return { ...resolved, published }
  } finally {
    t.mock.timers.reset()
  }
}

/** What the DID shows is what the register shows. */
async function assertAsRegister(t: TestContext, node: NetworkNode): Promise<void> {
  const { doc, did, published } = await readDid(t, node)
  const register = await node.ledger.register(node.identity.register)
  assert.ok(doc && register)
  assert.equal(published.isCurrent, true)
  assert.deepEqual(doc.assertionMethod, [`${did}#${register.act.kid}`])
  assert.deepEqual(
    doc.authentication,
    register.nodes.map((key) => `${did}#${kidOf(key)}`),
  )
  const shown = [register.act.key, ...register.nodes, register.cosigner, register.host]
  assert.deepEqual(
    doc.verificationMethod?.map((one: { id: string }) => one.id),
    shown.map((key) => `${did}#${kidOf(key)}`),
  )
  const own = doc.service?.find((one: { type: string }) => one.type === 'ChanceryRegister')?.serviceEndpoint
  assert.deepEqual(own, { uri: `https://${node.party}/fed/v1/spaces/${register.space}`, first: register.first })
}

test('the DID of a party follows rotation, revocation and recovery, as a foreign implementation reads it', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], { overHttp: true })
  const { aurelia } = nodes
  const changes: [string, number, () => Promise<void>][] = [
    ['founding', 1, async () => undefined],
    ['rotation', 2, () => aurelia.keys.rotate({ others: ['node', 'cosigner', 'sealing'] })],
    ['rotation in the same second', 3, () => aurelia.keys.rotate()],
    ['revocation', 4, () => aurelia.keys.revoke({ reason: 'theft' })],
    // The recovery key commits to the new act key, and that one takes over; then the rotation that follows.
    ['recovery', 7, async () => aurelia.keys.recover({ sheet: await sheetOf(aurelia, 0), others: ['node'] })],
    ['recovery with the other sheet', 9, async () => aurelia.keys.recover({ sheet: await sheetOf(aurelia, 1) })],
    ['rotation without sheets', 10, () => aurelia.keys.rotate()],
  ]
  const names = new Set<string>()
  const kids: string[] = []
  for (const [what, versions, change] of changes) {
    await change()
    aurelia.clock.advance(60_000)
    await assertAsRegister(t, aurelia)
    const { published } = await readDid(t, aurelia)
    assert.equal(published.lines.length, versions, what)
    names.add(published.did)
    kids.push(aurelia.identity.keys.act.kid)
  }
  assert.equal(names.size, 1, 'one name for life')
  // An act of the past is judged with the version of its time.
  const { doc, did } = await readDid(t, aurelia, { versionNumber: 2 })
  assert.deepEqual(doc?.assertionMethod, [`${did}#${kids[1]}`])
  await aurelia.kill()
  await aurelia.restart()
  assert.equal((await aurelia.keys.did())?.lines.length, 10, 'nothing is begun anew')
})

test('keys lost but for a sheet: the DID goes on, because the sheet was committed to', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], { overHttp: true })
  const { aurelia } = nodes
  const sheet = await sheetOf(aurelia, 1)
  const before = (await aurelia.keys.did())?.did
  await aurelia.identity.ring.change((content) => ({
    ...content,
    signing: content.signing.map((key) => (key.use === 'act' || key.use === 'next' ? newSigningKey(key.use, 1) : key)),
  }))
  await aurelia.keys.recover({ sheet })
  await assertAsRegister(t, aurelia)
  assert.equal((await aurelia.keys.did())?.did, before)
})

test('a change that ends before the register shows it leaves the DID as it was, and goes on with it', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], { overHttp: true })
  const { aurelia } = nodes
  await aurelia.keys.did()
  await writeDown(aurelia, () => prepareRotation(aurelia.identity.ring.content(), [], aurelia.clock.now()))
  assert.equal(aurelia.identity.ring.content().did?.length, 1)
  await aurelia.kill()
  await aurelia.restart()
  assert.equal((await aurelia.keys.did())?.lines.length, 2)
  await assertAsRegister(t, aurelia)
})

async function sheetOf({ dataDir }: NetworkNode, number: number): Promise<string> {
  const sheet = (await pendingRecovery(dataDir))?.[number]
  assert.ok(sheet)
  return sheet
}
