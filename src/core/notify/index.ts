import type { Json, Services } from '../module/types.ts'
import type { Migration } from '../storage/types.ts'
import { sendMailTask } from './create-notices.ts'
import { notices } from './migrations/0001-notices.ts'
import { sendMail } from './send-mail.ts'
import './tables.ts'

export { createNotices, type NoticeServices } from './create-notices.ts'
export { deliverMail } from './deliver-mail.ts'
export { listMail, type MailState, retryMail } from './mail-log.ts'
export { noticeText } from './notice-text.ts'
export { sendMail } from './send-mail.ts'

/** Jobs of this room, for the app to register. */
export const tasks: Record<string, (services: Services, payload: Json) => Promise<void>> = {
  [sendMailTask]: (services, payload) => sendMail(services, (payload as { mail: string }).mail),
}

/** After those of core/auth, whose people it writes to. */
export const migrations: readonly Migration[] = [notices]
