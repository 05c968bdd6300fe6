import { sessionEndsAt } from '../auth/index.ts'
import { tlpRank } from '../markings/index.ts'
import type { Services, Viewer } from '../module/types.ts'
import { deviceNamedIn } from './devices.ts'
import { readOfflineRule } from './rule.ts'
import './tables.ts'

type Needed = Pick<Services, 'db' | 'clock' | 'settings'>

/**
 * The reader of a page that will lie on the device that asks: nothing above what the house lets lie on devices,
 * nothing classified, nothing its originator controls, and forgotten when the session ends at the latest. Undefined
 * unless this very person switched this very device on and the house allows it.
 */
export async function keepingViewer(
  { db, clock, settings }: Needed,
  request: Request,
  viewer: Viewer,
): Promise<Viewer | undefined> {
  const id = deviceNamedIn(request, settings)
  if (id === undefined) return undefined
  const [rule, until, device] = await Promise.all([
    readOfflineRule(db),
    sessionEndsAt({ db }, viewer.sessionId),
    db
      .selectFrom('home.offline_device')
      .select('id')
      .where('id', '=', id)
      .where('person', '=', viewer.person.id)
      .where('off_at', 'is', null)
      .executeTakeFirst(),
  ])
  if (!device || !rule.allowed || until === undefined) return undefined
  return {
    ...viewer,
    ceiling: tlpRank(rule.ceiling) < tlpRank(viewer.ceiling) ? rule.ceiling : viewer.ceiling,
    classes: [],
    keeping: { at: clock.now(), until, sealed: rule.sealed },
  }
}
