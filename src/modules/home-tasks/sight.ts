import { type RawBuilder, sql } from 'kysely'
import { tlpRank } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { inSight } from '../incidents/index.ts'

/**
 * The one condition under which a task is there for a person: marked no narrower than they may see, and drawn from no
 * incident they need not know of. What was drawn once counts, since earlier words stay.
 */
export function isReadable(services: Pick<Services, 'clock'>, viewer: Viewer, task: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${task}.${name}`)
  const labels = tlpLabels.filter((label) => tlpRank(label) <= tlpRank(viewer.ceiling))
  return sql<boolean>`(${column('marking')} = any(${texts(labels)})
    and not exists (select from home.home_tasks_drawn unseen where unseen.task = ${column('id')}
      and not ${inSight(services, viewer, 'unseen.incident')}))`
}

/** That nothing ended it yet. */
export const isOpen = (task: string): RawBuilder<boolean> =>
  sql<boolean>`not exists (select from home.home_tasks_step ended where ended.task = ${sql.ref(`${task}.id`)}
    and ended.kind in ('answered', 'transferred', 'withdrawn'))`
