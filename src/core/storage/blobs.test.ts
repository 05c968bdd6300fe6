import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/postgres.ts'
import { blobMigrations, createBlobs } from './index.ts'

const blobs = createBlobs()

function blobOf(size: number): { blob: Uint8Array; commitment: string } {
  const blob = randomBytes(32 + size)
  return { blob, commitment: createHash('sha256').update(blob).digest('base64url') }
}

test('a payload of several megabytes comes back byte for byte', async (t) => {
  const { db } = await testDatabase(t, blobMigrations)
  for (const size of [0, 1, 1024 * 1024 - 32, 1024 * 1024 - 31, 3_500_000]) {
    const { blob, commitment } = blobOf(size)
    await blobs.put(db, commitment, blob)
    assert.deepEqual(Buffer.from((await blobs.find(db, commitment)) ?? []), Buffer.from(blob))
    const content = (await blobs.contents(db, [commitment])).get(commitment)
    assert.deepEqual(Buffer.from(content ?? []), Buffer.from(blob.subarray(32)))
  }
})

test('a payload that is not what its commitment promises is refused and leaves nothing', async (t) => {
  const { db } = await testDatabase(t, blobMigrations)
  const { blob } = blobOf(10)
  const { commitment } = blobOf(10)
  await assert.rejects(blobs.put(db, commitment, blob), /not what/)
  assert.equal((await blobs.has(db, [commitment])).size, 0)
  await assert.rejects(blobs.put(db, commitment, blob.subarray(0, 31)), /salt/)
})

test('storing the same payload again changes nothing', async (t) => {
  const { db } = await testDatabase(t, blobMigrations)
  const { blob, commitment } = blobOf(100)
  await blobs.put(db, commitment, blob)
  await blobs.put(db, commitment, blob)
  const rows = await db.selectFrom('log.blob_piece').selectAll().execute()
  assert.equal(rows.length, 1)
})

test('an erased payload is gone for every reader', async (t) => {
  const { db } = await testDatabase(t, blobMigrations)
  const { blob, commitment } = blobOf(2_000_000)
  await blobs.put(db, commitment, blob)
  await db.transaction().execute((tx) => blobs.erase(tx, commitment))
  assert.equal(await blobs.find(db, commitment), undefined)
  assert.equal((await blobs.contents(db, [commitment])).size, 0)
  assert.equal((await db.selectFrom('log.blob_piece').select('piece').execute()).length, 0)
})
