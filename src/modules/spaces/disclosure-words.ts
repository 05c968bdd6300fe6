import type { Services } from '../../core/module/types.ts'
import type { Translate } from '../../text/types.ts'
import { publicAudiences } from './acts.ts'

/** "An independent verifier", "Calenia": whom something is shown to. */
export function audienceText(
  audience: string,
  services: Pick<Services, 'nameOf'>,
  t: Translate,
  language: string,
): string {
  return (publicAudiences as readonly string[]).includes(audience)
    ? t(`spaces.audience.${audience}`)
    : services.nameOf(audience, language)
}
