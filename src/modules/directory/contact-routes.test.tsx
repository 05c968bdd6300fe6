import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { startNetwork } from '../../../test/support/network.ts'
import { modules, personOf, servicesOf } from '../../../test/support/space-pages.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, ComposerProps, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { contactComposer } from './composers/contact-composers.tsx'
import { contactRoutes } from './contact-routes.tsx'
import { listContacts } from './contacts.ts'
import { directory } from './index.ts'
import { DirectoryPage } from './pages/directory-page.tsx'

const viewer = personOf('drafter')
const t = createTranslator('en')
const pageOf = (answer: Answer) => ('page' in answer ? render(answer.page) : '')

test('a party changes its contact from what stands, and removes it once, seeing who will see that', async (test) => {
  const { nodes } = await startNetwork(test, ['aurelia'], {
    modules: [...modules.filter(({ name }) => name !== directory.name), directory],
  })
  const services = servicesOf(nodes.aurelia)
  const space = await nodes.aurelia.ledger.open({
    id: newId(),
    kind: 'directory',
    title: { en: 'Points of contact' },
    purpose: 'reach',
    office: 'cyber-desk',
    members: [],
  })
  const contact = newId()
  const week = [{ days: [1, 7], from: '22:00', until: '06:00' }]
  const nominated = await nodes.aurelia.outbox.send({
    space: space.id,
    type: 'directory.contact-nominated',
    id: newId(),
    office: 'cyber-desk',
    body: { contact, kind: 'judicial', zone: 'Nowhere/Land', languages: ['fr'], hours: 'stated', week },
    text: { post: 'Night desk', emergency: '+999 1 555' },
    marking: { tlp: 'AMBER' },
  })
  await nodes.aurelia.ledger.project(space.id)
  const standing = () => listContacts(services, viewer)
  const [before] = await standing()
  assert.equal(before?.zone, 'UTC', 'a zone that no list knows is read as UTC')
  assert.equal(before?.unknownZone, 'Nowhere/Land', 'and the page says so')

  const query = new URLSearchParams({ contact })
  const asked = {
    services,
    viewer,
    space,
    values: {},
    errors: {},
    query,
    t,
    language: 'en',
  } as unknown as ComposerProps
  const form = render(await contactComposer.Fields(asked))
  for (const kept of ['value="Night desk"', 'value="+999 1 555"', 'value="22:00"', 'value="06:00"', contact])
    assert.ok(form.includes(kept), kept)
  assert.match(form, /<option[^>]*selected[^>]*value="judicial"|<option[^>]*value="judicial"[^>]*selected/)

  const visitOf = (over: Partial<Visit>) =>
    ({
      services,
      viewer,
      t,
      language: 'en',
      params: { space: space.id, contact },
      input: {},
      request: new Request('http://node.test/'),
      ...over,
    }) as Visit
  const [show, remove] = contactRoutes(services).filter(({ path }) => path.endsWith('/remove'))
  const page = await show!.handle(visitOf({}))
  assert.match(pageOf(page), /Nobody else is in this directory[\s\S]*Night desk[\s\S]*Remove it/)
  const parties = [services.party]
  const list = () =>
    standing().then((contacts) =>
      render(<DirectoryPage visit={visitOf({})} {...{ parties, contacts, directories: [space], onDuty: [] }} />),
    )
  assert.ok((await list()).includes(`/spaces/${space.id}/contacts/${contact}/remove`))

  for (const strange of [{ contact: newId() }, { space: newId() }])
    await assert.rejects(
      show!.handle(visitOf({ params: { space: space.id, contact, ...strange } })),
      (error) => error instanceof Refusal && error.code === 'not-found',
    )
  for (const _ of ['first', 'second click']) await remove!.handle(visitOf({ input: { nomination: nominated.hash } }))
  await nodes.aurelia.ledger.project(space.id)
  assert.deepEqual(await standing(), [])
  assert.equal((await nodes.aurelia.ledger.find(space.id))?.size, 3, 'the second click is none')
  assert.ok(!(await list()).includes('Night desk'))
})
