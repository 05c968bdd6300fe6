import { z } from 'zod'
import { audit } from '../../core/auth/index.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { StoragePage, spacesAtOnce } from './pages/storage-page.tsx'

const pageInput = z.object({ from: z.coerce.number().int().min(0).max(1_000_000).optional() })
const checkInput = z.object({ space: z.string().regex(/^[0-9a-f]{32}$/) })

/** What was read back from the disk, what was found, and what was put right. */
export const storageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/storage',
    permission: 'storage:manage',
    input: pageInput,
    summary: 'Stored bytes: when each space was read back, what was found and put right',
    handle: (visit) => showStorage(visit),
  },
  {
    method: 'GET',
    path: '/api/v1/storage',
    permission: 'storage:manage',
    input: pageInput,
    summary: 'Stored bytes as data',
    handle: (visit) => showStorage(visit),
  },
  {
    method: 'POST',
    path: '/storage/check',
    permission: 'storage:manage',
    input: checkInput,
    summary: 'Read a space back from the disk now',
    handle: (visit) => checkNow(visit),
  },
]

async function showStorage(visit: Visit<z.infer<typeof pageInput>>): Promise<Answer> {
  const { stored } = visit.services
  const offset = visit.input.from ?? 0
  const [report, spaces] = await Promise.all([stored.report(), stored.list({ limit: spacesAtOnce, offset })])
  if (visit.wantsJson) return { data: { ...report, list: spaces } }
  const { ledger, peers: book } = visit.services
  const shown = [...spaces, ...report.open, ...report.mended].map(({ space }) => space)
  const known = await ledger.list({ among: [...new Set([...shown, ...report.shut])] })
  const facts = new Map(known.map((space) => [space.id, space]))
  const peers = await book.list()
  return {
    page: <StoragePage visit={visit} report={report} spaces={spaces} offset={offset} facts={facts} peers={peers} />,
  }
}

async function checkNow({ services, viewer, input }: Visit<z.infer<typeof checkInput>>): Promise<Answer> {
  const { space } = input
  if (!(await services.stored.ask(space))) throw new Refusal('not-found')
  await audit(services.db, {
    at: services.clock.now(),
    person: viewer.person.id,
    what: 'storage-check-asked',
    about: space,
  })
  return { redirect: `/storage#space-${space}`, data: { space, state: 'asked' } }
}
