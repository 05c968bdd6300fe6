import { actHref } from '../../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { isJoint, isUnderEmbargo, signatories } from './read-joint.ts'
import { readJoint } from './read-joint.ts'
import '../tables.ts'

/** Joint texts that wait for our signature, and those we signed whose embargo is over and that we did not give out. */
export async function jointNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const rows = await services.db
    .selectFrom('view.attributions_joint')
    .select('space')
    .distinct()
    .where('superseded_by', 'is', null)
    .execute()
  const all = await readJoint(
    services,
    viewer,
    rows.map(({ space }) => space),
  )
  return all.flatMap((state): Need[] => {
    const { row, now, published } = state
    if (row.superseded_by !== null) return []
    const isSigned = signatories(state).includes(services.party)
    const wasSigned = state.signatures.some(({ party }) => party === services.party)
    const mayPublish = isSigned && row.embargo !== null && !isUnderEmbargo(state, now) && isJoint(state)
    const need = {
      form: 'attributions.joint.form',
      from: row.author,
      headline: '',
      subjectOf: row.hash,
      space: row.space,
      waitsFor: 'me' as const,
    }
    if (!wasSigned && viewer.may('attributions.text-signed:draft'))
      return [
        {
          ...need,
          key: `attributions.sign:${row.hash}`,
          verb: 'attributions.needs.sign',
          href: actHref(row.space, row.hash),
          ...(row.embargo !== null && { dueAt: row.embargo }),
        },
      ]
    const isOut = published.some(({ party }) => party === services.party)
    if (mayPublish && !isOut && viewer.may('attributions.text-published:draft'))
      return [
        {
          ...need,
          key: `attributions.publish:${row.hash}`,
          verb: 'attributions.needs.publish',
          href: actHref(row.space, row.hash),
        },
      ]
    return []
  })
}
