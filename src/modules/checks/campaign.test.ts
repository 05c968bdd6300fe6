import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, modules, personOf, redirectOf, servicesOf } from '../../../test/support/space-pages.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Json, Services } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { agreements } from '../agreements/index.ts'
import { hashOfText } from '../agreements/text-hash.ts'
import { confidence } from '../confidence/index.ts'
import { directory } from '../directory/index.ts'
import { roundId } from './campaign.ts'
import { checks } from './index.ts'
import { runRounds } from './run-rounds.ts'

const hourMs = 3_600_000
const monday = Date.UTC(2026, 10, 23, 9, 0)
const secretary = personOf('secretary')
const officer = personOf('officer')

test('a campaign waits for promised hours, is answered by one button, and tells all others no single party', async (t) => {
  const house = [...modules.filter(({ name }) => name !== directory.name), directory, agreements, checks, confidence]
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = nodes
  const ours = servicesOf(aurelia, house)
  const paged: { key: string; at: number }[] = []
  const theirs: Services = servicesOf(borovia, house)
  theirs.notices.send = async (_tx, { key }) => void paged.push({ key, at: borovia.clock.now() })
  const tickAt = async (now: number, size: number) => {
    for (const node of [aurelia, borovia]) node.clock.set(now)
    // Two processes of a house do the same at once.
    await Promise.all([runRounds(ours), runRounds(ours)])
    await arrives(channel.id, size, aurelia, borovia)
    await directory.tick?.(theirs)
  }
  const open = (kind: 'forum' | 'directory' | 'channel') =>
    aurelia.ledger.open({
      id: newId(),
      kind,
      title: { en: kind },
      purpose: 'reach',
      office: 'cyber-desk',
      members: [{ party: borovia.party, role: 'member' }],
    })
  const [forum, contacts, channel] = [await open('forum'), await open('directory'), await open('channel')]
  for (const space of [forum, contacts, channel]) await arrives(space.id, 1, aurelia, borovia)
  const desk = newId()
  await borovia.outbox.send({
    space: contacts.id,
    type: 'directory.contact-nominated',
    id: newId(),
    office: 'cyber-desk',
    body: { contact: desk, kind: 'technical', zone: 'UTC', languages: ['en'], hours: 'office' },
    text: { post: 'Desk' },
    marking: { tlp: 'AMBER' },
  })
  await arrives(contacts.id, 2, aurelia, borovia)

  // A Sunday: what would be sent is shown, the campaign begins, and nothing is sent.
  const input = { id: newId(), network: forum.id, announced: 'yes', within: 'PT1H', lasts: 'P3D' }
  const query = new URLSearchParams(input)
  const review = await ask('GET', `/checks/new/review?${query}`, { services: ours, viewer: secretary })
  assert.match(review.html, /A check to one party: BOROVIA[\s\S]*no figure, because fewer than 7/)
  for (const _ of ['first', 'second click']) await ask('POST', '/checks', { services: ours, viewer: secretary, input })
  await tickAt(monday - 20 * hourMs, 1)
  await arrives(forum.id, 2, borovia)
  assert.equal((await aurelia.ledger.find(channel.id))?.size, 1, 'nobody is asked on a Sunday')
  const round = roundId(input.id, 1)
  const page = () => ask('GET', `/checks/rounds/${round}`, { services: ours, viewer: secretary })
  assert.match((await page()).html, /Waits for the hours of the contact: 23 Nov 2026, 09:00/)

  // Ten minutes before the office closes; the hour to answer goes on the next morning, and so do the pages.
  await tickAt(monday + 8 * hourMs - 600_000, 2)
  assert.equal(paged.length, 1, 'paged once, by the node of the party asked')
  const [challenge] = await borovia.ledger.acts(channel.id, { from: 1 })
  assert.equal(challenge?.statement.type, 'checks.challenge-sent')
  const asked = await ask('GET', '/checks', { services: theirs, viewer: officer })
  assert.match(asked.html, /waits for our answer, by 24 November 2026, 09:50/)
  const [need] = (await checks.needs?.(theirs, officer)) ?? []
  assert.equal(need?.dueAt, monday + 24 * hourMs + 50 * 60_000)
  // No answer: asked again, and at that hour alone.
  for (const hour of [9, 15, 23]) await tickAt(monday + hour * hourMs, 2)
  await tickAt(monday + 25 * hourMs, 3)
  assert.deepEqual(
    paged.map(({ at }) => new Date(at).toISOString().slice(0, 16)),
    ['2026-11-23T16:50', '2026-11-24T10:00'],
    'nobody is paged between',
  )

  const answer = () =>
    ask('POST', `/spaces/${channel.id}/challenges/${challenge?.hash}/answer`, { services: theirs, viewer: officer })
  await answer()
  await arrives(channel.id, 4, aurelia, borovia)
  assert.ok(redirectOf((await answer()).answer))
  assert.deepEqual(await checks.needs?.(theirs, officer), [], 'one answer settles both')
  assert.match((await page()).html, /Answered in time, 24 Nov 2026, 10:00/)
  const own = await ask('GET', '/checks', { services: theirs, viewer: officer })
  assert.match(own.html, /answered late[\s\S]*answered in time|answered in time[\s\S]*answered late/)

  const publish = () => ask('POST', `/checks/rounds/${round}/publish`, { services: ours, viewer: secretary })
  await assert.rejects(publish(), (error) => error instanceof Refusal && error.code === 'checks-not-over')
  await tickAt(monday + 4 * 24 * hourMs, 4)
  for (const _ of ['first', 'second click']) await publish()
  await arrives(forum.id, 3, aurelia, borovia)
  assert.equal((await aurelia.ledger.find(channel.id))?.size, 4, 'who answered is asked nothing more')
  const seen = await ask('GET', '/checks', { services: theirs, viewer: officer, language: 'fr' })
  assert.match(seen.html, /Si peu de parties ont été interrogées/)
  const [told] = await borovia.ledger.acts(forum.id, { from: 2 })
  const payload = JSON.stringify((await borovia.ledger.payload(told?.hash ?? '')).values().toArray().map(String))
  assert.ok(!payload.includes(borovia.party) && !payload.includes('figures'), 'nothing of a single party leaves')

  // What was answered and who is nominated shows measures, on both sides; the picture has one line of each kind.
  for (const services of [ours, theirs]) {
    const measures = await ask('GET', '/confidence', { services, viewer: officer })
    assert.match(measures.html, /Contact points named and kept up to date[\s\S]*?communication check, 24 November 2026/)
    const network = await ask('GET', '/confidence/network', { services, viewer: officer, language: 'ar' })
    assert.equal(network.html.match(/class="tie checks"/g)?.length, 2, 'the key and the line')
    assert.match(network.html, /لا ينطوي وجود خط/)
  }
  const drill = await ask('GET', '/confidence?drill=Exercise', { services: ours, viewer: officer })
  assert.ok(!drill.html.includes('communication check, 24'), 'what counts is no part of an exercise')

  // A report on a commitment names what was answered; whoever reads it is shown their own copy.
  const words = {
    title: { en: 'Reached' },
    paragraphs: { p1: { en: 'Contacts answer.' } },
    disclaimer: { en: 'None.' },
  }
  const hash = hashOfText(words)
  const act = (type: string, body: Json, text?: Json) => ({
    space: channel.id,
    type,
    id: newId(),
    office: 'cyber-desk',
    body,
    marking: { tlp: 'AMBER' as const },
    ...(text !== undefined && { text }),
  })
  const paragraphs = [{ id: 'p1', norm: 'h', owner: borovia.party, due: '2027-01-31', zone: 'Etc/UTC' }]
  const parties = [aurelia.party, borovia.party]
  const proposed = await aurelia.outbox.send(
    act('agreements.text-proposed', { languages: ['en'], hash, paragraphs, parties }, words),
  )
  await arrives(channel.id, 5, aurelia, borovia)
  const agreed = { proposal: proposed.hash, hash }
  await aurelia.outbox.send(act('agreements.text-agreed', agreed))
  await borovia.outbox.send(act('agreements.text-agreed', agreed))
  await arrives(channel.id, 7, aurelia, borovia)

  const type = 'agreements.commitment-reported'
  const form = await ask('GET', `/spaces/${channel.id}/write/${type}`, { services: theirs, viewer: officer })
  const [, choice = ''] = /value="(check:[^"]+)"[\s\S]*?Check by AURELIA, answered in time/.exec(form.html) ?? []
  assert.match(form.html, /value="measure-8:[\s\S]*?Measure 8, Contact points named and kept up to date/)
  const report = agreements.composers?.find((one) => one.type === type)
  const here = (await borovia.ledger.find(channel.id))!
  const said = { commitment: `${proposed.hash}:p1`, state: 'under-way', subject: 'Answered', text: 'See there.' }
  const composed = (evidence: string[]) =>
    report!.compose(theirs, officer, here, { ...said, evidence }, { id: newId(), marking: { tlp: 'AMBER' } })
  await assert.rejects(composed([choice.replace(/.$/, '_')]), InvalidInput)
  const draft = newId()
  await ask('POST', `/spaces/${channel.id}/write/${type}`, {
    ...{ services: theirs, viewer: officer },
    input: { ...said, id: draft, tlp: 'AMBER', evidence: [choice] },
  })
  const reviewed = await ask('GET', `/drafts/${draft}/review`, { services: theirs, viewer: officer })
  const asHeld = 'Our record has: Check answered, BOROVIA, 24 November 2026.'
  assert.ok(reviewed.html.includes(asHeld), 'whoever releases it reads what its evidence says')
  const { body, text, refs } = await composed([choice])
  await borovia.outbox.send({ ...act(type, body, text), refs })
  // Nobody checks at home what another party's node signs: an act of somebody else, and one that nobody has.
  const forged = [challenge!.hash, `${'A'.repeat(42)}E`].map((one) => ({ of: 'check', space: channel.id, act: one }))
  await borovia.outbox.send(act(type, { ...(body as object), evidence: forged } as Json, text))
  await arrives(channel.id, 9, aurelia, borovia)
  const reader = await ask('GET', `/spaces/${channel.id}`, { services: ours, viewer: secretary })
  const found = ['Our record has: Check answered, BOROVIA, 24 November 2026', 'shows nothing', 'holds no such act']
  for (const one of found) assert.equal(reader.html.split(one).length, 2, one)
  assert.ok(reader.html.includes(`/acts/${choice.split(':')[2]}`), 'a link to the act itself')
})
