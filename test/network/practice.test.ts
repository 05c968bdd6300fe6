import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { render } from 'preact-render-to-string'
import { createPartyNames } from '../../src/app/party-names.ts'
import { listNeeds } from '../../src/core/module/list-needs.ts'
import {
  type Clock,
  clockState,
  migrations as clockMigrations,
  openClocks,
  tick,
  views as clockViews,
} from '../../src/core/clocks/index.ts'
import { parseInput } from '../../src/core/http/index.ts'
import type { ActDraft, Module, NewSpace, Services, Viewer, Visit } from '../../src/core/module/types.ts'
import { agreements, listTexts } from '../../src/modules/agreements/index.ts'
import { channels } from '../../src/modules/channels/index.ts'
import { whoAnswers, directory, listContacts } from '../../src/modules/directory/index.ts'
import { forums } from '../../src/modules/forums/index.ts'
import { createTranslator } from '../../src/text/index.ts'
import { canonicalBytes, type Json, newId, sha256, toBase64url } from '../../src/protocol/index.ts'
import { everythingHeld, placesOf } from '../support/held-bytes.ts'
import { type Network, type NetworkNode, startNetwork } from '../support/network.ts'
import { untilSize } from '../support/notes.ts'

const rooms: Module = { name: 'rooms', migrations: clockMigrations, views: clockViews }
const modules = [rooms, channels, forums, agreements, directory]
const hourMs = 3_600_000

interface Meeting<Name extends string> {
  nodes: Network<Name>['nodes']
  space: string
  /** Says something, waits until everybody has it, and returns its hash and why it changed nothing, if so. */
  say(by: Name, type: string, body: Json, text?: Json): Promise<{ hash: string; withoutEffect?: string }>
}

/** Parties in one space hosted by the first. */
async function meet<Name extends string>(
  t: TestContext,
  names: readonly [Name, ...Name[]],
  opening: Partial<NewSpace> & Pick<NewSpace, 'kind'>,
): Promise<Meeting<Name>> {
  const { nodes } = await startNetwork(t, names, { modules })
  const all: NetworkNode[] = names.map((name) => nodes[name])
  const { id: space } = await nodes[names[0]].ledger.open({
    id: newId(),
    title: { en: 'Trial' },
    purpose: 'Trying the practice',
    office: 'cyber-desk',
    members: all.slice(1).map(({ party }) => ({ party, role: 'member' as const })),
    ...opening,
  })
  await Promise.all(all.map((node) => untilSize(node, space, 1)))
  return {
    nodes,
    space,
    async say(by, type, body, text) {
      const draft: ActDraft = { space, type, id: newId(), office: 'cyber-desk', body, text, marking: { tlp: 'AMBER' } }
      const sent = await nodes[by].outbox.send(draft)
      assert.equal(sent.state, 'on-record', JSON.stringify(sent))
      const size = sent.state === 'on-record' ? sent.index + 1 : 0
      await Promise.all(all.map((node) => untilSize(node, space, size)))
      for (const node of all) await node.ledger.project(space)
      const seen = await Promise.all(all.map((node) => node.ledger.findAct(sent.hash)))
      const reasons = new Set(seen.map((act) => act?.withoutEffect))
      assert.equal(reasons.size, 1, 'all members judge the act alike')
      return { hash: sent.hash, withoutEffect: seen[0]?.withoutEffect }
    },
  }
}

const reader: Viewer = {
  person: { id: 'p1', name: 'p1', language: 'en', zone: 'Etc/UTC' },
  office: { id: 'cyber-desk', name: {} },
  offices: [],
  roles: [],
  ceiling: 'RED',
  sessionId: 's',
  may: () => true,
}
const servicesOf = (node: NetworkNode) => node as unknown as Services

function note(addressee: string, more: Record<string, Json> = {}): [Json, Json] {
  const body = { form: 'note-verbale', number: '1/2026', purpose: 'inform', language: 'en', addressee }
  const text = {
    subject: 'Hosts',
    opening: 'The Ministry …',
    paragraphs: ['It has the honour …'],
    closing: 'Assurances.',
  }
  return [{ ...body, impliesNoAttribution: true, ...more }, text]
}

function ofRegime(clocks: Clock[], regime: string): Clock {
  const found = clocks.find((clock) => clock.regime === regime)
  assert.ok(found, `no clock of ${regime}`)
  return found
}

test('a note starts the clock its space agreed on, and only its addressee can acknowledge it, once', async (t) => {
  const terms = { acknowledgeWithin: 'PT4H' }
  const { nodes, say } = await meet(t, ['aurelia', 'borovia', 'calenia'], { kind: 'case', terms })
  const sent = await say('aurelia', 'channels.note-sent', ...note('borovia.example'))
  const running = ofRegime(await openClocks(nodes.borovia.db), 'acknowledge')
  assert.deepEqual(
    [running.duty, running.source, running.dueAt - running.startsAt],
    ['borovia.example', 'agreed', 4 * hourMs],
  )
  const acknowledge = (by: 'borovia' | 'calenia') => say(by, 'channels.note-acknowledged', { note: sent.hash })
  assert.equal((await acknowledge('calenia')).withoutEffect, 'not-the-addressee')
  for (const node of Object.values(nodes)) node.clock.advance(3 * hourMs)
  assert.equal((await acknowledge('borovia')).withoutEffect, undefined)
  assert.equal((await acknowledge('borovia')).withoutEffect, 'already-acknowledged')
  for (const node of Object.values(nodes)) assert.deepEqual(await openClocks(node.db), [])
})

test('a page about a note names the party that waits for the answer, not everybody in the space', async (t) => {
  const terms = { acknowledgeWithin: 'PT4H' }
  const { nodes, say } = await meet(t, ['aurelia', 'borovia', 'calenia'], { kind: 'case', terms })
  await say('aurelia', 'channels.note-sent', ...note('borovia.example'))
  const facts: unknown[] = []
  const services = {
    ...servicesOf(nodes.borovia),
    nameOf: (party: string) => party,
    notices: {
      send: async (_: unknown, notice: { facts: { fromParties: string } }) => void facts.push(notice.facts.fromParties),
    },
  } as unknown as Services
  await tick(services, async ({ startsAt }) => [{ step: 'duty-officer', at: startsAt, people: ['p1'] }])
  assert.deepEqual(facts, ['aurelia.example'])
})

test('Today lists what this party owes and what it waits for, with the time left', async (t) => {
  const { nodes, say } = await meet(t, ['aurelia', 'borovia'], { kind: 'case', terms: { acknowledgeWithin: 'PT4H' } })
  const needsOf = (node: NetworkNode) => listNeeds({ ...servicesOf(node), modules: [channels] }, reader)
  assert.deepEqual(await needsOf(nodes.borovia), { mine: [], more: 0, awaited: [], moreAwaited: 0, running: [] })
  const sent = await say('aurelia', 'channels.note-sent', ...note('borovia.example'))
  const [mine] = (await needsOf(nodes.borovia)).mine
  assert.deepEqual(
    [mine?.verb, mine?.headline, mine?.from],
    ['channels.action.acknowledge', 'Hosts', 'aurelia.example'],
  )
  assert.equal(mine?.dueAt, mine?.clock?.dueAt)
  assert.equal((await needsOf(nodes.aurelia)).awaited[0]?.from, 'borovia.example')
  await say('borovia', 'channels.note-acknowledged', { note: sent.hash })
  assert.deepEqual(await needsOf(nodes.borovia), { mine: [], more: 0, awaited: [], moreAwaited: 0, running: [] })
})

test('a reply settles the note it answers, and a deadline only asked for is never overdue', async (t) => {
  const { nodes, say } = await meet(t, ['aurelia', 'borovia'], { kind: 'case' })
  const deadline = { what: 'reply', source: 'requested', within: 'P1D' }
  const sent = await say('aurelia', 'channels.note-sent', ...note('borovia.example', { deadline }))
  const asked = ofRegime(await openClocks(nodes.aurelia.db), 'reply')
  assert.equal(clockState(asked, asked.dueAt + hourMs), 'unanswered')
  const agreed = { what: 'reply', source: 'agreed', within: 'P1D' }
  const claimed = await say('aurelia', 'channels.note-sent', ...note('borovia.example', { deadline: agreed }))
  assert.equal(claimed.withoutEffect, 'deadline-not-agreed')
  const reply = { purpose: 'reply', inReplyTo: sent.hash, replyKind: 'final' }
  assert.equal((await say('borovia', 'channels.note-sent', ...note('aurelia.example', reply))).withoutEffect, undefined)
  assert.deepEqual(
    (await openClocks(nodes.aurelia.db)).filter((clock) => clock.about === sent.hash),
    [],
  )
})

test('minutes stand when the other side confirms them, and nobody confirms twice', async (t) => {
  const { say } = await meet(t, ['aurelia', 'borovia'], { kind: 'case', terms: { confirmWithin: 'PT72H' } })
  const text = { subject: 'Talks', paragraphs: ['Both sides met.'] }
  const minutes = await say('aurelia', 'channels.minutes-proposed', { on: '2026-11-24', zone: 'Etc/UTC' }, text)
  const confirm = () => say('borovia', 'channels.minutes-confirmed', { minutes: minutes.hash })
  assert.equal((await confirm()).withoutEffect, undefined)
  assert.equal((await confirm()).withoutEffect, 'already-confirmed')
})

test('a communication check of a hotline is answered by the other side; an offer is accepted by it', async (t) => {
  const { nodes, say } = await meet(t, ['aurelia', 'borovia'], { kind: 'channel' })
  const check = await say('aurelia', 'channels.check-called', { within: 'PT1H' })
  assert.equal(ofRegime(await openClocks(nodes.borovia.db), 'check').duty, 'borovia.example')
  const answer = (by: 'aurelia' | 'borovia') => say(by, 'channels.check-answered', { check: check.hash })
  assert.equal((await answer('aurelia')).withoutEffect, 'own-check')
  assert.equal((await answer('borovia')).withoutEffect, undefined)
  const text = { subject: 'Training', paragraphs: ['Two weeks for six people.'] }
  const offer = await say('aurelia', 'channels.offer-made', { kind: 'training' }, text)
  const accept = (by: 'aurelia' | 'borovia') => say(by, 'channels.offer-accepted', { offer: offer.hash })
  assert.equal((await accept('aurelia')).withoutEffect, 'own-offer')
  assert.equal((await accept('borovia')).withoutEffect, undefined)
})

test('in a forum the chair alone declares consensus, after the window and over no objection', async (t) => {
  const names = ['mosc', 'aurelia', 'borovia'] as const
  const { nodes, say } = await meet(t, names, { kind: 'forum', ownRole: 'chair' })
  const item = newId()
  const open = (by: 'mosc' | 'aurelia') => say(by, 'forums.item-opened', { item }, { title: 'Ransomware' })
  assert.equal((await open('aurelia')).withoutEffect, 'chair-only')
  await open('mosc')
  const speech = (kind: string, to?: string): Json => ({ item, kind, language: 'en', ...(to ? { to } : {}) })
  const stated = await say('aurelia', 'forums.statement-made', speech('statement'), { paragraphs: ['We were hit.'] })
  const reply = await say('borovia', 'forums.statement-made', speech('right-of-reply', stated.hash), {
    paragraphs: ['So were we.'],
  })
  assert.equal(reply.withoutEffect, undefined)

  const text = { title: 'Draft', paragraphs: ['hosts that [[b1]] it'], options: { b1: ['harboured', 'transited'] } }
  const body = { item, hash: toBase64url(sha256(canonicalBytes(text))), brackets: [{ id: 'b1', options: 2 }] }
  const draft = await say('aurelia', 'forums.draft-tabled', body, text)
  assert.equal((await say('borovia', 'forums.sponsor-joined', { draft: draft.hash })).withoutEffect, undefined)

  const seek = async (option: number) => {
    const proposal = await say('borovia', 'forums.resolution-proposed', { draft: draft.hash, bracket: 'b1', option })
    return say('mosc', 'forums.consensus-sought', { proposal: proposal.hash, within: 'P1D' })
  }
  const declare = (sought: string) => say('mosc', 'forums.decision-declared', { sought })
  const later = () => {
    for (const node of Object.values(nodes)) node.clock.advance(25 * hourMs)
  }

  const contested = await seek(0)
  await say('borovia', 'forums.objection-raised', { sought: contested.hash }, { reason: 'Nobody harboured anything.' })
  later()
  assert.equal((await declare(contested.hash)).withoutEffect, 'objection-stands')
  const sought = await seek(1)
  assert.equal((await declare(sought.hash)).withoutEffect, 'window-open')
  later()
  assert.equal((await declare(sought.hash)).withoutEffect, undefined)
  assert.equal((await seek(0)).withoutEffect !== undefined, true)
})

test('a joint text is agreed over one hash by every party, and its paragraphs become commitments', async (t) => {
  const { nodes, say } = await meet(t, ['aurelia', 'borovia'], { kind: 'case' })
  const parties = ['aurelia.example', 'borovia.example']
  const text = {
    title: { en: 'Joint statement', fr: 'Déclaration commune' },
    paragraphs: { p1: { en: 'Each side names a contact.', fr: 'Chaque partie désigne un contact.' } },
    disclaimer: { en: 'No rights or obligations.', fr: 'Ni droits ni obligations.' },
  }
  const hash = toBase64url(sha256(canonicalBytes(text)))
  const paragraphs = [{ id: 'p1', norm: 'h', owner: 'borovia.example', due: '2027-01-31', zone: 'Europe/Athens' }]
  const proposal = await say(
    'aurelia',
    'agreements.text-proposed',
    { languages: ['en', 'fr'], hash, paragraphs, parties },
    text,
  )
  const agree = (by: 'aurelia' | 'borovia', to = hash) =>
    say(by, 'agreements.text-agreed', { proposal: proposal.hash, hash: to })
  assert.equal((await agree('borovia', toBase64url(sha256(new Uint8Array())))).withoutEffect, 'another-text')
  await agree('aurelia')
  assert.deepEqual(await openClocks(nodes.borovia.db), [])
  await agree('borovia')
  for (const node of Object.values(nodes)) {
    assert.ok((await listTexts(node.db))[0]?.agreedAt !== undefined)
    const [commitment] = await openClocks(node.db)
    assert.deepEqual([commitment?.duty, commitment?.source], ['borovia.example', 'agreed'])
    // The end of the day where the commitment is owed: Athens is two hours ahead in winter.
    assert.equal(commitment?.dueAt, Date.UTC(2027, 0, 31, 22) - 1)
  }
  const report = { subject: 'Contact', paragraphs: ['It is named.'] }
  const done = { proposal: proposal.hash, paragraph: 'p1', state: 'done' }
  assert.equal((await say('aurelia', 'agreements.commitment-reported', done, report)).withoutEffect, 'not-the-owner')
  assert.equal((await say('borovia', 'agreements.commitment-reported', done, report)).withoutEffect, undefined)
  assert.deepEqual(await openClocks(nodes.aurelia.db), [])
})

test('each party nominates its own points of contact, and who answers now depends on the hour there', async (t) => {
  const { nodes, say } = await meet(t, ['mosc', 'aurelia', 'borovia'], { kind: 'directory' })
  const nominate = (hours: object, zone: string, post: string, contact = newId()) =>
    say(
      'borovia',
      'directory.contact-nominated',
      { contact, kind: 'diplomatic', zone, languages: ['en'], ...hours },
      { post },
    )
  await nominate({ hours: 'office' }, 'Asia/Tokyo', 'Embassy desk')
  const desk = newId()
  await nominate({ hours: 'always' }, 'Europe/Athens', 'Duty desk', desk)
  const contactsNow = () => listContacts(servicesOf(nodes.aurelia), reader, 'borovia.example')
  const contacts = await contactsNow()
  assert.deepEqual(contacts.map((one) => one.text?.post).sort(), ['Duty desk', 'Embassy desk'])
  const postsAt = (at: number) => whoAnswers(contacts, at).now.map((one) => one.text?.post)
  assert.deepEqual(postsAt(Date.UTC(2026, 10, 24, 1)), ['Duty desk', 'Embassy desk'])
  assert.deepEqual(postsAt(Date.UTC(2026, 10, 24, 9)), ['Duty desk'])
  assert.equal((await say('aurelia', 'directory.contact-removed', { contact: desk })).withoutEffect, 'no-such-contact')
  await say('borovia', 'directory.contact-removed', { contact: desk })
  assert.equal((await listContacts(servicesOf(nodes.mosc), reader, 'borovia.example')).length, 1)

  // Only the embassy is left: its holiday and the last day of a nomination say who answers.
  const christmas = { date: '2026-12-25', name: 'Holiday' }
  const eve = { date: '2026-12-24', name: 'Short day', from: '09:00', until: '12:00' }
  const twice = await say('borovia', 'directory.calendar-published', { days: [eve, eve] })
  assert.equal(twice.withoutEffect, 'malformed')
  await say('borovia', 'directory.calendar-published', { days: [eve, christmas] })
  const seconds = { hours: 'stated', week: [{ days: [6, 7], from: '22:00', until: '06:00' }] }
  await nominate({ ...seconds, valid: { until: '2026-12-26' } }, 'Asia/Tokyo', 'Night desk')
  const left = await contactsNow()
  const answerAt = (text: string) => {
    const { now, next } = whoAnswers(left, Temporal.ZonedDateTime.from(`${text}[Asia/Tokyo]`).epochMilliseconds)
    const time = next && Temporal.Instant.fromEpochMilliseconds(next.at).toZonedDateTimeISO('Asia/Tokyo')
    return [
      ...now.map((one) => one.text?.post),
      ...(next ? [next.contact.text?.post, time?.toString().slice(0, 16)] : []),
    ]
  }
  assert.deepEqual(answerAt('2026-12-24T11:00'), ['Embassy desk'])
  assert.deepEqual(answerAt('2026-12-24T12:00'), ['Night desk', '2026-12-26T22:00'], 'nobody on the holiday')
  assert.deepEqual(answerAt('2026-12-26T23:00'), ['Night desk'])
  assert.deepEqual(answerAt('2026-12-27T23:00'), ['Embassy desk', '2026-12-28T09:00'], 'the nomination is over')
})

test('what a house notes of its relation to a party shows on its own pages beside the party’s words, and no byte of it leaves', async (t) => {
  const { nodes, say } = await meet(t, ['aurelia', 'borovia'], {
    kind: 'directory',
    title: { en: 'Regional directory' },
  })
  const { aurelia, borovia } = nodes
  const designation = { en: 'Republic of Borovia', fr: 'République de Borovie' }
  await say('borovia', 'directory.profile-published', { designation, zone: 'Europe/Athens', languages: ['en', 'fr'] })
  const contact = { contact: newId(), kind: 'diplomatic', zone: 'Europe/Athens', languages: ['en'], hours: 'always' }
  await say('borovia', 'directory.contact-nominated', contact, { post: 'Embassy desk' })

  const names = createPartyNames({
    ...{ party: aurelia.party, names: { en: 'Aurelia' }, peers: aurelia.peers },
    given: async () => (await directory.namesOfParties?.(servicesOf(aurelia))) ?? new Map(),
  })
  await names.refresh()
  const services = {
    ...servicesOf(aurelia),
    ...{ modules: [directory], partyName: { en: 'Aurelia' }, nameOf: names.nameOf, namesChanged: names.refresh },
  } as Services
  const ask = async (method: 'GET' | 'POST', path: string, values: Record<string, unknown> = {}, language = 'en') => {
    const [, party = ''] = /parties\/([^/]+)/.exec(path) ?? []
    const route = directory
      .routes?.(services)
      .find((one) => one.method === method && path.endsWith(one.path.replace(/.*:party/, party)))
    assert.ok(route, path)
    const visit = { services, viewer: reader, values, language, t: createTranslator(language) }
    const given = { ...visit, params: { party }, query: new URLSearchParams(), wantsJson: false, input: values }
    const request = new Request(`http://aurelia.test${path}`)
    const input = route.input ? parseInput(route.input, values) : values
    const answer = await route.handle({ ...given, input, request } as Visit)
    return 'page' in answer ? render(answer.page) : JSON.stringify(answer)
  }
  const page = '/directory/parties/borovia.example'
  assert.match(await ask('GET', page), /Nothing has been noted of our relation/)

  const ours = 'The Borovian authorities at Lyra'
  const words = 'Envoy withdrawn over the harbour affair'
  const typed = { id: newId(), relation: 'limited', level: 'charge-ad-interim', recalled: 'yes', note: words }
  const whole = { ...typed, recalledOn: '2026-11-02', 'name-en': ours }
  assert.match(await ask('POST', `${page}/relation`, whole), /"redirect":"\/directory\/parties\/borovia.example"/)
  assert.match(await ask('POST', `${page}/relation`, whole), /redirect/)
  await ask('POST', `${page}/relation`, { ...whole, id: newId(), level: 'consular' })

  const shown = await ask('GET', page)
  for (const said of [
    `<h1><bdi>${ours}</bdi></h1>`,
    'Republic of Borovia',
    'République de Borovie',
    words,
    'Embassy desk',
  ])
    assert.ok(shown.includes(said), said)
  assert.match(shown, /implies no recognition and no position on any dispute/)
  assert.match(shown, /Limited relations.*Consular.*2 November 2026/s)
  assert.match(shown, /One earlier note.*Chargé d’affaires ad interim/s, 'and the second click left no row')
  assert.match(shown, /Regional directory<\/bdi><\/a><\/li>/)
  assert.match(shown, /Fingerprint compared.*22 November 2026/s)
  assert.match(await ask('GET', page, {}, 'fr'), /<h1><bdi>Borovia<\/bdi>/, 'where we set no name, the one it signed')
  assert.equal(names.signedNameOf('borovia.example', 'en'), 'Borovia')
  await assert.rejects(ask('GET', '/directory/parties/nowhere.example'), /directory-no-such-party/)
  await assert.rejects(ask('POST', '/directory/parties/aurelia.example/relation', whole), /directory-own-party/)
  await assert.rejects(ask('POST', `${page}/relation`, { ...whole, id: newId(), recalledOn: '2026-11-24' }), /invalid/)

  // Aurelia speaks on, so that something of it could have gone along.
  await say('aurelia', 'directory.profile-published', {
    designation: { en: 'Aurelia' },
    zone: 'Etc/UTC',
    languages: ['en'],
  })
  const [here, there] = await Promise.all([everythingHeld(aurelia), everythingHeld(borovia)])
  for (const secret of [ours, words, 'charge-ad-interim']) {
    assert.ok(placesOf(secret, here).length > 0, `it can be found where it is: ${secret}`)
    assert.deepEqual(
      new Set(placesOf(secret, here).map((place) => place.replace(/\.\w+$/, ''))),
      new Set(['home.directory_relation']),
    )
    assert.deepEqual(placesOf(secret, there), [])
  }
})
