import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Leaving, Services } from '../../../core/module/types.ts'
import '../tables.ts'

/**
 * A service that a draft tells of was marked narrower since, or taken off the plan: the draft goes back.
 *
 * @throws Refusal `recovery.stays-now`
 */
export async function checkPictureLeaving(services: Services, { draft }: Leaving): Promise<undefined> {
  if (!/^recovery\.picture-(shared|updated)$/.test(draft.type)) return undefined
  const shared = await services.db
    .selectFrom('home.recovery_shared')
    .select('services')
    .where('draft', '=', draft.id)
    .executeTakeFirst()
  if (!shared) return undefined
  const rows = await services.db
    .selectFrom('home.recovery_service')
    .select(['tlp', 'content'])
    .distinctOn('service')
    .where('service', 'in', shared.services)
    .orderBy('service')
    .orderBy('ordinal', 'desc')
    .execute()
  if (rows.some(({ tlp, content }) => content.isOff || tlpRank(tlp) > tlpRank(draft.marking.tlp)))
    throw new Refusal('recovery.stays-now')
  return undefined
}
