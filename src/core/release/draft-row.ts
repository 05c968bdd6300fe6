import type { Selectable } from 'kysely'
import { listReadyFiles } from '../attachments/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { ActDefinition, Draft, SpaceFacts } from '../module/types.ts'
import type { Reader, Tx } from '../storage/types.ts'
import { approvalOf } from './approval.ts'
import type { DraftServices } from './context.ts'
import type { DraftTable } from './tables.ts'

export type DraftRow = Selectable<DraftTable>
export type AttachmentFacts = Draft['attachments'][number]

/** Locks a draft for one step; every step starts here, so two clicks follow each other. */
export async function lockDraft(tx: Tx, id: string): Promise<DraftRow> {
  const row = await tx.selectFrom('home.draft').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new Refusal('draft.not-found')
  return row
}

/** Annexes a composer made, then files people added. */
export async function attachmentFacts(db: Reader, draft: string): Promise<AttachmentFacts[]> {
  return [...(await annexFacts(db, draft)), ...(await fileFacts(db, draft))]
}

/** What people added, as it stands now. */
export async function fileFacts(db: Reader, draft: string): Promise<AttachmentFacts[]> {
  const files = await listReadyFiles(db, draft)
  return files.map(({ id: _, title, ...file }) => ({ ...file, ...(title && { title }) }))
}

/** What a composer made: kept until it makes others. */
export async function annexFacts(db: Reader, draft: string): Promise<AttachmentFacts[]> {
  return db
    .selectFrom('home.draft_attachment')
    .select(['name', 'media', 'hash', 'size', 'marking'])
    .where('draft', '=', draft)
    .orderBy('position')
    .execute()
}

export async function readDraft(db: Reader, row: DraftRow): Promise<Draft> {
  return {
    id: row.id,
    space: row.space,
    type: row.type,
    office: row.office,
    body: row.body,
    text: row.text ?? undefined,
    attachments: await attachmentFacts(db, row.id),
    marking: row.marking,
    refs: row.refs,
    state: row.state,
    drafter: row.drafter,
    hands: row.hands,
    releaser: row.releaser ?? undefined,
    approval: row.approval,
    holdUntil: row.hold_until ?? undefined,
    actHash: row.act_hash ?? undefined,
    returnedWhy: row.returned_why ?? undefined,
    updatedAt: row.updated_at,
    form: row.form,
  }
}

/** The approval of a draft as it would be signed now: with today's readers of its space. */
export async function currentApproval(db: Reader, row: DraftRow, space: SpaceFacts): Promise<string> {
  return approvalOf({
    type: row.type,
    space: row.space,
    office: row.office,
    recipients: readersOf(space),
    marking: row.marking,
    body: row.body,
    text: row.text ?? undefined,
    attachments: await attachmentFacts(db, row.id),
    refs: row.refs,
  })
}

export function readersOf(space: SpaceFacts): string[] {
  return space.members.filter((member) => member.until === undefined).map((member) => member.party)
}

export async function findSpace(services: DraftServices, id: string): Promise<SpaceFacts> {
  const space = await services.ledger.find(id)
  if (!space) throw new Refusal('draft.no-such-space')
  return space
}

export function definitionOf(services: DraftServices, type: string): ActDefinition {
  const definition = services.modules.flatMap((module) => module.acts ?? []).find((act) => act.type === type)
  if (!definition) throw new Refusal('draft.unknown-type', { type })
  return definition
}
