import { formatDuration, formatSize, isMessageKey } from '../../text/index.ts'
import type { Visit } from '../module/types.ts'
import { meansAway, meansDiskFull, meansReadOnly, meansUnreadable } from '../storage/index.ts'
import { Refusal, statusOf } from './refusal.ts'
import type { TroubleShown } from './types.ts'
import { fieldErrors, InvalidInput, locatedErrors } from './validate.ts'

/** What the reader is told about an error that reached http. `id` leads to the log entry of an unexpected one. */
export function troubleOf(error: unknown, visit: Pick<Visit, 't' | 'language' | 'viewer'>, id: string): TroubleShown {
  const refusal = asRefusal(error)
  const status = statusOf(refusal.code)
  const { t } = visit
  const titleKey = `http.refused.${status}`
  return {
    status,
    title: t(isMessageKey(titleKey) ? titleKey : 'http.refused.title'),
    what: wordsOf(refusal, visit),
    remedies: remediesOf(status, visit, id),
    ...(error instanceof InvalidInput ? { errors: fieldErrors(error, t) } : {}),
    ...linkOf(status, visit),
  }
}

/** Expected refusals as they are; everything else is a failure of ours. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (meansDiskFull(error)) return new Refusal('disk-full')
  if (meansAway(error)) return new Refusal('database-away')
  if (meansReadOnly(error)) return new Refusal('database-read-only')
  if (meansUnreadable(error)) return new Refusal('database-unreadable')
  return new Refusal(error instanceof InvalidInput ? 'invalid-input' : 'failed')
}

/** Sentence of a refusal. A fact `waitMs` also fills `wait` as a length of time, `limitBytes` fills `limit` as a size. */
export function wordsOf(refusal: Refusal, { t, language }: Pick<Visit, 't' | 'language'>): string {
  const key = `refusal.${refusal.code}`
  if (!isMessageKey(key)) return t('http.refused.title')
  const facts: Record<string, string | number> = { ...refusal.facts }
  for (const [name, value] of Object.entries(refusal.facts)) {
    if (typeof value !== 'number') continue
    if (name.endsWith('Ms')) facts[name.slice(0, -2)] = formatDuration(value, language)
    if (name.endsWith('Bytes')) facts[name.slice(0, -5)] = formatSize(value, language)
  }
  return t(key, facts)
}

function remediesOf(status: number, { t, viewer }: Pick<Visit, 't' | 'viewer'>, id: string): string[] {
  if (status === 401) return [t('http.do.sign-in')]
  if (status === 403) return viewer.person.id === '' ? [t('http.do.sign-in')] : [t('http.do.ask')]
  if (status === 413 || status === 422) return [t('http.do.back')]
  if (status === 429 || status === 502 || status === 503) return [t('http.do.later')]
  return status === 500 ? [t('http.do.report', { id })] : []
}

function linkOf(status: number, { t, viewer }: Pick<Visit, 't' | 'viewer'>): Pick<TroubleShown, 'link'> {
  if (status === 401 || viewer.person.id === '') return { link: { href: '/sign-in', label: t('frame.sign-in') } }
  return { link: { href: '/', label: t('http.do.home') } }
}

/** The same as RFC 9457 problem JSON; wrong fields are located by JSON pointers. */
export function problemOf(error: unknown, visit: Visit, id: string): Response {
  const refusal = asRefusal(error)
  const shown = troubleOf(error, visit, id)
  const problem = {
    type: `urn:chancery:refusal:${refusal.code}`,
    title: shown.title,
    status: shown.status,
    detail: shown.what,
    code: refusal.code,
    ...(shown.status === 500 ? { instance: id } : {}),
    ...(Object.keys(refusal.facts).length > 0 ? { facts: refusal.facts } : {}),
    ...(error instanceof InvalidInput ? { errors: locatedErrors(error, visit.t) } : {}),
  }
  return new Response(JSON.stringify(problem), {
    status: shown.status,
    headers: { 'Content-Type': 'application/problem+json' },
  })
}
