import type { LoggedAct } from '../module/types.ts'
import type { Logger } from '../config/types.ts'
import type { Tx } from '../storage/types.ts'
import type { Fresh, Memory, ProjectionContext } from './projecting/engine.ts'
import { Offers } from './projecting/offers.ts'
import { PastOpened } from './projecting/past-opened.ts'
import { projectSome } from './projecting/project-some.ts'
import { projectAnew, replay, restartViews } from './projecting/replay.ts'

export interface Projection {
  /** Call once the entries are committed, before `project`. */
  offer(space: string, fresh: Fresh): void
  /** What is committed. With `upTo` only if fewer entries than that are projected. */
  project(space: string, upTo?: number): Promise<void>
  rebuild(): Promise<void>
  /** In the caller's transaction: empties what was projected of a space, to be projected from its beginning. */
  restart(tx: Tx, space: string): Promise<void>
  /** After a commit that did that. */
  forget(space: string): void
  onProjected(listener: (space: string, acts: LoggedAct[]) => void): () => void
  idle(): Promise<void>
}

/** Turns acts into rows of `view`, space by space and in order, each batch with its cursor in one transaction. */
export function createProjection(context: ProjectionContext): Projection {
  const definitions = new Map(context.acts.map((definition) => [definition.type, definition]))
  const running = new Map<string, { now: Promise<void>; next?: Promise<void> }>()
  const listeners = new Set<(space: string, acts: LoggedAct[]) => void>()
  const memory: Memory = new Map()
  const offers = new Offers()

  async function run(space: string): Promise<void> {
    for (;;) {
      const { acts, more } = await projectSome({ context, definitions, memory, offers }, space).catch(
        async (error: unknown) => {
          if (!(error instanceof PastOpened)) throw error
          memory.delete(space)
          return context.db.transaction().execute((tx) => projectAnew(context, definitions, tx, space))
        },
      )
      if (acts.length > 0) tell(context.log, listeners, space, acts)
      if (!more) return
    }
  }

  function start(space: string): Promise<void> {
    const now = run(space).finally(() => {
      if (running.get(space)?.now === now) running.delete(space)
    })
    running.set(space, { now })
    return now
  }

  return {
    offer: (space, fresh) => offers.add(space, fresh),

    async project(space, upTo) {
      const covered = () => upTo !== undefined && (memory.get(space)?.size ?? -1) >= upTo
      if (upTo !== undefined) await running.get(space)?.now.catch(() => undefined)
      if (covered()) return
      const current = running.get(space)
      if (!current) return start(space)
      // Acts may have come after the run under way looked: one more run covers all who ask meanwhile.
      current.next ??= current.now.catch(() => undefined).then(() => start(space))
      return current.next
    },

    async rebuild() {
      await Promise.allSettled([...running.values()].map((one) => one.next ?? one.now))
      memory.clear()
      await context.db.transaction().execute((tx) => replay(context, definitions, tx))
    },

    restart: (tx, space) => restartViews(context, tx, space),
    forget(space) {
      memory.delete(space)
      offers.drop(space)
    },

    onProjected(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    async idle() {
      await Promise.allSettled([...running.values()].map((one) => one.next ?? one.now))
    },
  }
}

function tell(
  log: Logger,
  listeners: ReadonlySet<(space: string, acts: LoggedAct[]) => void>,
  space: string,
  acts: LoggedAct[],
): void {
  for (const listener of listeners) {
    try {
      listener(space, acts)
    } catch (error) {
      log.error('log.listener-failed', { space, error: String(error) })
    }
  }
}
