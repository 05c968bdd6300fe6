import { createHash } from 'node:crypto'
import { Refusal } from '../../../core/http/index.ts'
import type { Json, Services } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { streamArchive } from '../../../protocol/dossier/index.ts'
import '../tables.ts'
import { packageFiles } from './package-files.ts'
import { getTransfer, minute, type Transfer } from './transfer.ts'

const pieceBytes = 1024 * 1024

/**
 * Job: makes the package of a confirmed transfer and keeps its bytes until the receipt. Twice is as good as once; what
 * a run that was killed left behind goes with the next.
 */
export async function makePackage(services: Services, payload: Json): Promise<void> {
  const { id } = payload as { id: string }
  const transfer = await getTransfer(services.db, id)
  if (transfer.state !== 'making') return
  const run = newId()
  await beginRun(services, id, run)
  try {
    const made = await store(services, run, streamArchive(await filesOf(services, transfer)))
    await finish(services, transfer, run, made)
  } catch (error) {
    await services.db.deleteFrom('home.archive_piece').where('run', '=', run).execute()
    if (!(error instanceof Refusal)) throw error
    await stop(services, transfer, run, error.code)
  }
}

function beginRun({ db }: Services, id: string, run: string): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('home.archive_transfer')
      .select('run')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (row?.run) await tx.deleteFrom('home.archive_piece').where('run', '=', row.run).execute()
    await tx.updateTable('home.archive_transfer').set({ run, done: 0 }).where('id', '=', id).execute()
  })
}

async function filesOf(services: Services, transfer: Transfer) {
  const documents = await services.db
    .selectFrom('home.archive_document')
    .select(['act', 'facts'])
    .where('transfer', '=', transfer.id)
    .orderBy('place')
    .execute()
  return packageFiles(services, transfer, documents, async (done) => {
    await services.db.updateTable('home.archive_transfer').set({ done }).where('id', '=', transfer.id).execute()
    services.live.publish(`transfer:${transfer.id}`)
  })
}

interface Made {
  sha256: string
  size: number
}

/** Rows of 1 MiB, one in memory at a time. */
async function store({ db }: Services, run: string, bytes: AsyncIterable<Uint8Array>): Promise<Made> {
  const digest = createHash('sha256')
  let [waiting, held, size, number]: [Uint8Array[], number, number, number] = [[], 0, 0, 0]
  const write = async () => {
    await db
      .insertInto('home.archive_piece')
      .values({ run, number, bytes: Buffer.concat(waiting) })
      .execute()
    number += 1
    waiting = []
    held = 0
  }
  for await (const piece of bytes) {
    digest.update(piece)
    size += piece.length
    held += piece.length
    waiting.push(Buffer.from(piece))
    if (held >= pieceBytes) await write()
  }
  if (held > 0) await write()
  return { sha256: digest.digest('hex'), size }
}

async function finish(services: Services, transfer: Transfer, run: string, { sha256, size }: Made): Promise<void> {
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('home.archive_transfer')
      .set({ ...{ state: 'made', sha256, size, made_at: at }, done: transfer.total })
      .where('id', '=', transfer.id)
      .where('state', '=', 'making')
      .where('run', '=', run)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new Refusal('channels-transfer-not-now')
    await minute(tx, at, 'transfer-made', transfer, undefined, { sha256, size })
  })
  services.live.publish(`transfer:${transfer.id}`)
}

async function stop(services: Services, transfer: Transfer, run: string, code: string): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('home.archive_transfer')
      .set({ state: 'stopped', why: code })
      .where('id', '=', transfer.id)
      .where('state', '=', 'making')
      .where('run', '=', run)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) await minute(tx, services.clock.now(), 'transfer-stopped', transfer, undefined, { code })
  })
  services.live.publish(`transfer:${transfer.id}`)
}

/** The bytes of a package, piece by piece. */
export async function* readPackage({ db }: Services, run: string): AsyncGenerator<Uint8Array> {
  for (let number = 0; ; number += 1) {
    const row = await db
      .selectFrom('home.archive_piece')
      .select('bytes')
      .where('run', '=', run)
      .where('number', '=', number)
      .executeTakeFirst()
    if (!row) return
    yield row.bytes
  }
}
