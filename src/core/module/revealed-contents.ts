import { atHome, reveal } from '../markings/index.ts'
import type { Exit } from '../markings/types.ts'
import type { ActContent, Services, Viewer } from './types.ts'

/** Contents of acts that this person may read at an exit, a page if not said, by act hash; one query for all. */
export async function revealedContents<B, T>(
  services: Services,
  viewer: Pick<Viewer, 'ceiling' | 'classes' | 'today' | 'keeping'>,
  hashes: string[],
  exit: Exit = 'page',
): Promise<Map<string, ActContent<B, T>>> {
  const contents = await services.ledger.content(hashes)
  const reader = atHome(services, viewer)
  return new Map(
    [...contents].flatMap(([hash, marked]) => {
      const revealed = reveal(marked, reader, exit)
      return revealed.shown ? [[hash, revealed.value as ActContent<B, T>] as const] : []
    }),
  )
}
