import { confirmRecovery, foundIdentity, pendingRecovery } from '../../../core/identity/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { SetUpContext } from './context.ts'
import { keepProgress, readProgress } from './progress.ts'

/**
 * Makes the party's keys. A second click finds them made.
 *
 * @throws Refusal `set-up-order` before domain and names are settled.
 */
export async function foundKeys({ services: { db, settings, clock } }: SetUpContext): Promise<void> {
  const { address, names, keys } = await readProgress(db)
  if (keys) return
  if (!address?.accepted || !names) throw new Refusal('set-up-order')
  const { identity } = await foundIdentity({ dataDir: settings.dataDir, party: address.party, names, clock })
  await keepProgress(db, 'keys', { fingerprint: identity.fingerprint })
}

/** The sheets to print; nothing once they were read back, because then only the paper has them. */
export async function recoverySheets({ services: { settings } }: SetUpContext): Promise<string[] | undefined> {
  return pendingRecovery(settings.dataDir)
}

/**
 * Compares the sheets as typed from paper, names their holders and starts the node.
 *
 * @throws Refusal `set-up-sheets-differ`, `set-up-one-holder`
 */
export async function readBackSheets(
  context: SetUpContext,
  { sheets, holders }: { sheets: [string, string]; holders: [string, string] },
): Promise<void> {
  const { db, settings } = context.services
  const { keys } = await readProgress(db)
  if (!keys) throw new Refusal('set-up-order')
  if (holders[0].trim().toLowerCase() === holders[1].trim().toLowerCase()) throw new Refusal('set-up-one-holder')
  if ((await pendingRecovery(settings.dataDir)) !== undefined && !(await confirmRecovery(settings.dataDir, sheets))) {
    throw new Refusal('set-up-sheets-differ')
  }
  await keepProgress(db, 'keys', { ...keys, holders })
  await context.onFounded?.()
}
