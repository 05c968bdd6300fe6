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
import { type Envelope, newId, parseCanonical } from '../../../protocol/index.ts'
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
  for (const other of ['aurelia', 'calenia']) network.wire.cut('borovia', other)
  const unheard = [
    await sendNote(borovia, space, { subject: 'Said to nobody', to: calenia.party }),
    await sendNote(borovia, space, { subject: 'With that in view', to: calenia.party }),
  ]
  assert.ok(unheard.every(({ state }) => state === 'on-record'))
  await borovia.kill()
  const waiting = await sendNote(aurelia, space, { subject: 'While nobody orders', to: calenia.party })
  assert.match(await page(aurelia), /has not answered since/)
  await until(async () => (await aurelia.tenders.receipts(waiting.hash)).length > 0, 'calenia keeps it too')
  await keptReceipts(aurelia, space, waiting.hash)
  await say(aurelia, space, aurelia.party)
  await until(async () => (await page(calenia)).includes('Say the same: AURELIA'), 'calenia reads the offer')
  await say(calenia, space, aurelia.party)
  await until(async () => (await host(calenia, space)) === aurelia.party, 'two of three took over')
  await until(async () => (await aurelia.outbox.settle(waiting.hash)).state === 'on-record', 'what waited is recorded')
  for (const language of ['fr', 'ar']) assert.ok((await page(calenia, language)).length > 1000)
  network.wire.heal()
  await borovia.restart()
  await until(async () => (await host(borovia, space)) === aurelia.party, 'the old host follows')
  await saidAgain(borovia, space, unheard[1]!.hash)
})

/** What was said with the record that was left in view waits for its author, who says it again by a button. */
async function saidAgain(node: NetworkNode, space: string, hash: string): Promise<void> {
  const services = servicesOf(node)
  const address = `/spaces/${space}/left/${hash}`
  const shown = async (viewer: typeof drafter) => (await ask('GET', `/spaces/${space}`, { services, viewer })).html
  await until(async () => (await shown(releaser)).includes(`action="${address}"`), 'the page offers to say it again')
  assert.match(await shown(releaser), /With that in view/)
  assert.ok(!(await shown(personOf('reader', 'AMBER', /^nothing$/))).includes(`action="${address}"`))
  const said = await ask('POST', address, { services, viewer: releaser })
  assert.equal(redirectOf(said.answer), `/spaces/${space}`)
  await until(async () => !(await shown(releaser)).includes(`action="${address}"`), 'it stands on the record')
  const again = (await node.ledger.orphans(space)).find((one) => one.hash === hash)?.again
  assert.ok(again && again.hash !== hash)
  // A second click says nothing twice.
  const twice = await ask('POST', address, { services, viewer: releaser })
  assert.equal(redirectOf(twice.answer), `/spaces/${space}`)
  const id = (await node.ledger.findAct(again.hash))?.statement.id
  assert.equal((await node.ledger.acts(space)).filter(({ statement }) => statement.id === id).length, 1)
}

/** The page of the space offers the members' receipts as a file; what it holds is what they signed. */
async function keptReceipts(node: NetworkNode, space: string, act: string): Promise<void> {
  const services = servicesOf(node)
  const address = `/spaces/${space}/acts/${act}/tender`
  const shown = (await ask('GET', `/spaces/${space}`, { services, viewer: drafter })).html
  assert.ok(shown.includes(`href="${address}"`), 'the receipts can be fetched')
  assert.ok(!shown.includes(`/acts/${act}/ignored`), 'within the hour nobody says that the host ignores it')
  const { answer } = await ask('GET', address, { services, viewer: drafter })
  assert.ok(answer instanceof Response)
  assert.match(answer.headers.get('content-disposition') ?? '', new RegExp(`tender-${act}`))
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const { receipts, ...rest } = parseCanonical(bytes) as unknown as { receipts: Envelope[] }
  assert.deepEqual(rest, { v: 1, space, act })
  const keepers = receipts.map(({ payload }) => {
    const said = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { by: string; act: string }
    assert.equal(said.act, act)
    return said.by
  })
  assert.ok(keepers.includes('calenia.example'), keepers.join())
  await assert.rejects(
    ask('GET', `/spaces/${space}/acts/${act}/ignored`, { services, viewer: drafter }),
    (error) => error instanceof Refusal && error.code === 'spaces.not-ignored',
  )
}
