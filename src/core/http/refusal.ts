/**
 * An expected "no": shown as the message `refusal.<code>` filled with `facts`,
 * with the status of {@link statusOf}. Bugs are plain errors instead.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string
  readonly facts: Record<string, string | number>

  constructor(code: string, facts: Record<string, string | number> = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}

/** Refusals that are not a conflict with the state of things (409), the default. */
const statuses: Record<string, number> = {
  'bad-request': 400,
  'not-signed-in': 401,
  'not-permitted': 403,
  'foreign-origin': 403,
  'set-up-closed': 403,
  'not-cleared': 403,
  'not-found': 404,
  'wrong-method': 405,
  'too-large': 413,
  'too-many-files': 413,
  'unsupported-media': 415,
  'invalid-input': 422,
  'too-many-requests': 429,
  failed: 500,
  'peer-unreachable': 502,
  'search-too-long': 503,
  'not-ready': 503,
  'database-away': 503,
  'database-read-only': 503,
  'database-unreadable': 503,
  'disk-full': 507,
}

/** Adds statuses for codes of other rooms; call once while the app is composed. */
export function addStatuses(more: Record<string, number>): void {
  Object.assign(statuses, more)
}

/** HTTP status of a refusal: by its code, by its last segment (`draft.not-found` → 404), else 409. */
export function statusOf(code: string): number {
  return statuses[code] ?? statuses[code.slice(code.lastIndexOf('.') + 1)] ?? 409
}
