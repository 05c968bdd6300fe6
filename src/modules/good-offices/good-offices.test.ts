import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everythingHeld, type Held, placesOf } from '../../../test/support/held-bytes.ts'
import { type NetworkNode, startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, outwardModules, personOf, redirectOf, servicesOf } from '../../../test/support/space-pages.ts'
import { signRequest } from '../../core/federation/signature.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Json } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { goodOffices } from './index.ts'
import { goodOfficesNeeds } from './needs.ts'
import { listConfidences } from './offices.ts'

const modules = [...outwardModules, goodOffices]
const phrase = 'Heron over the ninth lock, for the mediator alone'
const [drafter, releaser] = [personOf('drafter'), personOf('releaser')]
const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

test('a mediator holds two confidences and one text: nothing passes but by its act, the sides see and hold nothing of each other', async (t) => {
  const network = await startNetwork(t, ['mosc', 'aurelia', 'borovia'], { modules, submitWaitMs: 60_000 })
  const { mosc, aurelia, borovia } = network.nodes
  const passedOver: Held[] = []
  network.wire.tap((seenBy, bytes) => void passedOver.push({ where: seenBy, bytes: Uint8Array.from(bytes) }))
  const house = {
    mosc: servicesOf(mosc, modules),
    aurelia: servicesOf(aurelia, modules),
    borovia: servicesOf(borovia, modules),
  }
  type Name = keyof typeof house
  const post = (by: Name, path: string, input: Record<string, unknown> = {}) =>
    ask('POST', path, { services: house[by], viewer: drafter, input })
  const page = async (by: Name, path: string, language = 'en') =>
    (await ask('GET', path, { services: house[by], viewer: drafter, language })).html

  assert.match(await page('mosc', '/good-offices/open'), /a space of its own with us, of which the other is no member/)
  const input = {
    id: newId(),
    title: 'Talks on the river',
    mandate: 'At the wish of both.',
    first: aurelia.party,
    second: borovia.party,
  }
  await assert.rejects(post('mosc', '/good-offices/open', { ...input, second: aurelia.party }))
  for (const _ of ['first', 'second click']) redirectOf((await post('mosc', '/good-offices/open', input)).answer)
  const joint = (await mosc.ledger.find(input.id))!
  const confidences = await listConfidences(house.mosc, joint)
  assert.equal(confidences.length, 2, 'a second click opens nothing more')
  const of = (node: NetworkNode) => confidences.find((one) => one.members.some(({ party }) => party === node.party))!.id
  const [ours, theirs] = [of(aurelia), of(borovia)]
  const at = `/good-offices/${joint.id}`
  const sizes: Record<string, number> = { [joint.id]: 1, [ours]: 1, [theirs]: 1 }
  const inSpace = (space: string) =>
    space === joint.id ? [mosc, aurelia, borovia] : [mosc, space === ours ? aurelia : borovia]
  const grown = async (space: string) => {
    sizes[space] = (sizes[space] ?? 0) + 1
    await arrives(space, sizes[space], ...inSpace(space))
  }
  for (const space of [joint.id, ours, theirs]) await arrives(space, 1, ...inSpace(space))
  /** Drafted by one person and released by another on its own pages. */
  const write = async (by: Name, space: string, type: string, over: Record<string, unknown>) => {
    const written = await post(by, `/spaces/${space}/write/good-offices.${type}`, { id: newId(), ...over })
    if (written.html !== '') return { html: written.html, hash: '' }
    const id = redirectOf(written.answer).split('/')[2] ?? ''
    const { drafts } = house[by]
    const submitted = await drafts.submit(drafter, id, (await drafts.find(id))?.approval ?? '')
    const sent =
      submitted.state === 'awaiting-release' ? await drafts.release(releaser, id, submitted.approval) : submitted
    await grown(space)
    const act = await mosc.ledger.findAct(sent.actHash ?? '')
    assert.equal(act?.withoutEffect, undefined, type)
    return { html: '', hash: sent.actHash ?? '' }
  }

  assert.deepEqual(
    (await goodOfficesNeeds(house.aurelia, drafter)).map(({ verb }) => verb),
    ['good-offices.action.take'],
  )
  for (const [by, space] of [
    ['aurelia', ours],
    ['borovia', theirs],
  ] as const) {
    await post(by, `/spaces/${space}/good-offices/consent`)
    await grown(space)
  }
  await assert.rejects(post('mosc', `/spaces/${ours}/good-offices/consent`), refused('good-offices-not-the-side'))

  // Aurelia says something in confidence, not to be passed on.
  const said = await write('aurelia', ours, 'confidence-said', {
    subject: 'Our true line',
    text: phrase,
    passing: 'keep',
  })
  const mine = await page('mosc', at)
  assert.match(
    mine,
    new RegExp(`AURELIA[\\s\\S]*${phrase}[\\s\\S]*Not to be passed on · not passed on[\\s\\S]*BOROVIA`),
  )
  assert.match(await page('aurelia', at), new RegExp(phrase))
  const relay = { subject: 'A point', text: 'They could live with a later date.' }
  const early = await write('mosc', theirs, 'passed-on', { ...relay, said: said.hash })
  assert.match(early.html, /AURELIA has not allowed this to be passed on/)
  await assert.rejects(post('borovia', `/spaces/${ours}/good-offices/${said.hash}/allow`), refused('not-found'))

  // What it lets pass goes over by an act of the mediator that says nothing of where it comes from.
  const open = await write('aurelia', ours, 'confidence-said', {
    subject: 'Date',
    text: 'A later date is possible.',
    passing: 'ask-first',
  })
  await post('aurelia', `/spaces/${ours}/good-offices/${open.hash}/allow`)
  await grown(ours)
  const form = await page('mosc', `/spaces/${theirs}/write/good-offices.passed-on?said=${open.hash}`)
  assert.match(form, /goes to BOROVIA, as our words[\s\S]*A later date is possible\./)
  const wide = await write('mosc', theirs, 'passed-on', { ...relay, said: open.hash, tlp: 'GREEN' })
  assert.match(wide.html, /under the same marking or a narrower one/)
  const passed = await write('mosc', theirs, 'passed-on', { ...relay, said: open.hash })
  assert.match(await page('borovia', at), /Passed on by the mediator[\s\S]*They could live with a later date/)
  const { statement } = (await borovia.ledger.findAct(passed.hash))!
  for (const secret of [open.hash, ours, aurelia.party])
    assert.ok(!JSON.stringify(statement).includes(secret), 'nothing in it points at the other side')
  assert.match(await page('mosc', at), /May be passed on · passed on/)

  // One text, by the mediator's hand; each answers for the mediator alone.
  const words = 'The sides [inform / consult] each other.\n\nContacts are named.'
  await write('mosc', joint.id, 'text-tabled', { title: 'Understanding', text: words, language: 'en' })
  for (const by of ['aurelia', 'borovia'] as const)
    assert.match(await page(by, at), /Version 1 is before both sides, one bracket open[\s\S]*\[inform \/ consult\]/)
  const version = async () => {
    const rows = await mosc.db.selectFrom('view.good_offices_text').selectAll().orderBy('version', 'desc').execute()
    return rows[0]!.hash
  }
  const answer = async (by: Name, space: string, over: Record<string, string>) =>
    write(by, space, 'text-answered', { version: await version(), text: '', ...over })
  assert.match((await answer('aurelia', ours, { answer: 'accept' })).html, /One bracket is open/)
  assert.match((await answer('aurelia', ours, { answer: 'comment' })).html, /Say something to the mediator/)
  await answer('aurelia', ours, { answer: 'comment', text: `Inform only. ${phrase}` })
  assert.match(await page('mosc', `/spaces/${joint.id}/write/good-offices.text-tabled`), /\[inform \/ consult\]/)
  const clean = words.replace('[inform / consult]', 'inform')
  await write('mosc', joint.id, 'text-tabled', { title: 'Understanding', text: clean, language: 'en' })
  await answer('aurelia', ours, { answer: 'accept' })
  assert.doesNotMatch(await page('borovia', at), /accepts it/, 'what the other side answers is not shown')
  await assert.rejects(
    post('mosc', `/spaces/${joint.id}/good-offices/${await version()}/agree`),
    refused('good-offices-not-accepted'),
  )
  await answer('borovia', theirs, { answer: 'accept' })
  assert.deepEqual(
    (await goodOfficesNeeds(house.mosc, drafter)).map(({ verb }) => verb),
    ['good-offices.action.declare'],
  )
  await assert.rejects(
    post('borovia', `/spaces/${joint.id}/good-offices/${await version()}/agree`),
    refused('good-offices-not-the-mediator'),
  )
  await post('mosc', `/spaces/${joint.id}/good-offices/${await version()}/agree`)
  await grown(joint.id)
  assert.match(
    await page('aurelia', at),
    /Both sides accept version 2, the mediator says[\s\S]*is no proof of what BOROVIA accepts/,
  )
  assert.match(await page('aurelia', at, 'ar'), /يقول الوسيط إن الطرفين يقبلان النسخة/)

  // In the joint space nobody but the mediator is admitted, by the rules of the log.
  const intruding = {
    type: 'channels.offer-made',
    id: newId(),
    office: 'desk',
    body: { kind: 'training' } as Json,
    marking: { tlp: 'AMBER' as const },
  }
  const sent = await aurelia.outbox.send({
    space: joint.id,
    ...intruding,
    text: { subject: 'Directly', paragraphs: ['To you.'] },
  })
  assert.deepEqual([sent.state, 'rule' in sent && sent.rule], ['refused', 'observer-writes'])

  // Borovia, with its own keys, gets nothing of Aurelia's confidence from the mediator's node, and holds nothing of it.
  await network.settled()
  const blob = (await mosc.ledger.findAct(said.hash))!.statement.parts[0]!.hash
  for (const path of [
    'checkpoint',
    'newest?from=0',
    'tile/0/000',
    'tile/entries/000',
    'cosignatures',
    `blobs/${blob}`,
  ]) {
    const url = `${mosc.url}/fed/v1/spaces/${ours}/${path}`
    const headers = signRequest(
      { method: 'GET', url, body: new Uint8Array() },
      borovia.identity.keys.node,
      mosc.clock.now(),
    )
    const got = await mosc.handle(new Request(url, { headers }))
    assert.ok(got.status === 404 || got.status === 403, `${path}: ${got.status}`)
  }
  assert.equal(await borovia.ledger.find(ours), undefined)
  await assert.rejects(page('borovia', `/spaces/${ours}`), refused('not-found'))
  const heldByBorovia = [
    ...(await everythingHeld(borovia)),
    ...passedOver.filter(({ where }) => where.includes('borovia')),
  ]
  for (const secret of [phrase, 'Our true line', ours]) assert.deepEqual(placesOf(secret, heldByBorovia), [])
  assert.ok(placesOf(joint.id, heldByBorovia).length > 0, 'what it is in is found')

  // A side ends it for itself; the other learns nothing of that.
  await write('aurelia', ours, 'mediation-ended', { text: 'We thank the mediator.' })
  assert.match(await page('mosc', at), /Ended by AURELIA/)
  assert.doesNotMatch(await page('borovia', at), /Ended by/)
  const after = await write('aurelia', ours, 'confidence-said', {
    subject: 'One more',
    text: 'Thing.',
    passing: 'keep',
  }).catch((error) => error)
  assert.ok(after instanceof Refusal, 'nothing more is said in it')
})
