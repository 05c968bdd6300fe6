import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { startNetwork } from '../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  note,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../test/support/space-pages.ts'
import { openClocks } from '../../core/clocks/index.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Module, Services } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { clearance } from './index.ts'

const everything = [...modules, clearance]
const officer = personOf('officer')
const head = personOf('head')
const day = 24 * 3_600_000

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

async function house(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: everything })
  const { aurelia, borovia } = network.nodes
  const paged: string[] = []
  const holding = { people: ['head', 'officer'] }
  /** The services of a process that has just begun on this node's data. */
  const begin = (): Services => {
    const services = servicesOf(aurelia, everything)
    services.settings.holdMs = 60_000
    services.people.holding = async () => holding.people
    services.notices.send = async (_, { key, urgency }) => void paged.push(`${urgency} ${key}`)
    return services
  }
  const services = begin()
  const other = servicesOf(borovia, everything)
  const space = await openCase(network, services)
  const post = (path: string, input: Record<string, unknown> = {}, viewer = officer, by = services) =>
    ask('POST', path, { services: by, viewer, input })
  const page = async (of: Services, path: string, language = 'en', viewer = officer) =>
    (await ask('GET', path, { services: of, viewer, language })).html
  const draft = async (subject: string) => {
    const { answer } = await post(`/spaces/${space}/write/channels.note-sent`, { ...note, subject, id: newId() })
    const id = redirectOf(answer).split('/')[2] ?? ''
    return { id, approval: (await services.drafts.find(id))?.approval ?? '' }
  }
  return { network, services, other, space, paged, holding, begin, post, page, draft }
}

test('one person releases in an emergency: the head is paged, both sides read it, and another confirms or disowns it within a day', async (t) => {
  const { network, services, other, space, paged, holding, begin, post, page, draft } = await house(t)
  const { aurelia, borovia } = network.nodes
  const first = await draft('Intrusions since Monday')
  const alone = { approval: first.approval, reason: 'Nobody answers and it spreads.' }
  const at = `/drafts/${first.id}/emergency`
  assert.doesNotMatch(await page(services, `/drafts/${first.id}/review`), /release alone/)
  await assert.rejects(post(at, alone), refused('draft.no-emergencies'))
  await post('/powers/emergency', { allowed: 'yes' })
  const review = await page(services, `/drafts/${first.id}/review`)
  assert.match(review, /Emergency: release alone/)
  assert.match(
    review,
    /Nothing so marked has been released to .?BOROVIA[\s\S]*TLP:AMBER/,
    'a new reader is pointed out',
  )
  holding.people = ['officer']
  await assert.rejects(post(at, alone), refused('draft.nobody-to-confirm'))
  holding.people = ['head', 'officer']

  // Stopped in the hold it is a draft again; then anew, pressed twice.
  await post(at, alone)
  await post(`/drafts/${first.id}/stop`)
  assert.equal((await services.drafts.find(first.id))?.state, 'drafting')
  await post(at, alone)
  await post(at, alone)
  assert.deepEqual([...new Set(paged.filter((one) => one.startsWith('page ')))], [`page emergency:${first.id}:head`])

  // The process ends during the hold; another one signs, once, both acts together.
  aurelia.clock.advance(60_001)
  const again = begin()
  await Promise.all([again.drafts.signDue(), services.drafts.signDue()])
  await again.drafts.signDue()
  await arrives(space, 3, aurelia, borovia)
  const act = (await services.drafts.find(first.id))?.actHash ?? ''
  assert.match(await page(other, `/spaces/${space}`), /Released by one person in an emergency on [^<]*AURELIA confirms/)
  assert.deepEqual(
    (await openClocks(other.db, { regime: 'confirm-release' })).map(({ duty, about }) => [duty, about]),
    [['aurelia.example', act]],
  )
  for (const { clock } of [aurelia, borovia]) clock.advance(day + 120_000)
  for (const side of [services, other]) {
    assert.match(await page(side, `/spaces/${space}`), /Nobody of AURELIA confirmed it within 24 hours/)
    assert.match(await page(side, `/spaces/${space}`, 'ar'), /ولم يؤكده أحد/)
  }

  assert.match(
    await page(services, '/emergencies', 'en', head),
    /Nobody answers and it spreads\.[\s\S]*Disown and withdraw/,
  )
  await assert.rejects(post(`/emergencies/${act}/confirm`), refused('clearance-own'))
  await post(`/emergencies/${act}/confirm`, {}, head)
  await post(`/emergencies/${act}/confirm`, {}, head)
  await assert.rejects(post(`/emergencies/${act}/disown`, {}, head), refused('clearance-decided'))
  await arrives(space, 4, aurelia, borovia)
  assert.match(await page(other, `/spaces/${space}`), /Released by one person in an emergency on [^<]*; confirmed on/)
  assert.deepEqual(await openClocks(other.db, { regime: 'confirm-release' }), [])

  await post('/legal-clearance', { id: newId(), kind: 'channels.note-sent:letter', from: '2026-11-01' })
  const second = await draft('Sent in haste')
  assert.doesNotMatch(
    await page(services, `/drafts/${second.id}/review`),
    /Nothing so marked/,
    'such a note went before',
  )
  await post(`/drafts/${second.id}/emergency`, { approval: second.approval, reason: 'It could not wait.' })
  aurelia.clock.advance(60_001)
  await services.drafts.signDue()
  await arrives(space, 6, aurelia, borovia)
  assert.match(await page(services, '/emergencies', 'en', head), /It went without the legal clearance/)
  const hasty = (await services.drafts.find(second.id))?.actHash ?? ''
  await post(`/emergencies/${hasty}/disown`, {}, head)
  await post(`/emergencies/${hasty}/disown`, {}, head)
  await arrives(space, 8, aurelia, borovia)
  const there = await page(other, `/spaces/${space}`)
  assert.match(there, /AURELIA disowned it on [^<]* and withdraws it/)
  assert.match(there, /Withdrawn: Sent in haste/, 'a note is withdrawn by its own act too')
})

/** One house of its own, without peers: what is said of a draft at home. */
async function desk(t: TestContext) {
  const { nodes } = await startNetwork(t, ['aurelia'], { modules: everything })
  const services = servicesOf(nodes.aurelia, everything)
  const told: string[] = []
  services.settings.holdMs = 60_000
  services.people.holding = async () => ['adviser', 'drafter']
  services.notices.send = async (_, { person, message }) => void told.push(`${person} ${message}`)
  const { id: space } = await nodes.aurelia.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'Ransomware' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [],
  })
  const [drafter, adviser, releaser] = [
    personOf('drafter', 'AMBER', /:draft$/),
    personOf('adviser', 'AMBER', /^clearance\.legal:release$/),
    personOf('releaser', 'AMBER', /^(?!clearance\.legal).*:release$/),
  ]
  const text = { subject: 'Talks', paragraphs: ['We met on Monday.', 'We agree to meet again.'] }
  const save = (words = text, id = newId()) =>
    services.drafts.save(drafter, {
      id,
      space,
      type: 'channels.minutes-proposed',
      office: 'cyber-desk',
      body: { on: '2026-11-22', zone: 'Etc/UTC' },
      text: words,
      marking: { tlp: 'AMBER' },
      form: { values: {} },
    })
  const post = (path: string, input: Record<string, unknown> = {}, viewer = drafter) =>
    ask('POST', path, { services, viewer, input })
  const page = async (path: string, viewer = drafter, language = 'en') =>
    (await ask('GET', path, { services, viewer, language })).html
  const project = () => nodes.aurelia.ledger.project(space)
  return { services, text, save, post, page, told, drafter, adviser, releaser, project, clock: nodes.aurelia.clock }
}

test('colleagues comment on a draft and its paragraphs, answer and settle; what is open is said at release, and goes with the draft', async (t) => {
  const { services, save, post, page, releaser } = await desk(t)
  const { id, approval } = await save()
  const at = `/drafts/${id}/comments`
  const said = newId()
  for (const _ of ['first', 'second click'])
    await post(at, { id: said, about: 'paragraph:2', comment: 'Do we, before they answer?' })
  await post(at, { id: newId(), about: `comment:${said}`, comment: 'Only if they ask.' })
  await post(at, { id: newId(), about: 'whole', comment: 'Shorter, please.' })
  await assert.rejects(post(at, { id: newId(), about: 'paragraph:3', comment: 'Where?' }), InvalidInput)
  await post(`/drafts/${id}/submit`, { approval })
  const review = await page(`/drafts/${id}/review`, releaser)
  assert.match(
    review,
    /Comments: 2 open[\s\S]*on paragraph 2[\s\S]*We agree to meet again\.[\s\S]*Do we, before they answer\?[\s\S]*Only if they ask\./,
  )
  assert.equal(review.match(/Do we, before they answer/g)?.length, 2, 'once, and where it can be answered')
  assert.match(review, /<strong>2 comments are still open\.<\/strong>[\s\S]*Release/)
  assert.match(await page(`/drafts/${id}/review`, releaser, 'ar'), /ملاحظتان مفتوحتين/)
  await post(`${at}/${said}/settle`, {}, releaser)
  assert.match(await page(`/drafts/${id}/review`), /One comment is still open/)
  assert.match(await page(`/drafts/${id}/review`), /Settled by releaser/)
  await assert.rejects(
    post(at, { id: newId(), about: 'whole', comment: 'I was not asked.' }, personOf('stranger', 'AMBER', /^none$/)),
    refused('not-found'),
  )
  const { text, form } = (await services.drafts.find(id)) ?? {}
  assert.doesNotMatch(JSON.stringify([text, form]), /Shorter/, 'nothing of it is in the draft')
  await post(`/drafts/${id}/discard`)
  const left = await services.db.selectFrom('home.draft_comment').select('id').execute()
  assert.deepEqual(left, [])
})

test('no path leads from a comment to an act: comments are named in their own folder, which signs, drafts and sends nothing', () => {
  const root = join(import.meta.dirname, '../../..')
  const own: string[] = []
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root })) {
    if (file.includes('.test.')) continue
    const source = readFileSync(join(root, file), 'utf8')
    const isOwn = file.startsWith('src/modules/clearance/comments/')
    const isMigration = file === 'src/modules/clearance/migrations/0002-comments.ts'
    assert.ok(isOwn || isMigration || !/home\.draft_comment/.test(source), `${file} reads comments`)
    const imports = [...source.matchAll(/from '[^']*\/comments\/([^']*)'/g)].map(([, name]) => name)
    const isDoor = file === 'src/modules/clearance/index.ts' || file === 'src/modules/clearance/beside-draft.tsx'
    assert.ok(isOwn || isDoor || imports.length === 0, `${file} gets at comments`)
    if (!isOwn) continue
    own.push(file)
    assert.doesNotMatch(source, /\b(outbox|takeStep|signAct|saveComposed|enqueue|blobs|drafts\.\w+)\b/, file)
  }
  assert.ok(own.length >= 5)
})

test('where the house wants a legal clearance nothing is released without one of exactly what stands there; any edit voids it', async (t) => {
  const { services, text, save, post, page, told, drafter, adviser, releaser } = await desk(t)
  const settled: string[] = []
  services.notices.settle = async (_, key) => void (key.endsWith(':clear') && settled.push(key))
  const rule = { id: newId(), kind: 'channels.minutes-proposed', from: '2026-11-01', until: '' }
  await assert.rejects(post('/legal-clearance', { ...rule, kind: 'space.closed' }), InvalidInput)
  await assert.rejects(post('/legal-clearance', { ...rule, until: '2026-10-01' }), InvalidInput)
  for (const _ of ['first', 'second click']) await post('/legal-clearance', rule)
  assert.match(await page('/legal-clearance'), /adviser, drafter[\s\S]*Joint minutes[\s\S]*1 November 2026/)
  const lawyers = personOf('lawyer', 'AMBER', /^(clearance\.legal:release|channels.*:(draft|send))$/)

  const first = await save()
  const at = `/drafts/${first.id}`
  assert.equal((await services.drafts.submit(lawyers, first.id, first.approval)).state, 'awaiting-release')
  const toClear = () => told.filter((one) => one.endsWith('legal.notice.waiting'))
  assert.deepEqual(toClear(), ['adviser legal.notice.waiting'], 'who wrote in it clears nothing and is not told')
  await assert.rejects(post(`${at}/release`, { approval: first.approval }, releaser), (error) => {
    return error instanceof Refusal && error.code === 'clearance-needed' && error.facts.people === 'adviser'
  })
  const needs = async (viewer: typeof adviser) =>
    (await (clearance as Module).needs?.(services, viewer))?.map(({ verb, headline }) => [verb, headline])
  assert.deepEqual(await needs(adviser), [['legal.need.clear', 'Talks']])
  assert.deepEqual(await needs(releaser), [])
  const word = (decision: string, approval: string, remarks = '') => ({ id: newId(), decision, approval, remarks })
  await assert.rejects(post(`${at}/clearance`, word('cleared', first.approval), drafter), refused('not-permitted'))
  await assert.rejects(post(`${at}/clearance`, word('refused', first.approval), adviser), InvalidInput)

  await post(`${at}/clearance`, word('refused', first.approval, 'Who is “we”?'), adviser)
  await assert.rejects(post(`${at}/release`, { approval: first.approval }, releaser), refused('clearance-refused'))
  assert.deepEqual(
    told.filter((one) => one.includes('legal.') && !one.endsWith('waiting')),
    ['drafter legal.notice.refused'],
  )
  assert.deepEqual(settled, [`release:${first.id}:clear`], 'once it is said nobody is waited for')
  const edited = await save({ ...text, paragraphs: ['The two sides met on Monday.'] }, first.id)
  await services.drafts.submit(drafter, first.id, edited.approval)
  assert.equal(toClear().length, 2, 'changed, it waits again')
  assert.deepEqual(await needs(adviser), [['legal.need.clear', 'Talks']], 'a word on other words counts for nothing')
  await assert.rejects(
    post(`${at}/clearance`, word('cleared', first.approval), adviser),
    refused('draft.approval-differs'),
  )
  await post(`${at}/clearance`, word('remarks', edited.approval, 'Cite the note.'), adviser)
  assert.deepEqual(await needs(adviser), [])
  const review = await page(`${at}/review`, releaser)
  assert.match(review, /Refused[\s\S]*adviser, [\s\S]*Who is “we”\?[\s\S]*places changed since[\s\S]*The two sides met/)
  assert.match(review, /Cleared with remarks[\s\S]*Cite the note\.[\s\S]*Nothing has changed since\./)
  assert.match(await page(`${at}/review`, releaser, 'fr'), /Visé avec observations/)
  const released = await services.drafts.release(releaser, first.id, edited.approval)
  assert.equal(released.state, 'held')
  await services.drafts.stop(drafter, first.id)

  await post(`/legal-clearance/${rule.id}/end`)
  const free = await save()
  await services.drafts.submit(drafter, free.id, free.approval)
  assert.equal(toClear().length, 2)
  assert.equal(
    (await services.drafts.release(releaser, free.id, free.approval)).state,
    'held',
    'ended, it is not asked',
  )
})

test('what was said of a draft is kept as long as its document by the file plan; a legal hold keeps it, and what is for the archives stays until their receipt', async (t) => {
  const { services, save, post, drafter, releaser, project, clock } = await desk(t)
  const channels = everything.find(({ name }) => name === 'channels')
  const tomorrow = (days = 1) => {
    clock.advance(days * 86_400_000)
    return channels?.tick?.(services)
  }
  const sent = async (code: string) => {
    const { id, approval } = await save()
    await post(`/drafts/${id}/comments`, { id: newId(), about: 'whole', comment: 'Shorter, please.' })
    await services.drafts.submit(drafter, id, approval)
    await services.drafts.release(releaser, id, approval)
    clock.advance(60_001)
    await services.drafts.signDue()
    const { actHash = '' } = (await services.drafts.find(id))!
    await project()
    await tomorrow()
    await post(`/register/${actHash}/file`, { code })
    return { id, actHash }
  }
  const left = async () =>
    (await services.db.selectFrom('home.draft_comment').select('draft').execute()).map(({ draft }) => draft)
  const [short, archived, held] = [await sent('19'), await sent('11'), await sent('19')]
  const hold = newId()
  await post(`/register/${held.actHash}/hold`, { id: hold, reason: 'A court asked', scope: 'act' })
  await tomorrow(3 * 365 - 10)
  assert.deepEqual(
    (await left()).toSorted(),
    [short.id, archived.id, held.id].toSorted(),
    'its three years are not over',
  )
  await tomorrow(20)
  assert.deepEqual((await left()).toSorted(), [archived.id, held.id].toSorted())
  await post(`/register/holds/${hold}/lift`, { act: held.actHash })
  await tomorrow(0)
  assert.equal((await left()).length, 2, 'once a day')
  await tomorrow()
  assert.deepEqual(await left(), [archived.id])
  await tomorrow(20 * 365)
  assert.deepEqual(await left(), [archived.id], 'people hand over what is for the archives')
  await sql`
    insert into home.archive_transfer
      (id, code, archive, ceiling, language, state, fingerprint, total, done, proposed_by, proposed_by_name, proposed_at)
    values ('t', '11', 'National Archives', 'AMBER', 'en', 'made', 'f', 1, 1, 'p', 'p', 0);
    insert into home.archive_document (transfer, act, place, facts) values ('t', ${sql.lit(archived.actHash)}, 0, '{}')`.execute(
    services.db,
  )
  await tomorrow()
  assert.deepEqual(await left(), [archived.id], 'a package alone is no receipt')
  await services.db.updateTable('home.archive_transfer').set({ state: 'received' }).execute()
  await tomorrow()
  assert.deepEqual(await left(), [])
})
