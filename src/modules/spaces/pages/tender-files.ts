import { Refusal } from '../../../core/http/index.ts'
import type { Answer, TenderedAct, Visit } from '../../../core/module/types.ts'
import { canonicalBytes, type Json } from '../../../protocol/index.ts'
import { getSpace } from '../find-space.ts'
import { file } from './proof-page.tsx'

async function getTendered({ services, params }: Visit): Promise<TenderedAct> {
  const space = await getSpace(services, params.space)
  const tendered = await services.tenders.find(params.hash ?? '')
  if (tendered?.space !== space.id) throw new Refusal('not-found')
  return tendered
}

/** The receipts as members signed them, for whoever wants to check them. */
export async function downloadTender(visit: Visit): Promise<Answer> {
  const { hash, space } = await getTendered(visit)
  const receipts = await visit.services.tenders.receipts(hash)
  if (receipts.length === 0) throw new Refusal('spaces.no-receipt')
  return file(canonicalBytes({ v: 1, space, act: hash, receipts } as unknown as Json), {
    name: `tender-${hash}.json`,
    media: 'application/json',
  })
}

/** What `chancery verify` takes. */
export async function downloadIgnored(visit: Visit): Promise<Answer> {
  const { hash } = await getTendered(visit)
  const evidence = await visit.services.tenders.evidence(hash)
  if (!evidence) throw new Refusal('spaces.not-ignored')
  return file(evidence, { name: `ignored-${hash}.json`, media: 'application/json' })
}
