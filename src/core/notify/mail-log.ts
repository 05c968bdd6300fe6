import type { Reader } from '../storage/types.ts'
import { type NoticeServices, sendMailTask } from './create-notices.ts'

export interface MailState {
  id: string
  person: string
  name: string
  urgency: 'page' | 'normal'
  state: 'queued' | 'sent' | 'failed' | 'no-address'
  attempts: number
  lastError?: string
  queuedAt: number
  sentAt?: number
  /** `smtp`, or the file in the mail folder. */
  wentTo?: string
}

/** The last messages, newest first, failures included. */
export async function listMail(db: Reader, { limit = 100 }: { limit?: number } = {}): Promise<MailState[]> {
  const rows = await db
    .selectFrom('home.mail as m')
    .innerJoin('home.notice as n', 'n.id', 'm.notice')
    .innerJoin('home.person as p', 'p.id', 'm.person')
    .selectAll('m')
    .select(['n.urgency', 'p.name'])
    .orderBy('m.queued_at', 'desc')
    .orderBy('m.id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    person: row.person,
    name: row.name,
    urgency: row.urgency,
    state: row.state,
    attempts: row.attempts,
    lastError: row.last_error ?? undefined,
    queuedAt: row.queued_at,
    sentAt: row.sent_at ?? undefined,
    wentTo: row.went_to ?? undefined,
  }))
}

/** Tries a failed mail once more now. */
export async function retryMail({ db, jobs }: Pick<NoticeServices, 'db' | 'jobs'>, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('home.mail')
      .set({ state: 'queued' })
      .where('id', '=', id)
      .where('state', '=', 'failed')
      .returning('attempts')
      .executeTakeFirst()
    if (row) await jobs.enqueue(tx, sendMailTask, { mail: id }, { key: `${sendMailTask}:${id}:again:${row.attempts}` })
  })
}
