import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  carryBlobs,
  heldClock,
  type LedgerNode,
  newChannel,
  newNote,
  replicate,
  sign,
  startLedgers,
  viewRows,
} from '../../../test/support/ledger.ts'
import { newId } from '../../protocol/index.ts'
import type { ActDraft } from '../module/types.ts'
import type { LogLedger, SignedDraft } from './index.ts'

const parties = ['aurelia.example', 'borovia.example']

type Step =
  | { do: 'sign'; by: number; type: 'note' | 'odd' | 'clock' | 'erase'; number: number }
  | { do: 'hand-in'; how: 'new' | 'old' | 'both'; process: number }
  | { do: 'replicate' }
  | { do: 'wait'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('sign' as const),
      by: fc.nat(1),
      number: fc.integer({ min: -2, max: 9 }),
      type: fc.constantFrom('note', 'note', 'odd', 'clock', 'erase'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('hand-in' as const),
      how: fc.constantFrom('new', 'old', 'both'),
      process: fc.nat(1),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'replicate' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(100_000) }) },
)

test('whatever the order of signing, handing in, repeating and replicating, member and host agree', async (t) => {
  const clock = heldClock()
  const nodes = await startLedgers(t, parties, { clock })
  const [aurelia, borovia] = parties.map((party) => nodes[party]) as [LedgerNode, LedgerNode]
  const registers = [aurelia.identity.register, borovia.identity.register]
  const second = aurelia.another()
  await second.start()

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const { id: space } = await aurelia.ledger.open(
        newChannel(['borovia.example'], {
          kind: 'exercise',
          drill: { name: 'Interleaved' },
        }),
      )
      await replicate(aurelia, borovia, space)
      const waiting: SignedDraft[] = []
      const handedIn: SignedDraft[] = []
      for (const one of steps) {
        if (one.do === 'wait') clock.time += one.ms
        if (one.do === 'replicate') await replicate(aurelia, borovia, space)
        if (one.do === 'sign') {
          const by = one.by ? borovia : aurelia
          const signed = await sign(by, draftOf(space, one, handedIn))
          await carryBlobs(by, aurelia, signed)
          waiting.push(signed)
        }
        if (one.do === 'hand-in') {
          const fresh = one.how === 'old' ? [] : waiting.splice(0)
          const batch = one.how === 'new' ? fresh : [...handedIn, ...fresh]
          await handIn([aurelia.ledger, second], space, batch, one.process)
          handedIn.push(...fresh)
        }
      }
      const stored = await replicate(aurelia, borovia, space)
      assert.equal(stored.state, 'stored')
      const head = await aurelia.ledger.head(space)
      assert.equal(head?.size, handedIn.length + 1, 'every act handed in stands exactly once')
      assert.deepEqual(await borovia.ledger.head(space), { ...head, hosted: false })
      const rows = await viewRows(aurelia.db, registers)
      assert.deepEqual(await viewRows(borovia.db, registers), rows)
      await borovia.ledger.rebuildViews()
      assert.deepEqual(await viewRows(borovia.db, registers), rows)
    }),
    { numRuns: 12 },
  )
})

async function handIn(ledgers: LogLedger[], space: string, batch: SignedDraft[], first: number): Promise<void> {
  // Two processes of the host at once, each with half of the batch and one act in common.
  const half = Math.ceil(batch.length / 2)
  const halves = [batch.slice(0, half + 1), batch.slice(half)]
  const answers = await Promise.all(
    halves.map((acts, at) =>
      (ledgers[(at + first) % 2] as LogLedger).sequence(
        space,
        acts.map(({ envelope }) => ({ envelope })),
      ),
    ),
  )
  for (const answer of answers.flat()) assert.equal(answer.state, 'on-record')
}

function draftOf(space: string, one: Step & { do: 'sign' }, handedIn: SignedDraft[]): ActDraft {
  const base = { space, id: newId(), office: 'desk', marking: { tlp: 'AMBER' as const } }
  const target = handedIn[one.number]
  if (one.type === 'odd') return { ...base, type: 'other.thing-done', body: { number: one.number } }
  if (one.type === 'clock') {
    return {
      ...base,
      type: 'drill.clock-set',
      body: { scenario: 1_700_000_000_000 + one.number + 2, rate: (one.number + 2) * 10 },
    }
  }
  if (one.type === 'erase' && target) {
    const text = target.statement.parts.find((part) => part.role === 'text')
    const parts = text ? [text.hash] : target.statement.parts.map((part) => part.hash)
    return { ...base, type: 'space.payload-erased', body: { act: target.hash, parts } }
  }
  return newNote(space, one.number)
}
