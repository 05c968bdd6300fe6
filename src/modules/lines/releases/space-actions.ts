import type { ActAction, Services, SpaceFacts } from '../../../core/module/types.ts'
import './tables.ts'

/** From the page of a space to its times of release, where any was proposed. */
export async function releaseSpaceActions({ db }: Services, space: SpaceFacts): Promise<ActAction[]> {
  const { count } = await db
    .selectFrom('view.lines_release')
    .select((q) => q.fn.countAll<number>().as('count'))
    .where('space', '=', space.id)
    .where('moves', 'is', null)
    .executeTakeFirstOrThrow()
  if (Number(count) === 0) return []
  return [
    {
      label: 'lines.releases.action',
      labelFacts: { count: Number(count) },
      method: 'GET',
      href: `/spaces/${space.id}/releases`,
    },
  ]
}
