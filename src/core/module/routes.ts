import type { VNode } from 'preact'
import type { ZodType } from 'zod'
import type { Json } from '../../protocol/types.ts'
import type { Viewer } from '../auth/types.ts'
import type { Translate } from '../../text/types.ts'
import type { Services } from './services.ts'

/** Who may call a route: a named permission, everybody, any signed-in person, a peer node, or set-up. */
export type Permission = Power_ | 'public' | 'signed-in' | 'peer' | 'set-up'
type Power_ = `${string}:${'draft' | 'release' | 'send' | 'read' | 'manage'}`

export interface Visit<I = unknown> {
  services: Services
  viewer: Viewer
  input: I
  params: Record<string, string>
  query: URLSearchParams
  t: Translate
  language: string
  request: Request
  /** True when the client asked for JSON: answer with data instead of a page. */
  wantsJson: boolean
  /** Input as it came, before the schema: what a form is filled with again. Files are left out. */
  values?: Record<string, unknown>
  /** One sentence the redirect that led here left behind. */
  notice?: string
}

/** What a handler returns: a page, a redirect after a form, data, or a raw response. */
export type Answer =
  /** `hears`: the page may ask the browser for microphone and camera. */
  | { page: VNode; status?: number; hears?: boolean }
  | { redirect: string; data?: Json; notice?: string }
  | { data: unknown; status?: number }
  | Response

/**
 * One route. A POST takes the same input as a form and as JSON
 * (`Content-Type: application/json`), so the API has no field a form lacks.
 * `redirect` answers 303 to a form and its `data` (or `{location}`) to JSON.
 */
export interface Route<I = any> {
  method: 'GET' | 'POST'
  path: string
  permission: Permission
  input?: ZodType<I>
  /** Bytes of files that a form may bring, all together; without it no more than words are read. */
  fileBytes?: number
  /** One line for OpenAPI. */
  summary: string
  handle(visit: Visit<I>): Promise<Answer>
  /**
   * Whether the page of a GET may lie on a device of its reader, who sees less meanwhile (`viewer.keeping`). It must
   * not count as read then. Pages of routes without it are never given out to be kept.
   */
  keep?(visit: Visit<I>): boolean | Promise<boolean>
  /**
   * The page of the form again, filled with `visit.values`, each wrong field explained
   * (field name → sentence). Answered with 422; JSON clients get a problem instead.
   */
  onInvalid?(visit: Visit<unknown>, errors: Record<string, string>): Promise<Answer>
}
