import { sql } from 'kysely'
import type { Services } from '../../../core/module/types.ts'
import '../tables.ts'

/**
 * Our register number for a document ("3/2026"): reserved once per draft, never given twice.
 * A discarded draft leaves a gap, as in a paper register.
 */
export async function reserveNumber({ db, clock }: Services, draft: string): Promise<string> {
  const year = new Date(clock.now()).getUTCFullYear()
  const reserve = () =>
    db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtext('home.channels_number'))`.execute(tx)
      await tx
        .insertInto('home.channels_number')
        .columns(['year', 'number', 'draft'])
        .expression(
          tx
            .selectFrom('home.channels_number')
            .select((eb) => [
              eb.val(year).$castTo<number>().as('year'),
              sql<number>`coalesce(max(number), 0) + 1`.as('number'),
              eb.val(draft).$castTo<string>().as('draft'),
            ])
            .where('year', '=', year),
        )
        .execute()
    })
  const find = () =>
    db.selectFrom('home.channels_number').select(['year', 'number']).where('draft', '=', draft).executeTakeFirst()
  if (!(await find()))
    await reserve().catch(async (error) => {
      // A second click may have reserved it meanwhile; anything else is a fault.
      if (!(await find())) throw error
    })
  const reserved = await find()
  if (!reserved) throw new Error(`no register number for draft ${draft}`)
  return `${reserved.number}/${reserved.year}`
}
