import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import { readPdf } from '../../../../test/support/read-pdf.ts'
import {
  arrives,
  ask,
  outwardModules,
  personOf,
  searchIndex,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { mayLeave } from '../../../core/markings/index.ts'
import type { Services } from '../../../core/module/types.ts'
import { readArchive, verifyDossier } from '../../../protocol/dossier/index.ts'
import { newId } from '../../../protocol/index.ts'
import type { Marking, Tlp } from '../../../protocol/types.ts'
import { channels } from '../index.ts'
import { makePackage } from './make-package.ts'

const modules = [...outwardModules, searchIndex]
const cleared = (id: string, may?: RegExp) => ({ ...personOf(id, 'RED', may), classes: ['aurelia.example/SECRET'] })
const registrar = cleared('registrar')
/** Who releases need not be able to draft. */
const second = cleared('second', /:(release|send|read)$/)
const yearMs = 366 * 86_400_000

async function archiveDesk(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia, modules)
  const { id: space } = await aurelia.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'Frame of the matter' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [{ party: borovia.party, role: 'member' }],
  })
  await arrives(space, 1, aurelia, borovia)
  const send = async (
    by: typeof aurelia,
    act: { type: string; body: object; text?: object; marking: Marking; attachments?: object[] },
  ): Promise<string> => {
    const { hash } = await by.outbox.send({ space, id: newId(), office: 'cyber-desk', ...act } as never)
    return hash
  }
  const write = (by: typeof aurelia, word: string, marking: Marking, fileMarking?: Marking) =>
    send(by, {
      type: 'channels.note-sent',
      body: {
        form: 'letter',
        number: word,
        purpose: 'inform',
        language: 'en',
        addressee: by === aurelia ? borovia.party : aurelia.party,
        impliesNoAttribution: false,
      },
      text: { subject: `Subject ${word}`, opening: 'To you,', paragraphs: [`In full: ${word}`], closing: 'Regards.' },
      marking,
      ...(fileMarking && {
        attachments: [
          {
            name: `name-${word}.bin`,
            media: 'application/octet-stream',
            content: Buffer.from(`content-${word} `.repeat(word === 'outgoing' ? 200_000 : 20)),
            marking: fileMarking,
          },
        ],
      }),
    })
  const settle = async () => {
    await arrives(space, (await aurelia.ledger.head(space))?.size ?? 0, aurelia, borovia)
    await channels.tick?.(services)
  }
  const as = (viewer: typeof registrar) => ({
    get: (path: string, language = 'en') => ask('GET', path, { services, viewer, language }),
    post: (path: string, input: Record<string, unknown> = {}) => ask('POST', path, { services, viewer, input }),
  })
  const desk = as(registrar)
  await desk.post('/register/files', { code: '11', title: 'Correspondence', years: '1', disposal: 'transfer' })
  const file = (act: string) => desk.post(`/register/${act}/file`, { code: '11' })
  const age = () => {
    for (const node of [aurelia, borovia]) node.clock.advance(yearMs)
  }
  return { network, services, space, send, write, settle, as, desk, file, age }
}

const terms = (ceiling: Tlp) => ({ code: '11', from: '', to: '', archive: 'National Archives', ceiling })
const planOf = (html: string) => /name="seen" value="([\w-]{43})"/.exec(html)?.[1] ?? ''
const refusedWith = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

type Desk = Awaited<ReturnType<typeof archiveDesk>>

/** Proposed by one, confirmed by another. */
async function agree({ desk, as }: Desk, ceiling: Tlp): Promise<string> {
  const id = newId()
  const { html } = await desk.get(`/register/transfers/plan?${new URLSearchParams(terms(ceiling))}`)
  await desk.post('/register/transfers', { ...terms(ceiling), id, seen: planOf(html) })
  const asked = fingerprintIn((await as(second).get(`/register/transfers/${id}`)).html)
  await as(second).post(`/register/transfers/${id}/confirm`, { seen: asked })
  return id
}
const fingerprintIn = (html: string) => /name="seen"\s+value="([\w-]{43})"/.exec(html)?.[1] ?? ''

async function fetchPackage(services: Services, { desk }: Pick<Desk, 'desk'>, id: string): Promise<Uint8Array> {
  await makePackage(services, { id })
  const { answer } = await desk.get(`/register/transfers/${id}/package`)
  assert.ok(answer instanceof Response)
  return new Uint8Array(await answer.arrayBuffer())
}

test('a package for an archive is proposed by one person, confirmed by another, checks by itself, and only its receipt ends the matter', async (t) => {
  const house = await archiveDesk(t)
  const { network, services, space, send, write, settle, as, desk, file, age } = house
  const { aurelia, borovia } = network.nodes
  const amber: Marking = { tlp: 'AMBER' }
  const first = await write(aurelia, 'outgoing', amber, amber)
  const theirs = await write(borovia, 'incoming', amber)
  const held = await write(aurelia, 'held', amber)
  const narrow = await write(aurelia, 'narrow', { tlp: 'RED' })
  await settle()
  for (const act of [first, theirs, held, narrow]) await file(act)
  await desk.post(`/register/${held}/hold`, { id: newId(), reason: 'A court asked', scope: 'act' })
  const plan = `/register/transfers/plan?${new URLSearchParams(terms('AMBER'))}`
  assert.match((await desk.get(plan)).html, /Nothing leaves[\s\S]*4 documents stay out[\s\S]*its years are not over/)
  age()
  const before = (await desk.get(plan)).html
  assert.match(before, /One document leaves[\s\S]*Subject outgoing[\s\S]*3 documents stay out/)
  assert.match(before, /legal hold:[\s\S]*A court asked/)
  assert.match(before, /marked narrower than this archive may see/)
  assert.match(before, /consent was not asked[\s\S]*act=[\w-]{43}&amp;purpose=archive&amp;audience=archive/)
  const request = await send(aurelia, {
    type: 'spaces.disclosure-requested',
    body: { acts: [theirs], purpose: 'archive', audience: 'archive' },
    text: { reason: 'Its years are over.' },
    marking: amber,
  })
  await settle()
  await send(borovia, { type: 'spaces.disclosure-consented', body: { request }, marking: amber })
  await settle()
  const stale = newId()
  await assert.rejects(
    desk.post('/register/transfers', { ...terms('AMBER'), id: stale, seen: planOf(before) }),
    refusedWith('channels-transfer-changed'),
  )

  const id = newId()
  const now = (await desk.get(plan, 'ar')).html
  const proposal = { ...terms('AMBER'), id, seen: planOf(now) }
  for (const _ of ['first', 'second click']) await desk.post('/register/transfers', proposal)
  const page = `/register/transfers/${id}`
  await assert.rejects(
    desk.post(`${page}/confirm`, { seen: planOf(now) }),
    refusedWith('channels-transfer-own'),
    'nobody confirms what they proposed',
  )
  const needs = await channels.needs?.(services, second)
  assert.equal(needs?.filter(({ href }) => href === page).length, 1, 'and the others read of it on Today')
  await as(second).post(`${page}/confirm`, { seen: fingerprintIn((await as(second).get(page)).html) })
  assert.match((await desk.get(page)).html, /0 of 2 documents are done/)
  const bytes = await fetchPackage(services, house, id)
  await makePackage(services, { id })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  assert.match((await desk.get(page)).html, new RegExp(sha256), 'the job ran once, and its hash is remembered')

  const files = new Map(
    [...readArchive(bytes)].map(([name, content]) => [name.replace(`transfer-${id}/`, ''), content]),
  )
  const text = (name: string) => Buffer.from(files.get(name) ?? []).toString()
  for (const list of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
    for (const line of text(list).trim().split('\n')) {
      const [hash = '', name = ''] = line.split('  ')
      assert.equal(createHash('sha256').update(files.get(name)!).digest('hex'), hash, name)
    }
  const listed = text('manifest-sha256.txt')
    .match(/ {2}data\/.*/g)
    ?.map((line) => line.trim())
  assert.deepEqual(listed?.toSorted(), [...files.keys()].filter((name) => name.startsWith('data/')).toSorted())
  const proof = verifyDossier(files.get(`data/proofs/${space}.zip`)!)
  assert.equal(proof.failure, undefined)
  const metadata = JSON.parse(text('data/metadata.json'))
  assert.deepEqual(
    metadata.documents.map((one: Record<string, unknown>) => [one['dcterms:identifier'], one['dcterms:isPartOf']]),
    [
      [first, '11'],
      [theirs, '11'],
    ],
  )
  const [part] = metadata.documents[0]['dcterms:hasPart']
  const committed = createHash('sha256').update(Buffer.from(part.salt, 'base64url')).update(files.get(part.path)!)
  assert.equal(committed.digest('base64url'), part.commitment, 'the file is the one that was signed')
  const signed = await aurelia.ledger.findAct(first)
  assert.ok(signed?.statement.parts.some(({ hash }) => hash === part.commitment))
  assert.match(text('data/documents/0001/document.txt'), /Subject outgoing[\s\S]*In full: outgoing/)
  assert.match(text('data/README.txt'), new RegExp(`chancery verify data/proofs/${space}.zip`))
  assert.match(text('data/metadata.csv').split('\r\n')[0] ?? '', /dcterms:identifier,dcterms:title/)

  const receipt = { sha256, reference: 'NA 2027/14', on: '2027-01-01' }
  await assert.rejects(desk.post(`${page}/receipt`, { ...receipt, sha256: '0'.repeat(64) }), InvalidInput)
  assert.match((await desk.get('/register?code=11')).html, /in a package for .?National Archives.?, made on/)
  assert.match((await desk.get(plan)).html, /Nothing leaves/, 'what is in a package is put in no other')
  await desk.post(`${page}/receipt`, receipt)
  assert.match((await desk.get(`/register/${first}`)).html, /transferred to .?National Archives.? on 1 January 2027/)
  assert.match((await desk.get(page, 'fr')).html, /Reçu par le service d’archives[\s\S]*NA 2027\/14/)
  const kept = await services.db.selectFrom('home.archive_piece').select('number').execute()
  assert.deepEqual(kept, [], 'our copy goes with the receipt')
  const minuted = await services.db.selectFrom('home.audit').select(['what', 'facts']).where('about', '=', id).execute()
  assert.ok(minuted.some(({ what, facts }) => what === 'transfer-made' && facts.sha256 === sha256))
})

test('nothing narrower than an archive’s ceiling, held or without consent is in any byte of its package', async (t) => {
  const house = await archiveDesk(t)
  const { network, services, send, write, settle, desk, file, age } = house
  const { aurelia, borovia } = network.nodes
  const tlps: Tlp[] = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']
  const more: Partial<Marking>[] = [{}, { audience: [borovia.party] }, { class: `${aurelia.party}/SECRET` }]
  const planted: { act: string; word: string; marking: Marking; consent?: boolean; file?: Marking; held?: boolean }[] =
    []
  const plant = async (by: typeof aurelia, marking: Marking, rest: { file?: Marking; consent?: boolean } = {}) => {
    const word = `planted${String.fromCharCode(97 + planted.length).repeat(3)}`
    planted.push({ act: await write(by, word, marking, rest.file), word, marking, ...rest })
  }
  for (const tlp of tlps)
    for (const [index, one] of more.entries())
      await plant(
        aurelia,
        { tlp, ...one },
        index === 0 ? { file: { tlp: tlp === 'RED' ? 'RED' : 'AMBER+STRICT' } } : {},
      )
  await plant(aurelia, { tlp: 'GREEN', caveats: ['ORCON'] }, { file: { tlp: 'GREEN' } })
  await plant(borovia, { tlp: 'CLEAR' }, { consent: false })
  for (const one of [{ tlp: 'CLEAR' }, { tlp: 'RED' }, { tlp: 'GREEN', caveats: ['ORCON'] }] as Marking[])
    await plant(borovia, one, { consent: true })
  await settle()
  await plant(aurelia, { tlp: 'CLEAR' })
  Object.assign(planted.at(-1)!, { held: true })
  await settle()
  for (const { act } of planted) await file(act)
  await desk.post(`/register/${planted.at(-1)?.act}/hold`, { id: newId(), reason: 'A court asked', scope: 'act' })
  const acts = planted.filter(({ consent }) => consent).map(({ act }) => act)
  const request = await send(aurelia, {
    type: 'spaces.disclosure-requested',
    body: { acts, purpose: 'archive', audience: 'archive' },
    text: { reason: 'Their years are over.' },
    marking: { tlp: 'AMBER' },
  })
  await settle()
  await send(borovia, { type: 'spaces.disclosure-consented', body: { request }, marking: { tlp: 'AMBER' } })
  await settle()
  age()
  for (const ceiling of ['CLEAR', 'GREEN', 'AMBER'] as const) {
    const id = await agree(house, ceiling)
    const bytes = await fetchPackage(services, house, id)
    const files = readArchive(bytes)
    const sheets = [...files].filter(([name]) => name.endsWith('.pdf')).map(([, pdf]) => readPdf(pdf))
    const painted = sheets.map((drawn) => drawn.map(({ text }) => text).join('')).join('\n')
    const raw = Buffer.from(bytes).toString('latin1')
    const leaves = (marking: Marking) =>
      mayLeave(marking, { exit: 'dossier', reader: { ceiling }, consented: true }).allowed
    for (const { word, marking, consent, file: attached, held } of planted) {
      const isIn = leaves(marking) && consent !== false && !held
      assert.equal(raw.includes(word), isIn, `${word} ${JSON.stringify(marking)} for ${ceiling}`)
      assert.equal(painted.includes(word), isIn, `${word} on a sheet for ${ceiling}`)
      const withFile = isIn && attached !== undefined && leaves(attached)
      assert.equal(raw.includes(`name-${word}`), withFile, `name of the file of ${word} for ${ceiling}`)
      assert.equal(raw.includes(`content-${word}`), withFile, `file of ${word} for ${ceiling}`)
    }
    assert.equal(raw.includes('Frame of the matter'), ceiling === 'AMBER', 'a frame marked AMBER proves for no less')
    assert.ok(!raw.includes('A court asked'), 'nor why something is held')
    for (const [name, dossier] of files)
      if (name.includes('/proofs/')) assert.equal(verifyDossier(dossier).failure, undefined)
    await desk.post(`/register/transfers/${id}/withdraw`)
  }

  // What is stopped between the yes and the package leaves nothing behind.
  const id = await agree(house, 'GREEN')
  const first = planted.find(({ marking, file: attached }) => marking.tlp === 'CLEAR' && attached)
  await desk.post(`/register/${first?.act}/hold`, { id: newId(), reason: 'Too late', scope: 'act' })
  await makePackage(services, { id })
  assert.match((await desk.get(`/register/transfers/${id}`)).html, /Stopped; nothing left/)
  await assert.rejects(desk.get(`/register/transfers/${id}/package`), refusedWith('channels-transfer-not-now'))
  assert.deepEqual(await services.db.selectFrom('home.archive_piece').select('run').execute(), [])

  // Whoever may not read as much as the archive does not take its package along.
  await desk.post(`/register/transfers/${id}/withdraw`)
  const again = await agree(house, 'AMBER')
  await makePackage(services, { id: again })
  await desk.get(`/register/transfers/${again}/package`)
  const late = newId()
  await desk.post(`/register/${planted[3]?.act}/hold`, { id: late, reason: 'Later still', scope: 'act' })
  await assert.rejects(
    desk.get(`/register/transfers/${again}/package`),
    refusedWith('channels-transfer-changed'),
    'nor once something of it may not leave any more',
  )
  await desk.post(`/register/holds/${late}/lift`, { act: planted[3]?.act })
  const outsider = personOf('outsider', 'RED', /:read$/)
  for (const path of ['/register/transfers', `/register/transfers/${again}`, `/register/transfers/${again}/package`])
    await assert.rejects(ask('GET', path, { services, viewer: outsider }), refusedWith('not-permitted'))
  const junior = personOf('junior', 'GREEN')
  await assert.rejects(
    ask('GET', `/register/transfers/${again}/package`, { services, viewer: junior }),
    refusedWith('not-cleared'),
  )
})
