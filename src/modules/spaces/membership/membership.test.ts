import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NetworkNode, startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { Json } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { spaces } from '../index.ts'

const person = personOf('releaser')
const isRefused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const present = async (node: NetworkNode, space: string) =>
  ((await node.ledger.find(space))?.members ?? [])
    .filter((one) => one.until === undefined)
    .map((one) => one.party.split('.')[0])

function pagesOf(node: NetworkNode, space: string) {
  const services = servicesOf(node)
  const here = `/spaces/${space}/members`
  return {
    read: async (path = '') => (await ask('GET', `${here}${path}`, { services, viewer: person })).html,
    post: async (path: string, input: Record<string, unknown>) =>
      redirectOf((await ask('POST', `${here}${path}`, { services, viewer: person, input })).answer),
  }
}

test('two members agree by pages on a third, each after reading what it means; a second click is none', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = network.nodes
  const space = await openCase(network, servicesOf(aurelia))
  const ours = pagesOf(aurelia, space)
  const theirs = pagesOf(borovia, space)
  assert.match(await ours.read(), /agree on who comes in/)
  const review = await ours.read(`/admit?party=${calenia.party}&role=member`)
  assert.match(review, /receives the whole record from the first entry on/)
  const id = newId()
  for (let click = 0; click < 2; click += 1) await ours.post('/admit', { id, party: calenia.party, role: 'member' })
  await arrives(space, 2, aurelia, borovia)
  assert.equal((await aurelia.ledger.find(space))?.size, 2)
  assert.match(await ours.read(), /We signed it/)

  const asked = (await borovia.ledger.acts(space, { types: ['space.member-admitted'] }))[0]?.hash ?? ''
  assert.match(await theirs.read(), new RegExp(`/members/agree/${asked}`))
  const needs = await spaces.needs?.(servicesOf(borovia), person)
  assert.ok(
    needs?.some((need) => need.href.endsWith(`/members/agree/${asked}`)),
    'Today asks for it',
  )
  const agreed = newId()
  for (let click = 0; click < 2; click += 1) await theirs.post(`/agree/${asked}`, { id: agreed })
  await arrives(space, 3, aurelia, borovia, calenia)
  for (const node of [aurelia, borovia, calenia])
    assert.deepEqual(await present(node, space), ['aurelia', 'borovia', 'calenia'])
  assert.equal((await borovia.ledger.find(space))?.size, 3)
  await assert.rejects(ours.post(`/agree/${asked}`, { id: newId() }), isRefused('spaces.nothing-to-agree'))

  const leaving = await pagesOf(calenia, space).read('/leave')
  assert.match(leaving, /receive nothing more and can write nothing more/)
  const left = newId()
  for (let click = 0; click < 2; click += 1) await pagesOf(calenia, space).post('/leave', { id: left })
  await arrives(space, 4, aurelia, borovia, calenia)
  assert.deepEqual(await present(calenia, space), ['aurelia', 'borovia'])
  assert.equal((await aurelia.ledger.find(space))?.size, 4)
  await assert.rejects(ours.post('/leave', { id: newId() }), isRefused('spaces.host-stays'))
})

test('in a case of three a member’s veto keeps a newcomer out, and an admission all the same is shown as against it', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia', 'mosc'], { modules })
  const { aurelia, borovia, calenia, mosc } = network.nodes
  const opened = await aurelia.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'Three of us' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [borovia, calenia].map(({ party }) => ({ party, role: 'member' as const })),
  })
  const space = opened.id
  await arrives(space, 1, aurelia, borovia, calenia)
  const ours = pagesOf(aurelia, space)
  const objecting = pagesOf(calenia, space)
  const newcomer = { party: mosc.party, role: 'member' }
  await assert.rejects(
    pagesOf(borovia, space).post('/admit', { id: newId(), ...newcomer, reason: 'x' }),
    isRefused('spaces.not-ours-to-admit'),
  )
  const propose = (reason: string) => ours.post('/admit', { id: newId(), ...newcomer, within: 'PT24H', reason })
  await propose('They host the meeting')
  await arrives(space, 2, aurelia, borovia, calenia)
  await assert.rejects(propose('Again'), isRefused('spaces.window-open'))
  const [proposal] = await calenia.ledger.acts(space, { types: ['spaces.admission-proposed'] })
  assert.ok(proposal)
  assert.match(await objecting.read(), /They host the meeting/)
  const veto = newId()
  for (let click = 0; click < 2; click += 1)
    await objecting.post(`/admissions/${proposal.hash}/veto`, { id: veto, reason: 'Not before we have talked' })
  await arrives(space, 3, aurelia, borovia, calenia)
  assert.equal((await aurelia.ledger.find(space))?.size, 3)
  for (const node of [aurelia, borovia, calenia])
    assert.match(await pagesOf(node, space).read(), /CALENIA objected.*Not before we have talked/s)
  for (const node of [aurelia, borovia, calenia, mosc]) node.clock.advance(25 * 3_600_000)
  await assert.rejects(
    pagesOf(borovia, space).post(`/admissions/${proposal.hash}/veto`, { id: newId(), reason: 'Me too' }),
    isRefused('spaces.nothing-to-veto'),
  )

  // The opener's own node refuses; one that signs all the same is seen by everybody.
  const snapshot = await aurelia.peers.snapshot(mosc.party)
  const sent = await aurelia.outbox.send({
    space,
    type: 'space.member-admitted',
    id: newId(),
    office: 'cyber-desk',
    marking: { tlp: 'AMBER' },
    body: { member: { ...snapshot, role: 'member' } } as unknown as Json,
  })
  assert.equal(sent.state, 'on-record')
  await arrives(space, 4, aurelia, borovia, calenia, mosc)
  for (const node of [borovia, calenia, mosc])
    assert.match(await pagesOf(node, space).read(), /Taken in against an objection/, node.name)
})

test('when the window ends in silence the opener takes the newcomer in, and nothing is shown against it', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia', 'mosc'], { modules })
  const { aurelia, borovia, calenia, mosc } = network.nodes
  const { id: space } = await aurelia.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'Three of us' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [borovia, calenia].map(({ party }) => ({ party, role: 'member' as const })),
  })
  await arrives(space, 1, aurelia, borovia, calenia)
  const ours = pagesOf(aurelia, space)
  const newcomer = { party: mosc.party, role: 'member' }
  await ours.post('/admit', { id: newId(), ...newcomer, within: 'PT1H', reason: 'They host the meeting' })
  await arrives(space, 2, aurelia, borovia, calenia)
  await assert.rejects(
    ours.post('/admit', { id: newId(), ...newcomer, within: 'PT1H', reason: 'Now' }),
    isRefused('spaces.window-open'),
  )
  for (const node of [aurelia, borovia, calenia, mosc]) node.clock.advance(2 * 3_600_000)
  assert.match(await ours.read(), /Take it in now/)
  const id = newId()
  for (let click = 0; click < 2; click += 1) await ours.post('/admit', { id, ...newcomer })
  await arrives(space, 3, aurelia, borovia, calenia, mosc)
  for (const node of [aurelia, calenia, mosc])
    assert.doesNotMatch(await pagesOf(node, space).read(), /Taken in against/)
  assert.deepEqual(await present(mosc, space), ['aurelia', 'borovia', 'calenia', 'mosc'])
})
