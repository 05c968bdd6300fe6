import { Refusal } from './refusal.ts'

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** What a page may ask the browser for: nothing, or where people talk microphone and camera, never through a frame. */
export const policyOfDevices = {
  none: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  hearing: 'camera=(self), geolocation=(), microphone=(self), payment=(), usb=()',
}

/** Puts the same strict headers on every answer; what a handler says about caching stays. */
export function harden(response: Response, { isHttps }: { isHttps: boolean }): Response {
  const headers = new Headers(response.headers)
  // What is handed out as bytes shuts itself in further than pages are.
  if (!headers.get('Content-Security-Policy')?.includes('sandbox')) headers.set('Content-Security-Policy', policy)
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'same-origin')
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  headers.set('X-Frame-Options', 'DENY')
  if (headers.get('Permissions-Policy') !== policyOfDevices.hearing)
    headers.set('Permissions-Policy', policyOfDevices.none)
  if (isHttps) headers.set('Strict-Transport-Security', 'max-age=31536000')
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/**
 * Refuses a POST that another site may have sent with this browser's cookies.
 * A JSON call with a bearer token needs no cookie, and a foreign page cannot
 * send that header without a preflight nobody answers here.
 */
export function requireSameOrigin(request: Request, publicUrl: string): void {
  if (isBearerJson(request)) return
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) {
    if (site !== 'same-origin') throw new Refusal('foreign-origin')
    return
  }
  const origin = request.headers.get('origin')
  const own = [new URL(publicUrl).origin, new URL(request.url).origin]
  if (origin === null || !own.includes(origin)) throw new Refusal('foreign-origin')
}

function isBearerJson(request: Request): boolean {
  return /^bearer \S/i.test(request.headers.get('authorization') ?? '') && mediaOf(request) === 'application/json'
}

/** Media type of a body, without parameters. */
export function mediaOf(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
}

/** A path on this node, safe to redirect to; the fallback for anything else. */
export function localPath(to: string | null | undefined, fallback = '/'): string {
  if (!to || to.length > 2000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(to) || to.includes('\\')) return fallback
  return to
}
