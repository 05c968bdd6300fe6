import { sql } from 'kysely'
import { attachmentLimits, draftsSharing, forgetFiles } from '../attachments/index.ts'
import { Refusal } from '../http/refusal.ts'
import { narrowest } from '../markings/index.ts'
import type { Draft, Viewer } from '../module/types.ts'
import type { DraftServices } from './context.ts'
import { attachmentFacts, currentApproval, type DraftRow, findSpace, lockDraft, readDraft } from './draft-row.ts'

/**
 * Passes where files may be added to what will be the draft of this id, or to what several drafts share under it: it
 * was not saved yet, or is being written by whoever may write it.
 *
 * @throws Refusal `draft.held`, `draft.sent`, `draft.not-drafting`, `draft.discarded`, `not-permitted`
 */
export async function requireFilesOpen({ db }: Pick<DraftServices, 'db'>, viewer: Viewer, id: string): Promise<void> {
  const drafts = [id, ...(await draftsSharing(db, id))]
  const rows = await db.selectFrom('home.draft').selectAll().where('id', 'in', drafts).execute()
  for (const row of rows) requireOpen(viewer, row)
}

function requireOpen(viewer: Viewer, row: DraftRow): void {
  const { state } = row
  if (state === 'held' || state === 'sent' || state === 'discarded') throw new Refusal(`draft.${state}`)
  if (state !== 'drafting') throw new Refusal('draft.not-drafting')
  if (!mayWrite(viewer, row)) throw new Refusal('not-permitted')
}

function mayWrite(viewer: Viewer, { type, office }: DraftRow): boolean {
  const isOwnOffice = viewer.offices.some((one) => one.id === office)
  return isOwnOffice && (viewer.may(`${type}:draft`, office) || viewer.may(`${type}:send`, office))
}

/**
 * Files came or went: the draft counts them, is marked as its narrowest file, and needs a new clearance; so does every
 * draft that shares them. Nothing happens while no draft of this id was saved.
 */
export async function countFiles(services: DraftServices, viewer: Viewer, id: string): Promise<void> {
  await requireFilesOpen(services, viewer, id)
  for (const draft of [id, ...(await draftsSharing(services.db, id))]) await countOne(services, viewer, draft)
}

async function countOne(services: DraftServices, viewer: Viewer, id: string): Promise<Draft | undefined> {
  const found = await services.db.selectFrom('home.draft').select('space').where('id', '=', id).executeTakeFirst()
  if (!found) return undefined
  const space = await findSpace(services, found.space)
  return services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    if (row.state !== 'drafting') throw new Refusal('draft.not-drafting')
    const files = await attachmentFacts(tx, id)
    const marking = narrowest([
      row.marking,
      ...files.map(({ marking: { tlp, class: ofClass } }) => ({ tlp, class: ofClass })),
    ])
    const approval = await currentApproval(tx, { ...row, marking }, space)
    if (approval === row.approval) return readDraft(tx, row)
    const updated = await tx
      .updateTable('home.draft')
      .set({
        marking: JSON.stringify(marking),
        approval,
        hands: JSON.stringify([...new Set([...row.hands, viewer.person.id])]),
        updated_at: services.clock.now(),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return readDraft(tx, updated)
  })
}

/** Drafts that lay untouched lose their files, and say so when somebody opens them. */
export async function forgetOldFiles(services: DraftServices): Promise<string[]> {
  const rows = await services.db
    .selectFrom('home.draft')
    .select(['id', 'space'])
    .where('state', '=', 'drafting')
    .where('updated_at', '<', services.clock.now() - attachmentLimits.draftKeptMs)
    .where(
      sql<boolean>`exists (select from home.attachment a where a.draft = home.draft.id or a.draft in
        (select files from home.attachment_share s where s.draft = home.draft.id))`,
    )
    .execute()
  for (const { id, space } of rows) {
    const facts = await findSpace(services, space)
    await services.db.transaction().execute(async (tx) => {
      const row = await lockDraft(tx, id)
      if (row.state !== 'drafting') return
      await forgetFiles(tx, id)
      const approval = await currentApproval(tx, row, facts)
      await tx
        .updateTable('home.draft')
        .set({ approval, returned_why: 'files-forgotten' })
        .where('id', '=', id)
        .execute()
    })
  }
  return rows.map(({ id }) => id)
}
