import { createTranslator } from '../../text/index.ts'
import { createHttpWire, type Wire } from '../federation/index.ts'
import type { Services } from '../module/types.ts'
import { numberOf, readPagingRule, toDevice } from './book.ts'
import { isOpen, pagingTask } from './chain.ts'
import { callHook } from './hook.ts'
import type { PagingResult, PagingRule, TryState } from './types.ts'
import { pushTo } from './web-push.ts'
import './tables.ts'

/** Waits before each further attempt, ms; after the last one the failure stays on the page. */
const retryMs = [5_000, 15_000, 45_000, 90_000]
const worthAnother: ReadonlySet<PagingResult> = new Set(['unreachable', 'timeout', 'not-understood', 'busy'])

type Needed = Pick<Services, 'db' | 'clock' | 'jobs' | 'log' | 'settings' | 'party'>

let shared: Wire | undefined

/** Makes one attempt at one step, unless the page was acknowledged meanwhile. Never throws for what others do. */
export async function runTry(services: Needed, id: string, wire?: Wire): Promise<void> {
  const { db } = services
  const row = await db
    .selectFrom('home.paging_try as t')
    .innerJoin('home.notice as n', 'n.id', 't.notice')
    .innerJoin('home.person as p', 'p.id', 't.person')
    .select(['t.id', 't.notice', 't.person', 't.step', 't.device', 't.state', 't.attempts', 'n.drill', 'p.language'])
    .select(isOpen().as('open'))
    .where('t.id', '=', id)
    .executeTakeFirst()
  if (!row || (row.state !== 'queued' && row.state !== 'waiting')) return
  if (!row.open) return keep(services, row, 'acknowledged')
  const rule = await readPagingRule(db)
  shared ??= createHttpWire()
  return keep(services, row, await reach(services, rule, row, wire ?? shared))
}

interface Row {
  id: string
  notice: string
  person: string
  step: 'push' | 'sms' | 'voice'
  device: string
  attempts: number
  drill: string | null
  language: string
}

/** What a stranger who holds the telephone may learn: that something waits, under which reference. */
function wordsOf({ settings }: Needed, { notice, drill }: Row) {
  return {
    urgency: 'page' as const,
    reference: referenceOf(notice),
    link: new URL(`/paged/${notice}`, settings.publicUrl).href,
    ...(drill !== null && { drill }),
  }
}

/** Short enough to be read out; says nothing of the matter. */
export const referenceOf = (notice: string): string => `P-${notice.slice(0, 6).toUpperCase()}`

async function reach(services: Needed, rule: PagingRule | undefined, row: Row, wire: Wire): Promise<PagingResult> {
  const { db, clock, settings, party } = services
  if (row.step !== 'push') {
    if (!rule?.hookUrl || !rule.hookSecret) return 'no-hook'
    const to = await numberOf(db, row.person)
    if (to === undefined) return 'no-number'
    const { id, step, language } = row
    const message = { v: 1 as const, id, step, to, language, ...wordsOf(services, row) }
    return callHook(wire, { url: rule.hookUrl, secret: rule.hookSecret }, message, clock.now())
  }
  if (!rule?.push || !rule.vapid) return 'push-off'
  const found = await db.selectFrom('home.paging_device').selectAll().where('id', '=', row.device).executeTakeFirst()
  if (!found || found.gone_at !== null) return 'device-gone'
  const t = createTranslator(row.language)
  const words = wordsOf(services, row)
  const content = { ...words, title: t('paging.push.title', { drill: row.drill ?? 'no' }), body: words.reference }
  const subject = settings.publicUrl.startsWith('https:') ? settings.publicUrl : `mailto:chancery@${party}`
  const result = await pushTo(wire, toDevice(found), { content, vapid: rule.vapid, subject, nowMs: clock.now() })
  if (result === 'device-gone')
    await db.updateTable('home.paging_device').set({ gone_at: clock.now() }).where('id', '=', found.id).execute()
  return result
}

function stateOf(result: PagingResult, attempts: number): TryState {
  if (result === 'taken') return 'taken'
  if (result === 'acknowledged') return 'stopped'
  if (worthAnother.has(result)) return attempts <= retryMs.length ? 'waiting' : 'failed'
  return ['no-hook', 'no-number', 'no-device', 'push-off'].includes(result) ? 'none' : 'failed'
}

async function keep({ db, clock, jobs, log }: Needed, row: Row, result: PagingResult): Promise<void> {
  const attempts = row.attempts + (result === 'acknowledged' ? 0 : 1)
  const state = stateOf(result, attempts)
  if (state === 'waiting' || state === 'failed') log.warn('paging.not-taken', { try: row.id, step: row.step, result })
  await db.transaction().execute(async (tx) => {
    const kept = await tx
      .updateTable('home.paging_try')
      .set({ state, result, attempts, last_at: clock.now() })
      .where('id', '=', row.id)
      .where('attempts', '=', row.attempts)
      .where('state', 'in', ['queued', 'waiting'])
      .returning('id')
      .executeTakeFirst()
    const waitMs = retryMs[attempts - 1]
    if (kept && state === 'waiting' && waitMs !== undefined) {
      const runAt = clock.now() + waitMs
      await jobs.enqueue(tx, pagingTask, { id: row.id }, { key: `${pagingTask}:${row.id}:${attempts}`, runAt })
    }
  })
}
