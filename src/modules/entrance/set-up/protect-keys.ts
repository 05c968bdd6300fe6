import { passphrase, protectKeys } from '../../../core/identity/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { SetUpContext } from './context.ts'
import { keepProgress, readProgress } from './progress.ts'

/**
 * Puts the keys under a passphrase, or leaves them in the clear if there is
 * none. Once they are protected the page changes nothing: who is at the browser
 * of set-up for a minute must not be able to lock the party out.
 *
 * @throws Refusal `set-up-order` before the sheets were read back
 */
export async function decideProtection(
  { services: { db, settings } }: SetUpContext,
  word: string | undefined,
): Promise<void> {
  const { keys, protection } = await readProgress(db)
  if (!keys?.holders) throw new Refusal('set-up-order')
  if (protection?.by === 'passphrase') return
  if (word !== undefined) await protectKeys(settings.dataDir, passphrase(word))
  await keepProgress(db, 'protection', { by: word === undefined ? 'none' : 'passphrase' })
}
