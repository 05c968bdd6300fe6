import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** What became of an item of evidence, without a word of it. */
export interface EvidenceState {
  tlp: Tlp
  withdrawnAt?: number
  /** It lies in a compartment, with readers of its own. */
  isClosed: boolean
}

/**
 * How named items stand now, for records that rest on them: also of items whose words this person may not see, because
 * the record they can see already named them.
 */
export async function readEvidenceStates(
  services: Services,
  viewer: Viewer,
  evidence: readonly string[],
): Promise<Map<string, EvidenceState>> {
  if (evidence.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('home.incidents_evidence')
    .select(['id', 'tlp', 'withdrawn_at', 'compartment'])
    .where('id', 'in', [...evidence])
    .where(inSight(services, viewer))
    .execute()
  return new Map(
    rows.map(({ id, tlp, withdrawn_at: withdrawnAt, compartment }) => [
      id,
      { tlp, isClosed: compartment !== null, ...(withdrawnAt !== null && { withdrawnAt }) },
    ]),
  )
}
