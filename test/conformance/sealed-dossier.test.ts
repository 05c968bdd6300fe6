import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { exportDossier } from '../../src/modules/spaces/index.ts'
import { newId } from '../../src/protocol/index.ts'
import { startNetwork } from '../support/network.ts'
import { arrives, modules, sendNote, servicesOf } from '../support/space-pages.ts'
import { compareVerdicts } from './dossiers/compare.ts'
import { GoVerifier, withoutGo } from './dossiers/go-verifier.ts'

describe('dossiers of sealed spaces, by the second verifier too', { skip: withoutGo() }, () => {
  let go: GoVerifier
  before(() => {
    go = new GoVerifier()
  })
  after(() => go.close())

  test('one sealed act is disclosed and the others stay proof: both verifiers accept it and need no key', async (t) => {
    const network = await startNetwork(t, ['aurelia', 'borovia', 'secretariat'], { modules, submitWaitMs: 60_000 })
    const { aurelia, borovia, secretariat } = network.nodes
    const services = servicesOf(aurelia)
    const space = newId()
    const opening = {
      id: space,
      kind: 'channel' as const,
      title: { en: 'Hotline' },
      purpose: 'Duty desks',
      office: 'desk',
      members: [{ party: borovia.party, role: 'member' as const }],
      sealed: true,
      host: secretariat.party,
    }
    assert.equal((await aurelia.outbox.open(opening)).state, 'on-record')
    await arrives(space, 1, aurelia, borovia)
    const shown = await sendNote(aurelia, space, { subject: 'Shown words', to: borovia.party })
    await sendNote(aurelia, space, { subject: 'Hidden words', to: borovia.party, tlp: 'RED' })
    await sendNote(borovia, space, { subject: 'Words of others', to: aurelia.party })
    await arrives(space, 4, aurelia, borovia)
    await network.settled()
    const facts = (await aurelia.ledger.find(space))!
    const asked = { purpose: 'verification' as const, audience: 'verifier', ceiling: 'AMBER' as const }
    const { file } = await exportDossier(services, facts, asked)
    const { ours, agree } = await compareVerdicts(go, file)
    assert.ok(agree)
    assert.equal(ours.verdict, 'accepted')
    const acts = ours.spaces.find((one) => one.space === space)!.acts
    assert.deepEqual(
      acts.map(({ state }) => state),
      ['selected', 'selected', 'withheld', 'withheld'],
    )
    assert.equal(acts[1]?.act, shown.hash)
    const text = Buffer.from(file).toString('latin1')
    assert.match(text, /Shown words/)
    assert.doesNotMatch(text, /Hidden words|Words of others/)
  })
})
