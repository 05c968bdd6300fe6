import { type Clock, clocksAbout } from '../../core/clocks/index.ts'
import type { Services } from '../../core/module/types.ts'
import { type CallRow, listCallsAbout } from '../calls/index.ts'
import { requestClocks } from '../channels/index.ts'
import type { OralRow } from './tables.ts'
import './tables.ts'

/** What was asked by voice, whether the other side confirmed the call, and whether it came in writing. */
export interface Spoken extends OralRow {
  call?: CallRow
  clock?: Clock
}

/** Newest first, 200 at most; `writtenIn` those that this request confirmed. */
export async function listSpoken({ db }: Services, writtenIn?: string): Promise<Spoken[]> {
  const rows = await db
    .selectFrom('view.assistance_oral as o')
    .selectAll('o')
    .$if(writtenIn !== undefined, (query) =>
      query.where((eb) =>
        eb.exists(
          eb
            .selectFrom('view.clock as c')
            .select('c.id')
            .whereRef('c.about', '=', 'o.hash')
            .where('c.regime', '=', requestClocks.confirmInWriting)
            .where('c.met_by', '=', writtenIn as string),
        ),
      ),
    )
    .orderBy('o.at', 'desc')
    .limit(200)
    .execute()
  const hashes = rows.map(({ hash }) => hash)
  const [clocks, calls] = await Promise.all([clocksAbout(db, hashes), listCallsAbout(db, hashes)])
  return rows.map((row) => {
    const about = calls.get(row.hash) ?? []
    const call = about.find((one) => one.answer === 'confirmed') ?? about.at(-1)
    const clock = clocks.get(row.hash)?.find(({ regime }) => regime === requestClocks.confirmInWriting)
    return { ...row, ...(call && { call }), ...(clock && { clock }) }
  })
}
