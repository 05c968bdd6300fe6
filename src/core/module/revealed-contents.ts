import { reveal } from '../markings/index.ts'
import type { ActContent, Services, Viewer } from './types.ts'

/** Contents of acts this person may read, by act hash; one query for all. */
export async function revealedContents<B, T>(
  services: Services,
  viewer: Viewer,
  hashes: string[],
): Promise<Map<string, ActContent<B, T>>> {
  const contents = await services.ledger.content(hashes)
  const reader = { party: services.party, ceiling: viewer.ceiling }
  return new Map(
    [...contents].flatMap(([hash, marked]) => {
      const revealed = reveal(marked, reader, 'page')
      return revealed.shown ? [[hash, revealed.value as ActContent<B, T>] as const] : []
    }),
  )
}
