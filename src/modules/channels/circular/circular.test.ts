import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docxFile } from '../../../../test/support/files.ts'
import { type NetworkNode, startNetwork } from '../../../../test/support/network.ts'
import { until } from '../../../../test/support/notes.ts'
import { arrives, ask, modules, personOf, redirectOf, servicesOf } from '../../../../test/support/space-pages.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import { getCircular } from './circular.ts'

const drafter = personOf('drafter')
const releaser = personOf('releaser')

const refusedAs = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

async function open(node: NetworkNode, ...parties: string[]): Promise<string> {
  const members = parties.map((party) => ({ party, role: 'member' as const }))
  const facts = { id: newId(), kind: 'case' as const, purpose: 'Notes', office: 'cyber-desk', members }
  return (await node.ledger.open({ ...facts, title: { en: 'Correspondence' } })).id
}

test('a circular note is one text and one clearance, and a separate note in each bilateral space, none of which shows another recipient', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = nodes
  const services = servicesOf(aurelia)
  const spaces = [await open(aurelia, borovia.party), await open(aurelia, calenia.party)] as const
  const among = await open(aurelia, borovia.party, calenia.party)
  await Promise.all([arrives(spaces[0], 1, borovia), arrives(spaces[1], 1, calenia)])
  const get = (path: string, viewer = drafter) => ask('GET', path, { services, viewer })
  const post = (path: string, input: Record<string, unknown>, viewer = drafter) =>
    ask('POST', path, { services, viewer, input })

  const { html: form } = await get('/circulars/write')
  assert.ok(!form.includes(`value="${among}"`), 'where recipients would see each other is not offered')
  const id = newId()
  const circular = { id, language: 'en', subject: 'A new desk', text: 'The cyber desk moves.', recipients: spaces }
  const wrongRecipients = (over: string[]) =>
    assert.rejects(post('/circulars', { ...circular, recipients: over }), InvalidInput)
  await wrongRecipients([])
  await wrongRecipients([spaces[0], among])
  assert.match((await post('/circulars', { ...circular, text: 'We move.' })).html, /“We” in paragraph 1/)
  for (const _ of ['first', 'second click'])
    assert.equal(redirectOf((await post('/circulars', circular)).answer), `/circulars/${id}`)

  const approvalOf = async (viewer = drafter) =>
    /name="approval" value="([^"]+)"/.exec((await get(`/circulars/${id}`, viewer)).html)?.[1] ?? ''
  const { html: review } = await get(`/circulars/${id}`)
  assert.match(review, /2 letters of a circular note/)
  assert.match(review, /No\. 1\/2026[\s\S]*No\. 2\/2026/, 'each with its own number')
  const { html: edit } = await get(`/circulars/${id}/edit`)
  assert.match(edit, /Change text and recipients[\s\S]*value="A new desk"[\s\S]*The cyber desk moves\./)
  assert.equal(
    edit.match(/<input[^>]*name="recipients"[^>]*checked|<input[^>]*checked[^>]*name="recipients"/g)?.length,
    2,
    'its recipients are chosen',
  )
  const seen = await approvalOf()
  await post('/circulars', { ...circular, text: 'The cyber desk has moved.' })
  await assert.rejects(post(`/circulars/${id}/submit`, { approval: seen }), refusedAs('draft.approval-differs'))
  await post(`/circulars/${id}/submit`, { approval: await approvalOf() })
  await assert.rejects(get(`/circulars/${id}/edit`), refusedAs('channels-circular-handed-on'))
  await assert.rejects(post('/circulars', circular), refusedAs('channels-circular-handed-on'))
  for (const { draft } of (await getCircular(services, releaser, id)).letters)
    await services.drafts.giveBack(releaser, draft, 'The date is missing.')
  await post('/circulars', { ...circular, text: 'The cyber desk has moved.' })
  await post(`/circulars/${id}/submit`, { approval: await approvalOf() })
  await assert.rejects(
    post(`/circulars/${id}/release`, { approval: await approvalOf(releaser) }),
    refusedAs('draft.own'),
    'nobody clears what they wrote',
  )
  const cleared = await approvalOf(releaser)
  for (const _ of ['first', 'second click']) await post(`/circulars/${id}/release`, { approval: cleared }, releaser)
  await Promise.all([arrives(spaces[0], 2, borovia), arrives(spaces[1], 2, calenia)])
  assert.match((await get(`/circulars/${id}`)).html, /All letters are signed/)

  const letterAt = async (node: typeof borovia, space: string) =>
    (await ask('GET', `/spaces/${space}`, { services: servicesOf(node), viewer: drafter })).html
  const [theirs, others] = [await letterAt(borovia, spaces[0]), await letterAt(calenia, spaces[1])]
  assert.match(theirs, /Circular note[\s\S]*The cyber desk has moved/)
  assert.match(others, /The cyber desk has moved/)
  assert.doesNotMatch(theirs, /calenia/i)
  assert.doesNotMatch(others, /borovia/i)
  assert.equal((await borovia.ledger.acts(spaces[0], { from: 0, limit: 9 })).length, 2)
  assert.ok(!(await borovia.ledger.find(spaces[1])), 'and the other space is not theirs')
})

test('files of a circular note are uploaded once, decided once, and go with every letter under a value that only its recipient can know', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = nodes
  const services = servicesOf(aurelia)
  const spaces = [await open(aurelia, borovia.party), await open(aurelia, calenia.party)] as const
  await Promise.all([arrives(spaces[0], 1, borovia), arrives(spaces[1], 1, calenia)])
  const narrow = personOf('drafter', 'AMBER+STRICT')
  const get = (path: string, viewer = narrow) => ask('GET', path, { services, viewer })
  const post = (path: string, input: Record<string, unknown> = {}, viewer = narrow) =>
    ask('POST', path, { services, viewer, input })
  const id = newId()
  const circular = { id, language: 'en', subject: 'A new desk', text: 'The cyber desk moves.', recipients: spaces }
  const at = `/circulars/${id}`

  // The other draft of this house, whose files nobody gets by giving its id to a circular note.
  const log = {
    name: 'log.txt',
    marking: { tlp: 'AMBER' as const },
    content: new Uint8Array(Buffer.alloc(2_500_000, 'Log. ')),
  }
  const theirs = newId()
  await services.attachments.add({ ...log, draft: theirs, person: 'somebody else' })
  await assert.rejects(post('/circulars', { ...circular, id: theirs }), refusedAs('files.not-found'))

  const begun = await services.attachments.begin({ ...log, draft: id, person: 'drafter', size: log.content.length })
  await services.attachments.append(id, begun.id, { at: 0, bytes: log.content.subarray(0, 1_300_000) })
  const files = [{ name: 'report.docx', media: '', content: docxFile('Hours of the desk.') }]
  const { answer } = await post('/circulars', { ...circular, files, filesTlp: 'AMBER+STRICT', filesTitle: 'Hours' })
  assert.equal(redirectOf(answer), `${at}/files`, 'something has to be decided first')
  const approvalOf = async (viewer = narrow) =>
    /name="approval" value="([^"]+)"/.exec((await get(at, viewer)).html)?.[1] ??
    (await getCircular(services, viewer, id)).approval
  const { html: undecided } = await get(at)
  assert.match(
    undecided,
    /report\.docx<\/bdi>: something in it has to be decided[\s\S]*log\.txt|log\.txt<\/bdi>: not all of it/,
  )
  assert.match(undecided, /Next step[\s\S]*Its files are not ready/)
  assert.doesNotMatch(undecided, /Hand on all/)
  await assert.rejects(post(`${at}/submit`, { approval: await approvalOf() }), refusedAs('files.undecided'))
  assert.equal(
    (await services.drafts.find((await getCircular(services, narrow, id)).letters[0]!.draft))?.state,
    'drafting',
  )

  await services.attachments.append(id, begun.id, { at: 1_300_000, bytes: log.content.subarray(1_300_000) })
  const report = (await services.attachments.list(id)).find(({ name }) => name === 'report.docx')!
  await post(`${at}/files/${report.id}/strip`)
  const forOneAlone = { title: '', filesTlp: 'GREEN', audience: [calenia.party] }
  await post(`${at}/files/${begun.id}/describe`, forOneAlone)
  const described = await services.attachments.get(id, begun.id)
  assert.deepEqual(described.marking, { tlp: 'GREEN' }, 'a marking that names a recipient would tell the others')
  const { html: review } = await get(at)
  assert.match(review, /Leaves[\s\S]*log\.txt[\s\S]*with every letter[\s\S]*Hours[\s\S]*with every letter/)
  const { drafts } = await getCircular(services, narrow, id)
  assert.ok(
    drafts.every(({ written }) => written.marking.tlp === 'AMBER+STRICT'),
    'each letter is as narrow as its file',
  )
  const held = () => aurelia.db.selectFrom('home.staged').select('id').execute()
  assert.equal((await held()).length, 3, 'two files of two letters lie here once each, and one of somebody else')
  // Saved for one alone and for both again: the other letter is written anew, with the same files.
  await post('/circulars', { ...circular, recipients: [spaces[0]] })
  assert.equal((await getCircular(services, narrow, id)).letters.length, 1)
  assert.equal((await held()).length, 3, 'what the other letter shares stays')
  await post('/circulars', circular)
  const { html: both } = await get(at)
  assert.match(both, /No\. 1\/2026[\s\S]*log\.txt[\s\S]*No\. 3\/2026[\s\S]*log\.txt/, 'a number is not given twice')

  await post(`${at}/submit`, { approval: await approvalOf() })
  const late = [{ name: 'late.txt', media: '', content: new Uint8Array([65]) }]
  await assert.rejects(post(`${at}/files`, { files: late }), refusedAs('draft.not-drafting'))
  const second = personOf('releaser', 'RED')
  await post(`${at}/release`, { approval: await approvalOf(second) }, second)
  await Promise.all([arrives(spaces[0], 2, borovia), arrives(spaces[1], 2, calenia)])

  const received = await Promise.all(
    [borovia, calenia].map(async (node, n) => {
      const [act] = await node.ledger.acts(spaces[n as 0 | 1], { from: 1, limit: 1 })
      const parts = act!.statement.parts.filter(({ role }) => role === 'attachment')
      for (const part of parts)
        await until(async () => (await node.blobs.sizeOf(node.db, part.hash)) === part.size + 32, 'its bytes are there')
      const viewer = personOf('reader', 'RED')
      const fetched = await ask('GET', `/spaces/${act!.space}/acts/${act!.hash}/parts/${parts[0]!.hash}`, {
        services: servicesOf(node),
        viewer,
      })
      assert.ok(fetched.answer instanceof Response)
      assert.deepEqual(Buffer.from(await fetched.answer.arrayBuffer()), Buffer.from(log.content))
      return parts.map(({ hash }) => hash)
    }),
  )
  assert.equal(new Set(received.flat()).size, 4, 'no two letters name a file by the same value')
  assert.equal((await held()).length, 1, 'once all are signed nothing of it stays staged')
  assert.match((await get(at)).html, /Hours[\s\S]*with every letter[\s\S]*All letters are signed/)
})

test('a letter of a circular note that was discarded alone goes nowhere, and the others can be read, changed and handed on', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = nodes
  const services = servicesOf(aurelia)
  const spaces = [await open(aurelia, borovia.party), await open(aurelia, calenia.party)] as const
  // A mediator's confidence with a party, which looks like a space of two.
  const members = [{ party: borovia.party, role: 'member' as const }]
  const terms = { goodOffices: 'confidence', mediator: aurelia.party }
  const facts = { id: newId(), kind: 'channel' as const, purpose: 'Offices', office: 'cyber-desk', members, terms }
  const confidence = await aurelia.ledger.open({ ...facts, title: { en: 'In confidence' } })
  const id = newId()
  const at = `/circulars/${id}`
  const get = (path: string, viewer = drafter) => ask('GET', path, { services, viewer })
  const circular = { id, language: 'en', subject: 'A new desk', text: 'The cyber desk moves.', recipients: spaces }
  const save = (over = {}) => ask('POST', '/circulars', { services, viewer: drafter, input: { ...circular, ...over } })
  assert.ok(!(await get('/circulars/write')).html.includes(confidence.id), 'no circular note into good offices')
  await assert.rejects(save({ recipients: [spaces[0], confidence.id] }), InvalidInput)
  await save()
  const [first, second] = (await getCircular(services, drafter, id)).letters
  await services.drafts.discard(drafter, first!.draft)

  const { html: review } = await get(at)
  assert.match(review, /One letter of a circular note[\s\S]*Discarded alone, and not sent: BOROVIA\./)
  assert.equal((await get(`${at}/edit`)).html.match(/<input[^>]*name="recipients"[^>]*checked/g)?.length, 1)
  await save({ text: 'The cyber desk has moved.' })
  const both = await getCircular(services, drafter, id)
  assert.deepEqual(both.discarded, [], 'whoever chooses that recipient again has a letter written anew')
  assert.ok(both.letters.every(({ draft }) => draft !== first!.draft))
  assert.equal(both.drafts.length, 2)

  for (const { draft } of both.letters) await services.drafts.discard(drafter, draft)
  await assert.rejects(get(at), refusedAs('draft.discarded'))
  await assert.rejects(get(at, releaser), refusedAs('not-found'))
  assert.ok(both.letters.some(({ draft }) => draft === second!.draft))
})
