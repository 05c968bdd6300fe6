import { sql } from 'kysely'
import { note } from '../support/notes.ts'
import type { SimNode } from '../simulation/house.ts'
import type { Scene } from './scene.ts'

/** The host's database as it is now, in a second process with the same keys: from here on it can say two things. */
export async function secondHistory({ house, host }: Pick<Scene, 'house' | 'host'>): Promise<SimNode> {
  const shadow = await house.shadow(host)
  shadow.crash()
  await house.quiet()
  await copyTables(host, shadow)
  await shadow.restart()
  // It was told not to ask whether it had signed more.
  await shadow.now.ledger.acceptRollback()
  return shadow
}

/** Says something on one history that is not on the other. */
export async function sayOn(node: SimNode, space: string, text: string): Promise<void> {
  const draft = note(space, text)
  const { ledger, database } = node.now
  // A liar is not stopped by its own contradiction.
  await database.db.updateTable('log.space').set({ frozen: null }).where('space', '=', space).execute()
  const act = await database.db.transaction().execute((tx) => ledger.signAct(tx, draft))
  let [answer] = await ledger.sequence(space, [{ envelope: act.envelope }])
  if (answer?.state === 'unavailable') {
    // Members told it what it had signed, and its gate closed: it opens it again.
    await ledger.acceptRollback()
    ;[answer] = await ledger.sequence(space, [{ envelope: act.envelope }])
  }
  if (answer?.state !== 'on-record') throw new Error(`the second history did not grow: ${JSON.stringify(answer)}`)
}

/** These see the second history from now on, the others the first. */
export function showTo(scene: Scene, shadow: SimNode, victims: ReadonlySet<string>): void {
  scene.house.wire.door(scene.host.name, (from, request, inside) =>
    victims.has(from) ? shadow.now.federation.handle(request) : inside(request),
  )
}

const skipped = new Set(['home.migration'])

async function copyTables(from: SimNode, to: SimNode): Promise<void> {
  const source = from.now.database.db
  const { openSimDatabase } = await import('../simulation/sim-database.ts')
  const target = openSimDatabase(to.disk)
  try {
    const { rows } = await sql<{ name: string }>`
      select table_schema || '.' || table_name as name from information_schema.tables
      where table_schema in ('log', 'home', 'view') and table_type = 'BASE TABLE'`.execute(source)
    const names = rows.map(({ name }) => name).filter((name) => !skipped.has(name) && !name.includes('migration'))
    await target.db.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx)
      for (const name of names) {
        const table = sql.raw(name)
        const { rows: found } = await sql<{ all: unknown }>`select json_agg(t) as all from ${table} t`.execute(source)
        await sql`delete from ${table}`.execute(tx)
        const all = found[0]?.all
        if (!all) continue
        await sql`
          insert into ${table} overriding system value
          select * from json_populate_recordset(null::${table}, ${JSON.stringify(all)}::json)`.execute(tx)
      }
    })
  } finally {
    await target.end()
  }
}
