import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  note,
  openCase,
  personOf,
  redirectOf,
  rooms,
  sendNote,
  servicesOf,
} from '../../../test/support/space-pages.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Module } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { verifyDossier } from '../../protocol/dossier/index.ts'
import { createTranslator } from '../../text/index.ts'
import { nameWrongFields } from '../frame/index.ts'
import { spaces } from './index.ts'

test('a note is written by one person and released by another, who sees exactly what leaves', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const services = servicesOf(network.nodes.aurelia)
  const drafter = personOf('drafter')
  const space = await openCase(network, services)

  const chooser = await ask('GET', `/spaces/${space}/write`, { services, viewer: drafter })
  assert.match(chooser.html, new RegExp(`/spaces/${space}/write/channels.note-sent`))

  // A room that has words for an address: the form begins with them, and nothing is saved.
  const lines = {
    name: 'lines',
    wordsForDraft: async (...[, , { query }]: Parameters<NonNullable<Module['wordsForDraft']>>) =>
      query.has('line') ? { subject: 'Holding line', text: 'We look into it.' } : undefined,
  }
  const begun = async (query: string) =>
    (
      await ask('GET', `/spaces/${space}/write/channels.note-sent${query}`, {
        services: { ...services, modules: [...modules, lines] },
        viewer: drafter,
      })
    ).html
  assert.match(await begun('?line=1'), /value="Holding line".*>We look into it\.<\/textarea>/s)
  assert.doesNotMatch(await begun(''), /Holding line/)

  const id = newId()
  const saved = await ask('POST', `/spaces/${space}/write/channels.note-sent`, {
    services,
    viewer: drafter,
    input: { ...note, id },
  })
  assert.equal(redirectOf(saved.answer), `/drafts/${id}/review`)
  assert.equal((await services.ledger.find(space))?.size, 1, 'nothing has left')

  const review = await ask('GET', `/drafts/${id}/review`, { services, viewer: drafter })
  for (const words of ['Hosts of yours appear to have been used.', 'Send for release', 'TLP:AMBER', 'BOROVIA']) {
    assert.ok(review.html.includes(words), words)
  }
  const { approval } = (await services.drafts.find(id)) ?? {}
  await ask('POST', `/drafts/${id}/submit`, { services, viewer: drafter, input: { approval } })
  await assert.rejects(
    ask('POST', `/drafts/${id}/release`, { services, viewer: drafter, input: { approval } }),
    (error) => error instanceof Refusal && error.code === 'draft.own',
  )
  const releaser = personOf('releaser')
  const forRelease = await ask('GET', `/drafts/${id}/review`, { services, viewer: releaser })
  assert.match(forRelease.html, /Release<\/button>/)
  await ask('POST', `/drafts/${id}/release`, { services, viewer: releaser, input: { approval } })
  await arrives(space, 2, network.nodes.borovia)

  const theirs = servicesOf(network.nodes.borovia)
  const timeline = await ask('GET', `/spaces/${space}`, { services: theirs, viewer: personOf('officer') })
  assert.match(timeline.html, /Intrusions since Monday/)
  assert.match(timeline.html, /We owe/)
  assert.match(timeline.html, /agreed in the terms/)
})

test('wrong fields bring the form back with everything that was typed, and store nothing', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const services = servicesOf(network.nodes.aurelia)
  const viewer = personOf('drafter')
  const space = await openCase(network, services)
  const id = newId()
  const { answer, html } = await ask('POST', `/spaces/${space}/write/channels.note-sent`, {
    services,
    viewer,
    input: { ...note, id, text: undefined, tlp: 'RED', subject: 'Kept as typed' },
  })
  assert.equal((answer as { status?: number }).status, 422)
  assert.match(html, /Kept as typed/)
  assert.equal(await services.drafts.find(id), undefined)

  const empty = { id, tlp: 'AMBER' }
  const asked = await ask('POST', `/spaces/${space}/write/channels.note-sent`, { services, viewer, input: empty })
  const named = nameWrongFields(asked.html, { t: createTranslator('en'), language: 'en' })
  const summary = /class="error-summary"[\s\S]*?<\/ul>/.exec(named)?.[0] ?? ''
  assert.match(summary, />Subject: [\s\S]*>Text: /)
  assert.doesNotMatch(summary, />[a-z][\w ]*: /, 'fields are called what they are called on the page')
})

test('a timeline says what is withheld, erased or unknown, and never shows it', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia)
  const space = await openCase(network, services)
  await sendNote(borovia, space, { subject: 'Red words', tlp: 'RED', to: aurelia.party })
  const regretted = await sendNote(borovia, space, { subject: 'Regretted words', to: aurelia.party })
  const act = await borovia.ledger.findAct(regretted.hash)
  assert.ok(act)
  await arrives(space, 3, aurelia)
  const before = await ask('GET', `/spaces/${space}`, { services, viewer: personOf('analyst') })
  assert.match(before.html, /Regretted words/)
  assert.doesNotMatch(before.html, /Red words/)
  assert.match(before.html, /Withheld: its marking is above what you may see/)
  const cleared = await ask('GET', `/spaces/${space}`, { services, viewer: personOf('minister', 'RED') })
  assert.match(cleared.html, /Red words/)

  const text = act.statement.parts.find((part) => part.role === 'text')
  await borovia.outbox.send({
    space,
    type: 'space.payload-erased',
    id: newId(),
    office: 'cyber-desk',
    marking: { tlp: 'AMBER' },
    body: { act: regretted.hash, parts: [text?.hash ?? ''] },
  })
  await arrives(space, 4, aurelia)
  const after = await ask('GET', `/spaces/${space}`, { services, viewer: personOf('analyst') })
  assert.doesNotMatch(after.html, /Regretted words/)
  assert.match(after.html, /erased at the wish of its author/)

  const older = servicesOf(aurelia, [rooms, spaces])
  const unknown = await ask('GET', `/spaces/${space}`, { services: older, viewer: personOf('analyst') })
  assert.match(unknown.html, /does not know acts of the type channels\.note-sent/)
})

test('an acknowledgement is folded under its note; record-keeping is one line', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia)
  const space = await openCase(network, services)
  const sent = await sendNote(aurelia, space, { subject: 'Please acknowledge', to: borovia.party })
  await arrives(space, 2, borovia)
  await borovia.outbox.send({
    space,
    type: 'channels.note-acknowledged',
    id: newId(),
    office: 'cyber-desk',
    marking: { tlp: 'AMBER' },
    body: { note: sent.hash },
    refs: [{ act: sent.hash }],
  })
  await arrives(space, 3, aurelia, borovia)
  while ((await aurelia.ledger.finality(space, 1)).length === 0) await network.settled()
  const { html } = await ask('GET', `/spaces/${space}`, { services, viewer: personOf('analyst') })
  assert.equal(html.match(/<article/g)?.length, 1)
  assert.match(html, /One answer/)
  assert.match(html, /One record-keeping entry/)
  assert.match(html, /confirmed by all/)
  assert.match(html, /Nothing is open/)

  const proof = await ask('GET', `/spaces/${space}/acts/${sent.hash}`, { services, viewer: personOf('analyst') })
  assert.equal(proof.html.match(/<ol class="proof">.*<\/ol>/s)?.[0].match(/<li>/g)?.length, 5)
  assert.match(proof.html, /BOROVIA confirmed on/)
  for (const language of ['fr', 'ar']) {
    const other = await ask('GET', `/spaces/${space}/acts/${sent.hash}`, {
      services,
      viewer: personOf('analyst'),
      language,
    })
    assert.match(other.html, /Please acknowledge/)
  }
})

test('another party’s words go into a dossier only with its consent; until then their proof does', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia)
  const viewer = personOf('releaser', 'RED')
  const space = await openCase(network, services)
  await sendNote(aurelia, space, { subject: 'Our own words', to: borovia.party })
  await sendNote(aurelia, space, { subject: 'Our red words', tlp: 'RED', to: borovia.party })
  const theirs = await sendNote(borovia, space, { subject: 'Their words', to: aurelia.party })
  await arrives(space, 4, aurelia, borovia)

  const query = 'purpose=verification&audience=verifier&ceiling=AMBER'
  const plan = await ask('GET', `/spaces/${space}/dossier?${query}`, { services, viewer })
  assert.match(plan.html, /proof only: its marking is narrower/)
  assert.match(plan.html, /proof only: its author was not asked/)
  assert.match(plan.html, /Ask consent for one act/)

  const make = async () => {
    const { answer } = await ask('POST', `/spaces/${space}/dossier`, {
      services,
      viewer,
      input: { purpose: 'verification', audience: 'verifier', ceiling: 'AMBER' },
    })
    assert.ok(answer instanceof Response)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const holds = (file: Uint8Array, words: string) => Buffer.from(file).includes(words)
  const first = await make()
  assert.equal(verifyDossier(first).failure, undefined)
  assert.ok(holds(first, 'Our own words'))
  assert.ok(!holds(first, 'Our red words') && !holds(first, 'Their words'))

  const id = newId()
  const asked = await ask('POST', `/spaces/${space}/write/spaces.disclosure-requested`, {
    services,
    viewer,
    input: { id, acts: [theirs.hash], purpose: 'verification', shownTo: 'verifier', reason: 'For the record' },
  })
  assert.equal(redirectOf(asked.answer), `/drafts/${id}/review`)
  const { approval } = (await services.drafts.find(id)) ?? {}
  await ask('POST', `/drafts/${id}/submit`, { services, viewer, input: { approval } })
  const { actHash } = (await services.drafts.find(id)) ?? {}
  assert.ok(actHash, 'one person is enough to ask')
  await arrives(space, 5, aurelia, borovia)
  assert.ok(!holds(await make(), 'Their words'), 'asking is not consent')

  const others = servicesOf(borovia)
  const needs = await spaces.needs?.(others, personOf('desk'))
  assert.deepEqual(
    needs?.map((need) => need.verb).filter((verb) => verb.includes('disclosure')),
    ['spaces.need.answer-disclosure'],
  )
  const consent = (answer: string) =>
    ask('POST', `/spaces/${space}/disclosures/${actHash}/consent`, {
      services: others,
      viewer: personOf('desk'),
      input: { id: answer },
    })
  const answer = newId()
  await consent(answer)
  await arrives(space, 6, aurelia, borovia)
  redirectOf((await consent(answer)).answer)
  await assert.rejects(
    consent(newId()),
    (error) => error instanceof Refusal && error.code === 'spaces.already-answered',
  )
  const second = await make()
  assert.equal(verifyDossier(second).failure, undefined)
  assert.ok(holds(second, 'Their words'))
  assert.ok(!holds(second, 'Our red words'))
})
