import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { docxFile, exifSegment, jpegFile, pngFile } from '../../../../test/support/files.ts'
import { startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules as rooms,
  note,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { attachmentLimits, createAttachments } from '../../../core/attachments/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { Module, Services, Viewer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { originator } from '../../originator/index.ts'
import { incidents, linkSpace } from '../index.ts'

const modules: Module[] = [...rooms.filter(({ name }) => name !== 'incidents'), originator, incidents]
const analyst = personOf('analyst', 'RED')
const refusedAs = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))
const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const capture = Buffer.concat([
  Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex'),
  randomBytes(1_500_000),
])

function inRoom(services: Services) {
  const get = (path: string, viewer: Viewer = analyst) => ask('GET', path, { services, viewer })
  const post = (path: string, input: Record<string, unknown> = {}, viewer: Viewer = analyst) =>
    ask('POST', path, { services, viewer, input })
  const json = (path: string, input: Record<string, unknown>) =>
    ask('POST', path, { services, viewer: analyst, input, json: true })
  return { get, post, json }
}

/** An incident with items of evidence marked like this; returns their addresses. */
async function openIncident(services: Services, ...tlps: string[]): Promise<{ incident: string; evidence: string[] }> {
  const { post } = inRoom(services)
  const { answer } = await post('/incidents', { id: newId(), title: 'Banks', category: 'fraud', drill: 'no' })
  const incident = redirectOf(answer)
  await post(`${incident}/hypotheses`, { id: newId(), statement: 'It began with a letter.' })
  const evidence: string[] = []
  for (const tlp of tlps) {
    const id = newId()
    const graded = { reliability: 'B', credibility: '2', source: 'Own sensor', tlp }
    await post(`${incident}/evidence`, { id, words: `Seen and marked ${tlp}`, ...graded })
    evidence.push(`${incident}/evidence/${id}`)
  }
  return { incident, evidence }
}

test('files of evidence are taken in pieces, cleaned or refused with their place, shown and handed out as item and file are marked, and minuted', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], { modules })
  const services = servicesOf(nodes.aurelia, modules)
  const { get, post, json } = inRoom(services)
  const { incident, evidence } = await openIncident(services, 'AMBER', 'RED')
  const [at = '', other = ''] = evidence
  assert.match((await get(`${incident}/weighing`)).html, /Files of item 1/)
  const holder = `evidence:${at.split('/').at(-1)}`
  const named = async (name: string) => (await services.attachments.list(holder)).find((one) => one.name === name)!

  const scene = jpegFile(exifSegment('Ola Nordin'))
  await post(`${at}/files`, { files: [{ name: 'scene.jpg', media: '', content: scene }], filesTitle: 'The screen' })
  assert.match((await get(`${at}/files`)).html, /more in it than it shows[\s\S]*Ola Nordin/)
  const { id: picture } = await named('scene.jpg')
  await assert.rejects(get(`${at}/files/${picture}`), refusedAs('files.not-ready'), 'nobody fetches what is undecided')
  await post(`${at}/files/${picture}/strip`)
  const { html: cleaned } = await get(`${at}/files`)
  assert.match(cleaned, /The screen[\s\S]*Taken out when it was added[\s\S]*Details about the picture/)
  assert.ok(cleaned.includes(hex(scene)), 'what it was before can be told by its hash')
  assert.ok(!cleaned.includes('Ola Nordin'))

  const spoilt = docxFile('x</w:t><w:del/><w:t>')
  await post(`${at}/files`, { files: [{ name: 'report.docx', media: '', content: spoilt }] })
  assert.match((await get(`${at}/files`)).html, /cannot be kept so[\s\S]*Tracked changes[\s\S]*Accept or reject/)
  const cut = pngFile().subarray(0, 40)
  await post(`${at}/files`, { files: [{ name: 'cut.png', media: '', content: cut }] })
  assert.match((await get(`${at}/files`)).html, /cut\.png[\s\S]*cannot be read to its end[^<]*<bdi><code>\d+</)
  await assert.rejects(get(`${at}/files/${(await named('cut.png')).id}`), refusedAs('files.not-ready'))
  await post(`${at}/files/${(await named('report.docx')).id}/remove`)

  const { answer: begun } = await json(`${at}/uploads`, { name: 'capture.pcap', size: capture.length, tlp: 'RED' })
  assert.ok('data' in begun)
  const { id: file } = begun.data as { id: string }
  await services.attachments.append(holder, file, { at: 0, bytes: capture.subarray(0, 1_000_000) })
  assert.match((await get(`${at}/files`)).html, /Not all of it is here yet/)
  await services.attachments.append(holder, file, { at: 1_000_000, bytes: capture.subarray(1_000_000) })
  const { answer: fetched } = await get(`${at}/files/${file}`)
  assert.ok(fetched instanceof Response)
  assert.equal(fetched.headers.get('content-type'), 'application/octet-stream')
  assert.match(fetched.headers.get('content-disposition') ?? '', /^attachment; filename="capture\.pcap"/)
  assert.ok(Buffer.from(await fetched.arrayBuffer()).equals(capture))

  const reader = personOf('reader', 'AMBER', /:read$/)
  const { html: read } = await get(`${at}/files`, reader)
  assert.match(read, /The screen[\s\S]*One more file is marked above what you may see/)
  assert.doesNotMatch(read, /capture\.pcap|<form[^>]+\/files/, 'neither its name nor a way to change anything')
  await assert.rejects(get(`${at}/files/${file}`, reader), refusedAs('files.not-found'))
  await assert.rejects(post(`${at}/files/${picture}/remove`, {}, reader), refusedAs('not-permitted'))
  await assert.rejects(get(`${other}/files`, reader), refusedAs('incidents.evidence-not-found'), 'its item is RED')
  await assert.rejects(get(`${other}/files/${picture}`), refusedAs('files.not-found'), 'of another item')
  await assert.rejects(get(`${at}/files`, personOf('x', 'GREEN')), refusedAs('incidents.not-found'))
  await post(`${other}/files`, { files: [{ name: 'note.txt', media: '', content: bytesOf('narrow') }] })
  const [narrow] = await services.attachments.list(`evidence:${other.split('/').at(-1)}`)
  assert.equal(narrow?.marking.tlp, 'RED', 'a file is marked like its item unless somebody says otherwise')

  const found = async (viewer: Viewer) => (await incidents.homeRecords!(services, viewer)).map(({ title }) => title)
  assert.deepEqual((await found(analyst)).toSorted(), ['Banks', 'The screen', 'capture.pcap', 'note.txt'])
  assert.deepEqual(
    (await found(reader)).toSorted(),
    ['Banks', 'The screen'],
    'a search finds no more than a page shows',
  )

  const set = { id: newId(), incident: incident.split('/').at(-1)!, name: 'Few', by_person: 'analyst', at: 1 }
  const { db } = nodes.aurelia
  await db.insertInto('home.incidents_compartment').values(set).execute()
  const ofFew = db.updateTable('home.incidents_evidence').where('number', '=', 1)
  await ofFew.set({ compartment: set.id }).execute()
  const colleague = personOf('colleague', 'RED')
  await assert.rejects(get(`${at}/files/${picture}`, colleague), refusedAs('incidents.evidence-not-found'))
  assert.deepEqual((await found(colleague)).toSorted(), ['Banks', 'note.txt'], 'nor of what is kept among few')
  await post(`${at}/files`, { files: [{ name: 'few.txt', media: '', content: bytesOf('few') }] })
  assert.doesNotMatch((await get(incident, colleague)).html, /added to evidence 1/)
  await ofFew.set({ compartment: null }).execute()

  const { html: log } = await get(incident)
  assert.match(log, /One file added to evidence 2/)
  assert.match(log, /A file of evidence 1 kept after something was taken out of it/)
  assert.match(log, /A file of evidence 1 removed/)
  assert.doesNotMatch(log, /capture\.pcap|scene\.jpg/, 'names may be narrower than the log')
  await post(`${incident}/state`, { state: 'closed' })
  assert.match((await get(`${at}/files`)).html, /The screen/)
  await assert.rejects(post(`${at}/files/${picture}/remove`), refusedAs('incidents.closed'))
})

test('of the files of evidence only copies that somebody chose leave, each under a value of its own; the others are in no draft and no act', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia, modules)
  const { get, post } = inRoom(services)
  const space = await openCase(network, services)
  const { incident, evidence } = await openIncident(services, 'AMBER')
  const [at = ''] = evidence
  await linkSpace(services, analyst, incident.split('/').at(-1)!, space)
  const planted = 'Planted phrase of what stays at home.'
  const add = async (name: string, content: Uint8Array, filesTlp: string, filesTitle: string) => {
    await post(`${at}/files`, { files: [{ name, media: '', content }], filesTlp, filesTitle })
    return (await services.attachments.kept(`incident:${incident.split('/').at(-1)}`)).find((one) => one.name === name)!
  }
  const goes = await add('capture.pcap', capture, 'AMBER', 'Proof of their hand')
  const stays = await add('own-network.txt', bytesOf(planted.repeat(50)), 'AMBER', 'Ours')
  const narrow = await add('source.txt', bytesOf(planted), 'RED', 'Who told us')

  const write = `/spaces/${space}/write/channels.note-sent`
  assert.match((await get(write)).html, /name="evidence"[\s\S]*Proof of their hand[\s\S]*evidence 1/)
  const drafted = async (chosen: string[], id = newId()) => {
    const input = { ...note, id, evidence: chosen, incident: incident.split('/').at(-1) }
    return { id, ...(await post(write, input)) }
  }
  const narrower = await drafted([narrow.id])
  assert.ok('status' in narrower.answer && narrower.answer.status === 422)
  assert.match(narrower.html, /source\.txt.* is marked TLP:RED, narrower than this letter/)
  const low = personOf('low', 'AMBER')
  assert.doesNotMatch((await get(write, low)).html, /Who told us/)

  const { id } = await drafted([goes.id])
  const carried = async () => (await services.drafts.find(id))!.attachments.map(({ name, title }) => [name, title])
  assert.deepEqual(await carried(), [
    ['objects.stix.json', undefined],
    ['capture.pcap', undefined],
  ])
  await assert.rejects(post(`${at}/files/${goes.id}/remove`), refusedAs('incidents.file-in-draft'))
  await drafted([], id)
  assert.equal((await carried()).length, 1, 'what is no longer chosen is taken out again')
  await drafted([goes.id], id)
  await drafted([goes.id], id)
  assert.equal((await carried()).length, 2, 'saving twice copies once')
  const { html: review } = await get(`/drafts/${id}/review`)
  assert.match(review, /Leaves[\s\S]*capture\.pcap/)
  assert.match(review, /Files of evidence[\s\S]*RED[\s\S]*0 of 1[\s\S]*1 of 1[\s\S]*AMBER[\s\S]*1 of 2[\s\S]*1 of 2/)

  const preserve = `/spaces/${space}/write/incidents.preservation-requested`
  assert.match((await get(preserve)).html, /name="evidence"[\s\S]*Proof of their hand[\s\S]*evidence 1/)
  const asked = { subject: 'Logs', text: 'The logs of the relay.', deletionDate: '2027-02-01', keepUntil: '2027-03-01' }
  const request = { ...asked, id: newId(), tlp: 'AMBER', evidence: [goes.id] }
  redirectOf((await post(preserve, request)).answer)
  assert.deepEqual(
    (await services.drafts.find(request.id))!.attachments.map(({ name }) => name),
    ['capture.pcap'],
  )
  assert.match((await post(preserve, { ...request, evidence: [narrow.id] })).html, /narrower than this letter/)
  await services.drafts.discard(analyst, request.id)

  const second = (await drafted([goes.id])).id
  const acts: string[] = []
  for (const draft of [id, second]) {
    const { approval } = (await services.drafts.find(draft))!
    await services.drafts.submit(analyst, draft, approval)
    await services.drafts.release(personOf('releaser', 'RED'), draft, approval)
    await arrives(space, acts.length + 2, aurelia, borovia)
    acts.push((await borovia.ledger.acts(space, { from: acts.length + 1, limit: 1 }))[0]!.hash)
  }
  const parts = await Promise.all(
    acts.map(async (act) => {
      const { parts: all } = (await borovia.ledger.findAct(act))!.statement
      return all.find(({ role, size }) => role === 'attachment' && size === capture.length)!.hash
    }),
  )
  assert.equal(new Set(parts).size, 2, 'the values on the record of two sharings cannot be compared')
  for (const [n, act] of acts.entries()) {
    const theirs = { services: servicesOf(borovia), viewer: personOf('reader', 'RED') }
    const { answer } = await ask('GET', `/spaces/${space}/acts/${act}/parts/${parts[n]}`, theirs)
    assert.ok(answer instanceof Response && Buffer.from(await answer.arrayBuffer()).equals(capture))
  }

  const { html: kept } = await get(`${at}/files`)
  assert.match(kept, /Proof of their hand[\s\S]*A copy went to BOROVIA/)
  await assert.rejects(post(`${at}/files/${goes.id}/remove`), refusedAs('incidents.file-shared'))
  const { answer: still } = await get(`${at}/files/${goes.id}`)
  assert.ok(still instanceof Response && Buffer.from(await still.arrayBuffer()).equals(capture), 'it stays evidence')
  const { html: shared } = await get(`${incident}/shared/${space}`)
  assert.match(shared, /Files of evidence[\s\S]*1 of 3[\s\S]*capture\.pcap/)
  assert.doesNotMatch(shared, /own-network|source\.txt/)
  await post(`${at}/files/${narrow.id}/remove`)
  const part = { id: newId(), title: 'A part', splitWhy: 'Two matters', evidence: at.split('/').at(-1)! }
  redirectOf((await post(`${incident}/split`, part)).answer)
  const there = `/incidents/${part.id}/evidence/${part.evidence}`
  assert.match((await get(`${there}/files`)).html, /Proof of their hand[\s\S]*A copy went to BOROVIA/)
  await assert.rejects(post(`${there}/files/${goes.id}/remove`), refusedAs('incidents.file-shared'))
  assert.equal((await services.attachments.kept(`incident:${part.id}`)).length, 2, 'files follow their item')
  const { html: proven } = await get(`${incident}/shared/${space}`)
  assert.match(
    proven,
    /Files of evidence[\s\S]*1 of 1[\s\S]*capture\.pcap[\s\S]*<td[^>]*>(<bdi>)?1</,
    'it stays provable here',
  )

  // Drafts, circulars and signatures that name the evidence by its own id get nothing of it.
  const own = at.split('/').at(-1)!
  const sharing = newId()
  await services.attachments.share({ files: own, drafts: [sharing], by: 'analyst' })
  await post(write, { ...note, id: own })
  for (const draft of [own, sharing]) assert.deepEqual(await services.attachments.list(draft), [])
  assert.deepEqual((await services.drafts.find(own))?.attachments, [])
  for (const { db } of [aurelia, borovia]) {
    const rows = await db.selectFrom('log.blob_piece').select('bytes').execute()
    assert.ok(rows.length > 2)
    for (const phrase of ['Planted phrase', 'own-network', 'Proof of their hand'])
      assert.ok(!rows.some(({ bytes }) => Buffer.from(bytes).includes(phrase)), phrase)
  }
  const drafts = await aurelia.db.selectFrom('home.draft').select(['body', 'text', 'form']).execute()
  assert.doesNotMatch(JSON.stringify(drafts), /own-network|Proof of their hand/)
  const copied = await aurelia.db.selectFrom('home.attachment').select('name').where('record', 'is', null).execute()
  assert.deepEqual([...new Set(copied.map(({ name }) => name))], ['capture.pcap'])
  await assert.rejects(
    aurelia.db.updateTable('home.attachment').set({ signed: true }).where('id', '=', stays.id).execute(),
    /attachment_record_stays/,
  )
})

test('files of evidence stay as long as their incident, whatever else is swept, and go with it, row and bytes', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], { modules })
  const { db, clock } = nodes.aurelia
  const services = servicesOf(nodes.aurelia, modules)
  const { post } = inRoom(services)
  const { incident, evidence } = await openIncident(services, 'AMBER', 'AMBER')
  const [first = '', second = ''] = evidence
  const text = (name: string) => ({ files: [{ name, media: '', content: bytesOf(`${name} and more`) }] })
  await post(`${first}/files`, text('one.txt'))
  await post(`${second}/files`, text('two.txt'))
  await post(`${first}/files`, { files: [{ name: 'refused.html', media: '', content: bytesOf('<html>') }] })
  const later = clock.now() + attachmentLimits.draftKeptMs * 12
  const sweeping = createAttachments({ ...services, db, clock: { now: () => later } })
  assert.equal(await sweeping.sweep(), 1, 'what was refused is not kept')
  const bytes = async () => (await db.selectFrom('home.staged_piece').select('staged').execute()).length
  assert.deepEqual(
    [(await services.attachments.kept(`incident:${incident.split('/').at(-1)}`)).length, await bytes()],
    [2, 2],
  )
  // What one person may have waiting is not used up by what is kept.
  const full = { draft: newId(), person: 'analyst', name: 'x', marking: { tlp: 'GREEN' as const } }
  for (let n = 0; n < 10; n++)
    await services.attachments.begin({ ...full, draft: newId(), size: attachmentLimits.file })
  await assert.rejects(services.attachments.begin({ ...full, size: attachmentLimits.file }), refusedAs('files.quota'))
  const kept = { ...full, draft: 'evidence:x', record: 'incident:x', person: 'y' }
  for (let n = 0; n < 41; n++) {
    const begun = services.attachments.begin({
      ...kept,
      person: `y${n}`,
      draft: `evidence:${n}`,
      size: attachmentLimits.file,
    })
    if (n < 40) await begun
    else await assert.rejects(begun, refusedAs('files.record-full'))
  }
  const id = (address: string) => address.split('/').at(-1)!
  await db.deleteFrom('home.incidents_mark').execute()
  await db.deleteFrom('home.incidents_evidence').where('id', '=', id(first)).execute()
  const left = await services.attachments.kept(`incident:${id(incident)}`)
  assert.deepEqual(
    left.map(({ name }) => name),
    ['two.txt'],
  )
  await db.deleteFrom('home.incidents_evidence').where('id', '=', id(second)).execute()
  assert.deepEqual(await services.attachments.kept(`incident:${id(incident)}`), [])
  const staged = await db.selectFrom('home.staged_piece').select('bytes').execute()
  assert.ok(!staged.some(({ bytes: piece }) => Buffer.from(piece).includes('.txt and more')), 'row and bytes together')
})
