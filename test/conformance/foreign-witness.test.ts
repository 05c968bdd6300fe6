import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { policySet } from '../../src/core/witnessing/index.ts'
import { cosignerKey, newId, noteKey } from '../../src/protocol/index.ts'
import { type NetworkNode, startNetwork } from '../support/network.ts'
import { note, noteActs } from '../support/notes.ts'
import { ForeignGo, withoutForeignGo } from './foreign-witness/foreign-witness.ts'

const modules = [{ name: 'trial', acts: [...noteActs, policySet] }]

describe('witnesses and logs by another hand, on golang.org/x/mod', { skip: withoutForeignGo() }, () => {
  let go: ForeignGo
  before(() => {
    go = new ForeignGo()
  })
  after(() => go.close())

  test('a log in Go is cosigned by our witness interface, which signs nothing it must not', async (t) => {
    const { skey, vkey } = go.newKeys('elsewhere.example/log')
    const { nodes } = await startNetwork(t, ['aurelia'], {
      overHttp: true,
      settings: () => ({ witnessFor: [vkey] }),
    })
    const { aurelia } = nodes
    const cosigner = cosignerKey(aurelia.party, aurelia.identity.keys.cosigner.publicKey)
    assert.deepEqual(await go.runLog(skey, `${aurelia.url}/witness`, cosigner), [
      'cosigned 1',
      'cosigned 2',
      'cosigned 5',
      'cosigned 8',
      'cosigned 300',
      'an old size: 409 300',
      'another root: 409',
      'a path from elsewhere: 422',
    ])
    const kept = await aurelia.db.selectFrom('log.witnessed_origin').select(['origin', 'size']).execute()
    assert.deepEqual(kept, [{ origin: 'elsewhere.example/log', size: 300 }])
  })

  test('a witness in Go, a process of its own, makes acts witnessed; killed, it delays only that word', async (t) => {
    const [state, logs] = [join(go.folder, 'state.json'), join(go.folder, 'logs')]
    writeFileSync(logs, '')
    const { vkey, url } = await go.startWitness('watch.example/w1', { state, logs })
    const network = await startNetwork(t, ['aurelia', 'borovia'], {
      modules,
      overHttp: true,
      settings: (name) => (name === 'aurelia' ? { witnesses: [{ key: vkey, url }] } : {}),
    })
    const { aurelia, borovia } = network.nodes
    const space = newId()
    const origin = `${aurelia.party}/spaces/${space}`
    writeFileSync(logs, `${noteKey(origin, aurelia.identity.keys.host.publicKey)}\n`)
    await aurelia.ledger.open({
      id: space,
      kind: 'channel',
      title: { en: 'Trial' },
      purpose: 'trial',
      office: 'desk',
      members: [{ party: borovia.party, role: 'member' }],
    })
    await network.settled()
    const policy = `witness watch ${vkey}\nquorum watch\n`
    for (const node of [aurelia, borovia]) {
      await node.outbox.send({
        space,
        type: 'spaces.policy-set',
        id: newId(),
        office: 'desk',
        body: { policy },
        marking: { tlp: 'AMBER' },
      })
    }
    const witnessed = async (node: NetworkNode, index: number, waitMs: number) =>
      (await node.witnessing.finality.demand({ space, index }, 'witnessed', waitMs)).met
    const say = async (text: string) => {
      const sent = await aurelia.outbox.send(note(space, text))
      assert.ok(sent.state === 'on-record')
      return sent.index
    }
    const first = await say('one')
    for (const node of [aurelia, borovia]) assert.ok(await witnessed(node, first, 60_000), node.name)
    await go.killWitness()
    const second = await say('two')
    await network.settled()
    assert.equal(await witnessed(borovia, second, 0), false)
    const back = await go.startWitness('watch.example/w1', { state, logs, port: Number(new URL(url).port) })
    assert.equal(back.vkey, vkey)
    for (const node of [aurelia, borovia]) assert.ok(await witnessed(node, second, 60_000), node.name)
    assert.ok(!aurelia.log.events.some(({ event }) => /lost-state|disagrees/.test(event)))
  })
})
