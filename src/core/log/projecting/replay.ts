import { sql } from 'kysely'
import type { LoggedAct } from '../../module/types.ts'
import type { Tx } from '../../storage/types.ts'
import { lockCursor } from './cursor.ts'
import type { Definitions, Engine, Projected, ProjectionContext } from './engine.ts'
import { Offers } from './offers.ts'
import { isPassing, projectSome } from './project-some.ts'

const ownViews = [
  'view.cursor',
  'view.space',
  'view.member',
  'view.drill_clock',
  'view.without_effect',
  'view.dark',
  'view.erased_part',
  'view.tender',
  'view.register',
] as const

/** Empties what was projected of a space and projects it again, in the same transaction: nobody sees half of it. */
export async function projectAnew(
  context: ProjectionContext,
  definitions: Definitions,
  tx: Tx,
  space: string,
): Promise<Projected> {
  const before = await lockCursor(tx, space)
  await restartViews(context, tx, space)
  const acts = await replaySpace(context, definitions, tx, space)
  return {
    acts: acts.filter(({ index, statement }) => index >= before || statement.parts.some((part) => part.enc)),
    more: true,
  }
}

export async function restartViews(context: ProjectionContext, tx: Tx, space: string): Promise<void> {
  await lockCursor(tx, space)
  for (const view of [...ownViews, ...context.views]) {
    if (view !== 'view.cursor') await sql`delete from ${sql.table(view)} where space = ${space}`.execute(tx)
  }
  await tx.updateTable('view.cursor').set({ size: 0 }).where('space', '=', space).execute()
}

export async function replay(context: ProjectionContext, definitions: Definitions, tx: Tx): Promise<void> {
  await sql`lock table view.cursor in exclusive mode`.execute(tx)
  for (const view of [...ownViews, ...context.views]) {
    if (!/^view\.[a-z_0-9]+$/.test(view)) throw new Error(`${view} is not a table of view`)
    await sql`delete from ${sql.table(view)}`.execute(tx)
  }
  const spaces = await tx.selectFrom('log.space').select('space').orderBy('space').execute()
  for (const { space } of spaces) await replaySpace(context, definitions, tx, space)
}

async function replaySpace(
  context: ProjectionContext,
  definitions: Definitions,
  tx: Tx,
  space: string,
): Promise<LoggedAct[]> {
  const engine: Engine = { context, definitions, memory: new Map(), offers: new Offers(), anew: true }
  const all: LoggedAct[] = []
  try {
    for (;;) {
      const { acts, more } = await projectSome(engine, space, (work) => inStep(tx, work))
      all.push(...acts)
      if (!more) return all
    }
  } catch (error) {
    if (isPassing(error)) throw error
    // Its rows up to here stand; the others are not kept waiting for it.
    context.log.error('log.projection-waits', { space, error: String(error) })
    return all
  }
}

async function inStep(tx: Tx, work: (tx: Tx) => Promise<Projected>): Promise<Projected> {
  await sql`savepoint step`.execute(tx)
  try {
    const projected = await work(tx)
    await sql`release savepoint step`.execute(tx)
    return projected
  } catch (error) {
    await sql`rollback to savepoint step`.execute(tx)
    throw error
  }
}
