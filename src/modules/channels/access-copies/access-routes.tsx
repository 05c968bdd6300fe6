import { z } from 'zod'
import { handOut, InvalidInput, Refusal } from '../../../core/http/index.ts'
import { atHome, mayLeave } from '../../../core/markings/index.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { languages } from '../../../text/index.ts'
import { listDocuments } from '../register/list-documents.ts'
import { archiveCeilings } from '../transfers/transfer-facts.ts'
import { confirmCopy, getCopy, hasPart, proposeCopy, takeCopy, withdrawCopy } from './access-copy.ts'
import { AccessCopyPage } from './access-copy-page.tsx'
import { AccessPlanPage, fieldOf } from './access-plan-page.tsx'
import type { Choice, CopyTerms } from './copy-facts.ts'
import { otherGround } from './grounds.ts'
import { planCopy } from './plan-copy.ts'

const terms = z.object({
  ceiling: z.enum(archiveCeilings).default('CLEAR'),
  language: z
    .string()
    .max(20)
    .refine((one) => languages().includes(one)),
})
const seen = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
/** Beside these, `withhold.<passage>` names the ground on which a passage stays. */
const proposal = terms
  .extend({
    id: z.string().regex(/^[0-9a-f]{32}$/),
    seen,
    requester: z.string().trim().min(1).max(200),
    reference: z.string().trim().min(1).max(100),
    otherWords: z.string().trim().max(120).optional(),
  })
  .catchall(z.string().max(40))
type Proposal = z.infer<typeof proposal>

/** Copies for access requests: one person prepares, another decides. */
export function accessRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/register/:act/copy',
      permission: 'register.access:draft',
      input: terms,
      summary: 'A document piece by piece, to decide what of it goes to a requester',
      handle: (visit: Visit<z.infer<typeof terms>>) => showPlan(services, visit, visit.input),
    },
    {
      method: 'POST',
      path: '/register/:act/copy',
      permission: 'register.access:draft',
      input: proposal,
      summary: 'Put a copy for an access request before a second person',
      handle: (visit: Visit<Proposal>) => propose(services, visit),
      onInvalid(visit, errors) {
        const asked = terms.safeParse(visit.values)
        if (!asked.success) throw new Refusal('not-found')
        return showPlan(services, visit, asked.data, errors)
      },
    },
    {
      method: 'GET',
      path: '/register/copies/:id',
      permission: 'register:read',
      summary: 'One copy for an access request: what goes, what is withheld on which ground, who decided',
      handle: (visit) => showCopy(services, visit),
    },
    {
      method: 'POST',
      path: '/register/copies/:id/confirm',
      permission: 'register.access:release',
      input: z.object({ seen }),
      summary: 'Confirm as the second person what a requester gets',
      async handle(visit: Visit<{ seen: string }>) {
        await confirmCopy(services, visit.viewer, idOf(visit), visit.input.seen)
        return to(idOf(visit), 'confirmed')
      },
    },
    {
      method: 'POST',
      path: '/register/copies/:id/withdraw',
      permission: 'register.access:draft',
      input: z.object({}),
      summary: 'Take back a copy; of one that was made the bytes go and the decision stays',
      async handle(visit) {
        await getReadable(services, visit)
        await withdrawCopy(services, visit.viewer, idOf(visit))
        return to(idOf(visit), 'withdrawn')
      },
    },
    {
      method: 'GET',
      path: '/register/copies/:id/pdf',
      permission: 'register:read',
      summary: 'The copy itself as PDF, the same bytes each time',
      handle: (visit) => hand(services, visit, 'sheet'),
    },
    {
      method: 'GET',
      path: '/register/copies/:id/text',
      permission: 'register:read',
      summary: 'The copy itself as plain text, the same bytes each time',
      handle: (visit) => hand(services, visit, 'words'),
    },
  ]
}

const idOf = ({ params }: Visit<unknown>) => params.id ?? ''

const to = (id: string, notice: string): Answer => ({
  redirect: `/register/copies/${id}`,
  notice: `channels.access.notice.${notice}`,
  data: { id },
})

async function showPlan(
  services: Services,
  visit: Visit<unknown>,
  asked: Omit<CopyTerms, 'act'>,
  errors?: Record<string, string>,
): Promise<Answer> {
  const about = { ...asked, act: visit.params.act ?? '' }
  const plan = await planCopy(services, visit.viewer, about)
  if (visit.wantsJson) return { data: { passages: plan.passages, shut: plan.shut, files: plan.files } }
  return { page: <AccessPlanPage {...{ visit, terms: about, plan, errors }} />, status: errors ? 422 : 200 }
}

async function propose(services: Services, visit: Visit<Proposal>): Promise<Answer> {
  const { id, seen: read, ceiling, language, requester, reference, otherWords, ...rest } = visit.input
  const choice = choiceIn(rest)
  const isOther = Object.values(choice).includes(otherGround)
  if (isOther && !otherWords) throw InvalidInput.at('otherWords', 'channels.access.other-needs-words')
  await proposeCopy(
    services,
    visit.viewer,
    { act: visit.params.act ?? '', ceiling, language },
    { id, seen: read, requester, reference, choice, ...(isOther && otherWords && { otherWords }) },
  )
  return to(id, 'proposed')
}

function choiceIn(values: Record<string, unknown>): Choice {
  const prefix = fieldOf('')
  const named = Object.entries(values).filter(([name, ground]) => name.startsWith(prefix) && ground !== '')
  return Object.fromEntries(named.map(([name, ground]) => [name.slice(prefix.length), String(ground)]))
}

/** Only before whoever has a part in it and may read the document itself. @throws Refusal `not-found` */
async function getReadable(services: Services, visit: Visit<unknown>) {
  if (!hasPart(visit.viewer)) throw new Refusal('not-permitted')
  const copy = await getCopy(services.db, idOf(visit))
  const readable = await listDocuments(services, visit.viewer, { id: copy.act, limit: 1 })
  if (readable.length === 0) throw new Refusal('not-found')
  return copy
}

async function showCopy(services: Services, visit: Visit<unknown>): Promise<Answer> {
  const copy = await getReadable(services, visit)
  if (visit.wantsJson) return { data: copy }
  const plan = copy.state === 'proposed' ? await planCopy(services, visit.viewer, copy).catch(unlessErased) : undefined
  return { page: <AccessCopyPage {...{ visit, copy, plan }} /> }
}

/** A proposal about words that were erased meanwhile can still be taken back. */
function unlessErased(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.code !== 'channels-access-no-words') throw error
}

/** The name of the file says nothing of the matter. */
async function hand(services: Services, visit: Visit, form: 'sheet' | 'words'): Promise<Response> {
  const copy = await getReadable(services, visit)
  const gate = { exit: 'print', reader: atHome(services, visit.viewer) } as const
  if (!mayLeave({ tlp: copy.ceiling }, gate).allowed) throw new Refusal('not-cleared')
  const bytes = await takeCopy(services, visit.viewer, copy, form)
  const [media, end] = form === 'sheet' ? ['application/pdf', 'pdf'] : ['text/plain; charset=utf-8', 'txt']
  return handOut({ name: `copy-${copy.id}.${end}`, media, size: bytes.length, pieces: one(bytes) })
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
