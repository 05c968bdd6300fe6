import { sql } from 'kysely'
import { newId } from '../../protocol/index.ts'
import type { Services } from '../module/types.ts'
import type { Reader } from '../storage/types.ts'
import { devicesOf, readPagingRule } from './book.ts'
import type { PagingResult, PagingRule, PagingStep } from './types.ts'
import './tables.ts'

/** Name of the job that makes one attempt. */
export const pagingTask = 'paging.try'

/** A page older than this calls nobody any more. */
const longestMs = 24 * 3_600_000

type Needed = Pick<Services, 'db' | 'clock' | 'jobs'>

interface OpenPage {
  id: string
  person: string
  at: number
}

/**
 * Takes every step of every open page that has come due: push at once, then SMS, then voice. A page is open until its
 * duty was fulfilled or withdrawn; one without a duty, until its person has read it. Safe to call from several
 * processes: each step begins once.
 */
export async function climbChains(services: Needed): Promise<void> {
  const { db, clock } = services
  const rule = await readPagingRule(db)
  if (!rule) return
  const now = clock.now()
  const pages = await openPages(db, now - longestMs)
  if (pages.length === 0) return
  const begun = await begunSteps(db, pages)
  for (const page of pages)
    for (const step of stepsDue(rule, now - page.at))
      if (!begun.has(`${page.id} ${step}`)) await begin(services, rule, page, step)
}

/** Steps whose time has come, `sinceMs` after the page. */
export function stepsDue({ smsAfterMs, voiceAfterMs }: PagingRule, sinceMs: number): PagingStep[] {
  const due: [PagingStep, number][] = [
    ['push', 0],
    ['sms', smsAfterMs],
    ['voice', voiceAfterMs],
  ]
  return due.flatMap(([step, afterMs]) => (sinceMs >= afterMs ? [step] : []))
}

function openPages(db: Reader, since: number): Promise<OpenPage[]> {
  return db
    .selectFrom('home.notice as n')
    .select(['n.id', 'n.person', 'n.at'])
    .where('n.urgency', '=', 'page')
    .where('n.at', '>', since)
    .where(isOpen)
    .orderBy('n.at')
    .limit(500)
    .execute()
}

async function begunSteps(db: Reader, pages: readonly OpenPage[]): Promise<Set<string>> {
  const ids = pages.map(({ id }) => id)
  const rows = await db.selectFrom('home.paging_try').select(['notice', 'step']).where('notice', 'in', ids).execute()
  return new Set(rows.map(({ notice, step }) => `${notice} ${step}`))
}

/** Of a notice `n`: reading is not acknowledging, so a page about a duty is open for as long as the duty is. */
export const isOpen = () =>
  sql<boolean>`case when n.key like 'clock:%' then exists (
    select from view.clock c where c.id = split_part(n.key, ':', 2) and c.met_by is null and c.cancelled_by is null)
    else n.read_at is null end`

async function begin(services: Needed, rule: PagingRule, page: OpenPage, step: PagingStep): Promise<void> {
  const { db, clock, jobs } = services
  const devices = step === 'push' && rule.push ? await devicesOf(db, page.person) : []
  const ways = devices.length > 0 ? devices.map(({ id }) => id) : ['']
  const result = devices.length > 0 ? undefined : lackOf(step, rule)
  await db.transaction().execute(async (tx) => {
    for (const device of ways) {
      const id = newId()
      const inserted = await tx
        .insertInto('home.paging_try')
        .values({
          id,
          notice: page.id,
          person: page.person,
          step,
          device,
          state: result ? 'none' : 'queued',
          attempts: 0,
          result: result ?? null,
          begun_at: clock.now(),
          last_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (inserted && !result) await jobs.enqueue(tx, pagingTask, { id }, { key: `${pagingTask}:${id}:0` })
    }
  })
}

/** Why a step cannot be taken at all, where no device takes it. */
function lackOf(step: PagingStep, rule: PagingRule): PagingResult | undefined {
  if (step === 'push') return rule.push ? 'no-device' : 'push-off'
  return rule.hookUrl === undefined ? 'no-hook' : undefined
}
