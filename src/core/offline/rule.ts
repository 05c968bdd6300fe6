import { audit, type OfflineRule, readHouse, writeHouse } from '../auth/index.ts'
import type { Keeping } from '../auth/types.ts'
import type { Services, SpaceFacts } from '../module/types.ts'
import type { Reader } from '../storage/types.ts'

/** Where nobody has said anything: no page lies on any device. */
const unsaid: OfflineRule = { allowed: false, ceiling: 'AMBER', sealed: false }

/** What this house says of pages on devices. */
export async function readOfflineRule(db: Reader): Promise<OfflineRule> {
  return (await readHouse(db)).offline ?? unsaid
}

/** Says it anew; devices learn of it with their next word to this node. */
export async function setOfflineRule(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  rule: OfflineRule,
  by: string,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await writeHouse(tx, { offline: rule })
    const { allowed, ceiling, sealed } = rule
    const facts = { allowed: allowed ? 'yes' : 'no', ceiling, sealed: sealed ? 'yes' : 'no' }
    await audit(tx, { at: clock.now(), person: by, what: 'offline-set', facts })
  })
}

const kinds: ReadonlySet<string> = new Set(['channel', 'case'])

/** Whether the timeline of a space may lie on a device: correspondence, sealed only where the house says so. */
export function mayLieOnDevice(
  { modules }: Pick<Services, 'modules'>,
  space: SpaceFacts,
  keeping: Pick<Keeping, 'sealed'>,
): boolean {
  if (!kinds.has(space.kind) || (space.sealed && !keeping.sealed)) return false
  return !modules.some((module) => module.neverOnDevices?.(space))
}
