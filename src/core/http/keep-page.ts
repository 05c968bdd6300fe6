import type { Route, Visit } from '../module/types.ts'
import { Refusal } from './refusal.ts'
import type { HttpOptions } from './types.ts'

/**
 * Sent by the worker of a device that wants to keep a page, and answered, with the time (ms) when it has to be
 * forgotten, on pages that may be kept. Everything else is `no-store` and nothing more.
 */
const keepHeader = 'Chancery-Keep'

export const asksToKeep = (request: Request): boolean => request.headers.has(keepHeader)

/** @throws Refusal `not-to-be-kept` before anything of the page is made */
export async function visitToKeep(options: HttpOptions, route: Route, visit: Visit): Promise<Visit> {
  const mayBe = route.method === 'GET' && route.keep !== undefined && !visit.wantsJson
  const viewer = mayBe ? await options.keeping?.(visit.request, visit.viewer) : undefined
  const lowered = viewer && { ...visit, viewer }
  if (!lowered || !(await route.keep?.(lowered))) throw new Refusal('not-to-be-kept')
  return lowered
}

/** Says until when a page may be kept; whatever is no page, or not the one that was asked for, may not. */
export function keptResponse(response: Response, { viewer: { keeping } }: Visit): Response {
  const isPage = response.status === 200 && response.headers.get('content-type')?.startsWith('text/html')
  if (isPage && keeping) response.headers.set(keepHeader, String(keeping.until))
  return response
}
