import type { Reader } from '../../../core/storage/types.ts'
import '../tables.ts'

/** In which package each of these documents is or went. */
export interface TransferredIn {
  id: string
  archive: string
  sha256: string
  madeAt: number
  /** Day of the archive's receipt; without one it is not yet there for sure. */
  receivedOn?: string
}

export async function listTransferred(db: Reader, acts: readonly string[]): Promise<Map<string, TransferredIn>> {
  if (acts.length === 0) return new Map()
  const rows = await db
    .selectFrom('home.archive_document as d')
    .innerJoin('home.archive_transfer as t', 't.id', 'd.transfer')
    .select(['d.act', 't.id', 't.archive', 't.sha256', 't.made_at', 't.received_on'])
    .where('d.act', 'in', [...acts])
    .where('t.state', 'in', ['made', 'received'])
    .execute()
  return new Map(
    rows.map(({ act, id, archive, sha256, made_at, received_on }) => [
      act,
      { id, archive, sha256: sha256 ?? '', madeAt: made_at ?? 0, ...(received_on && { receivedOn: received_on }) },
    ]),
  )
}
