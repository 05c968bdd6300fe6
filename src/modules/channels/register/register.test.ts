import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import { ask, modules, personOf, sendNote, servicesOf } from '../../../../test/support/space-pages.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import { retentionOf } from './retention.ts'

const clerk = personOf('clerk')

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
  const services = servicesOf(nodes.aurelia)
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
  const size = async () => (await nodes.aurelia.ledger.find(real.id))?.size
  const before = await size()
  const get = async (path: string, language = 'en') =>
    (await ask('GET', path, { services, viewer: clerk, language })).html
  const post = (path: string, input: Record<string, unknown> = {}) =>
    ask('POST', path, { services, viewer: clerk, input })

  const all = await get('/register')
  assert.match(all, /=1\+1/)
  assert.match(all, /DRILL · Letter/, 'no exercise is taken for real')
  assert.doesNotMatch(all, /For few eyes/, 'above this reader’s ceiling')
  assert.match(all, /A note you may not read here/)
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

  const { answer } = await ask('GET', '/register/csv?code=19', { services, viewer: clerk })
  const csv = answer instanceof Response ? await answer.text() : ''
  assert.match(csv, /"'=1\+1, ""quoted"""/, 'what others wrote is never a formula')
  assert.equal(csv.trim().split('\r\n').length, 2)
  assert.equal(await size(), before, 'nothing of it became an act')
  await assert.rejects(
    get(`/register/${'A'.repeat(43)}`),
    (error) => error instanceof Refusal && error.code === 'not-found',
  )
})
