import type { LoggedAct } from './acts.ts'
import type { Services } from './services.ts'

/** Asks every room whether bytes of an act's attachments may be opened here. @throws Refusal */
export async function requireOpening(services: Services, act: LoggedAct): Promise<void> {
  for (const module of services.modules) await module.checkOpening?.(services, act)
}
