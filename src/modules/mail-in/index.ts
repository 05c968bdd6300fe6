import type { Module } from '../../core/module/types.ts'
import { mailInTables } from './migrations/0001-mail-in.ts'
import { mailInTaking } from './migrations/0002-taking.ts'
import { mailInNeeds } from './needs.ts'
import { mailInRoutes } from './routes.tsx'

export { mailLimits } from './read-mail.ts'
export { type Delivery, exitCodes, takeMail } from './take-mail.ts'

/** Reports that arrive by mail, for a desk that decides on each. */
export const mailIn: Module = {
  name: 'mail-in',
  migrations: [mailInTables, mailInTaking],
  routes: mailInRoutes,
  needs: mailInNeeds,
}
