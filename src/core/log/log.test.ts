import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  type LedgerNode,
  newChannel,
  newNote,
  replicate,
  startLedgers,
  submit,
  viewRows,
} from '../../../test/support/ledger.ts'

async function startTwo(t: TestContext): Promise<{ aurelia: LedgerNode; borovia: LedgerNode; registers: string[] }> {
  const nodes = await startLedgers(t, ['aurelia.example', 'borovia.example'])
  const aurelia = nodes['aurelia.example'] as LedgerNode
  const borovia = nodes['borovia.example'] as LedgerNode
  return { aurelia, borovia, registers: [aurelia.identity.register, borovia.identity.register] }
}

test('a channel opened by its host reaches the other member, and both read the same acts and rows', async (t) => {
  const { aurelia, borovia, registers } = await startTwo(t)
  const space = await aurelia.ledger.open(newChannel(['borovia.example']))
  assert.deepEqual(
    space.members.map((member) => member.party),
    ['aurelia.example', 'borovia.example'],
  )
  assert.equal((await replicate(aurelia, borovia, space.id)).state, 'stored')
  const first = await submit(aurelia, aurelia, newNote(space.id, 1))
  await replicate(aurelia, borovia, space.id)
  const second = await submit(borovia, aurelia, newNote(space.id, 2))
  assert.deepEqual([first.state, second.state], ['on-record', 'on-record'])
  await replicate(aurelia, borovia, space.id)
  const read = await borovia.ledger.acts(space.id)
  assert.deepEqual(read, await aurelia.ledger.acts(space.id))
  assert.deepEqual(
    read.map((act) => act.statement.type),
    ['space.opened', 'trial.note-sent', 'trial.note-sent'],
  )
  assert.deepEqual(await viewRows(borovia.db, registers), await viewRows(aurelia.db, registers))
})
