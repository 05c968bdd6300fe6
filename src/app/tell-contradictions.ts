import type { Conflict, LogLedger } from '../core/log/index.ts'
import type { Services } from '../core/module/types.ts'

const told = new Set(['administrator', 'duty-officer'])

/**
 * Tells administrators and duty officers of every contradiction that is kept,
 * each once: what it is, and where it is said what to do.
 */
export async function tellContradictions(services: Services, ledger: LogLedger): Promise<void> {
  const conflicts = await ledger.conflicts()
  if (conflicts.length === 0) return
  const people = (await services.people.list()).filter(({ roles }) => roles.some((role) => told.has(role)))
  for (const conflict of conflicts) {
    for (const { id } of people) {
      await services.db.transaction().execute((tx) =>
        services.notices.send(tx, {
          key: `contradiction:${conflict.space}:${conflict.kind}:${conflict.role}:${conflict.accused}`,
          person: id,
          message: messageOf(conflict),
          facts: { party: conflict.accused },
          link: `/spaces/${conflict.space}`,
          urgency: 'page',
        }),
      )
    }
  }
}

function messageOf({ kind, role }: Conflict): string {
  if (kind === 'own-key') return 'notify.contradiction.own-key'
  if (role === 'witness') return 'notify.contradiction.witness'
  return role === 'host' ? 'notify.contradiction.host' : 'notify.contradiction.cosigner'
}
