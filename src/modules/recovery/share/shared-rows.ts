import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { inSight, publishChange, writeEntry } from '../../incidents/index.ts'
import '../tables.ts'

/** Notes at home which services of which incident a draft tells of, and says so in the log of the incident once. */
export async function keepShared(
  services: Services,
  viewer: Viewer,
  { draft, incident, space, chosen }: { draft: string; incident: string; space: string; chosen: readonly string[] },
): Promise<void> {
  const row = { services: [...chosen], by_person: viewer.person.id, at: services.clock.now() }
  await services.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('home.recovery_shared')
      .values({ draft, incident, space, ...row })
      .onConflict((conflict) => conflict.column('draft').doUpdateSet(row))
      .execute()
    // The draft is written once, however often it is saved.
    await writeEntry(services, viewer, tx, {
      id: draft,
      incident,
      kind: 'recovery-told',
      facts: { count: chosen.length },
    })
  })
  publishChange(services, incident)
}

export async function forgetShared(tx: Tx, draft: string): Promise<void> {
  await tx.deleteFrom('home.recovery_shared').where('draft', '=', draft).execute()
}

/** A picture of ours on the record, with the services at home it was made from. */
export interface OwnPicture {
  picture: string
  space: string
  newest: string
  asOf: number
  incident: string
  services: string[]
}

/** Pictures we keep up about incidents this person may know of, of one incident or in one space. */
export async function ownPictures(
  services: Services,
  viewer: Viewer,
  of: { incident: string } | { picture: string },
): Promise<OwnPicture[]> {
  const drafts = await services.db
    .selectFrom('home.recovery_shared')
    .select(['draft', 'incident', 'services'])
    .where(inSight(services, viewer, 'home.recovery_shared.incident'))
    .$if('incident' in of, (query) => query.where('incident', '=', (of as { incident: string }).incident))
    .execute()
  if (drafts.length === 0) return []
  const byDraft = new Map(drafts.map(({ draft, ...rest }) => [draft, rest]))
  const rows = await services.db
    .selectFrom('view.recovery_picture as p')
    .innerJoin('log.entry as e', (join) => join.onRef('e.space', '=', 'p.space').onRef('e.act_hash', '=', 'p.newest'))
    .select(['p.picture', 'p.space', 'p.newest', 'p.as_of as asOf', 'e.act_id as draft'])
    .where('p.author', '=', services.party)
    .where('p.ended_at', 'is', null)
    .where('e.act_id', 'in', [...byDraft.keys()])
    .$if('picture' in of, (query) => query.where('p.picture', '=', (of as { picture: string }).picture))
    .orderBy('p.at')
    .orderBy('p.picture')
    .execute()
  return rows.flatMap(({ draft, ...row }) => {
    const made = byDraft.get(draft)
    return made ? [{ ...row, ...made }] : []
  })
}
