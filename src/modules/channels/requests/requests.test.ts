import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  note,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { newId } from '../../../protocol/index.ts'
import { isMessageKey } from '../../../text/index.ts'
import { directory } from '../../directory/index.ts'
import { requestKind, requestKindNames, sendersOf, takersOf } from './request-kinds.ts'

test('every kind of request says between whom it goes and what it states, in words', () => {
  for (const name of requestKindNames) {
    const kind = requestKind(name)
    assert.ok(kind && kind.between.length > 0 && kind.states.length > 0, name)
    for (const key of [`kind.${name}`, `basis.${name}`, ...kind.states.map((one) => `states.${one}`)])
      assert.ok(isMessageKey(`requests.${key}`), key)
  }
  const assistance = requestKind('mutual-legal-assistance')!
  assert.deepEqual(
    [sendersOf(assistance), takersOf(assistance, 'judicial'), takersOf(assistance, 'technical')],
    [['judicial'], ['judicial'], []],
  )
  assert.equal(requestKind('preservation', '1999-01-01'), undefined, 'no edition that was never released')
})

test('a request goes between the contacts its kind is for; elsewhere it is refused with the right address, and its states stand on both sides', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], {
    modules: [...modules.filter(({ name }) => name !== directory.name), directory],
  })
  const { aurelia, borovia } = network.nodes
  const house = { aurelia: servicesOf(aurelia), borovia: servicesOf(borovia) }
  const drafter = personOf('drafter')
  const space = await openCase(network, house.aurelia)
  const lists = await aurelia.ledger.open({
    id: newId(),
    kind: 'directory',
    title: { en: 'Points of contact' },
    purpose: 'reach',
    office: 'cyber-desk',
    members: [{ party: borovia.party, role: 'member' }],
  })
  await arrives(lists.id, 1, borovia)
  let entries = 1
  const nominate = async (node: typeof aurelia, kind: string, text: Record<string, string>) => {
    const contact = newId()
    const body = { contact, kind, zone: 'Etc/UTC', languages: ['en'], hours: 'always' }
    const act = { type: 'directory.contact-nominated', id: newId(), office: 'cyber-desk', body, text }
    await node.outbox.send({ space: lists.id, ...act, marking: { tlp: 'AMBER' } })
    entries += 1
    await arrives(lists.id, entries, aurelia, borovia)
    return contact
  }
  const ourCert = await nominate(aurelia, 'technical', { post: 'CERT Aurelia' })
  const theirCert = await nominate(borovia, 'technical', { post: 'CERT Borovia', email: 'cert@borovia.example' })
  const write = (over: Record<string, string>) =>
    ask('POST', `/spaces/${space}/write/channels.note-sent`, {
      services: house.aurelia,
      viewer: drafter,
      input: {
        ...{ ...note, opening: '', closing: '', form: 'request', purpose: 'ask-help', id: newId() },
        requestKind: 'mutual-legal-assistance',
        requestFrom: ourCert,
        requestTo: theirCert,
        ...over,
      },
    })
  const wrong = async (over: Record<string, string>) => (await write(over)).html

  assert.match(await wrong({ requestKind: '' }), /Choose the kind of request/)
  assert.match(await wrong({}), /is sent by: Central judicial authority. Our house has named no such contact/)
  const ourCourt = await nominate(aurelia, 'judicial', { post: 'Ministry of Justice' })
  assert.match(await wrong({}), /sent by: Central judicial authority. In our house that is Ministry of Justice/)
  assert.match(
    await wrong({ requestFrom: ourCourt }),
    /goes to: Central judicial authority. Our directory has no such contact of BOROVIA/,
  )
  await nominate(borovia, 'judicial', { post: 'Central Authority', telephone: '+999 2 100', email: 'ca@b.example' })
  const refused = await write({ requestFrom: ourCourt })
  assert.equal('status' in refused.answer && refused.answer.status, 422)
  assert.match(refused.html, /For BOROVIA that is Central Authority, \+999 2 100, ca@b\.example, [^<]* there/)
  assert.match(refused.html, /name="requestTo" aria-invalid="true"/)
  assert.match(await wrong({ requestKind: 'technical-assistance' }), /states: “What happened”/)

  const form = await ask('GET', `/spaces/${space}/write/channels.note-sent?form=request&request=technical-assistance`, {
    services: house.aurelia,
    viewer: drafter,
  })
  for (const field of ['situation', 'help', 'access', 'working-language', 'costs'])
    assert.match(
      form.html,
      new RegExp(`<textarea[^>]*name="stated-${field}"`),
      'what it has to state has its own field',
    )
  assert.match(form.html, /name="stated-needed-by" type="date"/)
  const stated = {
    'stated-situation': 'Hosts of yours scan ours.',
    'stated-help': 'Please look at them.',
    'stated-needed-by': '2026-12-24',
    'stated-access': 'Logs of our border routers, by two of our people.',
    'stated-working-language': 'English',
    'stated-costs': 'Each side bears its own.',
    text: '',
  }
  const technical = { ...stated, requestKind: 'technical-assistance' }
  const located = async (over: Record<string, string>) => (await write({ ...technical, ...over })).html
  assert.match(await located({ 'stated-costs': '' }), /name="stated-costs"[^>]*aria-invalid="true"/)
  assert.match(await located({ 'stated-needed-by': 'soon' }), /“Needed by” is a day/)
  assert.match(await located({ 'stated-needed-by': '1999-01-01' }), /“Needed by”: that day is over everywhere/)
  const { answer } = await write(technical)
  const id = redirectOf(answer).split('/')[2] ?? ''
  const { approval = '' } = (await house.aurelia.drafts.find(id)) ?? {}
  await house.aurelia.drafts.submit(drafter, id, approval)
  const sent = await house.aurelia.drafts.release(personOf('releaser'), id, approval)
  await arrives(space, 2, aurelia, borovia)
  assert.equal((await borovia.ledger.findAct(sent.actHash ?? ''))?.withoutEffect, undefined)
  const page = async (services = house.borovia, language = 'en') =>
    (await ask('GET', `/spaces/${space}`, { services, viewer: drafter, language })).html
  assert.match(await page(), /<p class="letterhead">Technical assistance<\/p>/)
  assert.match(await page(), /CERT Borovia, cert@borovia\.example/, 'the other side sees whom it is for')
  assert.match(await page(house.borovia, 'ar'), /مساعدة تقنية/)
  await ask('POST', `/spaces/${space}/notes/${sent.actHash}/acknowledge`, { services: house.borovia, viewer: drafter })
  await arrives(space, 3, aurelia, borovia)
  for (const services of Object.values(house))
    assert.match(await page(services), /acknowledged [^<]*, after/, 'acknowledged, on both sides')

  const body = (await house.aurelia.drafts.find(id))?.body as { request: object }
  const request = { ...body.request, kind: 'mutual-legal-assistance' }
  const misdirected = await aurelia.outbox.send({
    ...{ space, type: 'channels.note-sent', id: newId(), office: 'cyber-desk', marking: { tlp: 'AMBER' } },
    body: { ...body, request } as never,
    text: { subject: 'Evidence', paragraphs: ['Please.'] },
  })
  await arrives(space, 4, aurelia, borovia)
  for (const node of [aurelia, borovia])
    assert.equal((await node.ledger.findAct(misdirected.hash))?.withoutEffect, 'request-misdirected')

  const overruled = await write({
    ...{ requestKind: 'mutual-legal-assistance', requestFrom: ourCourt, requestOverrules: 'urgent' },
    text: [
      'Authority that asks',
      'Nature of the case, facts and law',
      'Purpose and help sought',
      'Confidentiality asked for',
    ]
      .concat('Urgency, and the day by which an answer is needed')
      .map((heading) => `${heading}: as agreed.`)
      .join('\n\n'),
  })
  const other = await house.aurelia.drafts.find(redirectOf(overruled.answer).split('/')[2] ?? '')
  assert.equal((other!.body as { request: { overrules?: string } }).request.overrules, 'urgent')
  const asked = await aurelia.outbox.send({
    ...{ space, type: 'channels.note-sent', id: newId(), office: 'cyber-desk', marking: { tlp: 'AMBER' } },
    body: other?.body as never,
    text: other?.text as never,
  })
  await arrives(space, 5, aurelia, borovia)
  for (const node of [aurelia, borovia])
    assert.equal(
      (await node.ledger.findAct(asked.hash))?.withoutEffect,
      undefined,
      'another way, for a reason it names',
    )
  assert.match(await page(), /It cannot wait until the right contact is there/)
})
