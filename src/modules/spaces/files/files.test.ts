import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { docxFile, jpegFile, exifSegment, pdfFile } from '../../../../test/support/files.ts'
import { until } from '../../../../test/support/notes.ts'
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
import { attachmentLimits, createAttachments } from '../../../core/attachments/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'

const drafter = personOf('drafter', 'AMBER+STRICT')
const refusedAs = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))

test('files travel with a letter once they are clean, each with its own marking, and reach the other side as they were approved', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia)
  const space = await openCase(network, services)
  const get = (path: string, viewer = drafter) => ask('GET', path, { services, viewer })
  const post = (path: string, input: Record<string, unknown> = {}, viewer = drafter) =>
    ask('POST', path, { services, viewer, input })
  const id = newId()
  const files = `/drafts/${id}/files`

  const { answer } = await post(`/spaces/${space}/write/channels.note-sent`, {
    ...note,
    id,
    files: [{ name: 'scene.jpg', media: 'text/html', content: jpegFile(exifSegment('Ola Nordin')) }],
    filesTlp: 'GREEN',
    filesTitle: 'The scene',
  })
  assert.equal(redirectOf(answer), files, 'something has to be decided first')
  const { html: found } = await get(files)
  assert.match(found, /Something would travel with it[\s\S]*Ola Nordin[\s\S]*place where the picture was taken/)
  const approval = async (viewer = drafter) =>
    /name="approval" value="([^"]+)"/.exec((await get(`/drafts/${id}/review`, viewer)).html)?.[1] ?? ''
  await assert.rejects(post(`/drafts/${id}/submit`, { approval: await approval() }), refusedAs('files.undecided'))
  const [scene] = await services.attachments.list(id)
  await post(`${files}/${scene!.id}/strip`)
  assert.match((await get(files)).html, /Attached\. Nothing that was found keeps it back/)

  await post(files, { files: [{ name: 'report.docx', media: '', content: docxFile('x</w:t><w:del/><w:t>') }] })
  const { html: changed } = await get(files)
  assert.match(changed, /Tracked changes[\s\S]*Accept or reject all changes in your program/)
  const report = (await services.attachments.list(id)).find(({ name }) => name === 'report.docx')!
  await post(`${files}/${report.id}/remove`)

  // A marking for one party alone, in a space that two read; then one that both may have.
  const describe = (over: object) =>
    post(`${files}/${scene!.id}/describe`, { title: 'The scene', filesTlp: 'AMBER+STRICT', ...over })
  await describe({ audience: [aurelia.party] })
  await assert.rejects(post(`/drafts/${id}/submit`, { approval: await approval() }), refusedAs('files.undecided'))
  assert.match((await get(`/drafts/${id}/review`)).html, /not marked for BOROVIA/)
  await describe({ audience: [] })
  const { html: review } = await get(`/drafts/${id}/review`)
  assert.match(review, /Leaves[\s\S]*The scene[\s\S]*scene\.jpg[\s\S]*AMBER\+STRICT/)
  assert.equal((await services.drafts.find(id))?.marking.tlp, 'AMBER+STRICT', 'the letter is as narrow as its file')
  await assert.rejects(describe({ filesTlp: 'RED' }), InvalidInput, 'nobody marks above what they may see')

  await post(`/drafts/${id}/submit`, { approval: await approval() })
  const late = [{ name: 'late.txt', media: '', content: bytesOf('late') }]
  await assert.rejects(post(files, { files: late }), refusedAs('draft.not-drafting'))
  const reader = personOf('releaser', 'RED')
  await post(`/drafts/${id}/release`, { approval: await approval(reader) }, reader)
  await arrives(space, 2, borovia)
  const hash = (await borovia.ledger.acts(space, { from: 1, limit: 1 }))[0]!.hash
  const part = (await borovia.ledger.findAct(hash))!.statement.parts.find(({ role }) => role === 'attachment')!
  const theirs = { services: servicesOf(borovia), viewer: personOf('reader', 'RED') }
  const { html: timeline } = await ask('GET', `/spaces/${space}`, theirs)
  assert.match(timeline, /The scene[\s\S]*AMBER\+STRICT/)
  const { html: about } = await ask('GET', `/spaces/${space}/acts/${hash}/parts/${part.hash}/about`, theirs)
  const clean = jpegFile().length + 36
  assert.match(about, /Nothing out of the ordinary[\s\S]*scene\.jpg[\s\S]*a JPEG picture/)
  const { answer: fetched } = await ask('GET', `/spaces/${space}/acts/${hash}/parts/${part.hash}`, theirs)
  assert.ok(fetched instanceof Response)
  const bytes = new Uint8Array(await fetched.arrayBuffer())
  assert.equal(bytes.length, clean)
  assert.ok(about.includes(createHash('sha256').update(bytes).digest('hex')))
  assert.ok(!Buffer.from(bytes).includes('Ola'))
  const left = await aurelia.db.selectFrom('home.staged').select('id').execute()
  assert.deepEqual(left, [], 'nothing stays staged once it is signed')
})

test('a file of many megabytes crosses a line that keeps breaking, to the host and from it, and no piece is carried twice', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const space = await openCase(network, servicesOf(aurelia))
  const content = Buffer.alloc(9_000_000, 'Nine megabytes of log. ')
  const piece = 4 * 1024 * 1024
  for (const [node, other, at] of [
    [borovia, aurelia, 1],
    [aurelia, borovia, 2],
  ] as const) {
    const services = servicesOf(node)
    const id = newId()
    const file = { draft: id, person: 'drafter', name: 'log.txt', marking: { tlp: 'AMBER' as const } }
    const begun = await services.attachments.begin({ ...file, size: content.length })
    for (let from = 0; from < content.length; from += piece)
      await services.attachments.append(id, begun.id, { at: from, bytes: content.subarray(from, from + piece) })
    const input = { ...note, id, addressee: other.party }
    await ask('POST', `/spaces/${space}/write/channels.note-sent`, { services, viewer: drafter, input })
    const approval = (await services.drafts.find(id))!.approval
    let carried = 0
    network.wire.rule(({ path }) => {
      if (!path.includes('/blobs/')) return {}
      carried += 1
      // One piece is lost, of another the answer.
      return carried === 2 ? { dropRequest: true } : carried === 4 ? { dropAnswer: true } : {}
    })
    await services.drafts.submit(drafter, id, approval)
    await services.drafts.release(personOf('releaser'), id, approval)
    await arrives(space, at + 1, other)
    const [act] = await other.ledger.acts(space, { from: at, limit: 1 })
    const part = act!.statement.parts.find(({ role }) => role === 'attachment')!
    await until(
      async () => (await other.blobs.sizeOf(other.db, part.hash)) === content.length + 32,
      'its bytes are there',
    )
    const whole = await other.blobs.find(other.db, part.hash)
    assert.equal(createHash('sha256').update(whole!).digest('base64url'), part.hash)
    assert.ok(carried >= 4 && carried <= 9, `${carried} messages for three pieces and two breaks`)
    assert.deepEqual(await other.db.selectFrom('home.staged').select('id').execute(), [])
  }
})

test('a large file is handed out piece by piece: nothing is read ahead, and bytes that went meanwhile break the line', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia } = network.nodes
  const services = servicesOf(aurelia)
  const space = await openCase(network, services)
  const id = newId()
  const content = Buffer.alloc(5_000_000, 'Five megabytes of log. ')
  const person = drafter.person.id
  const file = await services.attachments.add({
    draft: id,
    person,
    name: 'log\u202etxt.txt',
    marking: { tlp: 'AMBER' },
    content,
  })
  await ask('POST', `/spaces/${space}/write/channels.note-sent`, { services, viewer: drafter, input: { ...note, id } })
  const fetchFrom = async (path: string, viewer = drafter) => {
    const { answer } = await ask('GET', path, { services, viewer })
    assert.ok(answer instanceof Response && answer.body)
    return answer
  }
  const wholeAndBroken = async (path: string, lose: () => Promise<unknown>) => {
    const whole = await fetchFrom(path)
    assert.match(whole.headers.get('content-disposition') ?? '', /^attachment; filename="[\w.-]+"/)
    assert.match(whole.headers.get('content-security-policy') ?? '', /sandbox/)
    assert.deepEqual(Buffer.from(await whole.arrayBuffer()), content)
    const reader = (await fetchFrom(path)).body!.getReader()
    await reader.read()
    await lose()
    await assert.rejects(async () => {
      for (;;) if ((await reader.read()).done) return
    }, /is not what/)
  }
  const ofDraft = `/drafts/${id}/files/${file.id}`
  await assert.rejects(fetchFrom(ofDraft, personOf('low', 'GREEN')), Refusal, 'its marking is asked')
  const approval = (await services.drafts.find(id))!.approval
  await services.drafts.submit(drafter, id, approval)
  const { db } = aurelia
  const saved = await db.selectFrom('home.staged_piece').selectAll().where('staged', '=', file.id).execute()
  await wholeAndBroken(ofDraft, () => db.deleteFrom('home.staged_piece').where('piece', '=', 4).execute())
  await db
    .insertInto('home.staged_piece')
    .values(saved.filter(({ piece }) => piece === 4))
    .execute()
  await services.drafts.release(personOf('releaser'), id, approval)
  await arrives(space, 2, aurelia)
  const [act] = await aurelia.ledger.acts(space, { from: 1, limit: 1 })
  const { hash } = act!.statement.parts.find(({ role }) => role === 'attachment')!
  await wholeAndBroken(`/spaces/${space}/acts/${act!.hash}/parts/${hash}`, () =>
    db.deleteFrom('log.blob_piece').where('commitment', '=', hash).where('piece', '=', 4).execute(),
  )
})

test('in a sealed space a file is sealed like the words, and nothing of it lies in the clear once it left', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = nodes
  const services = servicesOf(aurelia)
  const members = [{ party: borovia.party, role: 'member' as const }]
  const facts = { kind: 'case' as const, title: { en: 'Sealed' }, purpose: 'Sealed', office: 'cyber-desk', members }
  const { id: space } = await aurelia.ledger.open({ ...facts, id: newId(), sealed: true })
  await arrives(space, 1, borovia)
  const id = newId()
  const planted = 'Planted phrase of the sealed annex.'
  const files = [{ name: 'annex.txt', media: '', content: bytesOf(planted.repeat(100)) }]
  const input = { ...note, id, files, filesTlp: 'AMBER' }
  await ask('POST', `/spaces/${space}/write/channels.note-sent`, { services, viewer: drafter, input })
  const approval = (await services.drafts.find(id))!.approval
  await services.drafts.submit(drafter, id, approval)
  await services.drafts.release(personOf('releaser'), id, approval)
  await arrives(space, 2, borovia)
  const [act] = await borovia.ledger.acts(space, { from: 1, limit: 1 })
  const part = act!.statement.parts.find(({ role }) => role === 'attachment')!
  const at = `/spaces/${space}/acts/${act!.hash}/parts/${part.hash}`
  const { answer } = await ask('GET', at, { services: servicesOf(borovia), viewer: drafter })
  assert.ok(answer instanceof Response)
  assert.equal(await answer.text(), planted.repeat(100))
  for (const { db } of [aurelia, borovia]) {
    const rows = [
      ...(await db.selectFrom('log.blob_piece').select('bytes').execute()),
      ...(await db.selectFrom('home.staged_piece').select('bytes').execute()),
    ]
    assert.ok(rows.length > 0 && !rows.some(({ bytes }) => Buffer.from(bytes).includes('Planted phrase')))
  }
})

test('an upload goes on where a lost line or a closed browser left it, and takes no piece twice', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], { modules })
  const services = servicesOf(nodes.aurelia)
  const id = newId()
  const content = Buffer.alloc(2_500_000, 'Incident log. ')
  const json = (path: string, input: object, viewer = drafter) =>
    ask('POST', `/drafts/${id}/uploads${path}`, { services, viewer, input: { ...input }, json: true })
  const facts = { name: 'log.txt', size: content.length, fingerprint: 'f'.repeat(43) }
  const begin = async () => {
    const { answer } = await json('', facts)
    assert.ok('data' in answer)
    return answer.data as { id: string; have: number; state: string }
  }
  const send = (file: string, at: number, to: number) =>
    services.attachments.append(id, file, { at, bytes: content.subarray(at, to) })

  const first = await begin()
  await send(first.id, 0, 1_300_000)
  const again = await begin()
  assert.deepEqual([again.id, again.have], [first.id, 1_300_000], 'the same file chosen again')
  assert.equal((await send(first.id, 0, 1_300_000)).have, 1_300_000, 'a piece whose answer was lost is sent again')
  await assert.rejects(send(first.id, 0, 1_000_000), refusedAs('files.elsewhere'), 'a piece that came already')
  await assert.rejects(send(first.id, 1_400_000, 2_000_000), refusedAs('files.elsewhere'), 'a gap')
  const file = await send(first.id, 1_300_000, content.length)
  assert.deepEqual([file.state, file.format], ['ready', 'text'])
  assert.equal(file.hash, createHash('sha256').update(content).digest('base64url'))

  const stranger = ask('GET', `/drafts/${id}/uploads/${first.id}`, {
    services,
    viewer: personOf('stranger'),
    json: true,
  })
  await assert.rejects(stranger, refusedAs('files.not-found'), 'files of a form that was not saved are nobody else’s')
  await assert.rejects(json('', { ...facts, size: attachmentLimits.file + 1 }), refusedAs('files.too-large'))
  await assert.rejects(json('', { ...facts, size: 0 }), refusedAs('files.empty'))
  const begun = (over: object) =>
    services.attachments.begin({ ...facts, ...over, draft: newId(), person: 'x', marking: { tlp: 'GREEN' } })
  for (let n = 0; n < 10; n++) await begun({ size: attachmentLimits.file })
  await assert.rejects(begun({ size: attachmentLimits.file }), refusedAs('files.quota'))

  const later = nodes.aurelia.clock.now() + attachmentLimits.keptMs + 1
  const sweeping = createAttachments({ ...services, db: nodes.aurelia.db, clock: { now: () => later } })
  assert.equal(await sweeping.sweep(), 11, 'what nobody went on with is forgotten')
  for (const table of ['home.attachment', 'home.staged', 'home.staged_piece'] as const)
    assert.deepEqual(await nodes.aurelia.db.selectFrom(table).selectAll().execute(), [])
})

test('a hostile peer’s attachment is shown with what was found in it and handed out as bytes that nothing runs', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const space = await openCase(network, servicesOf(aurelia))
  const marking = { tlp: 'AMBER' as const }
  const hostile = [
    {
      name: 'invitation\u202efdp.html',
      media: 'text/html',
      content: bytesOf('<script>alert(document.cookie)</script>'),
      marking,
    },
    { name: 'agenda.pdf', media: 'application/pdf', content: pdfFile('<< /S /JavaScript /JS (x) >>'), marking },
    { name: 'photo.png', media: 'image/png', content: bytesOf('MZ\u0000program'), marking },
  ]
  const sent = await borovia.outbox.send({
    space,
    type: 'channels.note-sent',
    id: newId(),
    office: 'cyber-desk',
    body: {
      form: 'letter',
      number: '1',
      purpose: 'inform',
      language: 'en',
      addressee: aurelia.party,
      impliesNoAttribution: false,
    },
    text: { subject: 'See annexes', opening: 'To you,', paragraphs: ['Attached.'], closing: 'Regards.' },
    attachments: hostile,
    marking,
  })
  await arrives(space, 2, aurelia)
  const ours = { services: servicesOf(aurelia), viewer: drafter }
  const parts = (await aurelia.ledger.findAct(sent.hash))!.statement.parts.filter(({ role }) => role === 'attachment')
  const at = (n: number) => `/spaces/${space}/acts/${sent.hash}/parts/${parts[n]!.hash}`
  const wanted = [/a device runs or opens as a page/, /A program inside it/, /a device runs or opens as a page/]
  for (const [n, finding] of wanted.entries()) {
    const { html } = await ask('GET', `${at(n)}/about`, ours)
    assert.match(html, /Take care with this file/)
    assert.match(html, finding)
    assert.ok(!html.includes('<script>alert'))
    const { answer } = await ask('GET', at(n), ours)
    assert.ok(answer instanceof Response)
    const said = Object.fromEntries(answer.headers)
    assert.match(said['content-disposition'] ?? '', /^attachment; filename="[\w.-]+"/)
    assert.ok(!/%E2%80%AE/.test(said['content-disposition'] ?? ''), 'no name that reads backwards')
    assert.match(said['content-type'] ?? '', n === 1 ? /^application\/pdf$/ : /^application\/octet-stream$/)
    assert.match(said['content-security-policy'] ?? '', /sandbox/)
    assert.equal(said['x-content-type-options'], 'nosniff')
  }
  assert.match((await ask('GET', `/spaces/${space}`, ours)).html, /look first: a device could run it/)

  // Looked into once: what is remembered is what is shown, until the rules change or the bytes go.
  const remembered = aurelia.db.updateTable('home.look').where('part', '=', parts[0]!.hash)
  const about = async () => (await ask('GET', `${at(0)}/about`, ours)).html
  await remembered.set({ findings: '[]', format: 'text' }).execute()
  assert.match(await about(), /What it is<\/dt><dd><bdi>plain text/)
  await remembered.set({ rules: 1 }).execute()
  assert.match(await about(), wanted[0]!)
  await aurelia.db.transaction().execute((tx) => aurelia.blobs.erase(tx, parts[0]!.hash))
  const left = await aurelia.db.selectFrom('home.look').select('part').orderBy('part').execute()
  assert.deepEqual(
    left.map(({ part }) => part),
    [parts[1]!.hash, parts[2]!.hash].toSorted(),
  )
})
