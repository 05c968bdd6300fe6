import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
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
import { openClocks } from '../../core/clocks/index.ts'
import { fieldErrors, Refusal } from '../../core/http/index.ts'
import type { Services } from '../../core/module/types.ts'
import { createNotices, type NoticeServices } from '../../core/notify/index.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { directory } from '../directory/index.ts'
import { paging } from '../paging/index.ts'
import { codeOf } from './call-code.ts'
import { calls } from './index.ts'

const officer = personOf('duty-officer')
const house = [...modules.filter(({ name }) => name !== directory.name), directory, calls]

test('a call about a message is compared by its code, logged in two taps, and stays unconfirmed until the other side says so', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = network.nodes
  const at = { aurelia: servicesOf(aurelia, house), borovia: servicesOf(borovia, house) }
  const phones = await borovia.ledger.open({
    id: newId(),
    kind: 'directory',
    title: { en: 'Points of contact' },
    purpose: 'reach',
    office: 'cyber-desk',
    members: [{ party: aurelia.party, role: 'member' }],
  })
  await borovia.outbox.send({
    space: phones.id,
    type: 'directory.contact-nominated',
    id: newId(),
    office: 'cyber-desk',
    body: { contact: newId(), kind: 'technical', zone: 'Etc/UTC', languages: ['en'], hours: 'always' },
    text: { post: 'Night desk', emergency: '+999 1 555 0100' },
    marking: { tlp: 'AMBER' },
  })
  await arrives(phones.id, 2, aurelia, borovia)
  const space = await openCase(network, at.aurelia)
  const note = await sendNote(aurelia, space, { subject: 'Hosts of yours', to: borovia.party })
  await arrives(space, 2, aurelia, borovia)
  const path = `/spaces/${space}/acts/${note.hash}/call`
  const page = async (who: keyof typeof at, address = path, language = 'en') =>
    (await ask('GET', address, { services: at[who], viewer: officer, language })).html
  const post = (who: keyof typeof at, address: string, input: Record<string, unknown> = {}) =>
    ask('POST', address, { services: at[who], viewer: officer, input })
  const digits = (html: string) => /\d{3} · \d{3}/.exec(html)?.[0]

  const [ours, theirs] = [await page('aurelia'), await page('borovia')]
  assert.ok(digits(ours))
  assert.equal(digits(ours), digits(theirs), 'both sides see the same digits')
  assert.match(ours, /Night desk[\s\S]*href="tel:\+99915550100"/)
  assert.match(ours, /not who speaks/)
  assert.match(await page('borovia', path, 'ar'), /لا من يتكلم/)

  const id = newId()
  const tapped = { id, with: borovia.party, direction: 'we-called', result: 'agreed', words: 'They will look at it.' }
  const first = await post('aurelia', path, tapped)
  assert.equal(redirectOf(first.answer), path)
  await post('aurelia', path, tapped)
  await arrives(space, 3, aurelia, borovia)
  for (const who of ['aurelia', 'borovia'] as const)
    assert.match(await page(who), /AURELIA called BOROVIA\. The code agreed\.[\s\S]*Not confirmed by BOROVIA/)
  const call = (await aurelia.ledger.acts(space, { from: 2 }))[0]!
  const [need] = (await calls.needs!(at.borovia, officer)) ?? []
  assert.equal(need?.verb, 'calls.action.confirm')
  assert.deepEqual(await calls.needs!(at.aurelia, officer), [], 'whoever logged it waits for nobody')
  await assert.rejects(
    post('aurelia', `/spaces/${space}/calls/${call.hash}/confirm`),
    (error) => error instanceof Refusal && error.code === 'calls-not-the-other-side',
  )
  for (const _ of ['first', 'second click']) await post('borovia', `/spaces/${space}/calls/${call.hash}/confirm`)
  await arrives(space, 4, aurelia, borovia)
  assert.match(await page('aurelia'), /Confirmed by BOROVIA/)
  assert.deepEqual(await calls.needs!(at.borovia, officer), [])

  await post('borovia', path, { id: newId(), with: aurelia.party, direction: 'we-called', result: 'lost' })
  await arrives(space, 5, aurelia, borovia)
  assert.match(await page('aurelia'), /BOROVIA called AURELIA\. The call was lost\./)
  const lost = (await aurelia.ledger.acts(space, { from: 4 }))[0]!
  await post('aurelia', `/spaces/${space}/calls/${lost.hash}/contest`, { words: 'Nobody rang here.' })
  await arrives(space, 6, aurelia, borovia)
  assert.match(await page('borovia'), /AURELIA says otherwise/)
  assert.match(await page('borovia', `/spaces/${space}`), /Nobody rang here\./)
  await assert.rejects(
    post('aurelia', `/spaces/${space}/calls/${lost.hash}/confirm`),
    (error) => error instanceof Refusal && error.code === 'calls-answered-before',
  )
  await assert.rejects(post('aurelia', path, { ...tapped, id: newId(), with: 'calenia.example' }), {
    name: 'InvalidInput',
  })
})

test('a notification opens the page that shows from, form, urgency and marking above its button, and the message shows its chain', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(borovia, house)
  const space = await openCase(network, servicesOf(aurelia, house))
  const note = await sendNote(aurelia, space, { subject: 'Hosts of yours', to: borovia.party })
  await arrives(space, 2, aurelia, borovia)
  const [clock] = await openClocks(borovia.db, { duty: borovia.party })
  const sent: string[] = []
  const jobs = { enqueue: async (_: unknown, task: string) => void sent.push(task) }
  const notices = createNotices({ ...services, jobs } as unknown as NoticeServices)
  const open =
    (as = officer) =>
    (address: string, language = 'en') =>
      ask('GET', address, { services, viewer: as, language })
  const post = (address: string, input: Record<string, unknown> = {}) =>
    ask('POST', address, { services, viewer: officer, input })
  await post('/paging/settings', { push: 'off', hookUrl: 'https://relay.example', smsAfter: '2', voiceAfter: '5' })
  for (const [wrong, field] of [
    [{ push: 'off', hookUrl: 'http://relay.example', smsAfter: '2', voiceAfter: '5' }, 'hookUrl'],
    [{ push: 'off', smsAfter: '5', voiceAfter: '2' }, 'voiceAfter'],
  ] as const)
    await assert.rejects(
      post('/paging/settings', wrong),
      (error: any) => field in fieldErrors(error, createTranslator('en')),
    )
  await post('/paging/number', { telephone: '+999 1 555-0100' })
  await borovia.db.transaction().execute((tx) =>
    notices.send(tx, {
      key: `clock:${clock!.id}:duty-officer:${officer.person.id}`,
      person: officer.person.id,
      message: 'clocks.page',
      link: `/spaces/${space}`,
      urgency: 'page',
    }),
  )
  await paging.tick!({ ...services, jobs } as unknown as Services)
  const [page] = await borovia.db.selectFrom('home.notice').selectAll().execute()
  const acknowledge = redirectOf((await open()(`/paged/${page!.id}`)).answer)
  assert.equal(acknowledge, `/spaces/${space}/notes/${note.hash}/acknowledge`)
  const { html } = await open()(acknowledge)
  assert.match(html, /AURELIA[\s\S]*pages until acknowledged; agreed in the terms[\s\S]*TLP:AMBER[\s\S]*>Acknowledge</)
  await assert.rejects(open(personOf('somebody-else'))(`/paged/${page!.id}`), { code: 'not-found' })

  const chain = `/spaces/${space}/acts/${note.hash}/paging`
  const shown = (await open()(chain)).html
  assert.match(shown, /First on duty[\s\S]*Mail[\s\S]*waiting[\s\S]*Web push[\s\S]*push is off/)
  assert.match(shown, /SMS after 2 min, voice after 5 min/)
  assert.match((await open()(chain, 'ar')).html, /الإشعار الفوري معطّل/)
  assert.match((await open()('/paging')).html, /value="\+99915550100"[\s\S]*passes through the maker of the browser/)
  assert.match((await open()('/paging/settings')).html, /whsec_[\s\S]*HMAC/)
  await post(acknowledge)
  await arrives(space, 3, borovia)
  borovia.clock.advance(3 * 60_000)
  const before = sent.length
  await paging.tick!({ ...services, jobs } as unknown as Services)
  assert.equal(sent.length, before, 'no SMS follows once it was acknowledged')
})

test('the code is the same from both ends and another one for every other message, pair and salt', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const name = fc.constantFrom('a.example', 'b.example', 'c.example')
  const known = codeOf(new Uint8Array(32), 'x'.repeat(43), ['borovia.example', 'aurelia.example'])
  assert.deepEqual(known, ['420', '196'])
  fc.assert(
    fc.property(bytes, name, name, (salt, one, other) => {
      const code = codeOf(salt, 'act', [one, other])
      assert.match(code.join(''), /^\d{6}$/)
      assert.deepEqual(codeOf(salt, 'act', [other, one]), code)
      assert.notEqual(
        [codeOf(salt, 'another', [one, other]), codeOf(salt, 'act', [one, 'd.example'])].join(),
        [code, code].join(),
      )
    }),
    { numRuns: 200 },
  )
})
