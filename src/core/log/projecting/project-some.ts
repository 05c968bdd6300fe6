import type { Tx } from '../../storage/types.ts'
import { projectBatch } from './batch.ts'
import type { Engine, Projected } from './engine.ts'
import { PastOpened } from './past-opened.ts'

const batchSize = 256

/** A batch; when it fails, its first act alone, so that one act that cannot be projected never stops a space. */
export async function projectSome(
  engine: Engine,
  space: string,
  within: Within = (work) => engine.context.db.transaction().execute(work),
): Promise<Projected> {
  const { context, memory, offers } = engine
  const attempt = async (limit: number, poison?: string) => {
    try {
      const projected = await within((tx) => projectBatch({ ...engine, tx, space, limit, poison }))
      offers.done(space, memory.get(space)?.size ?? 0)
      return projected
    } catch (error) {
      memory.delete(space)
      offers.drop(space)
      if (isPassing(error) || error instanceof PastOpened) throw error
      return error
    }
  }
  const several = await attempt(batchSize)
  if (isProjected(several)) return several
  const one = await attempt(1)
  if (isProjected(one)) return one
  context.log.error('log.projection-failed', { space, error: one instanceof Error ? one.stack : String(one) })
  const without = await attempt(1, 'not-projected')
  if (isProjected(without)) return without
  throw without
}

/** Runs work in a transaction, or in a step of one that can be taken back alone. */
type Within = (work: (tx: Tx) => Promise<Projected>) => Promise<Projected>

function isProjected(outcome: unknown): outcome is Projected {
  return typeof outcome === 'object' && outcome !== null && 'acts' in outcome
}

/** Trouble of the connection or the server, not of the act: the same again may well work. */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return /connection|timeout|terminated/i.test(String(error))
  return !/^(21|22|23|42)/.test(code)
}
