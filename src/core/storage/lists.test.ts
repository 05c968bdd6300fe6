import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/postgres.ts'
import { integers, sliced, texts } from './index.ts'

const name = fc.option(fc.string().filter((text) => !/["\\\0]/.test(text) && text.isWellFormed()))

test('lists of names, numbers and byte strings arrive as they left', async (t) => {
  const { db } = await testDatabase(t, [])
  await fc.assert(
    fc.asyncProperty(
      fc.array(name),
      fc.array(fc.maxSafeInteger()),
      fc.array(fc.uint8Array()),
      async (names, numbers, pieces) => {
        const { bytes, starts, lengths } = sliced(pieces)
        const { rows } = await sql<{ names: unknown; numbers: unknown; pieces: Buffer[] }>`
          select ${texts(names)} as names, array(select unnest(${integers(numbers)})::text) as numbers,
            array(select substring(${bytes}::bytea from start::int for length::int)
              from unnest(${integers(starts)}, ${integers(lengths)}) with ordinality as s(start, length, place)
              order by place) as pieces`.execute(db)
        assert.deepEqual(rows[0]?.names, names)
        assert.deepEqual(rows[0]?.numbers, numbers.map(String))
        assert.deepEqual(
          rows[0]?.pieces.map((piece) => [...piece]),
          pieces.map((piece) => [...piece]),
        )
      },
    ),
    { numRuns: 100 },
  )
})

test('a name with a quote never becomes part of a list', () => {
  assert.throws(() => texts(['a', 'b","c']), /quote/)
  assert.throws(() => texts(['\\']), /backslash/)
})
