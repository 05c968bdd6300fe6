import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, modules, personOf, sendNote, servicesOf } from '../../../test/support/space-pages.ts'
import { newId } from '../../protocol/index.ts'
import { verifyDossier } from '../../protocol/dossier/index.ts'
import { InvalidInput } from '../../core/http/index.ts'
import { confirmErasures } from './confirm-erasures.ts'
import { exportDossier } from './export-dossier.ts'

test('a person opens a sealed hotline under a third party; pages say who reads and who orders', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'secretariat'], { modules, submitWaitMs: 60_000 })
  const { aurelia, borovia, secretariat } = network.nodes
  const services = servicesOf(aurelia)
  const viewer = personOf('releaser')
  const form = await ask('GET', '/spaces/open', { services, viewer })
  assert.match(form.html, /Who orders it/)
  const input = {
    id: newId(),
    kind: 'channel',
    'title-en': 'Hotline',
    purpose: 'Duty desks',
    members: [borovia.party],
    host: secretariat.party,
  }
  await assert.rejects(ask('POST', '/spaces/open', { services, viewer, input }), InvalidInput)
  await ask('POST', '/spaces/open', { services, viewer, input: { ...input, sealed: 'yes' } })
  await ask('POST', '/spaces/open', { services, viewer, input: { ...input, sealed: 'yes' } })
  await arrives(input.id, 1, borovia)
  const note = await sendNote(aurelia, input.id, { subject: 'Sealed words', to: borovia.party })
  await arrives(input.id, 2, borovia)
  const theirs = await ask('GET', `/spaces/${input.id}`, { services: servicesOf(borovia), viewer })
  assert.match(theirs.html, /Sealed words/)
  assert.match(theirs.html, /sealed to them alone/)
  assert.match(theirs.html, /SECRETARIAT, which is no member/)
  const dark = await ask('GET', `/spaces/${input.id}`, { services: servicesOf(secretariat), viewer })
  assert.doesNotMatch(dark.html, /Sealed words/)
  assert.match(dark.html, /we store what is said in it and have no key to it/)
  assert.match(dark.html, /Sealed, and not for us/)

  const space = (await aurelia.ledger.find(input.id))!
  const asked = { purpose: 'verification' as const, audience: 'verifier', ceiling: 'AMBER' as const }
  const { file } = await exportDossier(services, space, asked)
  const report = verifyDossier(file)
  assert.equal(report.verdict, 'accepted')
  assert.ok(
    report.fingerprints.some(({ party }) => party === secretariat.party),
    'the host stands for its order',
  )
  assert.match(Buffer.from(file).toString('latin1'), /Sealed words/, 'an opened act needs no key')

  const part = (await aurelia.ledger.findAct(note.hash))!.statement.parts.find(({ role }) => role === 'text')!
  await ask('POST', `/spaces/${input.id}/acts/${note.hash}/erase`, {
    services,
    viewer,
    input: { id: newId(), parts: [part.hash] },
  })
  await arrives(input.id, 3, borovia)
  for (const node of [aurelia, borovia, secretariat]) {
    await confirmErasures(servicesOf(node))
    await confirmErasures(servicesOf(node))
    assert.equal((await node.blobs.has(node.db, [part.enc!.hash])).size, 0, node.name)
  }
  await arrives(input.id, 5, aurelia)
  await network.settled()
  assert.equal((await aurelia.ledger.head(input.id))?.size, 5, 'each member says it once; who is none says nothing')
  const proof = await ask('GET', `/spaces/${input.id}/acts/${note.hash}`, { services, viewer })
  assert.match(proof.html, /Who says it is gone/)
  assert.match(proof.html, /BOROVIA,/)
})

test('what a grant would open is listed entry by entry before it is given', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules, submitWaitMs: 60_000 })
  const { aurelia, borovia, calenia } = network.nodes
  const services = servicesOf(aurelia)
  const viewer = personOf('releaser')
  const id = newId()
  const input = { id, kind: 'forum', 'title-en': 'Forum', purpose: 'Talks', members: [borovia.party], chair: 'yes' }
  await ask('POST', '/spaces/open', { services, viewer, input: { ...input, sealed: 'yes' } })
  await arrives(id, 1, borovia)
  const note = await sendNote(aurelia, id, { subject: 'Said before', to: borovia.party })
  const snapshot = await aurelia.federation.snapshotOf(calenia.party)
  await aurelia.outbox.send({
    space: id,
    type: 'space.member-admitted',
    id: newId(),
    office: 'desk',
    body: { member: { ...snapshot, role: 'member' } } as never,
    marking: { tlp: 'AMBER' },
  })
  await arrives(id, 3, calenia)
  const members = await ask('GET', `/spaces/${id}/members`, { services, viewer })
  assert.match(members.html, /Open earlier entries to it/)
  const page = await ask('GET', `/spaces/${id}/history/${calenia.party}?from=0`, { services, viewer })
  assert.match(page.html, /One entry becomes readable to CALENIA/)
  assert.ok(page.html.includes(note.hash))
  const grant = { id: newId(), from: '0' }
  for (let click = 0; click < 2; click += 1) {
    await ask('POST', `/spaces/${id}/history/${calenia.party}`, { services, viewer, input: grant })
  }
  await arrives(id, 4, calenia)
  await network.settled()
  assert.equal((await aurelia.ledger.head(id))?.size, 4)
  const theirs = await ask('GET', `/spaces/${id}`, { services: servicesOf(calenia), viewer })
  assert.match(theirs.html, /Said before/)
})
