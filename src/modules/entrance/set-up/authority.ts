import type { AuthContext } from '../../../core/auth/index.ts'
import { readProgress } from './progress.ts'
import type { SetUpServices } from './context.ts'

/** Who does things before there are people: stands in the audit as `set-up`. */
export const setUpActor = 'set-up'

/** Set-up as the rooms of sign-in and people see it. */
export async function authorityOf(services: SetUpServices): Promise<AuthContext> {
  const party = services.party ?? (await readProgress(services.db)).address?.party ?? ''
  return { ...services, party }
}
