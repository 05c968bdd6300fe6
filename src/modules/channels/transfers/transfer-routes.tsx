import { z } from 'zod'
import { handOut, Refusal } from '../../../core/http/index.ts'
import { atHome, mayLeave } from '../../../core/markings/index.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { listPlan } from '../register/filing.ts'
import { readPackage } from './make-package.ts'
import { mayStillLeave } from './package-files.ts'
import { planTransfer } from './plan-transfer.ts'
import {
  confirmTransfer,
  getTransfer,
  listTransfers,
  minute,
  proposeTransfer,
  recordReceipt,
  type Transfer,
  withdrawTransfer,
} from './transfer.ts'
import { archiveCeilings, type TransferTerms } from './transfer-facts.ts'
import { PlanPage } from './plan-page.tsx'
import { TransferPage } from './transfer-page.tsx'
import { TransfersPage } from './transfers-page.tsx'

const day = z
  .literal('')
  .transform(() => undefined)
  .or(z.iso.date())
  .optional()
const terms = z.object({
  code: z.string().trim().min(1).max(20),
  from: day,
  to: day,
  archive: z.string().trim().min(1).max(200),
  ceiling: z.enum(archiveCeilings),
})
const seen = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const proposal = terms.extend({ id: z.string().regex(/^[0-9a-f]{32}$/), seen })
const receipt = z.object({
  sha256: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/),
  reference: z.string().trim().min(1).max(200),
  on: z.iso.date(),
})

/** Packages for archives: one person proposes, another confirms what leaves. */
export function transferRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/register/transfers',
      permission: 'register:read',
      summary: 'Packages for archives: made, on their way, received',
      handle: (visit) => showTransfers(services, visit),
    },
    {
      method: 'GET',
      path: '/register/transfers/plan',
      permission: 'register.transfer:draft',
      input: terms,
      summary: 'What a package for an archive would hold, and what stays out and why',
      handle: (visit: Visit<TransferTerms>) => showPlan(services, visit, visit.input),
      onInvalid: (visit, errors) => showTransfers(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/register/transfers',
      permission: 'register.transfer:draft',
      input: proposal,
      summary: 'Put a package for an archive before a second person',
      async handle(visit: Visit<z.infer<typeof proposal>>) {
        await proposeTransfer(services, visit.viewer, { ...visit.input, language: visit.language })
        return to(visit.input.id, 'proposed')
      },
      onInvalid: (visit, errors) => showTransfers(services, visit, errors),
    },
    {
      method: 'GET',
      path: '/register/transfers/:id',
      permission: 'register:read',
      summary: 'One package for an archive: what is in it, how far it is, the receipt',
      handle: (visit) => showTransfer(services, visit),
    },
    {
      method: 'POST',
      path: '/register/transfers/:id/confirm',
      permission: 'register.transfer:release',
      input: z.object({ seen }),
      summary: 'Confirm as the second person what leaves for an archive',
      async handle(visit: Visit<{ seen: string }>) {
        await confirmTransfer(services, visit.viewer, idOf(visit), visit.input.seen)
        return to(idOf(visit), 'confirmed')
      },
    },
    {
      method: 'POST',
      path: '/register/transfers/:id/withdraw',
      permission: 'register.transfer:draft',
      input: z.object({}),
      summary: 'Take back a package that was not received',
      async handle(visit) {
        await withdrawTransfer(services, visit.viewer, idOf(visit))
        return to(idOf(visit), 'withdrawn')
      },
    },
    {
      method: 'GET',
      path: '/register/transfers/:id/package',
      permission: 'register:read',
      summary: 'The package itself, a zip',
      handle: (visit) => takePackage(services, visit),
    },
    {
      method: 'POST',
      path: '/register/transfers/:id/receipt',
      permission: 'register.transfer:draft',
      input: receipt,
      summary: 'Record the receipt of an archive, with the hash it computed',
      async handle(visit: Visit<z.infer<typeof receipt>>) {
        await recordReceipt(services, visit.viewer, idOf(visit), visit.input)
        return to(idOf(visit), 'received')
      },
      onInvalid: (visit, errors) => showTransfer(services, visit, errors),
    },
  ]
}

/** Whoever releases need not draft; both have a part in a package. */
const hasPart = ({ viewer }: Pick<Visit<unknown>, 'viewer'>): boolean =>
  viewer.may('register.transfer:draft') || viewer.may('register.transfer:release')

function requirePart(visit: Visit<unknown>): void {
  if (!hasPart(visit)) throw new Refusal('not-permitted')
}

const idOf = ({ params }: Visit<unknown>) => params.id ?? ''

const to = (id: string, notice: string): Answer => ({
  redirect: `/register/transfers/${id}`,
  notice: `channels.transfer.notice.${notice}`,
  data: { id },
})

async function showTransfers(
  services: Services,
  visit: Visit<unknown>,
  errors?: Record<string, string>,
): Promise<Answer> {
  requirePart(visit)
  const transfers = await listTransfers(services.db)
  if (visit.wantsJson) return { data: transfers }
  const files = (await listPlan(services)).filter(({ disposal }) => disposal === 'transfer')
  return { page: <TransfersPage {...{ visit, transfers, files, errors }} />, status: errors ? 422 : 200 }
}

async function showPlan(services: Services, visit: Visit<unknown>, asked: TransferTerms): Promise<Answer> {
  const plan = await planTransfer(services, visit.viewer, asked)
  return visit.wantsJson ? { data: plan } : { page: <PlanPage {...{ visit, terms: asked, plan }} /> }
}

async function showTransfer(
  services: Services,
  visit: Visit<unknown>,
  errors?: Record<string, string>,
): Promise<Answer> {
  requirePart(visit)
  const transfer = await getTransfer(services.db, idOf(visit))
  if (visit.wantsJson) return { data: transfer }
  const plan = transfer.state === 'proposed' ? await planTransfer(services, visit.viewer, transfer) : undefined
  return { page: <TransferPage {...{ visit, transfer, plan, errors }} />, status: errors ? 422 : 200 }
}

/** Whoever takes a package along may see everything that its ceiling lets into it. */
async function takePackage(services: Services, visit: Visit): Promise<Response> {
  requirePart(visit)
  const { viewer, params } = visit
  const transfer = await getTransfer(services.db, params.id ?? '')
  if (!mayTake(services, viewer, transfer)) throw new Refusal('not-cleared')
  if (transfer.state !== 'made' || !transfer.package) throw new Refusal('channels-transfer-not-now')
  if (!(await mayStillLeave(services, transfer))) throw new Refusal('channels-transfer-changed')
  const { run, size, sha256 } = transfer.package
  await minute(services.db, services.clock.now(), 'transfer-taken', transfer, viewer, { sha256 })
  return handOut({
    name: `transfer-${transfer.id}.zip`,
    media: 'application/zip',
    size,
    pieces: readPackage(services, run),
  })
}

const mayTake = (services: Services, viewer: Visit['viewer'], { ceiling }: Transfer): boolean =>
  mayLeave({ tlp: ceiling }, { exit: 'print', reader: atHome(services, viewer) }).allowed
