import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import { arrives, ask, modules, personOf, redirectOf, servicesOf } from '../../../../test/support/space-pages.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'

const drafter = personOf('drafter')
const releaser = personOf('releaser')

test('a circular note is one text and one clearance, and a separate note in each bilateral space, none of which shows another recipient', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules })
  const { aurelia, borovia, calenia } = nodes
  const services = servicesOf(aurelia)
  const open = async (...parties: string[]) => {
    const members = parties.map((party) => ({ party, role: 'member' as const }))
    const facts = { id: newId(), kind: 'case' as const, purpose: 'Notes', office: 'cyber-desk', members }
    return (await aurelia.ledger.open({ ...facts, title: { en: 'Correspondence' } })).id
  }
  const spaces = [await open(borovia.party), await open(calenia.party)] as const
  const among = await open(borovia.party, calenia.party)
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
  const seen = await approvalOf()
  await post('/circulars', { ...circular, text: 'The cyber desk has moved.' })
  const refusedAs = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
  await assert.rejects(post(`/circulars/${id}/submit`, { approval: seen }), refusedAs('draft.approval-differs'))
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
