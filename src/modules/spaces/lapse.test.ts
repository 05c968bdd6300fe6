import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  openCase,
  personOf,
  redirectOf,
  sendNote,
  servicesOf,
} from '../../../test/support/space-pages.ts'
import { clocksAbout } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/index.ts'

const hourMs = 3_600_000

test('a party puts on record that a deadline passed unmet, once, and only after it passed', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia)
  const viewer = personOf('releaser')
  const space = await openCase(network, services)
  const sent = await sendNote(aurelia, space, { subject: 'Please acknowledge', to: borovia.party })
  await arrives(space, 2, aurelia, borovia)
  const page = async () => (await ask('GET', `/spaces/${space}`, { services, viewer })).html
  const [clock] = (await clocksAbout(aurelia.db, [sent.hash])).get(sent.hash) ?? []
  assert.ok(clock)
  const address = `/spaces/${space}/clocks/${clock.id}/lapsed`
  assert.ok(!(await page()).includes(address), 'not offered while the clock runs')
  await assert.rejects(
    ask('POST', address, { services, viewer }),
    (error) => error instanceof Refusal && error.code === 'spaces.cannot-lapse',
  )

  for (const node of [aurelia, borovia]) node.clock.advance(5 * hourMs)
  assert.ok((await page()).includes(address))
  const form = await ask('GET', address, { services, viewer })
  assert.match(form.html, /nothing on the record had met it/)
  for (const click of ['first', 'second'])
    assert.match(redirectOf((await ask('POST', address, { services, viewer })).answer), /\?act=/, click)
  await arrives(space, 3, aurelia, borovia)
  for (const node of [aurelia, borovia]) {
    const [after] = (await clocksAbout(node.db, [sent.hash])).get(sent.hash) ?? []
    assert.ok(after?.lapsedBy, `${node.name} projects it alike`)
    assert.equal((await node.ledger.findAct(after.lapsedBy))?.withoutEffect, undefined)
    assert.equal((await node.ledger.find(space))?.size, 3, 'the second click is none')
  }
  const after = await page()
  assert.ok(!after.includes(address))
  assert.match(after, /The expiry is on the record/)
})

test('an act shows the name of our own office, and another party’s as it signed it', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia)
  services.people.offices = async () => [
    { id: 'cyber-desk', name: { en: 'Office for Cyber Affairs', ar: 'مكتب الشؤون السيبرانية' } },
  ]
  const space = await openCase(network, services)
  await sendNote(aurelia, space, { subject: 'From us', to: borovia.party })
  await sendNote(borovia, space, { subject: 'From them', to: aurelia.party })
  await arrives(space, 3, aurelia)
  const { html } = await ask('GET', `/spaces/${space}`, { services, viewer: personOf('reader') })
  assert.match(html, /AURELIA · <bdi>Office for Cyber Affairs<\/bdi>/)
  assert.match(html, /BOROVIA · <bdi>cyber desk<\/bdi>/)
  const arabic = await ask('GET', `/spaces/${space}`, { services, viewer: personOf('reader'), language: 'ar' })
  assert.match(arabic.html, /<bdi>مكتب الشؤون السيبرانية<\/bdi>/)
})
