import { z } from 'zod'
import { listAudit } from '../../core/auth/index.ts'
import type { Route, Visit } from '../../core/module/types.ts'
import { listMail, retryMail } from '../../core/notify/index.ts'
import { nameIn } from '../entrance/index.ts'
import { AuditPage, MailPage } from './pages/record-pages.tsx'

const retryInput = z.object({ mail: z.string().regex(/^[0-9a-f]{32}$/) })
const auditInput = z.object({ before: z.coerce.number().int().positive().optional() })
const linesAtOnce = 100

/** What left by mail, and who did what. */
export const recordRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/mail',
    permission: 'mail:manage',
    summary: 'The last mails and their failures',
    async handle(visit) {
      const mail = await listMail(visit.services.db)
      return visit.wantsJson ? { data: mail } : { page: <MailPage visit={visit} mail={mail} /> }
    },
  },
  {
    method: 'POST',
    path: '/mail/retry',
    permission: 'mail:manage',
    input: retryInput,
    summary: 'Try a failed mail once more',
    async handle({ services, input }: Visit<z.infer<typeof retryInput>>) {
      await retryMail(services, input.mail)
      return { redirect: '/mail' }
    },
  },
  {
    method: 'GET',
    path: '/audit',
    permission: 'audit:manage',
    input: auditInput,
    summary: 'Who did what at home',
    async handle(visit: Visit<z.infer<typeof auditInput>>) {
      const lines = await listAudit(visit.services.db, { before: visit.input.before, limit: linesAtOnce })
      if (visit.wantsJson) return { data: lines }
      const before = lines.length === linesAtOnce ? lines.at(-1)!.number : undefined
      return { page: <AuditPage visit={visit} lines={lines} names={await namesOf(visit)} before={before} /> }
    },
  },
]

async function namesOf({ services, language }: Visit<any>): Promise<Map<string, string>> {
  const people = await services.db.selectFrom('home.person').select(['id', 'name']).execute()
  const offices = await services.people.offices()
  return new Map([
    ...people.map(({ id, name }) => [id, name] as const),
    ...offices.map(({ id, name }) => [id, nameIn(name, language, id)] as const),
  ])
}
