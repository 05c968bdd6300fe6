import { audit } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import { setUpActor } from './authority.ts'
import type { SetUpContext } from './context.ts'
import { keepProgress, readProgress } from './progress.ts'

/**
 * Ends set-up for good: no link opens it again.
 *
 * @throws Refusal `set-up-unfinished` while the recovery sheets were not read back or two administrators are missing.
 */
export async function closeSetUp({ services: { db, clock } }: SetUpContext): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { keys, administrators, closed } = await readProgress(tx)
    if (closed) return
    if (!keys?.holders || (administrators?.people.length ?? 0) < 2) throw new Refusal('set-up-unfinished')
    await tx.deleteFrom('home.set_up').where('key', 'like', 'secret:%').execute()
    await keepProgress(tx, 'closed', { at: clock.now() })
    await audit(tx, { at: clock.now(), person: setUpActor, what: 'set-up-closed' })
  })
}
