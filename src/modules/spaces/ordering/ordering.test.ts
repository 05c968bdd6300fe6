import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NetworkNode, startNetwork } from '../../../../test/support/network.ts'
import { until } from '../../../../test/support/notes.ts'
import {
  arrives,
  ask,
  modules,
  personOf,
  redirectOf,
  sendNote,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import { spaces } from '../index.ts'

const drafter = personOf('drafter')
const releaser = personOf('releaser')

/** Two persons of one party sign who is to order the space; gives what the second had before them. */
async function say(node: NetworkNode, space: string, to: string): Promise<string> {
  const services = servicesOf(node)
  const form = (await ask('GET', `/spaces/${space}/write/space.host-changed?to=${to}`, { services, viewer: drafter }))
    .html
  assert.match(form, /What stays/)
  const input = { id: newId(), to, tlp: 'AMBER' }
  const saved = await ask('POST', `/spaces/${space}/write/space.host-changed`, { services, viewer: drafter, input })
  const address = redirectOf(saved.answer)
  const approval = async () => (await services.drafts.find(input.id))?.approval
  const first = { services, viewer: drafter, input: { approval: await approval() } }
  await ask('POST', `/drafts/${input.id}/submit`, first)
  await assert.rejects(
    ask('POST', `/drafts/${input.id}/release`, first),
    (error) => error instanceof Refusal,
    'nobody releases what they wrote',
  )
  const review = (await ask('GET', address, { services, viewer: releaser })).html
  await ask('POST', `/drafts/${input.id}/release`, {
    services,
    viewer: releaser,
    input: { approval: await approval() },
  })
  return review
}

const host = async (node: NetworkNode, space: string) => (await node.ledger.find(space))?.host

test('by pages and two persons a space is handed over, and taken over without its host by most members', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], {
    modules,
    pace: { tenderAfterMs: 20 },
    submitWaitMs: 3_000,
  })
  const { aurelia, borovia, calenia } = network.nodes
  const opened = await ask('POST', '/spaces/open', {
    services: servicesOf(aurelia),
    viewer: releaser,
    input: {
      id: newId(),
      kind: 'case',
      'title-en': 'Ransomware',
      purpose: 'One matter',
      members: [borovia.party, calenia.party],
    },
  })
  const space = redirectOf(opened.answer).split('/').at(-1) as string
  await arrives(space, 1, aurelia, borovia, calenia)
  const page = async (node: NetworkNode, language = 'en') =>
    (await ask('GET', `/spaces/${space}/host`, { services: servicesOf(node), viewer: drafter, language })).html
  assert.match(await page(aurelia), /can hand over once another member has offered/)
  assert.match(await page(borovia), /Offer to order it/)
  await assert.rejects(
    ask('POST', `/spaces/${space}/write/space.host-changed`, {
      services: servicesOf(aurelia),
      viewer: drafter,
      input: { id: newId(), to: calenia.party, tlp: 'AMBER' },
      json: true,
    }),
    (error) => error instanceof Refusal && error.code === 'spaces.host-not-offered',
  )

  const review = await say(borovia, space, borovia.party)
  assert.match(review, /BOROVIA offers to order this space in place of AURELIA/)
  assert.match(review, /or 2 of the 3 members do/)
  await arrives(space, 2, aurelia, borovia, calenia)
  assert.match(await page(aurelia), /Hand over to BOROVIA/)
  assert.ok((await spaces.needs?.(servicesOf(aurelia), drafter))?.some(({ href }) => href === `/spaces/${space}/host`))
  await say(aurelia, space, borovia.party)
  for (const node of [aurelia, borovia, calenia])
    await until(async () => (await host(node, space)) === borovia.party, `${node.name} knows who orders it`)
  assert.match(await page(calenia), /AURELIA, from entry 0 on/)

  await network.settled()
  await borovia.kill()
  const waiting = await sendNote(aurelia, space, { subject: 'While nobody orders', to: calenia.party })
  assert.match(await page(aurelia), /has not answered since/)
  await say(aurelia, space, aurelia.party)
  await until(async () => (await page(calenia)).includes('Say the same: AURELIA'), 'calenia reads the offer')
  await say(calenia, space, aurelia.party)
  await until(async () => (await host(calenia, space)) === aurelia.party, 'two of three took over')
  await until(async () => (await aurelia.outbox.settle(waiting.hash)).state === 'on-record', 'what waited is recorded')
  for (const language of ['fr', 'ar']) assert.ok((await page(calenia, language)).length > 1000)
  await borovia.restart()
  await until(async () => (await host(borovia, space)) === aurelia.party, 'the old host follows')
})
