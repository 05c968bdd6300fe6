import { Refusal } from '../../../core/http/refusal.ts'
import { mayLeave } from '../../../core/markings/index.ts'
import type { Draft, Services } from '../../../core/module/types.ts'
import { requireNoQuoteAtHome, wordsIn } from '../../originator/index.ts'

/**
 * What is put into a bulletin is for everybody: asked of every draft there, of whatever type.
 *
 * @throws Refusal `attributions.not-for-the-public`, `attributions.no-files`, `originator-quoted-at-home`
 */
export async function requireForEverybody(
  services: Services,
  { marking, text, attachments }: Pick<Draft, 'marking' | 'text' | 'attachments'>,
): Promise<void> {
  const everybody = { exit: 'dossier', reader: { ceiling: 'CLEAR' } } as const
  if (!mayLeave(marking, everybody).allowed) throw new Refusal('attributions.not-for-the-public', { field: 'tlp' })
  // Nobody released a file for everybody: words are what two persons read.
  if (attachments.length > 0) throw new Refusal('attributions.no-files', { field: 'files' })
  await requireNoQuoteAtHome(services, { ceiling: 'RED' }, { field: 'text', words: wordsIn(text) })
}
