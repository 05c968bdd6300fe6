import { audit } from '../../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Db, Reader, Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import '../tables.ts'
import type { RegisterEntry } from '../register/list-documents.ts'
import { planTransfer } from './plan-transfer.ts'
import type { DocumentFacts, TransferState, TransferTerms } from './transfer-facts.ts'

/** Name of the job that makes the package. */
export const makingTask = 'channels.make-transfer'

export interface Transfer extends TransferTerms {
  id: string
  state: TransferState
  language: string
  total: number
  done: number
  /** Code of the refusal that stopped it. */
  why?: string
  proposedBy: { id: string; name: string; at: number }
  confirmedBy?: { name: string; at: number }
  package?: { run: string; sha256: string; size: number; madeAt: number }
  receipt?: { reference: string; on: string; by: string; at: number }
}

/** @throws Refusal `not-found` */
export async function getTransfer(db: Reader, id: string): Promise<Transfer> {
  const row = await db.selectFrom('home.archive_transfer').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  return transferOf(row)
}

/** Newest first. */
export async function listTransfers(db: Reader, state?: TransferState): Promise<Transfer[]> {
  const rows = db.selectFrom('home.archive_transfer').selectAll().orderBy('proposed_at', 'desc').limit(200)
  return (await (state ? rows.where('state', '=', state) : rows).execute()).map(transferOf)
}

type Row = Awaited<ReturnType<typeof readRow>>
const readRow = (db: Reader) => db.selectFrom('home.archive_transfer').selectAll().executeTakeFirstOrThrow()

function transferOf(row: Row): Transfer {
  const { id, code, archive, language, total, done } = row
  return {
    ...{ id, code, archive, language, total, done },
    from: row.from_day ?? undefined,
    to: row.to_day ?? undefined,
    ceiling: row.ceiling as Tlp,
    state: row.state as TransferState,
    why: row.why ?? undefined,
    proposedBy: { id: row.proposed_by, name: row.proposed_by_name, at: row.proposed_at },
    ...(row.confirmed_at !== null && { confirmedBy: { name: row.confirmed_by_name ?? '', at: row.confirmed_at } }),
    ...(row.sha256 !== null && {
      package: { run: row.run ?? '', sha256: row.sha256, size: row.size ?? 0, madeAt: row.made_at ?? 0 },
    }),
    ...(row.received_at !== null && {
      receipt: {
        reference: row.receipt ?? '',
        on: row.received_on ?? '',
        by: row.received_by_name ?? '',
        at: row.received_at,
      },
    }),
  }
}

/**
 * Puts a package before a second person. The same id again changes nothing.
 *
 * @param seen - Fingerprint of the plan as this person read it.
 * @throws Refusal `channels-transfer-changed`, `channels-transfer-empty`
 */
export async function proposeTransfer(
  services: Services,
  viewer: Viewer,
  { id, seen, language, ...terms }: TransferTerms & { id: string; seen: string; language: string },
): Promise<void> {
  const plan = await planTransfer(services, viewer, terms)
  if (plan.fingerprint !== seen) throw new Refusal('channels-transfer-changed')
  if (plan.leaves.length === 0) throw new Refusal('channels-transfer-empty')
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('home.archive_transfer')
      .values({
        ...{ id, language, code: terms.code, archive: terms.archive, ceiling: terms.ceiling },
        ...{ from_day: terms.from ?? null, to_day: terms.to ?? null, state: 'proposed', fingerprint: seen },
        ...{ total: plan.leaves.length, done: 0, why: null },
        ...{ proposed_by: viewer.person.id, proposed_by_name: viewer.person.name, proposed_at: at },
        ...{ confirmed_by_name: null, confirmed_at: null, run: null, sha256: null, size: null, made_at: null },
        ...{ receipt: null, received_on: null, received_by_name: null, received_at: null },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows) await minute(tx, at, 'transfer-proposed', { id, archive: terms.archive }, viewer)
  })
}

/**
 * A second person confirms what they read themselves; then it is made by a job.
 *
 * @throws Refusal `channels-transfer-own`, `channels-transfer-changed`, `channels-transfer-not-now`
 */
export async function confirmTransfer(services: Services, viewer: Viewer, id: string, seen: string): Promise<void> {
  const transfer = await getTransfer(services.db, id)
  if (transfer.proposedBy.id === viewer.person.id) throw new Refusal('channels-transfer-own')
  const plan = await planTransfer(services, viewer, transfer)
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const row = await lockIn(tx, id, 'proposed')
    if (plan.fingerprint !== seen || plan.fingerprint !== row.fingerprint)
      throw new Refusal('channels-transfer-changed')
    const rows = plan.leaves.map(({ entry }, place) => ({
      ...{ transfer: id, act: entry.id, place },
      facts: JSON.stringify(factsOf(entry)),
    }))
    await tx.insertInto('home.archive_document').values(rows).execute()
    await tx
      .updateTable('home.archive_transfer')
      .set({ state: 'making', confirmed_by_name: viewer.person.name, confirmed_at: at })
      .where('id', '=', id)
      .execute()
    await minute(tx, at, 'transfer-confirmed', transfer, viewer)
    await services.jobs.enqueue(tx, makingTask, { id }, { key: `${makingTask}:${id}` })
  })
}

/** What the register says of a document now. */
export function factsOf(entry: RegisterEntry): DocumentFacts {
  const { direction, parties, kind, sentAt, ourRef, yourRef, stamp, marking, state, isCorrected, retention } = entry
  return {
    ...{ direction, parties, kind, sentAt, ourRef, yourRef, stamp, marking, state, isCorrected },
    space: entry.space ?? '',
    isDrill: entry.drill !== undefined,
    keptUntil: retention.kept === 'until' ? retention.endsOn : '',
  }
}

/** Before it is made whoever may propose takes it back; one that was stopped or never fetched as well. */
export async function withdrawTransfer(services: Services, viewer: Viewer, id: string): Promise<void> {
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const row = await lockIn(tx, id, 'proposed', 'stopped', 'made')
    await tx.updateTable('home.archive_transfer').set({ state: 'withdrawn' }).where('id', '=', id).execute()
    if (row.run !== null) await tx.deleteFrom('home.archive_piece').where('run', '=', row.run).execute()
    await minute(tx, at, 'transfer-withdrawn', row, viewer)
  })
}

/**
 * The archive's receipt, with the hash it computed itself: only then may working copies go. Our copy of the package
 * goes with it; its hash stays.
 */
export async function recordReceipt(
  services: Services,
  viewer: Viewer,
  id: string,
  { sha256, reference, on }: { sha256: string; reference: string; on: string },
): Promise<void> {
  const at = services.clock.now()
  if (on > new Date(at).toISOString().slice(0, 10)) throw InvalidInput.at('on', 'channels.transfer.day-to-come')
  await services.db.transaction().execute(async (tx) => {
    const row = await lockIn(tx, id, 'made')
    if (row.sha256 !== sha256) throw InvalidInput.at('sha256', 'channels.transfer.other-package')
    await tx
      .updateTable('home.archive_transfer')
      .set({
        ...{ state: 'received', receipt: reference, received_on: on },
        ...{ received_by_name: viewer.person.name, received_at: at },
      })
      .where('id', '=', id)
      .execute()
    await tx.deleteFrom('home.archive_piece').where('run', '=', row.run).execute()
    await minute(tx, at, 'transfer-received', row, viewer, { sha256, reference })
  })
}

/** @throws Refusal `channels-transfer-not-now` unless it is in one of these states. */
async function lockIn(tx: Tx, id: string, ...states: TransferState[]): Promise<Row> {
  const row = await tx
    .selectFrom('home.archive_transfer')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  if (!states.includes(row.state as TransferState)) throw new Refusal('channels-transfer-not-now')
  return row
}

/** One line of the house's record of who did what. */
export const minute = (
  tx: Tx | Db,
  at: number,
  what: string,
  { id, archive }: Pick<Transfer, 'id' | 'archive'>,
  viewer?: Viewer,
  facts: Record<string, string | number> = {},
): Promise<void> => audit(tx, { at, person: viewer?.person.id, what, about: id, facts: { archive, ...facts } })
