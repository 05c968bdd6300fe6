import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { blobMigrations, createBlobs, migrate, openDatabase, removeEmbeddedPostgres } from '../storage/index.ts'
import { newBlob } from '../../protocol/index.ts'
import { migrations as logMigrations } from '../log/index.ts'
import { rewriteErased } from './erasure.ts'
import { migrations } from './migrations.ts'

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Files of a folder in which these bytes stand. */
function filesWith(folder: string, bytes: string): string[] {
  try {
    return execFileSync('grep', ['-rlaF', '--', bytes, folder], { encoding: 'utf8' }).split('\n').filter(Boolean)
  } catch {
    return []
  }
}

test('after the scrub no file of the database holds a byte of an erased payload, and what is kept is there', async (t) => {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'chancery-erase-')), 'data')
  t.after(async () => {
    await removeEmbeddedPostgres(dataDir)
    rmSync(join(dataDir, '..'), { recursive: true, force: true })
  })
  const database = await openDatabase({ dataDir })
  const { db, folder = '' } = database
  try {
    await migrate(db, [...blobMigrations, ...logMigrations, ...migrations])
    const blobs = createBlobs()
    const said = 'Der Name des Zeugen ist Anselm Quittenbaum'
    const erased = newBlob(Buffer.from(said))
    const large = newBlob(Buffer.concat([Buffer.from(said), Buffer.alloc(3_000_000, 7)]))
    const kept = newBlob(Buffer.from('Was bleibt, bleibt'))
    for (const { commitment, blob } of [erased, large, kept]) await blobs.put(db, commitment, blob)
    assert.equal(await rewriteErased({ db, log }), false, 'nothing was erased yet')
    await db.transaction().execute(async (tx) => {
      await blobs.erase(tx, erased.commitment)
      await blobs.erase(tx, large.commitment)
    })
    assert.ok(filesWith(folder, 'Quittenbaum').length > 0, 'the search would find nothing anyway')
    assert.equal(await rewriteErased({ db, log }), true)
    assert.deepEqual(filesWith(folder, 'Quittenbaum'), [])
    assert.ok(filesWith(folder, 'Was bleibt').length > 0)
    assert.equal(
      Buffer.from((await blobs.contents(db, [kept.commitment])).get(kept.commitment)!).toString(),
      'Was bleibt, bleibt',
    )
    assert.equal(await rewriteErased({ db, log }), false, 'once is enough')
  } finally {
    await database.close()
  }
})
