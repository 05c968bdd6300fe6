import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, modules, openCase, personOf, sendNote, servicesOf } from '../../../test/support/space-pages.ts'
import { actHref } from '../../core/module/act-href.ts'
import { timelinePage } from './timeline.ts'

test('a link to an act older than the newest page leads to the page that holds it', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia)
  const space = await openCase(network, services)
  const sent = []
  for (let number = 0; number < timelinePage + 30; number += 1)
    sent.push(await sendNote(aurelia, space, { subject: `Note ${number}`, to: borovia.party }))
  await arrives(space, sent.length + 1, aurelia)
  const page = async (address: string) => (await ask('GET', address, { services, viewer: personOf('reader') })).html
  const first = sent[0]?.hash ?? ''
  const middle = sent[25]?.hash ?? ''
  const newest = sent.at(-1)?.hash ?? ''

  const today = await page(`/spaces/${space}`)
  assert.ok(!today.includes(`id="act-${first}"`) && today.includes(`id="act-${newest}"`))
  for (const act of [first, middle, newest]) {
    const address = actHref(space, act)
    assert.ok((await page(address)).includes(`id="${new URL(address, 'http://x').hash.slice(1)}"`), address)
  }
  assert.ok((await page(actHref(space, middle))).includes(`/spaces/${space}?from=0`), 'and back to what came before')
  assert.ok(today.includes(`href="${actHref(space, first)}"`), 'a duty that is open leads to the note it is about')
  const unknown = await page(actHref(space, 'A'.repeat(43)))
  assert.ok(unknown.includes(`id="act-${newest}"`), 'an act that is not here leads to the newest page')
})

test('whoever has not read a long space yet is led to where they stopped', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(borovia)
  const space = await openCase(network, servicesOf(aurelia))
  const viewer = personOf('reader')
  await ask('GET', `/spaces/${space}`, { services, viewer })
  for (let number = 0; number < timelinePage + 5; number += 1)
    await sendNote(aurelia, space, { subject: `Note ${number}`, to: borovia.party })
  await arrives(space, timelinePage + 6, borovia)
  const { html } = await ask('GET', `/spaces/${space}`, { services, viewer })
  assert.ok(html.includes(`href="/spaces/${space}?from=1">Go to the first unread</a>`))
})
