import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { ask, modules, note, openCase, personOf, servicesOf } from '../../../test/support/space-pages.ts'
import { newId } from '../../protocol/index.ts'

const drafter = personOf('drafter')
const releaser = personOf('releaser', 'AMBER', /:release$/)
const colleague = personOf('colleague', 'AMBER', /:release$/)

/** A note handed over for release, and the steps people take with it. */
async function awaiting(t: TestContext, holdMs = 0) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const services = servicesOf(network.nodes.aurelia)
  services.settings.holdMs = holdMs
  const topics: string[] = []
  services.live.publish = (topic) => void topics.push(topic)
  const space = await openCase(network, services)
  const id = newId()
  const save = (text: string) =>
    ask('POST', `/spaces/${space}/write/channels.note-sent`, {
      services,
      viewer: drafter,
      input: { ...note, text, id },
    })
  await save('Hosts of yours appear to have been used.')
  const approval = async () => (await services.drafts.find(id))?.approval ?? ''
  const step = async (viewer: typeof drafter, name: string, input: Record<string, unknown> = {}) => {
    const { answer, html } = await ask('POST', `/drafts/${id}/${name}`, { services, viewer, input })
    return { html, status: 'redirect' in answer ? 303 : ((answer as { status?: number }).status ?? 200) }
  }
  const review = async (viewer: typeof drafter, language = 'en') =>
    (await ask('GET', `/drafts/${id}/review`, { services, viewer, language })).html
  await step(drafter, 'submit', { approval: await approval() })
  return { network, services, id, topics, save, approval, step, review }
}

const isLive = (html: string, id: string) =>
  new RegExp(`data-live-topic="draft:${id}"[^>]*id="review"|id="review"[^>]*data-live-topic="draft:${id}"`).test(html)

test('a releaser whose page is open sees that a colleague gave the draft back, and none of its words', async (t) => {
  const { id, topics, step, review, approval } = await awaiting(t)
  assert.ok(isLive(await review(releaser), id), 'the page listens')
  const seen = await approval()
  topics.length = 0
  await step(colleague, 'give-back', { why: 'The date is wrong' })
  assert.ok(topics.includes(`draft:${id}`), 'open pages are told')

  const gone = await review(releaser)
  assert.ok(isLive(gone, id), 'the same region, so that an open page takes it over')
  assert.match(gone, /colleague.* gave it back on/)
  assert.match(gone, /The date is wrong/)
  assert.doesNotMatch(gone, /Hosts of yours|Release<\/button>/)

  const late = await step(releaser, 'release', { approval: seen })
  assert.equal(late.status, 409)
  assert.match(late.html, /colleague.* gave it back on/)
})

test('a release pressed after the text changed shows what changed, and releases nothing', async (t) => {
  const { step, save, approval, services, id } = await awaiting(t)
  const seen = await approval()
  await step(colleague, 'give-back', { why: 'The date is wrong' })
  await save('Hosts of yours were used on Monday.')
  await step(drafter, 'submit', { approval: await approval() })
  const late = await step(releaser, 'release', { approval: seen })
  assert.equal(late.status, 409)
  assert.match(late.html, /changed after you opened this page/)
  assert.match(late.html, /<ins>.*on Monday/)
  assert.equal((await services.drafts.find(id))?.state, 'awaiting-release')
})

test('whoever presses Stop or Release too late reads who was quicker; the second click of one person is none', async (t) => {
  const { step, approval, services, id, network, topics } = await awaiting(t, 60_000)
  const seen = { approval: await approval() }
  assert.equal((await step(colleague, 'release', seen)).status, 303)
  assert.equal((await step(colleague, 'release', seen)).status, 303)
  const late = await step(releaser, 'give-back', { why: 'Wait' })
  assert.equal(late.status, 409)
  assert.match(late.html, /Somebody was quicker/)
  assert.match(late.html, /You had written: <bdi>Wait<\/bdi>/, 'what was typed is not lost')
  assert.match(late.html, /colleague.* released it on/)
  network.nodes.aurelia.clock.advance(60_001)
  topics.length = 0
  await services.drafts.signDue()
  assert.ok(topics.includes(`draft:${id}`), 'the end of the hold reaches open pages')
  const stop = await step(releaser, 'stop')
  assert.equal(stop.status, 409)
  assert.match(stop.html, /It is signed and on its way/)
})

test('a discarded draft is gone for its releaser in every language, and says who discarded it', async (t) => {
  const { step, review, id, topics } = await awaiting(t)
  topics.length = 0
  await step(drafter, 'discard')
  assert.ok(topics.includes(`draft:${id}`))
  assert.match(await review(releaser), /drafter.* discarded it on/)
  assert.match(await review(releaser, 'fr'), /drafter.* l’a abandonné le/)
  assert.match(await review(releaser, 'ar'), /أهمله .*drafter/)
  await assert.rejects(review(personOf('stranger', 'AMBER', /^$/)), /not-found/)
})
