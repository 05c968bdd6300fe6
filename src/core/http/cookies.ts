import { createHash } from 'node:crypto'
import type { Settings } from '../config/types.ts'

/**
 * Name of a cookie of this node. Ports do not separate cookies, so nodes on one
 * machine would overwrite each other's without the address in the name.
 */
export function cookieName(settings: Pick<Settings, 'publicUrl'>, purpose: string): string {
  const node = createHash('sha256').update(settings.publicUrl).digest('hex').slice(0, 8)
  const prefix = settings.publicUrl.startsWith('https:') ? '__Host-' : ''
  return `${prefix}chancery-${node}-${purpose}`
}

/** Value of a cookie of this node, or undefined. */
export function readCookie(
  request: Request,
  settings: Pick<Settings, 'publicUrl'>,
  purpose: string,
): string | undefined {
  const sent = request.headers.get('cookie')
  if (!sent) return undefined
  const wanted = cookieName(settings, purpose)
  for (const pair of sent.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === wanted) return decoded(pair.slice(at + 1).trim())
  }
  return undefined
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/** `Set-Cookie` header for this node: host-only, HttpOnly, SameSite=Lax, Secure on https. `maxAgeSeconds` 0 removes it. */
export function cookieHeader(
  settings: Pick<Settings, 'publicUrl'>,
  purpose: string,
  value: string,
  options: { maxAgeSeconds?: number; sameSite?: 'Lax' | 'Strict' } = {},
): string {
  const parts = [
    `${cookieName(settings, purpose)}=${encodeURIComponent(value)}`,
    'Path=/',
    'HttpOnly',
    `SameSite=${options.sameSite ?? 'Lax'}`,
  ]
  if (settings.publicUrl.startsWith('https:')) parts.push('Secure')
  if (options.maxAgeSeconds !== undefined) parts.push(`Max-Age=${options.maxAgeSeconds}`)
  return parts.join('; ')
}
