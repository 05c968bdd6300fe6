import { forgetFiles } from '../attachments/index.ts'
import { audit } from '../auth/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Draft, Viewer } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'
import type { DraftServices } from './context.ts'
import { type DraftRow, lockDraft, readDraft } from './draft-row.ts'
import { voidEmergency } from './emergency.ts'
import { type Place, placeOf } from './place.ts'

/**
 * Stops a released draft while its hold runs; it is a draft again and needs a new clearance.
 *
 * @throws Refusal `draft.hold-over` when the hold has passed, `not-permitted`.
 */
export async function stopDraft(services: DraftServices, viewer: Viewer, id: string): Promise<Draft> {
  const place = await placeOf(services, id)
  return services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    if (row.state === 'drafting') return readDraft(tx, row)
    if (row.state !== 'held') throw new Refusal(row.state === 'sent' ? 'draft.hold-over' : 'draft.not-held')
    const mayStop =
      isInvolved(row, viewer) || viewer.may(`${row.type}:release`) || viewer.may(`${row.type}:draft`, row.office)
    if (!mayStop) throw new Refusal('not-permitted')
    if (place.scenarioNow >= row.hold_until!) throw new Refusal('draft.hold-over')
    return backToDrafting(services, tx, row, { place, why: 'stopped', by: viewer.person.id, what: 'draft-stopped' })
  })
}

/**
 * Gives a draft back to whoever wrote it, with a reason.
 *
 * @throws Refusal `draft.not-waiting`, `not-permitted`.
 */
export async function giveBackDraft(services: DraftServices, viewer: Viewer, id: string, why: string): Promise<Draft> {
  const place = await placeOf(services, id)
  return services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    if (row.state === 'drafting') return readDraft(tx, row)
    if (row.state !== 'awaiting-release') throw new Refusal('draft.not-waiting')
    const isWithdrawal = row.hands.includes(viewer.person.id)
    if (!isWithdrawal && !viewer.may(`${row.type}:release`)) throw new Refusal('not-permitted')
    return backToDrafting(services, tx, row, { place, why, by: viewer.person.id, what: 'draft-given-back' })
  })
}

/**
 * Throws a draft away; its prose and attachments are deleted.
 *
 * @throws Refusal `draft.held`, `draft.sent`, `not-permitted`.
 */
export async function discardDraft(services: DraftServices, viewer: Viewer, id: string): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    if (row.state === 'discarded') return
    if (row.state === 'held' || row.state === 'sent') throw new Refusal(`draft.${row.state}`)
    if (!isInvolved(row, viewer) && !viewer.may(`${row.type}:release`)) throw new Refusal('not-permitted')
    await services.notices.settle(tx, `release:${id}`)
    await tx.deleteFrom('home.draft_attachment').where('draft', '=', id).execute()
    await forgetFiles(tx, id)
    for (const module of services.modules) await module.draftDiscarded?.(tx, id)
    await tx.deleteFrom('home.draft_version').where('draft', '=', id).execute()
    await tx
      .updateTable('home.draft')
      .set({
        state: 'discarded',
        body: '{}',
        text: null,
        form: '{}',
        updated_at: services.clock.now(),
      })
      .where('id', '=', id)
      .execute()
    await audit(tx, { at: services.clock.now(), person: viewer.person.id, what: 'draft-discarded', about: id })
  })
}

/** Makes it a draft again, whose clearance is void, and tells those who wrote it. */
export async function backToDrafting(
  services: DraftServices,
  tx: Tx,
  row: DraftRow,
  { place, why, by, what }: { place: Place; why: string; by?: string; what: string },
): Promise<Draft> {
  const now = services.clock.now()
  await services.notices.settle(tx, `release:${row.id}`)
  await voidEmergency(services, tx, row.id)
  const updated = await tx
    .updateTable('home.draft')
    .set({ state: 'drafting', releaser: null, hold_until: null, returned_why: why, updated_at: now })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  for (const person of row.hands.filter((hand) => hand !== by)) {
    await services.notices.send(tx, {
      key: `release:${row.id}:back:${now}`,
      person,
      message: 'release.notice.back',
      link: `/drafts/${row.id}/review`,
      urgency: 'normal',
      drill: place.space.drill?.name,
    })
  }
  await audit(tx, { at: now, person: by, what, about: row.id, facts: { type: row.type } })
  return readDraft(tx, updated)
}

function isInvolved(row: DraftRow, viewer: Viewer): boolean {
  return row.hands.includes(viewer.person.id) || row.releaser === viewer.person.id
}
