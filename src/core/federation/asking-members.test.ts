import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LedgerNode, newChannel, startLedgers } from '../../../test/support/ledger.ts'
import { createAskingMembers } from './asking-members.ts'
import type { PeerClient } from './peer-client.ts'

test('a start with a silent member in more spaces than are asked about together waits for it once, and signs in all of them', async (t) => {
  const nodes = await startLedgers(t, ['aurelia.example', 'borovia.example'])
  const aurelia = nodes['aurelia.example'] as LedgerNode
  // In two parts, each waiting for the disk once.
  for (const count of [32, 40])
    await Promise.all(Array.from({ length: count }, () => aurelia.ledger.open(newChannel(['borovia.example']))))
  const asked: string[] = []
  const again = aurelia.another({
    askMembers: createAskingMembers({
      ledger: aurelia.ledger,
      // It takes every question and never answers.
      client: {
        ask: (_: string, { path }: { path: string }) => {
          asked.push(path)
          return new Promise(() => undefined)
        },
      } as unknown as PeerClient,
      log: { info() {}, warn() {}, error() {} },
      party: 'aurelia.example',
      holders: async ({ kind }) => (kind === 'register' ? [] : ['aurelia.example', 'borovia.example']),
      pull: async () => undefined,
    }),
    instance: 'node',
  })
  const gate = await again.start()
  assert.deepEqual(gate.blocked, [])
  assert.ok(gate.open)
  assert.ok(asked.length > 0 && asked.length <= 64, `asked ${asked.length} times`)
  assert.equal(new Set(asked).size, asked.length)
})
