import { z } from 'zod'
import { audit } from '../../../core/auth/index.ts'
import { confirmRecovery, foundIdentity } from '../../../core/identity/index.ts'
import { applyHousehold, householdSchema } from './apply-household.ts'
import { setUpActor } from './authority.ts'
import type { SetUpServices } from './context.ts'
import { keepProgress, readProgress } from './progress.ts'

/** A whole party in one file: what the wizard asks step by step, for nodes that are set up by a script. */
export const partySchema = householdSchema.extend({
  /** Lower-case domain. */
  party: z.string().regex(/^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/),
  names: z.record(z.string().max(35), z.string().min(1).max(200)),
  /** Who keeps the two recovery sheets. */
  holders: z.tuple([z.string().min(1).max(200), z.string().min(1).max(200)]),
})
export type PartyFile = z.infer<typeof partySchema>

/**
 * Founds the party of a file and closes set-up.
 *
 * `keepSheets` gets the two recovery sheets and must put them where the
 * holders find them: once it resolves the node forgets the private parts.
 * Run again after a kill it goes on where it stopped.
 */
export async function foundFromFile(
  services: SetUpServices,
  file: PartyFile,
  { isFounded, keepSheets }: { isFounded: boolean; keepSheets(sheets: string[]): Promise<void> },
): Promise<Awaited<ReturnType<typeof applyHousehold>>> {
  const { party, names, holders, ...household } = partySchema.parse(file)
  const { db, settings, clock } = services
  if (!isFounded) {
    const { identity, sheets } = await foundIdentity({ dataDir: settings.dataDir, party, names, clock })
    await keepSheets(sheets)
    await confirmRecovery(settings.dataDir, sheets)
    await keepProgress(db, 'keys', { fingerprint: identity.fingerprint, holders })
  }
  await keepProgress(db, 'names', names)
  const links = await applyHousehold({ ...services, party }, household)
  if ((await readProgress(db)).closed) return links
  await db.transaction().execute(async (tx) => {
    await keepProgress(tx, 'administrators', {
      people: links.filter((link) => link.role === 'administrator').map((link) => link.person),
    })
    await keepProgress(tx, 'closed', { at: clock.now() })
    await audit(tx, { at: clock.now(), person: setUpActor, what: 'set-up-closed' })
  })
  return links
}
