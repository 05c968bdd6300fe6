import { Refusal } from '../../../core/http/refusal.ts'
import { mayLeave } from '../../../core/markings/index.ts'
import type { Json, Marking, Services } from '../../../core/module/types.ts'
import { requireNoQuoteAtHome, wordsIn } from '../../originator/index.ts'

/**
 * What is put into a bulletin is for everybody: asked of every draft there, of whatever type.
 *
 * @throws Refusal `attributions.not-for-the-public`, `originator-quoted-at-home`
 */
export async function requireForEverybody(
  services: Services,
  { marking, text }: { marking: Marking; text?: Json | undefined },
): Promise<void> {
  const everybody = { exit: 'dossier', reader: { ceiling: 'CLEAR' } } as const
  if (!mayLeave(marking, everybody).allowed) throw new Refusal('attributions.not-for-the-public', { field: 'tlp' })
  await requireNoQuoteAtHome(services, { ceiling: 'RED' }, { field: 'text', words: wordsIn(text) })
}
