import type Mail from 'nodemailer/lib/mailer/index.js'
import { createTranslator, formatDateTime } from '../../text/index.ts'
import { type NoticeServices, sendMailTask } from './create-notices.ts'
import { deliverMail } from './deliver-mail.ts'

/** Waits before each further attempt, ms; after the last one the failure stays on the mail page. */
const retryMs = [30_000, 120_000, 600_000, 1_800_000, 7_200_000]

/**
 * Sends one queued mail by SMTP, or writes it to the mail folder where no server is set.
 *
 * The message has the same id at every attempt, so a server that took it before
 * the connection broke can tell. It never throws: a failure is kept with the
 * mail and tried again.
 */
export async function sendMail(services: NoticeServices, id: string): Promise<void> {
  const row = await services.db
    .selectFrom('home.mail as m')
    .innerJoin('home.notice as n', 'n.id', 'm.notice')
    .innerJoin('home.person as p', 'p.id', 'm.person')
    .select([
      'm.id',
      'm.state',
      'm.attempts',
      'm.queued_at',
      'n.link',
      'n.urgency',
      'n.drill',
      'p.email',
      'p.language',
      'p.zone',
    ])
    .where('m.id', '=', id)
    .executeTakeFirst()
  if (!row || (row.state !== 'queued' && row.state !== 'failed')) return
  if (row.email === null) {
    await services.db.updateTable('home.mail').set({ state: 'no-address' }).where('id', '=', id).execute()
    return
  }
  try {
    const wentTo = await deliverMail(services, id, compose(services, { ...row, email: row.email }))
    await services.db
      .updateTable('home.mail')
      .set({
        state: 'sent',
        attempts: row.attempts + 1,
        last_error: null,
        sent_at: services.clock.now(),
        went_to: wentTo,
      })
      .where('id', '=', id)
      .execute()
  } catch (error) {
    await keepFailure(services, id, row.attempts + 1, error)
  }
}

interface MailFacts {
  id: string
  queued_at: number
  link: string
  urgency: 'page' | 'normal'
  drill: string | null
  email: string
  language: string
  zone: string
}

/** Party, urgency and an address; nothing of what is said there. */
function compose({ party, settings }: NoticeServices, facts: MailFacts): Mail.Options {
  const t = createTranslator(facts.language)
  const link = new URL(facts.link, settings.publicUrl).href
  const drill = facts.drill === null ? [] : [t('notify.mail.drill', { drill: facts.drill }), '']
  const time = formatDateTime(facts.queued_at, facts.zone, facts.language)
  return {
    from: settings.mailFrom ?? `Chancery <chancery@${party}>`,
    to: facts.email,
    subject: t(`notify.mail.subject.${facts.urgency}`, { party, drill: facts.drill === null ? 'no' : 'yes' }),
    text: [
      ...drill,
      t(`notify.mail.text.${facts.urgency}`, { party, time }),
      '',
      link,
      '',
      t('notify.mail.foot'),
      '',
    ].join('\n'),
    messageId: `<${facts.id}@${party}>`,
    date: new Date(facts.queued_at),
    priority: facts.urgency === 'page' ? 'high' : 'normal',
    headers: { 'Content-Language': facts.language, 'Auto-Submitted': 'auto-generated' },
  }
}

async function keepFailure(services: NoticeServices, id: string, attempts: number, error: unknown): Promise<void> {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500)
  services.log.warn('mail-not-sent', { mail: id, attempts })
  await services.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('home.mail')
      .set({ state: 'failed', attempts, last_error: reason })
      .where('id', '=', id)
      .execute()
    const wait = retryMs[attempts - 1]
    if (wait !== undefined) {
      const runAt = services.clock.now() + wait
      await services.jobs.enqueue(tx, sendMailTask, { mail: id }, { key: `${sendMailTask}:${id}:${attempts}`, runAt })
    }
  })
}
