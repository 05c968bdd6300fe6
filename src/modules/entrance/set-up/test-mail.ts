import { Refusal } from '../../../core/http/index.ts'
import { listMail, type MailState } from '../../../core/notify/index.ts'
import type { SetUpContext } from './context.ts'
import { keepProgress, readProgress } from './progress.ts'

/** Sends a mail as every later one will go. The same id again sends none. */
export async function sendTestMail(
  { services }: SetUpContext,
  { id, person }: { id: string; person: string },
): Promise<void> {
  const { notices, db, clock } = services
  if (!notices) throw new Refusal('set-up-order')
  await db.transaction().execute(async (tx) => {
    const key = `mail-test:${id}`
    await notices.send(tx, { key, person, message: 'entrance.mail-test.notice', link: '/', urgency: 'normal' })
    await keepProgress(tx, 'mail', { notice: key, person, at: clock.now() })
  })
}

/** What became of the newest test mail. */
export async function testMailState({ services: { db } }: SetUpContext): Promise<MailState | undefined> {
  const { mail } = await readProgress(db)
  if (!mail) return undefined
  return (await listMail(db)).find(
    (sent) => sent.person === mail.person && sent.queuedAt >= mail.at && sent.urgency === 'normal',
  )
}
