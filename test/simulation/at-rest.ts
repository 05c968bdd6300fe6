import { sql } from 'kysely'
import type { Stage, StageNode } from '../adversaries/index.ts'
import type { Intent } from './oracle.ts'

/** An intention counts once its transaction was committed: one lost in a crash was never said. */
export async function keptIntents(
  { nodes }: Pick<Stage['house'], 'nodes'>,
  intents: readonly Intent[],
  space: string,
): Promise<Intent[]> {
  const kept = new Set<string>()
  for (const { party, now } of nodes) {
    const rows = await now.database.db.selectFrom('home.outbox').select('id').where('space', '=', space).execute()
    for (const { id } of rows) kept.add(`${party} ${id}`)
  }
  return intents.filter(({ from, id }) => kept.has(`${from} ${id}`))
}

/** Whether everybody has everything, the host knows it, and nothing waits. */
export async function atRest(
  { nodes }: Pick<Stage['house'], 'nodes'>,
  host: StageNode,
  space: string,
): Promise<boolean> {
  const sizes = new Set<number>()
  for (const { now } of nodes) {
    const { rows } = await sql<{ size: number; waits: boolean }>`
      select s.size, exists (select from home.outbox o where o.state = 'queued') as waits
      from log.space s where s.space = ${space}`.execute(now.database.db)
    const [row] = rows
    if (!row || row.waits || sizes.add(row.size).size > 1) return false
  }
  const [size = 0] = sizes
  for (const { now } of nodes) if ((await now.ledger.missingParts(space)).length > 0) return false
  return (await host.now.ledger.finality(space, size - 1)).length === nodes.length
}
