import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import { untilSize } from '../../../../test/support/notes.ts'
import {
  arrives,
  ask,
  outwardModules,
  personOf,
  searchIndex,
  sendNote,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { sql } from 'kysely'
import { linesOf, readPdf } from '../../../../test/support/read-pdf.ts'
import { feedIndex } from '../../../core/search/index.ts'
import { newId } from '../../../protocol/index.ts'
import { hashOfText } from '../../agreements/text-hash.ts'
import { instruct } from '../../demarches/demarche.ts'
import { demarches } from '../../demarches/index.ts'
import { goodOffices } from '../../good-offices/index.ts'
import { incidents } from '../../incidents/index.ts'
import { search } from '../../search/index.ts'
import { channels } from '../index.ts'
import { retentionOf } from './retention.ts'

const clerk = personOf('clerk')
const modules = [...outwardModules, demarches, search, searchIndex]

test('what is kept until when follows from the file plan, and a legal hold stops it', () => {
  const lastAt = Date.UTC(2024, 1, 29, 12)
  const file = { years: 3, disposal: 'destroy' as const }
  assert.deepEqual(retentionOf({ lastAt, holds: [] }), { kept: 'unfiled' })
  assert.deepEqual(retentionOf({ file, lastAt, holds: [] }), {
    kept: 'until',
    endsOn: '2027-02-28',
    disposal: 'destroy',
  })
  assert.deepEqual(retentionOf({ file: { ...file, years: null }, lastAt, holds: [] }), { kept: 'always' })
  const held = retentionOf({ file, lastAt, holds: ['A court asked for it'] })
  assert.deepEqual(held, { kept: 'held', reasons: ['A court asked for it'], endsOn: '2027-02-28' })
})

test('the register shows what went out with its references, file and state, narrows and comes as CSV; nothing of it leaves the house', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const services = servicesOf(nodes.aurelia, modules)
  const open = (drill?: { name: string }) =>
    nodes.aurelia.ledger.open({
      id: newId(),
      kind: 'case',
      title: { en: 'Ransomware' },
      purpose: 'One matter',
      office: 'cyber-desk',
      members: [{ party: nodes.borovia.party, role: 'member' }],
      ...(drill && { drill }),
    })
  const [real, drill] = [await open(), await open({ name: 'MERIDIAN' })]
  const to = nodes.borovia.party
  const first = await sendNote(nodes.aurelia, real.id, { subject: '=1+1, "quoted"', to })
  await sendNote(nodes.aurelia, real.id, { subject: 'For few eyes', to, tlp: 'RED' })
  await sendNote(nodes.aurelia, drill.id, { subject: 'Played', to })
  for (const space of [real, drill]) await nodes.aurelia.ledger.project(space.id)
  await channels.tick?.(services)
  const size = async () => (await nodes.aurelia.ledger.find(real.id))?.size
  const before = await size()
  const get = async (path: string, language = 'en') =>
    (await ask('GET', path, { services, viewer: clerk, language })).html
  const post = (path: string, input: Record<string, unknown> = {}) =>
    ask('POST', path, { services, viewer: clerk, input })

  const all = await get('/register')
  assert.match(all, /=1\+1/)
  assert.match(all, /TLP:AMBER/, 'the sheet is marked as the narrowest of what stands on it')
  assert.match(all, /DRILL · Letter/, 'no exercise is taken for real')
  assert.doesNotMatch(all, /For few eyes/, 'above this reader’s ceiling')
  assert.equal(all.match(/href="\/register\/[\w-]{43}"/g)?.length, 2, 'nor is there a line of it')
  assert.doesNotMatch(await get(`/register?direction=in`), /=1\+1/)
  assert.doesNotMatch(await get(`/register?party=calenia.example`), /=1\+1/)

  const card = `/register/${first.hash}`
  await assert.rejects(post(`${card}/file`, { code: '99' }), InvalidInput)
  await post(`${card}/file`, { code: '19' })
  assert.match(await get('/register?code=19'), /until 22 November 2029, then to be destroyed/)
  await post('/register/files', { code: '19', title: 'Enquiries', years: '5', disposal: 'transfer' })
  assert.match(await get('/register?code=19'), /until 22 November 2031, then to the archives/)
  assert.match(await get('/register/files'), /Enquiries[\s\S]*>5<[\s\S]*>1</)
  const hold = newId()
  for (const _ of ['first', 'second click'])
    await post(`${card}/hold`, { id: hold, reason: 'A court asked', scope: 'code' })
  assert.match(await get(card), /legal hold: A court asked[\s\S]*set by clerk/)
  await post(`/register/holds/${hold}/lift`, { act: first.hash })
  assert.doesNotMatch(await get(card), /legal hold: A court asked/)
  await post(`${card}/no-answer`)
  assert.match(await get('/register?state=no-answer', 'fr'), /sans réponse/)
  assert.doesNotMatch(await get('/register?state=sent'), /=1\+1/)
  assert.match(await get(`/spaces/${real.id}`), new RegExp(`<a href="${card}">19</a>`), 'and beside the document')

  // What came in bears the stamp of our own registry, once, in the order it came.
  const there = servicesOf(nodes.borovia, modules)
  for (const [space, entries] of [
    [real.id, 3],
    [drill.id, 2],
  ] as const) {
    await untilSize(nodes.borovia, space, entries)
    await nodes.borovia.ledger.project(space)
  }
  nodes.borovia.clock.advance(90_000)
  for (const _ of ['first tick', 'second tick']) await Promise.all([channels.tick?.(there), channels.tick?.(there)])
  await sendNote(nodes.aurelia, real.id, { subject: 'Came later', to })
  await untilSize(nodes.borovia, real.id, 4)
  await nodes.borovia.ledger.project(real.id)
  await channels.tick?.(there)
  const theirs = async (path: string, language = 'en') =>
    (await ask('GET', path, { services: there, viewer: clerk, language })).html
  const stamped = await theirs('/register?number=4/2026')
  assert.match(stamped, /Came later/)
  assert.doesNotMatch(stamped, /=1\+1/)
  assert.match(
    await theirs(`/register/${first.hash}`),
    /Incoming number[\s\S]*[123]\/2026[\s\S]*Received[\s\S]*November 2026/,
  )
  assert.match(await theirs(`/spaces/${real.id}`, 'fr'), /Numéro d’arrivée[\s\S]*4\/2026, reçu le/)
  const given = await there.db.selectFrom('home.register_incoming').select('number').orderBy('number').execute()
  assert.deepEqual(
    given.map(({ number }) => number),
    [1, 2, 3, 4],
    'each once, without a gap',
  )
  assert.deepEqual(await services.db.selectFrom('home.register_incoming').selectAll().execute(), [], 'ours bear none')

  const { answer } = await ask('GET', '/register/csv?code=19', { services, viewer: clerk })
  const csv = answer instanceof Response ? await answer.text() : ''
  assert.match(csv, /"'=1\+1, ""quoted"""/, 'what others wrote is never a formula')
  assert.equal(csv.trim().split('\r\n').length, 2)
  assert.equal(await size(), (before ?? 0) + 1, 'nothing of it became an act')
  await assert.rejects(
    get(`/register/${'A'.repeat(43)}`),
    (error) => error instanceof Refusal && error.code === 'not-found',
  )

  // Documents of every other kind stand in it too, each with a number of its own, and after a replay as before.
  const forum = await nodes.aurelia.ledger.open({
    id: newId(),
    kind: 'forum',
    title: { en: 'Working group' },
    purpose: 'Rules of conduct',
    office: 'cyber-desk',
    members: [{ party: to, role: 'member' }],
    ownRole: 'chair',
  })
  const put = async (
    node: typeof nodes.aurelia,
    act: { space: string; type: string; body: object; text?: object },
    tlp = 'AMBER',
  ) => {
    const { hash } = await node.outbox.send({ id: newId(), office: 'cyber-desk', marking: { tlp }, ...act } as never)
    await arrives(act.space, (await nodes.aurelia.ledger.head(act.space))?.size ?? 0, nodes.aurelia, nodes.borovia)
    return hash
  }
  const on = { on: '2026-11-22', zone: 'Etc/UTC' }
  const [space, talks] = [real.id, 'channels.minutes-proposed']
  const minutes = await put(nodes.aurelia, {
    space,
    type: talks,
    body: on,
    text: { subject: 'First round', paragraphs: ['x'] },
  })
  await put(
    nodes.aurelia,
    { space, type: talks, body: on, text: { subject: 'Behind doors', paragraphs: ['x'] } },
    'RED',
  )
  const text = { title: { en: 'Calm on hospitals' }, paragraphs: { p1: { en: 'No.' } }, disclaimer: { en: 'None.' } }
  const hash = hashOfText(text)
  const paragraphs = [{ id: 'p1', norm: 'f', owner: to, due: '2027-01-31', zone: 'Etc/UTC' }]
  const body = { languages: ['en'], hash, paragraphs, parties: [nodes.aurelia.party, to] }
  const proposal = await put(nodes.aurelia, { space, type: 'agreements.text-proposed', body, text })
  const item = newId()
  await put(nodes.aurelia, {
    space: forum.id,
    type: 'forums.item-opened',
    body: { item },
    text: { title: 'Hospitals' },
  })
  const spoken = { item, kind: 'statement', language: 'en' }
  const words = { paragraphs: ['We support this.'] }
  await put(nodes.borovia, { space: forum.id, type: 'forums.statement-made', body: spoken, text: words })
  const ordered = { subject: 'Hosts in Borovia', objective: 'x', talkingPoints: ['x'], level: 'desk' as const }
  const rest = { leaveBehind: 'nothing' as const, tlp: 'AMBER' as const, capitals: [to] }
  await instruct(services, clerk, { id: newId(), ...ordered, ...rest })
  for (const _ of ['first tick', 'second tick']) for (const one of [services, there]) await channels.tick?.(one)
  for (const one of [services, there]) await feedIndex(one)

  assert.match(
    await get('/register?form=minutes'),
    /1\/2026[\s\S]*to Ransomware[\s\S]*Joint minutes[\s\S]*First round[\s\S]*proposed/,
  )
  assert.match(await get('/register?number=3/2026'), /to BOROVIA[\s\S]*Joint statement[\s\S]*Calm on hospitals/)
  assert.match(
    await get(`/register?form=forum-statement&party=${to}`),
    /1\/2026[\s\S]*from BOROVIA[\s\S]*Statement[\s\S]*We support this/,
  )
  assert.match(
    await get('/register?form=demarche', 'fr'),
    /4\/2026[\s\S]*à BOROVIA[\s\S]*Démarche[\s\S]*Hosts in Borovia[\s\S]*instruction donnée/,
  )
  assert.match(await theirs('/register?form=joint-text'), /5\/2026|6\/2026|7\/2026/, 'a stamp of theirs')
  assert.match(await get('/register?form=forum-statement'), /href="\/register\/[\w-]{43}">1\/2026<\/a>/, 'by its stamp')
  for (const question of ['number=2/2026', 'form=minutes'])
    assert.doesNotMatch(await get(`/register?${question}`), /Behind doors/, 'nobody finds what they may not read')
  const seen = async (ceiling: 'GREEN' | 'RED') => {
    const found = await ask('GET', '/register', { services, viewer: personOf('reader', ceiling), json: true })
    return ('data' in found.answer ? (found.answer.data as { kind: string }[]) : []).map(({ kind }) => kind).toSorted()
  }
  const everything = [
    'demarche',
    'forum-statement',
    'joint-text',
    'letter',
    'letter',
    'letter',
    'letter',
    'minutes',
    'minutes',
  ]
  assert.deepEqual([await seen('GREEN'), await seen('RED')], [[], everything])

  for (const node of [nodes.aurelia, nodes.borovia])
    await put(node, { space, type: 'agreements.text-agreed', body: { proposal, hash } })
  await put(nodes.borovia, { space, type: 'channels.minutes-confirmed', body: { minutes } })
  assert.match(await get('/register?state=agreed'), /Calm on hospitals[\s\S]*agreed by all parties/)
  assert.match(await get('/register?state=confirmed'), /First round[\s\S]*confirmed by all/)
  await post(`/register/${proposal}/file`, { code: '13' })
  const filed = await get('/register?code=13')
  assert.match(filed, /Calm on hospitals[\s\S]*for ever/)
  const counted = await get('/register/files')
  assert.match(counted, /Agreements and joint texts[\s\S]*?>1</)
  await nodes.aurelia.ledger.rebuildViews()
  assert.equal(await get('/register?code=13'), filed, 'not yet in the index, and listed all the same')
  assert.equal(await get('/register/files'), counted, 'and counted')
  await channels.tick?.(services)
  await feedIndex(services)
  assert.deepEqual(await seen('RED'), everything)
  assert.match(await get('/register?number=3/2026'), /Calm on hospitals/, 'a number once given stays')
  const { html } = await ask('GET', '/search?ref=4%2F2026', { services: there, viewer: clerk })
  assert.match(html, /Came later/, 'found by the number of our registry')
  assert.doesNotMatch(html, /Played/)
})

test('a stamp is given once: not for what was here before stamps were kept, and for what stands in another record at old places', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = nodes
  const there = servicesOf(borovia, modules)
  const space = await aurelia.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'Ransomware' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [{ party: borovia.party, role: 'member' }],
  })
  const send = async (subject: string) => {
    const { hash } = await sendNote(aurelia, space.id, { subject, to: borovia.party })
    await untilSize(borovia, space.id, (await aurelia.ledger.head(space.id))?.size ?? 0)
    await borovia.ledger.project(space.id)
    return hash
  }
  const stamped = async () =>
    (await there.db.selectFrom('home.register_incoming').select('act').orderBy('number').execute()).map(
      ({ act }) => act,
    )
  await send('From before')
  const old = { space: space.id, size: 2, stamped_from: 2, left_behind: 0 }
  await there.db.insertInto('home.register_cursor').values(old).execute()

  // Projected anew: for a while the space has fewer entries than the register has read.
  for (const size of [1, 2]) {
    await there.db.updateTable('view.cursor').set({ size }).where('space', '=', space.id).execute()
    await channels.tick?.(there)
  }
  assert.deepEqual(await stamped(), [], 'it had none and gets none')
  const fresh = await send('Came later')
  await channels.tick?.(there)
  assert.deepEqual(await stamped(), [fresh])

  // A record that was left for another: it was longer, and what now stands at its places is new.
  await there.db.updateTable('home.register_cursor').set({ size: 9 }).execute()
  await sql`insert into log.orphan (space, act, idx, leaf, root, time, host, note, at)
    select space, 'left', 3, leaf, root, time, 'x', note, time from log.entry join log.checkpoint using (space)
    where space = ${space.id} limit 1`.execute(there.db)
  const other = await send('In the other record')
  for (const _ of ['first tick', 'second tick']) await channels.tick?.(there)
  assert.deepEqual(await stamped(), [fresh, other])
})

test('requests about incidents, drafts and decisions of forums and texts of good offices stand in the register, and it prints as a sheet', async (t) => {
  const rooms = [...modules.filter(({ name }) => name !== 'incidents'), incidents, goodOffices]
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia'], { modules: rooms })
  const { aurelia, borovia } = nodes
  const services = servicesOf(aurelia, rooms)
  const open = (kind: string, over: object = {}) =>
    aurelia.ledger.open({
      id: newId(),
      kind,
      title: { en: `A ${kind}` },
      purpose: 'One matter',
      office: 'cyber-desk',
      members: [{ party: borovia.party, role: 'member' }],
      ...over,
    } as never)
  const put = async (node: typeof aurelia, space: string, type: string, body: object, text?: object) => {
    const act = {
      space,
      type,
      body,
      ...(text && { text }),
      id: newId(),
      office: 'cyber-desk',
      marking: { tlp: 'AMBER' },
    }
    const { hash } = await node.outbox.send(act as never)
    await arrives(space, (await aurelia.ledger.head(space))?.size ?? 0, aurelia, borovia)
    assert.equal((await aurelia.ledger.findAct(hash))?.withoutEffect, undefined, type)
    return hash
  }
  const words = { subject: 'Keep the logs', paragraphs: ['Please.'] }
  const matter = await open('case')
  const request = await put(
    aurelia,
    matter.id,
    'incidents.preservation-requested',
    { deletionDate: '2026-12-01', keepUntil: '2027-01-01', source: 'requested' },
    words,
  )
  const kept = { subject: 'Logs are kept', paragraphs: ['As asked.'] }
  await put(borovia, matter.id, 'incidents.preservation-confirmed', { request, keptUntil: '2027-01-01' }, kept)
  const forum = await open('forum', { ownRole: 'chair' })
  const item = newId()
  await put(aurelia, forum.id, 'forums.item-opened', { item }, { title: 'Hospitals' })
  const wording = { title: 'Draft on hospitals', paragraphs: ['They [[b1]] spared.'], options: { b1: ['are', 'stay'] } }
  const tabled = { item, hash: hashOfText(wording as never), brackets: [{ id: 'b1', options: 2 }] }
  const draft = await put(borovia, forum.id, 'forums.draft-tabled', tabled, wording)
  const proposal = await put(aurelia, forum.id, 'forums.resolution-proposed', { draft, bracket: 'b1', option: 1 })
  const sought = await put(aurelia, forum.id, 'forums.consensus-sought', { proposal, within: 'PT1H' })
  for (const node of [aurelia, borovia]) node.clock.advance(3_600_001)
  await put(aurelia, forum.id, 'forums.decision-declared', { sought })
  const terms = { mediator: aurelia.party, goodOffices: 'joint' }
  const joint = await open('channel', { terms, members: [{ party: borovia.party, role: 'observer' }] })
  const single = { title: 'Calm on the river', paragraphs: ['Both stay.'], options: {} }
  const version = { version: 1, language: 'en', hash: hashOfText(single as never), openBrackets: 0 }
  await put(aurelia, joint.id, 'good-offices.text-tabled', version, single)
  await channels.tick?.(services)

  const get = async (question: string) => (await ask('GET', `/register?${question}`, { services, viewer: clerk })).html
  assert.match(
    await get('form=preservation-request'),
    /to BOROVIA[\s\S]*Request to preserve data[\s\S]*Keep the logs[\s\S]*answered/,
  )
  assert.match(await get('form=preservation-confirmation'), /from BOROVIA[\s\S]*Logs are kept/)
  assert.match(await get('form=forum-draft'), /from BOROVIA[\s\S]*Draft on hospitals[\s\S]*no open brackets/)
  assert.match(
    await get('form=forum-decision'),
    /Decision by consensus[\s\S]*Draft on hospitals/,
    'by its draft’s title',
  )
  assert.match(await get('form=single-text'), /Single text[\s\S]*Calm on the river[\s\S]*proposed/)

  const sheet = async (question: string, over: { language?: string; viewer?: typeof clerk } = {}) => {
    const { answer } = await ask('GET', `/register/pdf?${question}`, { services, viewer: clerk, ...over })
    assert.ok(answer instanceof Response)
    const drawn = readPdf(new Uint8Array(await answer.arrayBuffer()))
    return Array.from({ length: Math.max(...drawn.map(({ page }) => page)) }, (_, page) =>
      linesOf(drawn, page + 1).join('\n'),
    )
  }
  const [all = ''] = await sheet('')
  assert.match(all, /All documents/)
  assert.match(all, /Keep the logs[\s\S]*answered|answered[\s\S]*Keep the logs/)
  assert.equal(all.match(/TLP:AMBER/g)?.length, 2, 'at head and foot')
  const [narrowed = ''] = await sheet(`party=${borovia.party}&from=2026-11-01&to=2026-11-30&form=forum-draft`)
  assert.match(narrowed, /BOROVIA[\s\S]*From: 1 November 2026[\s\S]*Draft on/)
  assert.doesNotMatch(narrowed, /Keep the logs/)
  assert.doesNotMatch((await sheet('', { viewer: personOf('reader', 'GREEN') })).join(''), /Keep the|TLP/)
  assert.match((await sheet('', { language: 'ar' })).join(''), /BOROVIA[\s\S]*the logs/)
})
