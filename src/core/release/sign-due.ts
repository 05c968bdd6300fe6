import { settleStagedFiles, stagedToSign } from '../attachments/index.ts'
import { audit } from '../auth/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Attachment } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'
import { checkLeaving } from './check-leaving.ts'
import type { DraftServices } from './context.ts'
import { currentApproval, type DraftRow } from './draft-row.ts'
import { declareEmergency } from './emergency.ts'
import { type Place, placeOf } from './place.ts'
import { backToDrafting } from './take-back-draft.ts'

/**
 * Signs every draft whose hold has passed and gives it to the outbox under its
 * own id. Signature, intent and state are one transaction: killed at any moment,
 * a later run signs it or finds it signed. Returns the drafts whose state changed.
 */
export async function signDue(services: DraftServices): Promise<string[]> {
  const signed: string[] = []
  const changed: string[] = []
  for (const { id } of await dueDrafts(services)) {
    try {
      const hashes = await signOne(services, id)
      changed.push(id)
      signed.push(...hashes)
    } catch (error) {
      // One bad draft must not keep the others at home.
      services.log.error('draft-not-signed', { draft: id, error: String(error) })
    }
  }
  await Promise.all(signed.map((hash) => settle(services, hash)))
  return changed
}

async function dueDrafts(services: DraftServices): Promise<{ id: string }[]> {
  const held = await services.db
    .selectFrom('home.draft')
    .select(['id', 'space', 'hold_until'])
    .where('state', '=', 'held')
    .orderBy('hold_until')
    .orderBy('id')
    .execute()
  const due = await Promise.all(
    held.map(async (row) => (await services.ledger.scenarioNow(row.space)) >= row.hold_until!),
  )
  return held.filter((_, index) => due[index])
}

/** Hashes of the act and of what is said with it; none when another process has it, or it came back to its drafters. */
async function signOne(services: DraftServices, id: string): Promise<string[]> {
  const place = await placeOf(services, id)
  try {
    const facts = await checkLeaving(services, id, { stage: 'signing' })
    return await services.db.transaction().execute((tx) => signLocked(services, tx, id, { place, facts }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code } = error
    await services.db.transaction().execute(async (tx) => {
      const row = await lockHeld(tx, id)
      if (row) await backToDrafting(services, tx, row, { place, why: `refused:${code}`, what: 'draft-came-back' })
    })
    return []
  }
}

async function signLocked(
  services: DraftServices,
  tx: Tx,
  id: string,
  { place, facts }: { place: Place; facts: Record<string, string> },
): Promise<string[]> {
  const row = await lockHeld(tx, id)
  if (!row) return []
  if ((await currentApproval(tx, row, place.space)) !== row.approval) {
    await backToDrafting(services, tx, row, { place, why: 'readers-changed', what: 'draft-came-back' })
    return []
  }
  const now = services.clock.now()
  await tx
    .insertInto('home.intent')
    .values({ key: `release:${id}`, person: row.releaser, at: now })
    .execute()
  const files = await stagedToSign(tx, id)
  const act = await services.outbox.enqueue(tx, {
    id,
    space: row.space,
    type: row.type,
    office: row.office,
    body: row.body,
    text: row.text ?? undefined,
    attachments: await attachmentsOf(tx, id),
    files,
    marking: row.marking,
    refs: row.refs,
    after: row.after.length > 0 ? row.after : undefined,
  })
  await settleStagedFiles(tx, id, files)
  await tx
    .updateTable('home.draft')
    .set({ state: 'sent', act_hash: act.hash, updated_at: now })
    .where('id', '=', id)
    .execute()
  await audit(tx, {
    at: now,
    person: row.releaser ?? undefined,
    what: 'act-signed',
    about: act.hash,
    facts: { type: row.type, ...facts },
  })
  const declared = await declareEmergency(services, tx, row, act.hash)
  return declared === undefined ? [act.hash] : [act.hash, declared]
}

async function lockHeld(tx: Tx, id: string): Promise<DraftRow | undefined> {
  return tx
    .selectFrom('home.draft')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'held')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

async function attachmentsOf(tx: Tx, draft: string): Promise<Attachment[]> {
  const rows = await tx
    .selectFrom('home.draft_attachment')
    .select(['name', 'media', 'marking', 'content'])
    .where('draft', '=', draft)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({ ...row, content: new Uint8Array(row.content) }))
}

// Signed is done; the outbox carries it on by itself if the host does not answer now.
async function settle(services: DraftServices, hash: string): Promise<void> {
  try {
    await services.outbox.settle(hash)
  } catch (error) {
    services.log.warn('act-not-settled', { act: hash, error: String(error) })
  }
}
