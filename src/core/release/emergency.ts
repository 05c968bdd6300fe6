import { sha256 } from '../../protocol/index.ts'
import { audit, readHouse } from '../auth/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { Draft, Services, Viewer } from '../module/types.ts'
import type { Tx } from '../storage/types.ts'
import { checkLeaving } from './check-leaving.ts'
import { hold, requireApproved, requireWitnessed } from './clear-draft.ts'
import type { DraftServices } from './context.ts'
import { type DraftRow, lockDraft, readDraft } from './draft-row.ts'
import { placeOf } from './place.ts'

/** Act that tells the readers, at once, that nobody else has cleared what they got. */
export const emergencyDeclared = 'clearance.emergency-declared'
/** Whoever may do this may confirm or disown, unless they released it. */
export const emergencyConfirmed = 'clearance.emergency-confirmed'

/**
 * Releases a draft by one person alone, where the rule of the house allows it: with a reason, under the usual hold,
 * and with the head of office paged at once. A second click changes nothing.
 *
 * @throws Refusal `draft.no-emergencies` where the rule is off, `draft.nobody-to-confirm` where nobody else could
 *   confirm it, `draft.approval-differs`, `draft.not-drafting`, `not-permitted`.
 */
export async function releaseInEmergency(
  services: DraftServices,
  viewer: Viewer,
  id: string,
  { approval, reason }: { approval: string; reason: string },
): Promise<Draft> {
  if (!(await readHouse(services.db)).emergencyRelease) throw new Refusal('draft.no-emergencies')
  const place = await placeOf(services, id)
  await requireWitnessed(services, id, {})
  const facts = await checkLeaving(services, id, { stage: 'emergency', by: viewer })
  const found = await services.db.selectFrom('home.draft').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const paged = await headsOf(services, found, viewer)
  return services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    const isSecondClick = row.releaser === viewer.person.id && row.approval === approval
    if (isSecondClick && (row.state === 'held' || row.state === 'sent')) return readDraft(tx, row)
    if (row.state !== 'drafting' && row.state !== 'awaiting-release') throw new Refusal('draft.not-drafting')
    if (!viewer.may(`${row.type}:release`)) throw new Refusal('not-permitted')
    if (paged.length === 0) throw new Refusal('draft.nobody-to-confirm')
    await requireApproved(tx, row, approval, place)
    const at = services.clock.now()
    await tx
      .insertInto('home.emergency')
      .values({
        draft: id,
        person: viewer.person.id,
        reason,
        at,
        act: null,
        declared: null,
        without: facts.without ?? '',
      })
      .execute()
    for (const person of paged)
      await services.notices.send(tx, {
        key: `emergency:${id}:${person}`,
        person,
        message: 'release.notice.emergency',
        link: '/emergencies',
        urgency: 'page',
        drill: place.space.drill?.name,
      })
    await audit(tx, {
      at,
      person: viewer.person.id,
      what: 'draft-emergency',
      about: id,
      facts: { type: row.type, ...facts },
    })
    return hold(services, tx, { row, viewer, place, facts })
  })
}

/** Heads of the office it goes out from; where it has none, everybody who could have released it. */
async function headsOf({ people }: Pick<Services, 'people'>, row: DraftRow, viewer: Viewer): Promise<string[]> {
  const mayConfirm = (await people.holding(`${emergencyConfirmed}:release`)).filter((one) => one !== viewer.person.id)
  const heads = (await people.list()).filter(
    ({ id, roles, offices }) =>
      mayConfirm.includes(id) && roles.includes('head-of-office') && offices.some((one) => one.id === row.office),
  )
  return heads.length > 0 ? heads.map(({ id }) => id) : mayConfirm
}

/** Signs, beside an act released in emergency and in its transaction, the act that says so; nothing for any other. */
export async function declareEmergency(
  { outbox }: Pick<Services, 'outbox'>,
  tx: Tx,
  row: DraftRow,
  act: string,
): Promise<string | undefined> {
  const alone = await tx.selectFrom('home.emergency').select('draft').where('draft', '=', row.id).executeTakeFirst()
  if (!alone) return undefined
  const declared = await outbox.enqueue(tx, {
    id: Buffer.from(sha256(new TextEncoder().encode(`${emergencyDeclared}\n${row.id}`)))
      .toString('hex')
      .slice(0, 32),
    space: row.space,
    type: emergencyDeclared,
    office: row.office,
    body: { act },
    marking: row.marking,
    refs: [{ act }],
  })
  await tx.updateTable('home.emergency').set({ act, declared: declared.hash }).where('draft', '=', row.id).execute()
  return declared.hash
}

/** It is a draft again: whoever wants to release it alone says why anew. */
export async function voidEmergency({ notices }: Pick<Services, 'notices'>, tx: Tx, draft: string): Promise<void> {
  const gone = await tx
    .deleteFrom('home.emergency')
    .where('draft', '=', draft)
    .where('act', 'is', null)
    .executeTakeFirst()
  if (Number(gone.numDeletedRows) > 0) await notices.settle(tx, `emergency:${draft}`)
}
