import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Fate } from '../../../test/support/fake-wire.ts'
import { startNetwork } from '../../../test/support/network.ts'
import { note, noteActs, openChannel, until } from '../../../test/support/notes.ts'

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ delayTurns: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ duplicates: fc.integer({ min: 1, max: 3 }), delayTurns: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.constant({ dropRequest: true }) },
  { weight: 1, arbitrary: fc.constant({ dropAnswer: true }) },
)

test('however messages are lost, repeated, delayed and reordered, all members end with one history', async (t) => {
  const { nodes, wire } = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { acts: noteActs, submitWaitMs: 20 })
  const all = Object.values(nodes)
  const { aurelia, borovia, calenia } = nodes
  await fc.assert(
    fc.asyncProperty(
      fc.infiniteStream(fate),
      fc.array(fc.constantFrom(aurelia, borovia, calenia), { minLength: 4, maxLength: 10 }),
      async (fates, authors) => {
        const next = fates[Symbol.iterator]()
        wire.rule(() => next.next().value ?? {})
        const space = await openChannel(aurelia, [borovia, calenia])
        const sent = await Promise.all(
          authors.map(async (author, place) => {
            await until(async () => (await author.ledger.head(space.id)) !== undefined, `${author.name} has the space`)
            return (await author.outbox.send(note(space.id, `${place}`))).hash
          }),
        )
        wire.rule(undefined)
        const size = 1 + authors.length
        await until(
          async () =>
            (await Promise.all(all.map((node) => node.ledger.head(space.id)))).every((head) => head?.size === size),
          `${size} entries everywhere`,
        )
        const heads = await Promise.all(all.map((node) => node.ledger.head(space.id)))
        assert.equal(new Set(heads.map((head) => head!.root)).size, 1)
        for (const node of all) {
          const hashes = (await node.ledger.acts(space.id)).slice(1).map((act) => act.hash)
          assert.deepEqual(hashes.toSorted(), sent.toSorted())
          await until(async () => (await node.ledger.missingParts(space.id)).length === 0, 'all payloads are here')
        }
        await until(
          async () => (await Promise.all(all.map((node) => node.outbox.pending()))).flat().length === 0,
          'no act waits',
        )
      },
    ),
    { numRuns: 12, interruptAfterTimeLimit: 60_000, endOnFailure: true },
  )
})

test('a member with one connection to its database takes what it missed, bundle after bundle', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia', 'borovia'], { acts: noteActs, poolSize: 1 })
  const { aurelia, borovia } = nodes
  const { id: space } = await openChannel(aurelia, [borovia])
  await until(async () => (await borovia.ledger.head(space)) !== undefined, 'the space is there')
  await borovia.kill()
  // More than come along with the news of it.
  await Promise.all(Array.from({ length: 300 }, (_, n) => aurelia.outbox.send(note(space, `${n}`))))
  await until(async () => (await aurelia.ledger.head(space))?.size === 301, 'everything is on the record')
  await borovia.restart()
  await until(async () => (await borovia.ledger.head(space))?.size === 301, 'what was missed is there')
})
