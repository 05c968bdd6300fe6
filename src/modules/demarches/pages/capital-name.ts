import type { Visit } from '../../../core/module/types.ts'
import { partyName } from '../../../core/module/fields.ts'

/** A capital is one of our parties, by its domain, or a name somebody wrote. */
export function capitalName({ services, language }: Visit<unknown>, capital: string): string {
  return isParty(capital) ? services.nameOf(capital, language) : capital
}

export const isParty = (capital: string): boolean => capital.includes('.') && partyName.safeParse(capital).success
