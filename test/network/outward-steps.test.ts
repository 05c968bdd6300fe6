import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Refusal } from '../../src/core/http/index.ts'
import { hashOfText } from '../../src/modules/agreements/text-hash.ts'
import { exportDossier } from '../../src/modules/spaces/export-dossier.ts'
import { newId, type SpaceKind } from '../../src/protocol/index.ts'
import { type NetworkNode, startNetwork } from '../support/network.ts'
import { arrives, ask, outwardModules, personOf, redirectOf, servicesOf } from '../support/space-pages.ts'

const names = ['aurelia', 'borovia', 'calenia'] as const
const marking = { tlp: 'CLEAR' as const }

/** Three members with their words about each other told, then Calenia is switched off. */
async function table(t: TestContext, kind: SpaceKind) {
  const network = await startNetwork(t, names, { modules: outwardModules, submitWaitMs: 60_000 })
  const { aurelia, borovia, calenia } = network.nodes
  const services = servicesOf(aurelia, outwardModules)
  const space = newId()
  const others = [borovia, calenia].map(({ party }) => ({ party, role: 'member' as const }))
  await aurelia.ledger.open({
    id: space,
    kind,
    title: { en: 'Table' },
    purpose: 'trial',
    office: 'desk',
    members: others,
    ...(kind === 'forum' ? { ownRole: 'chair' as const } : {}),
  })
  await arrives(space, 1, borovia, calenia)
  await network.settled()
  await calenia.kill()
  const say = async (node: typeof aurelia, type: string, body: object, text?: object) => {
    const act = { space, type, id: newId(), office: 'desk', body: body as never, text: text as never, marking }
    const sent = await node.outbox.send(act)
    assert.equal(sent.state, 'on-record', type)
    await arrives(space, (await aurelia.ledger.head(space))!.size, aurelia, borovia)
    return sent.hash
  }
  return { network, services, space, say, bodyOf: (hash: string) => bodyOf(aurelia, hash) }
}

async function bodyOf(
  { ledger }: Pick<NetworkNode, 'ledger'>,
  hash: string,
): Promise<{ witnessed?: { checkpoint: string } }> {
  const blobs = await ledger.payload(hash)
  const part = (await ledger.findAct(hash))!.statement.parts.find(({ role }) => role === 'body')!
  return JSON.parse(Buffer.from(blobs.get(part.hash)!.subarray(32)).toString('utf8'))
}

const isUnwitnessed = (error: unknown) => error instanceof Refusal && error.code === 'footing-not-witnessed'

test('a decision is declared once the call for it is witnessed; the page says whose word is missing, and waits', async (t) => {
  const { network, services, space, say, bodyOf } = await table(t, 'forum')
  const { aurelia, borovia, calenia } = network.nodes
  const viewer = personOf('secretary')
  const item = newId()
  await say(aurelia, 'forums.item-opened', { item }, { title: 'Hospitals' })
  const text = { title: 'Draft', paragraphs: ['No [[b1]] on hospitals.'], options: { b1: ['attack', 'operation'] } }
  const brackets = [{ id: 'b1', options: 2 }]
  const draft = await say(borovia, 'forums.draft-tabled', { item, hash: hashOfText(text as never), brackets }, text)
  const proposal = await say(borovia, 'forums.resolution-proposed', { draft, bracket: 'b1', option: 1 })
  const sought = await say(aurelia, 'forums.consensus-sought', { proposal, within: 'PT1H' })
  for (const node of [aurelia, borovia]) node.clock.advance(3_700_000)
  const before = (await aurelia.ledger.head(space))!.size
  const href = `/spaces/${space}/sought/${sought}/declare`
  const early = await ask('POST', href, { services, viewer })
  assert.equal('status' in early.answer && early.answer.status, 409)
  assert.match(early.html, /the word of CALENIA is missing/)
  assert.match(early.html, /Silence counts as consent only of those who were shown the call/)
  assert.match(early.html, /name="wait" value="yes"/)
  await assert.rejects(ask('POST', href, { services, viewer, json: true }), isUnwitnessed)
  assert.equal((await aurelia.ledger.head(space))!.size, before, 'nothing was signed')

  const waiting = ask('POST', href, { services, viewer, input: { wait: 'yes' }, json: true })
  calenia.clock.advance(3_700_000)
  await calenia.restart()
  const { data } = (await waiting).answer as { data: { state: string; hash: string } }
  assert.equal(data.state, 'on-record')
  assert.equal((await services.ledger.findAct(data.hash))?.withoutEffect, undefined)
  const { witnessed } = await bodyOf(data.hash)
  for (const party of [borovia.party, calenia.party]) assert.ok(witnessed?.checkpoint.includes(`\n— ${party} `))
})

test('a text is agreed to with the proof that its proposal was witnessed, or without it at a person’s word', async (t) => {
  const { network, services, space, say, bodyOf } = await table(t, 'negotiation')
  const { borovia, calenia } = network.nodes
  const text = { title: { en: 'A text' }, paragraphs: { p1: { en: 'We share.' } }, disclaimer: { en: 'No more.' } }
  const paragraphs = [{ id: 'p1', norm: 'a', owner: borovia.party, due: '2027-01-01', zone: 'Etc/UTC' }]
  const parties = names.map((name) => `${name}.example`)
  const propose = () =>
    say(
      borovia,
      'agreements.text-proposed',
      { languages: ['en'], hash: hashOfText(text), paragraphs, parties },
      { ...text },
    )
  const drafter = personOf('drafter')
  const releaser = personOf('releaser')
  const compose = async (proposal: string) => {
    const input = { id: newId(), proposal, tlp: 'CLEAR' }
    const { answer } = await ask('POST', `/spaces/${space}/write/agreements.text-agreed`, {
      services,
      viewer: drafter,
      input,
    })
    assert.match(redirectOf(answer), /review/)
    const { approval } = (await services.drafts.find(input.id))!
    await ask('POST', `/drafts/${input.id}/submit`, { services, viewer: drafter, input: { approval } })
    return input.id
  }
  const review = (id: string) => ask('GET', `/drafts/${id}/review`, { services, viewer: releaser })
  const release = async (id: string, more: object = {}) => {
    const { approval } = (await services.drafts.find(id))!
    return ask('POST', `/drafts/${id}/release`, {
      services,
      viewer: releaser,
      input: { approval, ...more },
      json: true,
    })
  }

  const first = await compose(await propose())
  const shown = await review(first)
  assert.match(shown.html, /the word of CALENIA is missing/)
  assert.match(shown.html, /You can wait, or go on without/)
  assert.match(shown.html, /Release without it/)
  await assert.rejects(release(first), isUnwitnessed)
  await release(first, { unwitnessed: 'yes' })
  const bare = (await services.drafts.find(first))!
  assert.equal(bare.state, 'sent')
  assert.equal((await bodyOf(bare.actHash!)).witnessed, undefined)
  assert.equal((await services.ledger.findAct(bare.actHash!))?.withoutEffect, undefined)

  const second = await compose(await propose())
  const was = (await services.drafts.find(second))!.approval
  await calenia.restart()
  await ask('POST', `/drafts/${second}/ground`, { services, viewer: releaser })
  const grounded = await review(second)
  assert.match(grounded.html, /What this rests on is witnessed/)
  const stale = { approval: was }
  await assert.rejects(
    ask('POST', `/drafts/${second}/release`, { services, viewer: releaser, input: stale, json: true }),
    (error: unknown) => error instanceof Refusal && error.code === 'draft.approval-differs',
    'the proof is signed too: the yes is given to the draft with it',
  )
  await release(second)
  const sent = (await services.drafts.find(second))!
  const { witnessed } = await bodyOf(sent.actHash!)
  assert.ok(witnessed?.checkpoint.includes(`\n— ${calenia.party} `))
})

test('a dossier for the public waits until all in it is witnessed, unless a person goes on without', async (t) => {
  const { network, services, space, say } = await table(t, 'negotiation')
  const { borovia, calenia } = network.nodes
  const text = { title: { en: 'A text' }, paragraphs: { p1: { en: 'We share.' } }, disclaimer: { en: 'No more.' } }
  const paragraphs = [{ id: 'p1', norm: 'a', owner: borovia.party, due: '2027-01-01', zone: 'Etc/UTC' }]
  const parties = names.map((name) => `${name}.example`)
  const body = { languages: ['en'], hash: hashOfText(text), paragraphs, parties }
  await say(borovia, 'agreements.text-proposed', body, { ...text })
  const viewer = personOf('releaser')
  const query = 'purpose=transparency&audience=public&ceiling=CLEAR'
  const { disclosurePurposes } = await import('../../src/modules/spaces/acts.ts')
  const purpose = disclosurePurposes[0]
  const page = await ask('GET', `/spaces/${space}/dossier?${query.replace('transparency', purpose)}`, {
    services,
    viewer,
  })
  assert.match(page.html, /1 of 2 entries\. Not witnessed yet: the word of CALENIA is missing/)
  assert.match(page.html, /Make it without/)
  const asked = { purpose, audience: 'public', ceiling: 'CLEAR' as const }
  const facts = (await services.ledger.find(space))!
  await assert.rejects(
    exportDossier(services, facts, asked),
    (error: unknown) => error instanceof Refusal && error.code === 'spaces.dossier-not-witnessed',
  )
  assert.ok((await exportDossier(services, facts, { ...asked, unwitnessed: 'yes' })).file.length > 0)
  assert.ok((await exportDossier(services, facts, { ...asked, audience: 'verifier' })).file.length > 0)
  const waiting = exportDossier(services, facts, asked, 20_000)
  await calenia.restart()
  assert.ok((await waiting).file.length > 0)
  await network.settled()
  const after = await ask('GET', `/spaces/${space}/dossier?${query.replace('transparency', purpose)}`, {
    services,
    viewer,
  })
  assert.match(after.html, /all 2 entries/)
})
