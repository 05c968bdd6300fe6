import { sql } from 'kysely'
import { audit } from '../../../core/auth/index.ts'
import type { Services } from '../../../core/module/types.ts'
import { actsOf } from './find-rows.ts'
import type { Disposal } from './file-plan.ts'
import { listHolds } from './filing.ts'
import { retentionOf } from './retention.ts'
import '../tables.ts'

const round = 'forget-workings'
const perRead = 500

/**
 * Once a day: what this house kept about the making of documents whose time is over by the file plan goes, where their
 * class is to be destroyed and no legal hold stands. Whatever goes to the archives keeps it until their receipt is
 * recorded, and what is not filed keeps it. The document itself is nothing that a program destroys.
 */
export async function forgetWorkings(services: Services): Promise<void> {
  if (!(await beginRound(services))) return
  const holds = await listHolds(services.db)
  for (let after = ''; ; ) {
    const found = await readFiled(services, after)
    for (const { act, draft, code, years, disposal, lastAt } of found) {
      const retention = retentionOf({
        file: { years, disposal },
        lastAt: Number(lastAt),
        holds: holds.filter((hold) => hold.act === act || hold.code === code).map(({ reason }) => reason),
      })
      if (retention.kept === 'until' && retention.endsOn < today(services)) await forget(services, { act, draft })
    }
    if (found.length < perRead) return
    after = found.at(-1)?.act ?? ''
  }
}

const today = ({ clock }: Pick<Services, 'clock'>) => new Date(clock.now()).toISOString().slice(0, 10)

/** True for one process on each day. */
async function beginRound(services: Pick<Services, 'db' | 'clock'>): Promise<boolean> {
  const day = today(services)
  const { rows: done } = await sql`
    select from home.register_round where what = ${round} and day >= ${day}`.execute(services.db)
  if (done.length > 0) return false
  const { rows } = await sql`
    insert into home.register_round (what, day) values (${round}, ${day})
    on conflict (what) do update set day = excluded.day where home.register_round.day < excluded.day
    returning what`.execute(services.db)
  return rows.length > 0
}

interface Filed {
  act: string
  draft: string
  code: string
  years: number
  disposal: Disposal
  lastAt: number
}

const isReceived = sql`exists (select from home.archive_document b
  join home.archive_transfer t on t.id = b.transfer where b.act = g.act and t.state = 'received')`

/** Documents of ours under classes to be destroyed or received by an archive, with when the last thing happened to each. */
async function readFiled(services: Pick<Services, 'db' | 'modules' | 'clock'>, after: string): Promise<Filed[]> {
  const { rows } = await sql<Filed>`
    select g.act, p.id as draft, g.code, f.years, f.then_what as disposal, d.last_at as "lastAt"
    from home.register_filing g
    join home.register_file f on f.code = g.code and f.years is not null
      and (f.then_what = 'destroy' or ${isReceived})
    join home.register_document r on r.act = g.act
    join home.draft p on p.act_hash = g.act and p.state = 'sent'
    cross join lateral (select x.last_at from (${actsOf(services)}) x
      where x.space = r.space and x.id = r.act and x.kind = r.kind) d
    where g.act > ${after} and to_timestamp(r.at / 1000) + make_interval(years => f.years)
      < to_timestamp(${services.clock.now()}::bigint / 1000)
    order by g.act limit ${perRead}`.execute(services.db)
  return rows
}

async function forget(services: Services, { act, draft }: { act: string; draft: string }): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    let gone = 0
    for (const module of services.modules) gone += (await module.keptNoLonger?.(tx, draft)) ?? 0
    if (gone > 0)
      await audit(tx, {
        at: services.clock.now(),
        what: 'workings-forgotten',
        about: act,
        facts: { count: String(gone) },
      })
  })
}
