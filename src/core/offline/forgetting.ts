import { readPagingRule } from '../paging/index.ts'
import type { Services } from '../module/types.ts'
import { deviceNamedIn } from './devices.ts'

/**
 * Header by which a browser that was keeping pages is told to forget them, beside the worker's own deletion; none for
 * any other browser. Storage as a whole is cleared only in houses without web push: with it the browser would give up
 * its enrolment too, and a duty officer who signed out would no longer be paged.
 */
export async function forgetHeader(
  { db, settings }: Pick<Services, 'db' | 'settings'>,
  request: Request,
): Promise<Record<string, string>> {
  if (deviceNamedIn(request, settings) === undefined) return {}
  const isPushed = (await readPagingRule(db))?.push === true
  return { 'Clear-Site-Data': isPushed ? '"cache"' : '"cache", "storage"' }
}
