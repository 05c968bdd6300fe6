import { Refusal } from '../../../core/http/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { canonicalBytes, sha256, toBase64url } from '../../../protocol/index.ts'
import { listDocuments, type RegisterEntry } from '../register/list-documents.ts'
import { type ActStays, judgeActs, mayProve } from './judge-acts.ts'
import type { TransferTerms } from './transfer-facts.ts'

/** Why a document of the class and period stays in the house. */
export type Stays = ActStays | 'hold' | 'not-over' | 'record' | 'transferred'

export interface PlannedTransfer {
  leaves: { entry: RegisterEntry; files: number; filesOut: number }[]
  stays: { entry: RegisterEntry; reason: Stays }[]
  /** Spaces whose documents leave without a proof: their frame is marked narrower than the archive may see. */
  unproven: string[]
  /** Of exactly what leaves and under which terms: what is confirmed is what was read. */
  fingerprint: string
}

/** A package of more documents is made in periods. */
export const mostDocuments = 2_000

/**
 * What a package would hold, document by document, and what stays out and why; only of what this person may read.
 *
 * @throws Refusal `channels-transfer-too-many`, `channels-transfer-not-that-class`
 */
export async function planTransfer(services: Services, viewer: Viewer, terms: TransferTerms): Promise<PlannedTransfer> {
  const file = await services.db
    .selectFrom('home.register_file')
    .select('then_what')
    .where('code', '=', terms.code)
    .executeTakeFirst()
  if (file?.then_what !== 'transfer') throw new Refusal('channels-transfer-not-that-class')
  const { code, from, to } = terms
  const entries = await listDocuments(services, viewer, { code, from, to, limit: mostDocuments + 1 })
  if (entries.length > mostDocuments) throw new Refusal('channels-transfer-too-many', { count: mostDocuments })
  return sortOut(services, terms, entries.toReversed())
}

async function sortOut(
  services: Services,
  terms: TransferTerms,
  entries: readonly RegisterEntry[],
): Promise<PlannedTransfer> {
  const acts = entries.filter(({ space }) => space !== undefined).map(({ id }) => id)
  const judged = await judgeActs(services, terms, acts)
  const today = new Date(services.clock.now()).toISOString().slice(0, 10)
  const plan: Omit<PlannedTransfer, 'fingerprint' | 'unproven'> = { leaves: [], stays: [] }
  for (const entry of entries) {
    const one = judged.get(entry.id)
    const reason = keptBy(entry, today) ?? (one?.leaves ? undefined : (one?.reason ?? 'no-words'))
    if (reason) plan.stays.push({ entry, reason })
    else if (one?.leaves) plan.leaves.push({ entry, files: one.files.length, filesOut: one.filesOut })
  }
  const unproven = await listUnproven(services, terms, plan.leaves)
  return { ...plan, unproven, fingerprint: fingerprintOf(terms, plan.leaves) }
}

function keptBy({ retention, space, transfer }: RegisterEntry, today: string): Stays | undefined {
  if (transfer) return 'transferred'
  if (retention.kept === 'held') return 'hold'
  if (retention.kept !== 'until' || retention.endsOn >= today) return 'not-over'
  return space === undefined ? 'record' : undefined
}

async function listUnproven(
  services: Services,
  terms: TransferTerms,
  leaves: PlannedTransfer['leaves'],
): Promise<string[]> {
  const among = [...new Set(leaves.flatMap(({ entry }) => entry.space ?? []))]
  const spaces = await services.ledger.list({ among })
  const proven = await Promise.all(spaces.map((space) => mayProve(services, terms, space)))
  return spaces.filter((_, index) => !proven[index]).map(({ id }) => id)
}

function fingerprintOf({ code, from, to, archive, ceiling }: TransferTerms, leaves: PlannedTransfer['leaves']): string {
  const documents = leaves.map(({ entry, files, filesOut }) => [entry.id, files, filesOut])
  const terms = { code, from: from ?? '', to: to ?? '', archive, ceiling }
  return toBase64url(sha256(canonicalBytes({ ...terms, documents })))
}
