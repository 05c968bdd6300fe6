import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { startNetwork } from '../../../test/support/network.ts'
import { modules, personOf, servicesOf } from '../../../test/support/space-pages.ts'
import { clockState, openClocks } from '../../core/clocks/index.ts'
import type { Answer, Json, ProjectedAct, SpaceFacts, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { confirmationNeeds } from './confirmation.ts'
import { contactRoutes } from './contact-routes.tsx'
import { type Contact, listContacts } from './contacts.ts'
import { directory } from './index.ts'
import { projectContact } from './nominations.ts'
import { ContactEntry } from './pages/contact-entry.tsx'
import { rulesInWords } from './rules-in-words.ts'

const day = 24 * 3_600_000
const viewer = personOf('drafter')
const pageOf = (answer: Answer) => ('page' in answer ? render(answer.page) : '')
const body = { kind: 'technical', zone: 'Europe/Paris', languages: ['fr'], hours: 'office' } as const

test('a change is in force after the notice the directory asks for, and each year the entry is to be confirmed', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], {
    modules: [...modules.filter(({ name }) => name !== directory.name), directory],
  })
  const { aurelia } = nodes
  const services = servicesOf(aurelia)
  const terms = { noticeOfChange: 'P30D', refreshWithin: 'P1Y', nominatedBy: 'members', zone: 'Europe/Paris' }
  const space = await aurelia.ledger.open({
    id: newId(),
    kind: 'directory',
    title: { en: 'Points of contact' },
    purpose: 'reach',
    office: 'cyber-desk',
    members: [],
    terms,
  })
  assert.match(
    rulesInWords(space, 'en', createTranslator('en')),
    /observers nominate nobody\. A change is in force 30 days after .* confirmed within 1 year\./,
  )
  const contact = newId()
  const say = async (type: string, said: Json, post?: string) => {
    const act = await aurelia.outbox.send({
      space: space.id,
      type,
      id: newId(),
      office: 'cyber-desk',
      body: said,
      ...(post !== undefined && { text: { post } }),
      marking: { tlp: 'AMBER' },
    })
    await aurelia.ledger.project(space.id)
    return { hash: act.hash, withoutEffect: (await aurelia.ledger.findAct(act.hash))?.withoutEffect }
  }
  const nominate = (post: string) => say('directory.contact-nominated', { contact, ...body }, post)
  const standing = async (at?: number) => (await listContacts(services, viewer, undefined, at))[0]
  const visit = (over: Partial<Visit> = {}, language = 'en') =>
    ({
      services,
      viewer,
      t: createTranslator(language),
      language,
      params: { space: space.id, contact },
      input: {},
      request: new Request('http://node.test/'),
      ...over,
    }) as Visit
  const shown = async (language = 'en') =>
    render(<ContactEntry visit={visit({}, language)} contact={(await standing()) as Contact} mayChange />)
  const refresh = () => openClocks(aurelia.db, { regime: 'contact-refresh' })

  const first = await nominate('Night desk')
  assert.equal((await standing())?.text?.post, 'Night desk', 'a first nomination waits for nothing')
  const second = await nominate('Day desk')
  const changed = (await standing())?.announced
  assert.equal((await standing())?.text?.post, 'Night desk')
  assert.match(await shown(), /Night desk[\s\S]*Changed from 22 December 2026 on: Day desk/)
  assert.equal((await standing(changed?.inForceAt))?.text?.post, 'Day desk', 'asked for a day on which it is in force')
  aurelia.clock.advance(30 * day)
  assert.equal((await standing())?.text?.post, 'Day desk', 'and then it is, with no further word')
  assert.equal((await standing())?.announced, undefined)

  // The clock runs since the newest word, and is asked about on Today a month before it ends.
  const [clock, ...others] = await refresh()
  assert.deepEqual([clock?.about, clock?.source, others.length], [second.hash, 'agreed', 0])
  assert.deepEqual(await confirmationNeeds(services, viewer), [])
  aurelia.clock.advance(320 * day)
  const [need] = await confirmationNeeds(services, viewer)
  assert.deepEqual([need?.headline, need?.clock?.id], ['Day desk', clock?.id])
  assert.deepEqual(await confirmationNeeds(services, personOf('reader', 'AMBER', /:read$/)), [])
  aurelia.clock.advance(40 * day)
  assert.match(await shown(), /Unconfirmed: nobody has said for more than a year/)
  assert.match(await shown('ar'), /غير مؤكدة/)
  assert.equal(clockState(clock!, aurelia.clock.now()), 'overdue', 'the members agreed on it')

  const routes = contactRoutes(services)
  const route = (method: string, what: string) =>
    routes.find((one) => one.method === method && one.path.endsWith(what))!
  assert.match(pageOf(await route('GET', 'confirm').handle(visit())), /Day desk[\s\S]*Still right: confirm/)
  for (const _ of ['first', 'second click'])
    await route('POST', 'confirm').handle(visit({ input: { nomination: second.hash, after: 'first' } }))
  await aurelia.ledger.project(space.id)
  assert.equal((await aurelia.ledger.find(space.id))?.size, 4, 'the second click is none')
  assert.match(await shown(), /On the record since 22 November 2026 · [\s\S]*confirmed 17 December 2027/)
  assert.deepEqual(await confirmationNeeds(services, viewer), [])
  const [next] = await refresh()
  assert.notEqual(next?.id, clock?.id, 'the next year runs')
  const stale = await say('directory.contact-confirmed', { contact, nomination: first.hash })
  assert.equal(stale.withoutEffect, 'changed-meanwhile', 'an entry that was replaced is not confirmed')

  assert.match(pageOf(await route('GET', 'remove').handle(visit())), /in force from 16 January 2028/)
  await route('POST', 'remove').handle(visit({ input: { nomination: second.hash } }))
  await aurelia.ledger.project(space.id)
  assert.match(await shown(), /Removed from 16 January 2028 on/)
  assert.ok(!(await shown()).includes('/remove'), 'what is leaving is not removed again')
  assert.deepEqual(await refresh(), [])
  aurelia.clock.advance(29 * day)
  assert.ok(await standing())
  const kept = await nominate('Day and night desk')
  assert.equal((await standing())?.announced?.hash, kept.hash, 'a later word replaces an announced removal')
  aurelia.clock.advance(31 * day)
  assert.equal((await standing())?.text?.post, 'Day and night desk')

  const observed: SpaceFacts = { ...space, members: [{ party: 'watcher.example', role: 'observer', since: 0 }] }
  const statement = { author: 'watcher.example' } as ProjectedAct['statement']
  const act = { space: observed, index: 9, hash: 'x', statement, time: 0, scenarioTime: 0, body: { contact, ...body } }
  const refused = await aurelia.db
    .transaction()
    .execute((tx) => projectContact(tx, act as unknown as Parameters<typeof projectContact>[1]))
  assert.deepEqual(refused, { withoutEffect: 'not-by-the-rules' })
})
