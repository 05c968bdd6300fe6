import type { LoggedAct, Services } from './types.ts'

/** What all modules say of giving these acts out: held whatever else may be, and agreed to be published. */
export async function publicationOf(
  services: Services,
  acts: readonly LoggedAct[],
): Promise<{ held: ReadonlySet<string>; open: ReadonlySet<string> }> {
  const said = await Promise.all(services.modules.map((module) => module.publicationOf?.(services, acts)))
  return {
    held: new Set(said.flatMap((one) => one?.held ?? [])),
    open: new Set(said.flatMap((one) => one?.open ?? [])),
  }
}
